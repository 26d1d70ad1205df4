"""What serving a customer costs: minutes and messages told by other domains, at the owner's rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .models import WorthRates

if TYPE_CHECKING:
    from .history import Numbers
    from .ledger import Integers

RATES = ("minute_of_call", "minute_of_visit", "message")


@dataclass(frozen=True)
class Effort:
    """Something that serving takes. rate: the column of WorthRates that says what one costs.

    count: since a moment, how many (minutes, messages) went to each customer; by key, one set-based query. The rates also
    say how long a talk usually is.
    """

    name: str
    rate: str
    count: Callable[[dt.datetime, WorthRates], Mapping[int, float]]


_efforts: dict[str, Effort] = {}


def register(effort: Effort) -> None:
    """Make an effort known. Called from an app's `ready()`; whoever keeps calls, visits and messages tells them here."""
    assert effort.rate in RATES
    _efforts[effort.name] = effort


def unregister(name: str) -> None:
    """Take an effort away again."""
    _efforts.pop(name, None)


def cost_to_serve(customers: Integers, *, since: dt.datetime, rates: WorthRates) -> Numbers:
    """What serving each of these (ascending keys) has cost since then, in units of money as it is kept."""
    import numpy as np  # loaded by whoever counts, not by every command

    cost = np.zeros(len(customers))
    for effort in _efforts.values():
        rate = float(getattr(rates, effort.rate)) * 10**4
        if rate:
            told = effort.count(since, rates)
            who = np.fromiter(told.keys(), dtype=np.int64, count=len(told))
            much = np.fromiter(told.values(), dtype=np.float64, count=len(told))
            place = np.minimum(np.searchsorted(customers, who), max(len(customers) - 1, 0))
            theirs = customers[place] == who if len(customers) else np.zeros(len(who), dtype=bool)
            cost[place[theirs]] += much[theirs] * rate
    return cost
