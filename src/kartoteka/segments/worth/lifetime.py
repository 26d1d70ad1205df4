"""What customers will still bring: expected purchases times their value, each discounted to today. Pure."""

from __future__ import annotations

import numpy as np

from . import bgnbd
from .bgnbd import Buying
from .history import History, Numbers

MONTH_DAYS = 365.25 / 12


def lifetime(
    history: History, buying: Buying, value: Numbers, *, months: int, yearly_discount: float, month: float
) -> Numbers:
    """The worth of what each customer is expected to buy in the coming months, as money of today.

    value: what a purchase of each is worth (revenue, or margin). yearly_discount: 0.10 for ten in a hundred a year; the
    purchases of a month count as made at its middle. month: length of a month in the history's unit (days: MONTH_DAYS).
    """
    worth = np.zeros(len(history))
    before = np.zeros(len(history))
    for number in range(1, months + 1):
        until = bgnbd.expected(history, buying, number * month)
        worth += (until - before) / (1 + yearly_discount) ** ((number - 0.5) / 12)
        before = until
    return worth * value
