"""BG/NBD: how often customers buy, and whether they have gone for good. Pure: numpy and scipy.

P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting Your Customers" the Easy Way, Marketing Science 24 (2005): while alive
a customer buys by a Poisson process; after each purchase they leave for good with a chance of their own. Rates differ by
a gamma law (r, alpha), chances by a beta law (a, b). All is computed on logarithms: hundreds of purchases do not overflow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, digamma, expit, gammaln, hyp2f1

from .fitted import CannotFit, Fitted, highest
from .history import History, Numbers

# Fewer customers who came back than this say nothing of a rhythm.
LEAST_RETURNED = 10
# At a + b + x = 1 the closed form divides nought by nought; this near it is as good as there.
_NEAR = 1e-6
# Beyond these the closed form loses figures, and the integral is added up instead.
_NEAR_ONE, _USUAL, _LARGE, _LITTLE = 1e-3, 20.0, 15.0, 1e-6
_NODES = np.linspace(-4.4, 4.4, 121)
_AT_ONCE = 20_000


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
    a number too small by one too large for a computer when somebody bought hundreds of times. Where this form takes two
    near numbers from one another (a near 1), or its parameters are far out, the integral behind it is added up instead.
    """
    if not _plain(buying):
        return _by_integral(history, buying, ahead)
    r, alpha, a, b = buying.r, buying.alpha, buying.a, buying.b
    total = a + b + history.repeats - 1
    total = np.where(np.abs(total) > _NEAR, total, _NEAR)
    share = ahead / (alpha + history.age + ahead)
    factor = np.asarray(hyp2f1(a + b - 1 - r, a - 1, np.minimum(total, _LARGE), share))
    still = np.exp((a - 1) * np.log1p(-share)) * factor
    found = np.asarray(total / (a - 1) * (1 - still), dtype=np.float64)
    # scipy's function is good for small numbers only; so is the difference from 1 where it leaves little.
    doubtful = (total > _LARGE) | (np.abs(1 - still) < _LITTLE) | ~np.isfinite(found)
    if np.any(doubtful):
        found[doubtful] = _by_integral(
            history.some(doubtful), buying, np.broadcast_to(ahead, found.shape)[doubtful]
        )
    return np.maximum(found, 0.0)


def _plain(buying: Buying) -> bool:
    """Whether the parameters are such as the closed form is sure of."""
    return (
        buying.r < _USUAL
        and _NEAR_ONE < buying.a < _USUAL
        and abs(buying.a - 1) > _NEAR_ONE
        and _NEAR_ONE < buying.b < _USUAL
    )


def _by_integral(history: History, buying: Buying, ahead: float | Numbers) -> Numbers:
    """E[(1 - (1 + p s)^-(r + x)) / p] over the chance p to leave, beta(a, b + x); s = ahead / (alpha + T).

    What is linear in p is taken off first, so that the rest is nothing at both ends however p is spread. The rest is added
    up over the logarithm of p's odds, about its summit and in its own width (a doubly exponential rule: H. Takahasi,
    M. Mori, Publ. RIMS 9, 1974).
    """
    found = np.empty(len(history))
    spans = np.broadcast_to(np.asarray(ahead, dtype=np.float64), found.shape)
    for begin in range(0, len(history), _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        x, age = history.repeats[part], history.age[part]
        found[part] = _integral(buying.r + x, spans[part] / (buying.alpha + age), buying.a, buying.b + x)
    return np.maximum(found, 0.0)


def _integral(shape: Numbers, s: Numbers, a: float, b: Numbers) -> Numbers:
    """For one row each: shape, s and b are columns; a is one for all."""
    shape, s, b = shape[:, None], s[:, None], b[:, None]
    width = np.sqrt(1 / (a + 1) + 1 / (b + 1))
    odds = np.log((a + 1) / (b + 1)) + width * np.sinh(_NODES)
    p, not_p = expit(odds), expit(-odds)
    at_none, at_all = shape * s, -np.expm1(-shape * np.log1p(s))
    # What is kept beside the line from p = 0 to p = 1: near both ends it vanishes, and is set to what it tends to.
    bought = -np.expm1(-shape * np.log1p(p * s))
    rest = bought / np.maximum(p, 1e-300) - (at_none * not_p + at_all * p)
    weight = a * _log(p, odds) + b * _log(not_p, -odds) - betaln(a, b)
    summed = (np.exp(weight) * rest * width * np.cosh(_NODES)).sum(axis=1) * (_NODES[1] - _NODES[0])
    mean = a / (a + b)
    return np.asarray((at_none * (1 - mean) + at_all * mean)[:, 0] + summed, dtype=np.float64)


def _log(p: Numbers, odds: Numbers) -> Numbers:
    """The logarithm of p of these log odds, also where p itself is too small to be told from nothing."""
    return np.where(odds < -30, odds, np.log(np.maximum(p, 1e-300)))


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
