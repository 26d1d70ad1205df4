"""The record: what the base holds to be true of a customer, computed from all claims. A pure function of them.

The rules of survivorship, per field or group of fields:
1. confirmed beats stated beats derived;
2. a fuller name beats a thinner one (a newsletter's "Kasia" does not push out "Katarzyna Nowak"), and a fuller birthday
   one that lacks its year or its day;
3. then the more trusted source, then the newer claim;
4. of two claims of the same moment, the one that was written later (rows of one file, from the top down).
Nothing depends on the order in which the claims are handed in.
Lists (phones, e-mails, addresses, tags) keep every entry anybody gave, the best first, unless a later or stronger claim
says it is gone. An empty value (None) says that the field, or the detail of an entry, is to be empty.

A claim may hold guesses drawn from what it states, under GUESSED: anything that is said beats them.
An address that everybody who gave it has since replaced by another is a former one: it keeps its place behind the present
ones, with the day (`until`) on which the last of them named the other.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import pairwise
from operator import itemgetter
from typing import Any

import orjson

from .catalogue import group_of, is_list

Values = Mapping[str, Any]

STANDING_RANK = {"confirmed": 3, "stated": 2, "derived": 1, "guessed": 0}

# The entries of a list by entry key: each as (rank, entry, claim) by whoever gave it.
_Entries = dict[str, list[tuple[tuple[Any, ...], Any, int]]]

GUESSED = "guessed"
_ADDRESSES = "addresses"

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
    0 to 100. at: when it was said. identity: of whom it was said.
    """

    key: int
    values: Values
    standing: str
    trust: int
    at: dt.datetime
    identity: int = 0


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
    return (
        STANDING_RANK[said.standing],
        _fullness(group, parts),
        said.trust,
        said.at,
        said.key,
        _text(parts),
    )


def _fullness(group: str, parts: Values) -> int:
    """How much of what can be said is said: of a name its parts, of a birthday its year, month and day."""
    if group == "name":
        return sum(bool(parts.get(part)) for part in _NAME_PARTS[:2])
    if group == "birth":
        return len(str(parts.get("birth") or "").lstrip("-").split("-")) if parts.get("birth") else 0
    return 0


def _is_gone(entry: Any) -> bool:
    return isinstance(entry, dict) and bool(entry.get("gone"))


def entry_parts(field_key: str) -> tuple[str, ...]:
    """The parts by which an entry of this list is known; none where it is known by itself."""
    return _ENTRY_KEYS.get(field_key, ())


def entry_key(field_key: str, entry: Any) -> str:
    """What tells one entry of a list from another: a phone by its number, an address by its parts."""
    keys = _ENTRY_KEYS.get(field_key)
    if keys is None and isinstance(entry, dict) and "value" in entry:
        entry = entry["value"]  # a tag that is gone is said as {"value": "vip", "gone": true}
    if keys is None or not isinstance(entry, dict):
        return str(entry).casefold() if isinstance(entry, str) else _text(entry).decode()
    return "\x1f".join(str(entry.get(key) or "").casefold() for key in keys)


def entry_token(field_key: str, entry: Any) -> str:
    """A short word for an entry of a list, to name it in an address: the same for the same entry, telling nothing of it."""
    return blake2b(entry_key(field_key, entry).encode(), digest_size=8).hexdigest()


def resolve(claims: Iterable[Said]) -> Record:
    """The record that follows from `claims`, in whatever order they come and however often one is repeated."""
    claims = list(claims)
    if len(claims) == 1:
        return _resolve_one(claims[0])
    singles: dict[str, tuple[tuple[Any, ...], Values, int]] = {}
    lists: dict[str, _Entries] = {}
    for said in _with_guesses(claims):
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
    until = _replaced(claims)
    if _ADDRESSES in lists:
        lists[_ADDRESSES] = _gathered(lists[_ADDRESSES])
    for key, entries in lists.items():
        if standing := _standing(entries, until if key == _ADDRESSES else {}):
            record.values[key] = [entry for entry, _claim in standing]
            record.origins[key] = [claim for _entry, claim in standing]
    return record


def is_fuller(key: str, thinner: str) -> bool:
    """Whether the address `key` (an entry key) says all that `thinner` says, and perhaps more."""
    pairs = zip(thinner.split("\x1f"), key.split("\x1f"), strict=True)
    return all(not part or part == its for part, its in pairs)


def _fullest(keys: Iterable[str]) -> dict[str, str]:
    """For each address (by entry key) the fullest one that says the same and more: "Polna 1, Gliwice" goes with
    "Polna 1/2, 44-100 Gliwice"; mostly itself."""
    parts = {key: key.split("\x1f") for key in keys}
    kept: list[str] = []
    into: dict[str, str] = {}
    for key in sorted(parts, key=lambda each: (-sum(map(bool, parts[each])), each)):
        into[key] = next((each for each in kept if is_fuller(each, key)), key)
        if into[key] == key:
            kept.append(key)
    return into


