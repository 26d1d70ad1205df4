"""RFM cells, cohorts and curves of one group. A small group is counted when it is asked for; a large one by the worker,
and the page shows the last count."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from kartoteka.people.models import Customer
from kartoteka.trust.actor import SYSTEM, Actor, Right

from .groups import Group, NoSuchGroup, group_of, members
from .ledger import Ledger
from .models import CustomerWorth, GroupShape
from .sales import day_number, sales

# A group of so many is counted while the page waits.
SMALL = 5_000
GOOD_FOR = dt.timedelta(hours=1)
_MONEY = ("revenue", "profit", "at_stake")
_COLUMNS = ("cell", "r", "f", "silent", *_MONEY)


@dataclass(frozen=True)
class Shape:
    """How a group stands: as WorthRun.shape, of these customers, counted at this time."""

    shape: dict[str, Any]
    customers: int
    at: dt.datetime


def shape_of_group(*, actor: Actor, group: Group) -> Shape | None:
    """The shape of a group for who may see numbers of the whole base; None while the worker counts a large one for the
    first time. Raises NotAllowed, TooFew, NoSuchGroup."""
    actor.must(Right.COUNTS)
    rows = members(actor, group)
    assert rows is not None
    if rows.order_by()[: SMALL + 1].count() <= SMALL:
        return _counted(rows)
    now = timezone.now()
    known, _made = GroupShape.objects.get_or_create(key=group.key, defaults={"asked_at": now})
    if known.at is None:
        return None
    if known.at < now - GOOD_FOR and known.asked_at <= known.at:
        GroupShape.objects.filter(pk=known.pk).update(asked_at=now)
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
    found = _counted(rows)
    GroupShape.objects.filter(pk=due.pk).update(
        at=timezone.now(), customers=found.customers, shape=found.shape
    )
    return True


def _counted(rows: QuerySet[Customer]) -> Shape:
    from .counting import shape  # scipy takes its time to import: only where it is needed

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
    return Shape(shape(ledger, kept, now=day_number(timezone.localdate(at)) + 1), len(found), at)
