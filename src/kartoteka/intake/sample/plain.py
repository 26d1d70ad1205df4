"""Plain rows for benchmarks: every customer once, every value right, at the pace of the disk."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from kartoteka.intake.sample.people import COUNTRIES, invent

COLUMNS = (
    "customer_number",
    "given_name",
    "middle_name",
    "family_name",
    "sex",
    "birth_date",
    "email",
    "phone",
    "street",
    "number",
    "flat",
    "postcode",
    "city",
    "country",
    "company",
    "language",
)


def rows(count: int, seed: int, *, countries: Sequence[str] = COUNTRIES) -> Iterator[list[str]]:
    """`count` rows under COLUMNS, one customer each, in the order of their numbers from 1."""
    for person in invent(count, seed=seed, countries=countries):
        name, address = person.name, person.address
        yield [
            str(person.id),
            name.given if name else "",
            name.middle if name else "",
            f"{name.family} {name.suffix}".rstrip() if name else "",
            name.sex if name else "",
            person.birth.isoformat() if person.birth else "",
            person.emails[0] if person.emails else "",
            person.phones[0] if person.phones else "",
            address.street,
            address.number,
            address.flat,
            address.postcode,
            address.city,
            address.country,
            person.firm.text if person.firm else "",
            person.language,
        ]


def write_plain(path: Path, *, count: int, seed: int, countries: Sequence[str] = COUNTRIES) -> None:
    """Write those rows as a UTF-8 CSV file with a header; memory grows only with the addresses of mail."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(count, seed, countries=countries))
