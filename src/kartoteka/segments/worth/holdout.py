"""The model tested against what then happened: fitted to an earlier part of the time, asked about the rest. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import bgnbd
from .bgnbd import Buying
from .fitted import CannotFit
from .ledger import Ledger

# Groups by repeats so far; the last holds all from there on.
GROUPS = 8
# The model does not hold where all purchases together are missed by more than this share.
MISSED = 0.25
# Customers at most in a fit: past that the parameters move in the third figure only.
SAMPLE = 50_000
LEAST_DAYS = 56


@dataclass(frozen=True)
class Group:
    """Customers with one number of repeats: what each was expected to buy in the mean, and what each bought."""

    repeats: int
    customers: int
    expected: float
    happened: float


@dataclass(frozen=True)
class Calibration:
    """What came of the test.

    split: the day up to which the model knew; days: how long it was asked about. expected, happened: purchases of all.
    error: mean absolute error per customer; simple: that of supposing that everybody goes on as before.
    """

    split: int
    days: int
    customers: int
    expected: float
    happened: float
    error: float
    simple: float
    groups: tuple[Group, ...]

    @property
    def missed(self) -> float:
        """By what share all purchases together were missed; above 0 where too many were expected."""
        return (self.expected - self.happened) / max(self.happened, 1.0)

    @property
    def holds(self) -> bool:
        """Whether to believe it: the sum is near, and it knows more of each customer than the simple guess does."""
        return bool(abs(self.missed) <= MISSED and self.error <= self.simple)


def calibrate(ledger: Ledger, *, now: int, share: float = 1 / 3) -> Calibration:
    """Hide the last `share` of the time from the model, and look. Raises CannotFit where there is too little time."""
    bought = ledger.purchases
    if not len(bought.customers):
        raise CannotFit("Nobody has bought anything yet.")
    begin = int(bought.first.min())
    split = now - int((now - begin) * share)
    if now - split < LEAST_DAYS:
        raise CannotFit("There are less than six months of orders to test against.")
    known = ledger.until(split).purchases
    past = known.history(now=split)
    buying = Buying.of(bgnbd.fit(past.sample(SAMPLE)).parameters)
    ahead = float(now - split)
    expected = bgnbd.expected(past, buying, ahead)
    later = bought.customer[(bought.day >= split) & (bought.day < now)]
    place = np.searchsorted(known.customers, later)
    place = np.minimum(place, len(known.customers) - 1)
    happened = np.bincount(place[known.customers[place] == later], minlength=len(known.customers)).astype(
        np.float64
    )
    # The plain guess: as many a day as so far, the first purchase with them.
    simple = (past.repeats + 1) / np.maximum(past.age, 1.0) * ahead
    return Calibration(
        split,
        int(ahead),
        len(past),
        float(expected.sum()),
        float(happened.sum()),
        float(np.abs(expected - happened).mean()),
        float(np.abs(simple - happened).mean()),
        _groups(past.repeats, expected, happened),
    )


def _groups(repeats: np.ndarray, expected: np.ndarray, happened: np.ndarray) -> tuple[Group, ...]:
    which = np.minimum(repeats, GROUPS - 1)
    found = ((number, which == number) for number in range(GROUPS))
    return tuple(
        Group(number, int(mine.sum()), float(expected[mine].mean()), float(happened[mine].mean()))
        for number, mine in found
        if np.any(mine)
    )
