"""The record: what the base holds to be true of a customer, computed from all claims. A pure function of them.

The rules of survivorship, per field or group of fields:
1. confirmed beats stated beats derived;
2. a fuller name beats a thinner one (a newsletter's "Kasia" does not push out "Katarzyna Nowak");
3. then the more trusted source, then the newer claim;
4. of two claims of the same moment, the one that was written later (rows of one file, from the top down).
Nothing depends on the order in which the claims are handed in.
Lists (phones, e-mails, addresses, tags) keep every entry anybody gave, the best first, unless a later or stronger claim
says it is gone. An empty value (None) says that the field is to be empty.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from .catalogue import group_of, is_list

Values = Mapping[str, Any]

STANDING_RANK = {"confirmed": 2, "stated": 1, "derived": 0}

# What makes two entries of a list the same entry.
_ENTRY_KEYS: dict[str, tuple[str, ...]] = {
    "phones": ("value",),
    "emails": ("value",),
    "handles": ("network", "handle"),
    "registration": ("country", "kind", "number"),
    "addresses": ("street", "number", "flat", "postcode", "city", "country"),
    "relatives": ("name", "relation"),
    "gifts": ("what", "when"),
}
_NAME_PARTS = ("given", "family", "middle")


@dataclass(frozen=True, slots=True)
class Said:
    """One claim as resolve sees it.

    key: tells the claim apart (its primary key). standing: "confirmed", "stated" or "derived". trust: of its source,
    0 to 100. at: when it was said.
    """

    key: int
    values: Values
    standing: str
    trust: int
    at: dt.datetime


@dataclass(slots=True)
class Record:
    """The result: a value per field, and for each the key of the claim it came from.

    values: as in a claim; lists best entry first. origins: field key -> claim key; for lists one claim key per entry.
    """

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Any] = field(default_factory=dict)


def _text(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _rank(said: Said, group: str, parts: Values) -> tuple[Any, ...]:
    fullness = sum(bool(parts.get(part)) for part in _NAME_PARTS[:2]) if group == "name" else 0
    return (STANDING_RANK[said.standing], fullness, said.trust, said.at, said.key, _text(parts))


def _is_gone(entry: Any) -> bool:
    return isinstance(entry, dict) and bool(entry.get("gone"))


def entry_key(field_key: str, entry: Any) -> str:
    """What tells one entry of a list from another: a phone by its number, an address by its parts."""
    keys = _ENTRY_KEYS.get(field_key)
    if keys is None and isinstance(entry, dict) and "value" in entry:
        entry = entry["value"]  # a tag that is gone is said as {"value": "vip", "gone": true}
    if keys is None or not isinstance(entry, dict):
        return str(entry).casefold() if isinstance(entry, str) else _text(entry).decode()
    return "\x1f".join(str(entry.get(key) or "").casefold() for key in keys)


def resolve(claims: Iterable[Said]) -> Record:
    """The record that follows from `claims`, in whatever order they come and however often one is repeated."""
    claims = list(claims)
    if len(claims) == 1:
        return _resolve_one(claims[0])
    singles: dict[str, tuple[tuple[Any, ...], Values, int]] = {}
    lists: dict[str, dict[str, list[tuple[tuple[Any, ...], Any, int]]]] = {}
    for said in claims:
        groups: dict[str, dict[str, Any]] = {}
        for key, value in said.values.items():
            if is_list(key, value):
                entries = lists.setdefault(key, {})
                for entry in value or ():
                    rank = (STANDING_RANK[said.standing], said.trust, said.at, said.key, _text(entry))
                    entries.setdefault(entry_key(key, entry), []).append((rank, entry, said.key))
            else:
                groups.setdefault(group_of(key), {})[key] = value
        for group, together in groups.items():
            weight = _rank(said, group, together)
            if group not in singles or weight > singles[group][0]:
                singles[group] = (weight, together, said.key)
    record = Record()
    for _rank_won, parts, origin in singles.values():
        for key, value in parts.items():
            if value not in (None, ""):
                record.values[key] = value
                record.origins[key] = origin
    for key, entries in lists.items():
        _resolve_list(record, key, entries)
    return record


def _resolve_one(said: Said) -> Record:
    """What follows from one claim, without weighing it against itself: nearly every customer begins so."""
    record = Record()
    for key, value in said.values.items():
        if not is_list(key, value):
            if value not in (None, ""):
                record.values[key] = value
                record.origins[key] = said.key
            continue
        if len(value or ()) == 1:
            if not _is_gone(value[0]):
                record.values[key] = [value[0]]
                record.origins[key] = [said.key]
            continue
        entries: dict[str, list[tuple[tuple[Any, ...], Any, int]]] = {}
        for entry in value or ():
            rank = (STANDING_RANK[said.standing], said.trust, said.at, said.key, _text(entry))
            entries.setdefault(entry_key(key, entry), []).append((rank, entry, said.key))
        _resolve_list(record, key, entries)
    return record


def _resolve_list(
    record: Record, key: str, entries: dict[str, list[tuple[tuple[Any, ...], Any, int]]]
) -> None:
    """Each entry as its strongest claim has it, details of weaker ones filled in; the gone ones left out."""
    standing: list[tuple[tuple[Any, ...], Any, int]] = []
    for said in entries.values():
        said.sort(key=lambda each: each[0], reverse=True)
        rank, best, origin = said[0]
        if isinstance(best, dict):
            if _is_gone(best):
                continue
            merged = dict(best)
            for _weaker_rank, entry, _weaker_origin in said[1:]:
                if entry.get("gone"):
                    continue
                for name, value in entry.items():
                    if value not in (None, "") and merged.get(name) in (None, ""):
                        merged[name] = value
            best = merged
        preferred = bool(isinstance(best, dict) and best.get("preferred"))
        standing.append(((preferred, *rank), best, origin))
    if standing:
        standing.sort(key=lambda each: each[0], reverse=True)
        record.values[key] = [entry for _rank, entry, _origin in standing]
        record.origins[key] = [origin for _rank, _entry, origin in standing]
