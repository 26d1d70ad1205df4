"""Each customer's own rhythm: once, rare or regular, and who has been silent for too long by it. Pure: numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .history import Numbers
from .ledger import Purchases

ONCE, RARE, REGULAR = "once", "rare", "regular"
# Days of purchase from which there is a rhythm to speak of.
LEAST_FOR_REGULAR = 3
# Who buys by pure chance has one gap in four longer than twice the middle one: who is steadier than that is regular.
LONG_GAP, LONG_GAPS_ALLOWED = 2.0, 0.25
# Silent: they have waited so many times their usual gap. By pure chance one gap in eight is as long.
SILENT_AFTER = 3.0


@dataclass(frozen=True)
class Rhythm:
    """One place per customer. usual: their middle gap in days, NaN for who bought on one day only."""

    usual: Numbers
    frequency: NDArray[np.str_]
    silent: NDArray[np.bool_]
    of_all: float


def rhythm(purchases: Purchases, *, now: int) -> Rhythm:
    """The rhythm of each customer on this day. Who bought once is measured by everybody's middle gap."""
    size = len(purchases.customers)
    owner, days = purchases.gaps
    usual = middle(owner, days, size)
    long_ones = np.bincount(owner[days > LONG_GAP * usual[owner]], minlength=size)
    gaps = np.maximum(purchases.counts - 1, 1)
    steady = (purchases.counts >= LEAST_FOR_REGULAR) & (long_ones <= LONG_GAPS_ALLOWED * gaps)
    frequency = np.where(purchases.counts == 1, ONCE, np.where(steady, REGULAR, RARE))
    of_all = float(np.median(days)) if len(days) else float("nan")
    measure = np.where(np.isnan(usual), of_all, usual)
    # A first pair of purchases in one week is no rhythm yet: rare buyers are not called silent sooner than others.
    measure = np.where(steady | np.isnan(of_all), measure, np.fmax(measure, of_all))
    silent = (now - purchases.last) > SILENT_AFTER * measure
    return Rhythm(usual, frequency, silent & ~np.isnan(measure), of_all)


def middle(owner: NDArray[np.int64], values: Numbers, size: int) -> Numbers:
    """The median of the values of each owner (0 .. size - 1, ascending); NaN for who has none."""
    order = np.lexsort((values, owner))
    values = values[order]
    counts = np.bincount(owner, minlength=size)
    starts = np.cumsum(counts) - counts
    result = np.full(size, np.nan)
    has = counts > 0
    low = starts[has] + (counts[has] - 1) // 2
    high = starts[has] + counts[has] // 2
    result[has] = (values[low] + values[high]) / 2
    return result
