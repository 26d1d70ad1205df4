"""From the record to the rows that hold it: the customer's columns, and how they can be reached."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kartoteka.kit import bulk
from kartoteka.standard.names import fold

from .completeness import Weights, completeness_of
from .models import Customer
from .record import Record

# The columns that come straight from the record, with their room.
_PLAIN = {
    name: int(getattr(Customer._meta.get_field(name), "max_length", 0))
    for name in (
        "name", "title", "given", "middle", "family", "particle", "suffix", "nickname", "company", "form", "sex",
        "birth", "language",
    )
}  # fmt: skip

# All columns the record fills, in the order `customer_row` gives them.
COLUMNS = (
    "kind", *_PLAIN, "email", "phone", "city", "country", "more", "sort_name", "changed_at", "heard_at", "completeness",
)  # fmt: skip

CONTACT_COLUMNS = ("position", "label", "extension", "preferred", "hours", "language")


@dataclass(frozen=True, slots=True)
class ReachedAt:
    """One contact of a record, before its contact point has a row."""

    kind: str
    value: str
    details: tuple[Any, ...]


def kind_of(values: Mapping[str, Any]) -> str:
    """Person, organisation or household: as said, else an organisation where only a company is known."""
    if said := values.get("kind"):
        return str(said)
    if values.get("company") and not (values.get("given") or values.get("family") or values.get("name")):
        return "organisation"
    return "person"


def _first(values: Mapping[str, Any], key: str, part: str) -> str:
    entries = values.get(key)
    return str(entries[0].get(part) or "") if entries else ""


def sort_name_of(values: Mapping[str, Any]) -> str:
    """By what a list is ordered: the folded family and given name, else the company, else whatever there is."""
    if values.get("family"):
        parts = f"{values['family']} {values.get('given') or ''}"
    else:
        parts = str(
            values.get("company")
            or values.get("name")
            or values.get("given")
            or values.get("nickname")
            or _first(values, "emails", "value")
            or _first(values, "phones", "value")
        )
    return fold(parts)[:300]


def customer_row(record: Record, *, heard_at: dt.datetime, now: dt.datetime, weights: Weights) -> list[Any]:
    """The values of COLUMNS for a record."""
    values = record.values
    more = {key: value for key, value in values.items() if key not in _PLAIN and key != "kind"}
    return [
        kind_of(values),
        *(str(values.get(name) or "")[:room] for name, room in _PLAIN.items()),
        _first(values, "emails", "value")[:320],
        _first(values, "phones", "value")[:32],
        _first(values, "addresses", "city")[:120],
        _first(values, "addresses", "country")[:2],
        bulk.json(more),
        sort_name_of(values),
        now,
        heard_at,
        completeness_of(values, weights),
    ]


def reached_at(record: Record) -> list[ReachedAt]:
    """How the customer can be reached, the best first; one entry a contact point."""
    found: dict[tuple[str, str], ReachedAt] = {}
    for kind, key in (("phone", "phones"), ("email", "emails")):
        for position, entry in enumerate(record.values.get(key) or ()):
            value = str(entry.get("value") or "")[:320]
            if value and (kind, value) not in found:
                details = (
                    position,
                    str(entry.get("label") or "")[:40],
                    str(entry.get("ext") or "")[:20],
                    bool(entry.get("preferred")),
                    str(entry.get("hours") or "")[:100],
                    str(entry.get("language") or "")[:10],
                )
                found[kind, value] = ReachedAt(kind=kind, value=value, details=details)
    return list(found.values())
