"""What a customer buys next, with the reason, and whether saying so beats naming the best sellers. Pure: numpy.

First what they use up and buy again by a rhythm of their own; then what goes with what they bought lately; then what others
who bought the same also bought. One function does it for the card and for the test on what then happened.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import median

DUE, WITH, ALIKE = "due", "with", "alike"
# So many times bought, on different days, before there is a rhythm.
LEAST_BOUGHT = 3
# Due: from so much of the usual gap on, and no later than so many gaps: past that they have stopped.
DUE_FROM, DUE_UNTIL = 0.7, 2.5
LATELY_DAYS = 120
SHOWN = 5


@dataclass(frozen=True)
class Pull:
    """How strongly one product leads to another: the share of those with the one who have the other, and the times as
    often as by chance. why: WITH (in one basket) or ALIKE (by the same customers)."""

    other: int
    share: float
    lift: float
    why: str


@dataclass(frozen=True)
class Advice:
    """A product for a customer. because: the product it follows from; every: its usual gap in days, of what is due."""

    product: int
    why: str
    score: float
    because: int | None = None
    every: float | None = None


def advise(
    bought: Iterable[tuple[int, int]],
    *,
    today: int,
    pulls: Mapping[int, Sequence[Pull]],
    reasons: Collection[str] = (DUE, WITH, ALIKE),
    shown: int = SHOWN,
) -> list[Advice]:
    """What to offer a customer who bought these (product, day), the best first.

    pulls: by product, what it leads to. reasons: only these. What they have already is not advised again unless it is due.
    """
    days: defaultdict[int, set[int]] = defaultdict(set)
    for product, day in bought:
        days[product].add(day)
    found: list[Advice] = []
    if DUE in reasons:
        found = [each for product, dates in days.items() if (each := _due(product, sorted(dates), today))]
        found.sort(key=lambda each: (-each.score, each.product))
    found += _following(days, today, pulls, reasons)
    return found[:shown]


def _due(product: int, dates: Sequence[int], today: int) -> Advice | None:
    if len(dates) < LEAST_BOUGHT:
        return None
    usual = median(later - earlier for earlier, later in pairwise(dates))
    waited = (today - dates[-1]) / max(usual, 1)
    if not DUE_FROM <= waited <= DUE_UNTIL:
        return None
    return Advice(product, DUE, float(len(dates)) / (1 + abs(waited - 1)), every=float(usual))


def _following(
    days: Mapping[int, set[int]], today: int, pulls: Mapping[int, Sequence[Pull]], reasons: Collection[str]
) -> list[Advice]:
    lately = [product for product, dates in days.items() if today - max(dates) <= LATELY_DAYS]
    best: dict[int, Advice] = {}
    total: defaultdict[int, float] = defaultdict(float)
    for product in lately or days:
        for pull in pulls.get(product, ()):
            if pull.other in days or pull.why not in reasons:
                continue
            total[pull.other] += pull.share
            known = best.get(pull.other)
            if known is None or pull.share > known.score:
                best[pull.other] = Advice(pull.other, pull.why, pull.share, because=product)
    return sorted(best.values(), key=lambda each: (-total[each.product], each.product))


@dataclass(frozen=True)
class Trial:
    """Of so many customers who bought in the time hidden: to how many a product was named that they then bought.

    plain: the same with the best sellers for everybody. only, only_plain: those whom just one of the two hit.
    """

    reasons: tuple[str, ...]
    customers: int
    hits: int
    plain: int
    only: int
    only_plain: int

    @property
    def better(self) -> bool:
        """Whether the advice beats the best sellers by more than chance (McNemar, 95 %)."""
        differ = self.only + self.only_plain
        return differ > 0 and (self.only - self.only_plain) / sqrt(differ) > 1.96


def best_sellers(bought: Iterable[tuple[int, int, int]], *, since: int, shown: int = SHOWN) -> list[int]:
    """The products that most customers bought from this day on, of (customer, product, day)."""
    pairs = {(customer, product) for customer, product, day in bought if day >= since}
    counts = Counter(product for _customer, product in pairs)
    return [product for product, _n in sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:shown]]


def trial(
    before: Mapping[int, Sequence[tuple[int, int]]],
    after: Mapping[int, set[int]],
    *,
    today: int,
    pulls: Mapping[int, Sequence[Pull]],
    sellers: Sequence[int],
    reasons: tuple[str, ...] = (DUE, WITH, ALIKE),
) -> Trial:
    """Advise every customer in `after` by what they bought before `today`, and see what they then bought.

    Where the advice names fewer than there are best sellers, best sellers fill it up, as the card would.
    """
    hits = plain = only = only_plain = 0
    for customer, then in after.items():
        advice = [
            each.product for each in advise(before[customer], today=today, pulls=pulls, reasons=reasons)
        ]
        advice = (advice + [each for each in sellers if each not in advice])[: len(sellers)]
        hit, simple = bool(then.intersection(advice)), bool(then.intersection(sellers))
        hits, plain = hits + hit, plain + simple
        only, only_plain = only + (hit and not simple), only_plain + (simple and not hit)
    return Trial(reasons, len(after), hits, plain, only, only_plain)


def best_trial(trials: Sequence[Trial]) -> Trial | None:
    """The one with the most hits of those that beat the best sellers; None where none does."""
    return max((each for each in trials if each.better), key=lambda each: each.hits, default=None)