def _gathered(entries: _Entries) -> _Entries:
    """The entries of addresses, those of one address together. One that was taken off draws no other to it: whoever
    took the flat off "Polna 1/2" said "Polna 1" instead."""
    found = {key: said for key, said in entries.items() if _is_gone(max(said, key=itemgetter(0))[1])}
    for key, fullest in _fullest(entries.keys() - found.keys()).items():
        found.setdefault(fullest, []).extend(entries[key])
    return found


def _with_guesses(claims: Iterable[Said]) -> Iterator[Said]:
    """The claims, and beside each that holds guesses the same claim as a guess."""
    for said in claims:
        guesses = said.values.get(GUESSED)
        if guesses is None:
            yield said
        else:
            stated = {key: value for key, value in said.values.items() if key != GUESSED}
            yield replace(said, values=stated)
            yield replace(said, values=guesses, standing=GUESSED)


def _replaced(claims: Iterable[Said]) -> dict[str, str]:
    """The addresses that everybody who gave them has replaced by others, with the day of the last replacing.

    A confirmed claim says of some addresses that they hold, and nothing of the others.
    """
    told: dict[int, dict[int, Said]] = {}
    by_hand: list[Said] = []
    for said in claims:
        if said.values.get(_ADDRESSES):
            if said.standing == "confirmed":
                by_hand.append(said)
            else:
                told.setdefault(said.identity, {})[said.key] = said
    if all(len(by_key) == 1 for by_key in told.values()):
        return {}
    given = {said.key: _entry_keys(said) for by_key in told.values() for said in by_key.values()}
    confirmed = {each for said in by_hand for each in _entry_keys(said)}
    fullest = _fullest({*confirmed, *(each for keys in given.values() for each in keys)})
    given = {key: {fullest[each] for each in keys} for key, keys in given.items()}
    left: dict[str, str] = {}
    standing = {fullest[each] for each in confirmed}
    for by_key in told.values():
        some = sorted(by_key.values(), key=lambda said: (said.at, said.key))
        standing |= given[some[-1].key]
        for said, following in pairwise(some):
            for key in given[said.key] - given[following.key]:
                left[key] = max(left.get(key, ""), following.at.date().isoformat())
    return {key: day for key, day in left.items() if key not in standing}


def _entry_keys(said: Said) -> set[str]:
    return {entry_key(_ADDRESSES, entry) for entry in said.values[_ADDRESSES]}


def _resolve_one(said: Said) -> Record:
    """What follows from one claim, without weighing it against itself: nearly every customer begins so."""
    values = alone(said.values)
    origins = {
        key: [said.key] * len(value) if not isinstance(value, str) and is_list(key, value) else said.key
        for key, value in values.items()
    }
    return Record(values, origins)


def alone(claim: Values) -> dict[str, Any]:
    """The values of a record of which one claim with these values is all that is known."""
    values: dict[str, Any] = {}
    for key, value in claim.items():
        if value is None or value == "" or key == GUESSED:
            continue
        if isinstance(value, str) or not is_list(key, value):
            values[key] = value
        elif len(value) == 1:
            if not _is_gone(value[0]):
                values[key] = [_without_empty(value[0])]
        else:
            entries: _Entries = {}
            for entry in value:
                entries.setdefault(entry_key(key, entry), []).append(((_text(entry),), entry, 0))
            if key == _ADDRESSES:
                entries = _gathered(entries)
            if standing := _standing(entries, {}):
                values[key] = [entry for entry, _claim in standing]
    if guesses := claim.get(GUESSED):
        for key, value in guesses.items():
            if value and key not in claim:
                values[key] = value
    return values


def _without_empty(entry: Any) -> Any:
    """An entry without the details that are said to be empty."""
    if isinstance(entry, dict) and None in entry.values():
        return {name: value for name, value in entry.items() if value is not None}
    return entry


def _standing(entries: _Entries, until: Mapping[str, str]) -> list[tuple[Any, int]]:
    """Each entry as its strongest claim has it, details of weaker ones filled in, with the key of that claim; the gone
    ones left out, the best first."""
    standing: list[tuple[tuple[Any, ...], Any, int]] = []
    for its_key, said in entries.items():
        said.sort(key=itemgetter(0), reverse=True)
        rank, best, origin = said[0]
        if isinstance(best, dict):
            if _is_gone(best):
                continue
            merged = dict(best)
            for _weaker_rank, entry, _weaker_origin in said[1:]:
                if entry.get("gone"):
                    continue
                for name, value in entry.items():
                    merged.setdefault(
                        name, value
                    )  # an empty one is said as well: what is weaker does not fill it
            best = _without_empty(merged)
            if its_key in until:
                best.setdefault("until", until[its_key])
        preferred = bool(isinstance(best, dict) and best.get("preferred"))
        former = isinstance(best, dict) and "until" in best
        standing.append(((not former, preferred, *rank), best, origin))
    standing.sort(key=itemgetter(0), reverse=True)
    return [(entry, origin) for _rank, entry, origin in standing]
