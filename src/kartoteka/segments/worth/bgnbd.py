"""BG/NBD: how often customers buy, and whether they have gone for good. Pure: numpy and scipy.

P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting Your Customers" the Easy Way, Marketing Science 24 (2005): while alive
a customer buys by a Poisson process; after each purchase they leave for good with a chance of their own. Rates differ by
a gamma law (r, alpha), chances by a beta law (a, b). All is computed on logarithms: hundreds of purchases do not overflow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, expit, gammaln, hyp2f1

from .fitted import CannotFit, Fitted, highest
from .history import History, Numbers

# Fewer customers who came back than this say nothing of a rhythm.
LEAST_RETURNED = 10
# At a = 1, and at a + b + x = 1, the formulas divide nought by nought; this near they are as good as there.
_NEAR = 1e-6
_LARGE, _MOST_TERMS = 15.0, 20_000


@dataclass(frozen=True)
class Buying:
    """The four parameters. alpha carries the unit of time of the history they were fitted to; the others have none."""

    r: float
    alpha: float
    a: float
    b: float

    @classmethod
    def of(cls, parameters: Numbers) -> Buying:
        """From the parameters of a fit."""
        return cls(*(float(each) for each in parameters))


def fit(history: History) -> Fitted:
    """The likeliest r, alpha, a, b for these customers. Raises CannotFit."""
    if np.count_nonzero(history.repeats) < LEAST_RETURNED:
        raise CannotFit(f"Fewer than {LEAST_RETURNED} customers have come back yet.")
    if not np.any(history.age > 0):
        raise CannotFit("All first purchases are of today.")
    # Time in units of its mean keeps the four logarithms of one size.
    unit = float(np.mean(history.age))
    scaled = History(history.repeats, history.recency / unit, history.age / unit, history.mean_value)
    found = highest(lambda at: _likelihood(scaled, at), start=[1.0, 1.0, 1.0, 1.0], customers=len(history))
    parameters = found.parameters * np.array([1.0, unit, 1.0, 1.0])
    # Each purchase has a density in time, which is smaller by the unit.
    shift = float(history.repeats.sum()) * np.log(unit)
    return Fitted(parameters, found.log_likelihood - shift, found.customers, found.spread)


def log_likelihood(history: History, buying: Buying) -> float:
    """The logarithm of how likely these customers are."""
    return _likelihood(history, np.array([buying.r, buying.alpha, buying.a, buying.b]))[0]


def _likelihood(history: History, at: Numbers) -> tuple[float, Numbers]:
    """The log-likelihood and its gradient in the logarithms of r, alpha, a, b (equation 6 of the paper)."""
    r, alpha, a, b = (float(each) for each in at)
    x, until, age = history.repeats, alpha + history.recency, alpha + history.age
    came_back = x > 0
    before_last = np.where(came_back, b + x - 1, 1.0)
    alive = -(r + x) * np.log(age)
    gone = np.where(came_back, np.log(a) - np.log(before_last) - (r + x) * np.log(until), -np.inf)
    either = np.logaddexp(alive, gone)
    each = (
        gammaln(r + x)
        - gammaln(r)
        + r * np.log(alpha)
        + gammaln(b + x)
        + gammaln(a + b)
        - gammaln(a + b + x)
        - gammaln(b)
        + either
    )
    is_gone = np.exp(gone - either)
    is_alive = 1 - is_gone
    all_buys = digamma(a + b) - digamma(a + b + x)
    slopes = (
        digamma(r + x) - digamma(r) + np.log(alpha) - is_alive * np.log(age) - is_gone * np.log(until),
        r / alpha - (r + x) * (is_alive / age + is_gone / until),
        all_buys + is_gone / a,
        all_buys + digamma(b + x) - digamma(b) - np.where(came_back, is_gone / before_last, 0.0),
    )
    return float(each.sum()), np.array([float(slope.sum()) for slope in slopes]) * at


def alive(history: History, buying: Buying) -> Numbers:
    """The chance that each is still a customer, 0 to 1; whoever bought once never had the occasion to leave: 1."""
    r, alpha, a, b = buying.r, buying.alpha, buying.a, buying.b
    x = history.repeats
    before_last = np.where(x > 0, b + x - 1, 1.0)
    longer = np.log(alpha + history.age) - np.log(alpha + history.recency)
    odds_gone = np.where(x > 0, np.log(a) - np.log(before_last) + (r + x) * longer, -np.inf)
    return np.asarray(expit(-odds_gone), dtype=np.float64)


def expected(history: History, buying: Buying, ahead: float | Numbers) -> Numbers:
    """How many purchases each will make in the time ahead (equation 10 of the paper)."""
    return expected_if_alive(history, buying, ahead) * alive(history, buying)


def expected_if_alive(history: History, buying: Buying, ahead: float | Numbers) -> Numbers:
    """The same of those who are still customers: the first factor of equation 10, after Euler's transformation.

    Written with 2F1(a + b - 1 - r, a - 1; a + b + x - 1; z), whose terms shrink as x grows: the published form multiplies
    a number too small by one too large for a computer when somebody bought hundreds of times.
    """
    r, alpha, b = buying.r, buying.alpha, buying.b
    a = buying.a if abs(buying.a - 1) > _NEAR else 1 + _NEAR
    total = a + b + history.repeats - 1
    total = np.where(np.abs(total) > _NEAR, total, _NEAR)
    share = ahead / (alpha + history.age + ahead)
    still = np.exp((a - 1) * np.log1p(-share)) * _hypergeometric(a + b - 1 - r, a - 1, total, share)
    return np.asarray(np.maximum(total / (a - 1) * (1 - still), 0.0), dtype=np.float64)


def _hypergeometric(one: float, other: float, below: Numbers, at: Numbers) -> Numbers:
    """2F1(one, other; below; at) for 0 <= at < 1.

    scipy's overflows where `below` is large; just there Gauss's own series is at its end after some dozens of terms.
    """
    below, at = np.broadcast_arrays(below, at)
    large = below > _LARGE
    found = np.asarray(hyp2f1(one, other, np.where(large, 1.0, below), np.where(large, 0.0, at)))
    by_series = large | ~np.isfinite(found)
    if np.any(by_series):
        found = found.copy()
        found[by_series] = _series(one, other, below[by_series], at[by_series])
    return found


def _series(one: float, other: float, below: Numbers, at: Numbers) -> Numbers:
    term = total = np.ones_like(at)
    for n in range(_MOST_TERMS):
        term = term * ((one + n) * (other + n) / ((below + n) * (n + 1))) * at
        total = total + term
        if np.all(np.abs(term) <= 1e-15 * np.abs(total)):
            break
    return total


def expected_of_new(buying: Buying, ahead: Numbers) -> Numbers:
    """How many repeats a customer makes in the time since a first purchase of whom nothing else is known (equation 9)."""
    ahead = np.atleast_1d(np.asarray(ahead, dtype=np.float64))
    nobody = History(*(np.zeros_like(ahead) for _ in range(4)))
    return expected(nobody, buying, ahead)


def next_within(history: History, buying: Buying, chance: float = 0.5) -> Numbers:
    """By when each buys again with this chance, if they are still a customer; time from now.

    A living customer's rate is gamma(r + x, alpha + T), so the wait is a Lomax law, turned round here.
    """
    shape, scale = buying.r + history.repeats, buying.alpha + history.age
    return np.asarray(scale * np.expm1(-np.log1p(-chance) / shape), dtype=np.float64)


def possible_counts(
    one: History, buying: Buying, ahead: float, *, lots: int = 4000, seed: int = 1
) -> Numbers:
    """Drawn numbers of purchases of one customer in the time ahead: what is possible, beside what is expected.

    Alive by its chance; then the rate is gamma(r + x, alpha + T) and the chance to leave beta(a, b + x), independent of
    one another given that the customer is alive.
    """
    random = np.random.default_rng(seed)
    x, age = float(one.repeats[0]), float(one.age[0])
    rate = random.gamma(buying.r + x, 1 / (buying.alpha + age), lots)
    leaves = np.clip(random.beta(buying.a, buying.b + x, lots), 1e-12, 1.0)
    wanted = random.poisson(rate * ahead)
    counts = np.minimum(wanted, random.geometric(leaves))
    return np.where(random.random(lots) < alive(one, buying)[0], counts, 0).astype(np.float64)
