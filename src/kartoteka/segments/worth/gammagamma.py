"""Gamma-Gamma: what a purchase of a customer is worth in the mean. Pure: numpy and scipy.

P. S. Fader, B. G. S. Hardie, "The Gamma-Gamma Model of Monetary Value" (2013): a customer's purchases scatter about a mean
of their own by a gamma law of shape p; the means differ by another (q, v). It supposes that how much somebody spends has
nothing to do with how often they buy; `independence` looks whether that is so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln
from scipy.stats import spearmanr

from .fitted import CannotFit, Fitted, highest
from .history import History, Numbers

LEAST_RETURNED = 10
# From here on, mean value and frequency hang together too much for the model (either sign, Pearson).
TOO_MUCH = 0.3


@dataclass(frozen=True)
class Spending:
    """The three parameters; v carries the currency."""

    p: float
    q: float
    v: float

    @classmethod
    def of(cls, parameters: Numbers) -> Spending:
        """From the parameters of a fit."""
        return cls(*(float(each) for each in parameters))


@dataclass(frozen=True)
class Independence:
    """Whether mean value and number of purchases are unrelated among those who came back.

    correlation: Pearson's, with its 95 % interval (Fisher). ranks: Spearman's, which a few giants do not move.
    """

    correlation: float
    lowest: float
    highest: float
    ranks: float
    customers: int

    @property
    def holds(self) -> bool:
        """Whether the model may be used."""
        return bool(abs(self.correlation) < TOO_MUCH)


def fit(history: History) -> Fitted:
    """The likeliest p, q, v for those who came back and spent something. Raises CannotFit."""
    who = _who_spent(history)
    if len(who) < LEAST_RETURNED:
        raise CannotFit(f"Fewer than {LEAST_RETURNED} customers have come back and paid yet.")
    unit = float(np.mean(who.mean_value))
    scaled = History(who.repeats, who.recency, who.age, who.mean_value / unit)
    if float(np.ptp(scaled.mean_value)) < 1e-9:
        raise CannotFit("Every customer spends the same; there is nothing to fit.")
    found = highest(lambda at: _likelihood(scaled, at), start=[2.0, 3.0, 1.0], customers=len(who))
    return Fitted(
        found.parameters * np.array([1.0, 1.0, unit]),
        found.log_likelihood - len(who) * float(np.log(unit)),
        found.customers,
        found.spread,
    )


def _who_spent(history: History) -> History:
    return history.some((history.repeats > 0) & (history.mean_value > 0))


def _likelihood(history: History, at: Numbers) -> tuple[float, Numbers]:
    """The log-likelihood and its gradient in the logarithms of p, q, v (equation 1a of the note)."""
    p, q, v = (float(each) for each in at)
    x, mean = history.repeats, history.mean_value
    whole = np.log(v + x * mean)
    each = (
        gammaln(p * x + q)
        - gammaln(p * x)
        - gammaln(q)
        + q * np.log(v)
        + (p * x - 1) * np.log(mean)
        + p * x * np.log(x)
        - (p * x + q) * whole
    )
    slopes = (
        x * (digamma(p * x + q) - digamma(p * x) + np.log(mean) + np.log(x) - whole),
        digamma(p * x + q) - digamma(q) + np.log(v) - whole,
        q / v - (p * x + q) / (v + x * mean),
    )
    return float(each.sum()), np.array([float(slope.sum()) for slope in slopes]) * at


def log_likelihood(history: History, spending: Spending) -> float:
    """The logarithm of how likely these means are."""
    return _likelihood(_who_spent(history), np.array([spending.p, spending.q, spending.v]))[0]


def value_of_purchase(history: History, spending: Spending) -> Numbers:
    """What a purchase of each is expected to be worth: their own mean, drawn towards everybody's the less they bought.

    Where q is 1 or less the mean of all has no end; then each has their own, and who has none has that of the others.
    """
    p, q, v = spending.p, spending.q, spending.v
    x = np.where(history.mean_value > 0, history.repeats, 0.0)
    if q > 1:
        return np.asarray(p * (v + x * history.mean_value) / (p * x + q - 1), dtype=np.float64)
    known = history.mean_value > 0
    others = float(np.median(history.mean_value[known])) if np.any(known) else 0.0
    return np.where(known, history.mean_value, others)


def independence(history: History) -> Independence:
    """Look whether the supposition of the model holds."""
    who = _who_spent(history)
    count = len(who)
    if count < 4 or float(np.ptp(who.repeats)) == 0 or float(np.ptp(who.mean_value)) == 0:
        return Independence(0.0, -1.0, 1.0, 0.0, count)
    found = float(np.corrcoef(who.repeats, who.mean_value)[0, 1])
    bounded = np.arctanh(np.clip(found, -0.999999, 0.999999))
    error = 1.959963984540054 / np.sqrt(count - 3)
    ranks = float(spearmanr(who.repeats, who.mean_value).statistic)
    return Independence(found, float(np.tanh(bounded - error)), float(np.tanh(bounded + error)), ranks, count)
