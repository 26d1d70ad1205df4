"""How fresh the facts of a record are: when each was last told, and when the first of them is to be confirmed anew.

A fact is a value of the record, or one entry of a list: this phone, that address. Whoever tells it again, or confirms it
on the card, makes it fresh; how long it stays so the owner sets per field. Days are days in UTC. Pure.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .catalogue import is_list
from .record import GUESSED, Said, Values, entry_key, is_fuller

# Field -> after how many days without being told again its facts are stale.
Ages = Mapping[str, int]
# Field -> ISO day on which the oldest of its facts was last told, where that is not the day of the newest claim.
Told = Mapping[str, str]


def facts_of(values: Values, key: str) -> list[Any]:
    """What the record holds in a field that can grow stale: an address that was left is no fact any more."""
    value = values.get(key)
    if not is_list(key, value):
        return [] if value in (None, "") else [value]
    return [each for each in value or () if not (isinstance(each, dict) and "until" in each)]


def last_told(key: str, fact: Any, newest_first: Iterable[Said]) -> Said | None:
    """The newest claim that tells this fact; None where none does."""
    return next(
        (said for said in newest_first if any(_agrees(key, fact, each) for each in _said(said, key))), None
    )


def _said(said: Said, key: str) -> Iterator[Any]:
    for values in (said.values, said.values.get(GUESSED) or {}):
        value = values.get(key)
        if is_list(key, value):
            yield from value or ()
        elif value not in (None, ""):
            yield value


def _agrees(key: str, fact: Any, said: Any) -> bool:
    if isinstance(said, dict) and said.get("gone"):
        return False
    if not is_list(key, [fact]):
        return bool(said == fact)
    its, here = entry_key(key, said), entry_key(key, fact)
    return its == here or (key == "addresses" and is_fuller(here, its))


def day_of(moment: dt.datetime) -> dt.date:
    """The day of a moment, in UTC."""
    return moment.astimezone(dt.UTC).date()


def told_in(claims: Sequence[Said], values: Values) -> dict[str, str]:
    """What `Told` says of a record with these values that follows from these claims."""
    days = {day_of(said.at) for said in claims}
    if len(days) < 2:
        return {}
    newest_first = sorted(claims, key=lambda said: (said.at, said.key), reverse=True)
    newest = max(days)
    found = {}
    for key in values:
        last = [last_told(key, fact, newest_first) for fact in facts_of(values, key)]
        oldest = min((day_of(said.at) for said in last if said), default=newest)
        if oldest < newest:
            found[key] = oldest.isoformat()
    return found


def shortest_age(values: Values, ages: Ages) -> int:
    """After how many days the first fact is stale when all were told on one day; 0: never."""
    shortest = 0
    for key, age in ages.items():
        if key in values and (not shortest or age < shortest) and facts_of(values, key):
            shortest = age
    return shortest


def due_days(values: Values, ages: Ages, *, heard: dt.date, told: Told) -> dict[str, dt.date]:
    """For each field with facts that grow stale, the last day on which the oldest of them still counts as fresh."""
    return {
        key: after(dt.date.fromisoformat(told[key]) if key in told else heard, age)
        for key, age in ages.items()
        if facts_of(values, key)
    }


def after(day: dt.date, days: int) -> dt.date:
    """The day so many days later; the last day there is where that lies beyond it."""
    return dt.date.max if days > (dt.date.max - day).days else day + dt.timedelta(days=days)
