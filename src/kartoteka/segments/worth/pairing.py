"""What goes with what, counted anew with the rest, and the advice put to the test before it is shown."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kartoteka.activity.models import Product
from kartoteka.kit import bulk
from kartoteka.people.models import Customer

from .advice import ALIKE, DUE, WITH, Pull, Trial, best_sellers, best_trial, trial
from .basket import LEAST_TOGETHER, Rule, as_columns, rules
from .ledger import Integers
from .models import GoesWith
from .sales import day_number, lines

WINDOW = dt.timedelta(days=365)
HIDDEN_DAYS = 30
KEPT_PER_PRODUCT = 12
# Of one group, so many rules of each kind.
SHOWN = 200
# More pairs than this are not counted; baskets are drawn by lot until they are fewer.
MOST_PAIRS = 40_000_000
# Who bought a whole range has no likeness to tell; for likeness the latest so many of each count.
LATEST = 40
TRIED = 1500
_WAYS = ((DUE,), (DUE, WITH), (DUE, WITH, ALIKE))


def pair_up(*, at: dt.datetime, beat: Callable[[], None]) -> dict[str, Any]:
    """Count the pairs of the last year and write them; test the advice. Returns the Trial that may be used, as data."""
    order, product, customer, day = lines(since=at - WINDOW)
    if not len(order):
        GoesWith.objects.all().delete()
        return {}
    beat()
    split = day_number(timezone.localdate(at)) + 1 - HIDDEN_DAYS
    tested = _test(order, product, customer, day, split=split)
    beat()
    _write([*_ruled(order, product, customer, day)])
    return asdict(tested) if tested else {}


def pairs_of(group: QuerySet[Customer], *, at: dt.datetime) -> list[tuple[str, Rule]]:
    """The rules of the year before `at` among what this group bought, the surest SHOWN of each kind."""
    bought = lines(since=at - WINDOW, group=group)
    if not len(bought[0]):
        return []
    kinds = groupby(_ruled(*bought), key=itemgetter(0))
    return [each for _why, some in kinds for each in islice(some, SHOWN)]


def _ruled(
    order: Integers, product: Integers, customer: Integers, day: Integers
) -> Iterable[tuple[str, Rule]]:
    drawn = _drawn(order)
    baskets = len(np.unique(order[drawn]))
    for each in rules(order[drawn], product[drawn], least=least_together(baskets), keep=KEPT_PER_PRODUCT):
        yield WITH, each
    known = _latest(product, customer, day)
    known = known[_drawn(customer[known])]
    people = len(np.unique(customer[known]))
    for each in rules(customer[known], product[known], least=least_together(people), keep=KEPT_PER_PRODUCT):
        yield ALIKE, each


def least_together(baskets: int) -> int:
    """In how many baskets a pair must stand to be spoken of: five, or one in two thousand."""
    return max(LEAST_TOGETHER, baskets // 2000)


def _drawn(basket: Integers) -> Integers:
    """The places of all lines, or of as many whole baskets, by a fixed lot, as have no more than MOST_PAIRS pairs."""
    kinds, place, sizes = np.unique(basket, return_inverse=True, return_counts=True)
    heap = np.cumsum((sizes * (sizes - 1) // 2)[lots := np.random.default_rng(1).permutation(len(kinds))])
    if not len(heap) or heap[-1] <= MOST_PAIRS:
        return np.arange(len(basket))
    kept = np.zeros(len(kinds), dtype=bool)
    kept[lots[: int(np.searchsorted(heap, MOST_PAIRS))]] = True
    return np.flatnonzero(kept[place])


def _latest(product: Integers, customer: Integers, day: Integers) -> Integers:
    """The places of each customer's latest lines, at most LATEST of each; lines of nobody are left out."""
    places = np.flatnonzero(customer > 0)
    order = places[np.lexsort((product[places], -day[places], customer[places]))]
    theirs = customer[order]
    first = np.r_[True, theirs[1:] != theirs[:-1]] if len(theirs) else np.zeros(0, dtype=bool)
    starts = np.maximum.accumulate(np.where(first, np.arange(len(theirs)), 0)) if len(theirs) else theirs
    return order[np.arange(len(theirs)) - starts < LATEST]


def _test(
    order: Integers, product: Integers, customer: Integers, day: Integers, *, split: int
) -> Trial | None:
    """Learn from what was before `split` alone, advise who bought after it, keep the way that beats the best sellers."""
    early = (day < split) & (customer > 0)
    late = (day >= split) & (customer > 0)
    back = np.intersect1d(customer[early], customer[late])
    if not len(back) or not np.any(early):
        return None
    tried = set(back[: TRIED if len(back) > TRIED else None].tolist())
    before: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    after: defaultdict[int, set[int]] = defaultdict(set)
    for into, which in ((before, early), (after, late)):
        wanted = np.flatnonzero(which & np.isin(customer, list(tried)))
        for who, what, when in zip(
            *(each[wanted].tolist() for each in (customer, product, day)), strict=True
        ):
            if into is before:
                before[who].append((what, when))
            else:
                after[who].add(what)
    known = np.flatnonzero(day < split)
    pulls = pulls_of(_ruled(order[known], product[known], customer[known], day[known]))
    recent = np.flatnonzero((day >= split - 90) & early)
    sellers = best_sellers(
        zip(*(each[recent].tolist() for each in (customer, product, day)), strict=True), since=split - 90
    )
    ways = [
        trial(before, after, today=split, pulls=pulls, sellers=sellers, reasons=reasons) for reasons in _WAYS
    ]
    return best_trial(ways)


def pulls_of(ruled: Iterable[tuple[str, Rule]]) -> dict[int, list[Pull]]:
    """Rules as the advice wants them: by product, the surest first."""
    found: defaultdict[int, list[Pull]] = defaultdict(list)
    for why, each in ruled:
        found[each.one].append(Pull(each.other, each.confidence, each.lift, why))
    return found


def _write(ruled: Sequence[tuple[str, Rule]]) -> None:
    rows = [as_columns(why, each) for why, each in ruled]
    with transaction.atomic():
        bulk.be_the_writer()
        there = set(Product.objects.values_list("pk", flat=True))
        GoesWith.objects.all().delete()
        kept = [each for each in rows if each["product_id"] in there and each["other_id"] in there]
        if kept:
            bulk.insert(GoesWith, tuple(kept[0]), (tuple(each.values()) for each in kept))
