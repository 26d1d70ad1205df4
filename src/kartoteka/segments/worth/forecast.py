"""The models fitted to a base, whether to believe them, and what they say of each customer. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from . import bgnbd, gammagamma
from .bgnbd import Buying
from .fitted import CannotFit, Fitted
from .gammagamma import Independence, Spending
from .history import History, Numbers
from .holdout import SAMPLE, Calibration, calibrate
from .ledger import Ledger
from .lifetime import MONTH_DAYS, lifetime

YEAR_DAYS = 365.25
MONTHS = 12
# An interval whose ends differ by more than this (times) says that the purchases do not tell this parameter.
UNTOLD = 1000.0


@dataclass(frozen=True)
class Fit:
    """What was fitted. why: in words why there is no model, or no test of it; "" where there is."""

    buying: Fitted | None
    spending: Fitted | None
    independence: Independence | None
    calibration: Calibration | None
    why: str = ""

    @property
    def holds(self) -> bool:
        """Whether what it says of customers may be shown: tested, and the test held."""
        return self.buying is not None and self.calibration is not None and self.calibration.holds

    @property
    def tells_leaving(self) -> bool:
        """Whether the purchases tell who has gone for good: else the chance to be alive is near 1 for everybody."""
        if self.buying is None:
            return False
        ends = self.buying.intervals[2]
        return ends is not None and ends[1] / max(ends[0], 1e-300) < UNTOLD

    def as_data(self) -> dict[str, Any]:
        """For the row that keeps it."""
        independent = self.independence and {**asdict(self.independence), "holds": self.independence.holds}
        tested = self.calibration and {
            **asdict(self.calibration),
            "holds": self.calibration.holds,
            "missed": self.calibration.missed,
        }
        return {
            "buying": _told(("r", "alpha", "a", "b"), self.buying),
            "spending": _told(("p", "q", "v"), self.spending),
            "independence": independent,
            "calibration": tested,
            "holds": self.holds,
            "tells_leaving": self.tells_leaving,
            "why": self.why,
        }


def _told(names: tuple[str, ...], fitted: Fitted | None) -> dict[str, Any] | None:
    if fitted is None:
        return None
    parts = zip(names, fitted.parameters, fitted.intervals, strict=True)
    return {
        "parameters": [
            {"name": name, "value": float(value), "interval": ends and list(ends)}
            for name, value, ends in parts
        ],
        "log_likelihood": fitted.log_likelihood,
        "customers": fitted.customers,
    }


def fit(ledger: Ledger, *, now: int) -> Fit:
    """Fit both models to all that is known on this day, and test the first on what it has not seen."""
    past = ledger.purchases.history(now=now)
    try:
        buying = bgnbd.fit(past.sample(SAMPLE))
    except CannotFit as problem:
        return Fit(None, None, None, None, str(problem))
    why = ""
    try:
        calibration: Calibration | None = calibrate(ledger, now=now)
    except CannotFit as problem:
        calibration, why = None, str(problem)
    independent = gammagamma.independence(past)
    try:
        spending: Fitted | None = gammagamma.fit(past.sample(SAMPLE))
    except CannotFit:
        spending = None
    return Fit(buying, spending, independent, calibration, why)


@dataclass(frozen=True)
class Forecast:
    """One place per customer. value: of a purchase; alive: 0 to 1; expected: purchases in the coming year; wait: days by
    which every second such customer buys again; lifetime: money of the coming year, discounted; stake: what a year of
    them was expected to bring on the day of their last purchase."""

    value: Numbers
    alive: Numbers
    expected: Numbers
    wait: Numbers
    lifetime: Numbers
    stake: Numbers


def values(past: History, found: Fit) -> Numbers:
    """What a purchase of each is worth: by the model where it holds, else by their own mean and that of all."""
    if found.spending is not None and found.independence is not None and found.independence.holds:
        return gammagamma.value_of_purchase(past, Spending.of(found.spending.parameters))
    known = past.mean_value > 0
    of_all = float(past.mean_value[known].mean()) if np.any(known) else 0.0
    return np.where(known, past.mean_value, of_all)


def forecast(past: History, found: Fit, *, yearly_discount: float) -> Forecast | None:
    """What the models say of each; None where there is no model."""
    if found.buying is None:
        return None
    buying = Buying.of(found.buying.parameters)
    value = values(past, found)
    at_last = History(past.repeats, past.recency, past.recency, past.mean_value)
    return Forecast(
        value,
        bgnbd.alive(past, buying),
        bgnbd.expected(past, buying, YEAR_DAYS),
        bgnbd.next_within(past, buying),
        lifetime(past, buying, value, months=MONTHS, yearly_discount=yearly_discount, month=MONTH_DAYS),
        bgnbd.expected_if_alive(at_last, buying, YEAR_DAYS) * value,
    )
