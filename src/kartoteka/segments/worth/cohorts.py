"""Cohorts: of those who first bought in one month, who bought again in the months after. Pure: numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .ledger import Integers, Purchases


@dataclass(frozen=True)
class Cohort:
    """month: of the first purchase, as months since 1970-01. active[k]: how many bought k months later; revenue[k]: for
    how much. A list ends with the month that runs."""

    month: int
    size: int
    active: tuple[int, ...]
    revenue: tuple[int, ...]

    @property
    def label(self) -> str:
        """The month as 2011-03."""
        return f"{1970 + self.month // 12}-{self.month % 12 + 1:02d}"


def months_of(days: Integers) -> Integers:
    """Months since January 1970 of days since 1970-01-01."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def cohorts(purchases: Purchases, *, now: int) -> list[Cohort]:
    """The cohorts up to the month of this day, the oldest first."""
    if not len(purchases.customers):
        return []
    month = months_of(purchases.day)
    theirs = np.repeat(months_of(purchases.first), purchases.counts)
    owner = np.repeat(np.arange(len(purchases.customers)), purchases.counts)
    this_month = int(months_of(np.array([now]))[0])
    oldest = int(theirs.min())
    wide = this_month - oldest + 1
    place = (theirs - oldest) * wide + (month - theirs)
    # Each customer once a month.
    _pairs, one_each = np.unique(owner * (wide * 2) + (month - oldest), return_index=True)
    active = np.bincount(place[one_each], minlength=wide * wide).reshape(wide, wide)
    revenue = np.bincount(place, weights=purchases.value, minlength=wide * wide).reshape(wide, wide)
    return [
        Cohort(
            oldest + row,
            int(active[row, 0]),
            tuple(int(each) for each in active[row, : wide - row]),
            tuple(round(each) for each in revenue[row, : wide - row]),
        )
        for row in range(wide)
        if active[row, 0]
    ]
