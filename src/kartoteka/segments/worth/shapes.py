"""What is counted of one group: its RFM cells, cohorts and curves, and what goes with what in its baskets.

A small group is counted when it is asked for; a large one by the worker, and the page shows the last count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from kartoteka.activity.models import Product
from kartoteka.activity.revaluing import revalued_since
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SYSTEM, Actor, Right

from .advice import WITH
from .basket import as_columns
from .groups import Group, NoSuchGroup, group_of, members
from .ledger import Ledger
from .models import CustomerWorth, GoesWith, GroupShape, WorthRates, WorthRun
from .sales import day_number, sales

Matter = GroupShape.Matter
# A group of so many is counted while the page waits.
SMALL = 5_000
GOOD_FOR = dt.timedelta(hours=1)
_MONEY = ("revenue", "profit", "at_stake")
_COLUMNS = ("cell", "r", "f", "silent", *_MONEY)


@dataclass(frozen=True)
class Shape:
    """What was counted of so many customers, at this time: as WorthRun.shape, or {"pairs": columns of GoesWith}."""

    shape: dict[str, Any]
    customers: int
    at: dt.datetime


def shape_of_base(run: WorthRun | None) -> Shape | None:
    """How everybody stood when this counting came to its end; None where none has."""
    return Shape(run.shape, run.customers, run.ended_at) if run and run.ended_at else None


def shape_of_group(*, actor: Actor, group: Group) -> Shape | None:
    """How a group stands, for who may see numbers of the whole base; None while the worker counts a large one for the
    first time. Raises NotAllowed, TooFew, NoSuchGroup."""
    return _told(actor, group, Matter.STANDS)


def baskets_of_group(*, actor: Actor, group: Group, why: str = WITH) -> list[GoesWith] | None:
    """What goes with what among the purchases of a group in the last year, the surest first; else as shape_of_group.

    Rows of no table, with their products. Raises NotAllowed, TooFew, NoSuchGroup.
    """
    found = _told(actor, group, Matter.BASKETS)
    if found is None:
        return None
    rows = [GoesWith(**each) for each in found.shape["pairs"] if each["why"] == why]
    sold = Product.objects.filter(kind=Product.Kind.SOLD)
    products = sold.in_bulk({key for each in rows for key in (each.product_id, each.other_id)})
    there = [each for each in rows if each.product_id in products and each.other_id in products]
    for each in there:
        each.product, each.other = products[each.product_id], products[each.other_id]
    return there


def _told(actor: Actor, group: Group, matter: Matter) -> Shape | None:
    actor.must(Right.COUNTS)
    rows = members(actor, group)
    assert rows is not None
    if rows.order_by()[: SMALL + 1].count() <= SMALL:
        return _COUNTED[matter](rows)
    now = timezone.now()
    known, _made = GroupShape.objects.get_or_create(key=group.key, matter=matter, defaults={"asked_at": now})
    if known.at is None:
        return None
    in_another_currency = revalued_since(known.at)
    if (in_another_currency or known.at < now - GOOD_FOR) and known.asked_at <= known.at:
        GroupShape.objects.filter(pk=known.pk).update(asked_at=now)
    if in_another_currency:
        return None
    return Shape(known.shape, known.customers, known.at)


def run_due_shape() -> bool:
    """Count one large group that a page asked of; whether there was one."""
    due = GroupShape.objects.filter(Q(at=None) | Q(asked_at__gt=F("at"))).order_by("asked_at").first()
    if due is None:
        return False
    try:
        group = group_of(due.key, actor=SYSTEM)
    except NoSuchGroup:
        group = None
    if group is None:
        due.delete()
        return True
    rows = members(SYSTEM, group)
    assert rows is not None
    found = _COUNTED[Matter(due.matter)](rows)
    GroupShape.objects.filter(pk=due.pk).update(
        at=timezone.now(), customers=found.customers, shape=found.shape
    )
    return True


def _stands(rows: QuerySet[Customer]) -> Shape:
    from .counting import only_back, shape  # scipy takes its time to import: only where it is needed

    at = timezone.now()
    ledger: Ledger = sales(rows)
    found = list(CustomerWorth.objects.filter(customer__in=rows).order_by().values_list(*_COLUMNS))
    columns = (
        dict(zip(_COLUMNS, zip(*found, strict=True), strict=True)) if found else dict.fromkeys(_COLUMNS, ())
    )
    kept: dict[str, Any] = {
        "cell": np.array(columns["cell"], dtype=str),
        "r": np.array(columns["r"], dtype=np.int64),
        "f": np.array(columns["f"], dtype=np.int64),
        "silent": np.array(columns["silent"], dtype=bool),
    }
    for name in _MONEY:
        kept[name] = np.array([float(each) * 10**4 for each in columns[name]], dtype=np.float64)
    now = day_number(timezone.localdate(at)) + 1
    back = only_back(ledger, now=now, rates=WorthRates.objects.first() or WorthRates())
    return Shape(shape(ledger, kept, back, now=now), len(found), at)


def _baskets(rows: QuerySet[Customer]) -> Shape:
    from .pairing import pairs_of

    at = timezone.now()
    pairs = [as_columns(why, each) for why, each in pairs_of(rows, at=at)]
    return Shape({"pairs": pairs}, rows.count(), at)


_COUNTED: dict[Matter, Callable[[QuerySet[Customer]], Shape]] = {
    Matter.STANDS: _stands,
    Matter.BASKETS: _baskets,
}
