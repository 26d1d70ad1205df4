"""Counts for pages that must be quick. A small base is counted when the page is asked for; what takes longer is counted by
the worker, and the page shows the last count with its time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from .models import FigureCount

# A count that took no longer (seconds) is done again whenever the page is asked for.
QUICK = 0.03
# A slower one is good for so long before the worker is asked for another.
GOOD_FOR = timedelta(seconds=20)
# If nobody has counted for so long after a page asked, there is no worker: the page counts itself.
NOBODY_WORKS = timedelta(minutes=5)


@dataclass(frozen=True)
class Matter:
    """Something that is counted. count: the values, plain data. holds: their names; a kept count of an earlier release
    that holds others is counted anew."""

    name: str
    count: Callable[[], dict[str, Any]]
    holds: frozenset[str]


_matters: dict[str, Matter] = {}


def register(matter: Matter) -> None:
    """Make a matter known. Called from an app's `ready()`."""
    _matters[matter.name] = matter


def kept(name: str) -> FigureCount:
    """The count of a matter: fresh where that is quick, else the last one, and the worker is asked for another."""
    now = timezone.now()
    last = FigureCount.objects.filter(matter=name).first()
    if last is None or last.took < QUICK or last.values.keys() != _matters[name].holds:
        return count_now(name)
    waiting = last.asked_at > last.at
    if waiting and last.asked_at < now - NOBODY_WORKS:
        return count_now(name)
    if not waiting and last.at < now - GOOD_FOR:
        FigureCount.objects.filter(pk=last.pk).update(asked_at=now)
    return last


def count_now(name: str) -> FigureCount:
    """Count, and keep the count."""
    at, start = timezone.now(), time.perf_counter()
    values = _matters[name].count()
    took = time.perf_counter() - start
    row, _made = FigureCount.objects.update_or_create(
        matter=name, defaults={"at": at, "asked_at": at, "took": took, "values": values}
    )
    return row


def run_due_count() -> bool:
    """Count what a page asked newer figures of; whether one did."""
    waiting = FigureCount.objects.filter(asked_at__gt=F("at"), matter__in=_matters).first()
    if waiting is None:
        return False
    count_now(waiting.matter)
    return True
