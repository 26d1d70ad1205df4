"""RFM: how recently, how often and for how much, in fifths of the base, and names for the cells. Pure: numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .history import Numbers

FIFTHS = 5
# Recency (1-5) by the mean of frequency and money (1-5): rows from the best recency down.
CELLS = (
    # fm:  1          2            3            4            5
    ("new", "promising", "loyal", "champions", "champions"),  # r 5
    ("new", "promising", "loyal", "loyal", "champions"),  # r 4
    ("passing", "passing", "attention", "attention", "loyal"),  # r 3
    ("asleep", "asleep", "risk", "risk", "lose"),  # r 2
    ("asleep", "asleep", "asleep", "lose", "lose"),  # r 1
)
NAMES = ("champions", "loyal", "promising", "new", "attention", "passing", "risk", "lose", "asleep")


def fifth(values: Numbers) -> NDArray[np.int64]:
    """1 (lowest) to 5 for each value, by its place among all.

    Who has the same value gets the same fifth, that of the middle of their places: nobody is put above another by the
    order of rows. So the fifths are of one size only as far as values differ; where all are the same, all are 3.
    """
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    _kinds, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    below = np.cumsum(counts) - counts
    share = (below + counts / 2) / len(values)
    return np.clip(np.ceil(share * FIFTHS), 1, FIFTHS).astype(np.int64)[place]


def scores(
    days_since: Numbers, purchases: Numbers, revenue: Numbers
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The fifths of recency (5: lately), frequency and money."""
    return fifth(-days_since), fifth(purchases), fifth(revenue)


def cells(r: NDArray[np.int64], f: NDArray[np.int64], m: NDArray[np.int64]) -> NDArray[np.str_]:
    """The name of the cell of each."""
    table = np.array(CELLS)
    return np.asarray(table[FIFTHS - r, (f + m + 1) // 2 - 1])
