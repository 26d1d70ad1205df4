"""The watch: who opens unusually many cards, at odd hours, or after giving notice. The worker looks every few seconds."""

import datetime as dt
import time
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Count, Q
from django.db.models.functions import TruncHour
from django.utils import timezone

from .actor import Actor
from .alarm_mail import mail_alarms
from .alarms import raise_alarm
from .models import Alarm, AuditEntry, Limits, Staff

EVERY = 20.0  # seconds
HOUR = dt.timedelta(hours=1)
HABIT = dt.timedelta(days=28)
# Fewer than these are never worth an alarm: a few cards late in the evening, a busy hour of somebody new.
_FEW_LATE, _FEW_LEAVING, _FEW = 3, 15, 30
_TIMES_HABIT = 4
_HOURS_KNOWN = 20

_looked = 0.0


class _Looked(NamedTuple):
    kind: str
    key: int
    name: str
    cards: int


def watch_when_due() -> bool:
    """Look, if nobody of this process did for a while. Never work that others wait for: False."""
    global _looked  # noqa: PLW0603 - when this process last looked is nobody else's matter
    if time.monotonic() - _looked >= EVERY:
        _looked = time.monotonic()
        watch()
        mail_alarms()
    return False


def watch(now: dt.datetime | None = None) -> int:
    """Look at the last hour, and raise what is unusual in it; how many alarms are new."""
    now = now or timezone.now()
    before = Alarm.objects.count()
    limits = Limits.now()
    leaving = set(Staff.objects.exclude(notice_at=None).values_list("pk", flat=True))
    late = not limits.opens <= timezone.localtime(now).hour < limits.closes
    for each in _last_hour(now):
        by = Actor(each.kind, each.key, each.name, frozenset())
        detail = {"cards": each.cards}
        if each.cards > limits.views or _beyond_habit(each, now):
            raise_alarm(kind="many cards", by=by, detail=detail)
        if late and each.kind == "staff" and each.cards >= _FEW_LATE:
            raise_alarm(kind="odd hours", by=by, detail=detail)
        if each.kind == "staff" and each.key in leaving and each.cards >= _FEW_LEAVING:
            raise_alarm(kind="on notice", by=by, detail=detail)
    return Alarm.objects.count() - before


def _opened(since: dt.datetime, until: dt.datetime) -> Q:
    return Q(
        action="viewed", matter="customer", at__gt=since, at__lte=until, actor_kind__in=["staff", "token"]
    )


def _last_hour(now: dt.datetime) -> Iterator[_Looked]:
    rows = AuditEntry.objects.filter(_opened(now - HOUR, now)).order_by()
    counted = rows.values_list("actor_kind", "actor_key", "actor_name")
    yield from map(_Looked._make, counted.annotate(cards=Count("matter_key", distinct=True)))


def _beyond_habit(who: _Looked, now: dt.datetime) -> bool:
    """Whether it is several times what this person opens in an hour in which they work, as far as that is known."""
    if who.cards < _FEW:
        return False
    own = AuditEntry.objects.filter(_opened(now - HABIT, now - HOUR), actor_kind=who.kind, actor_key=who.key)
    hours = list(own.order_by().annotate(hour=TruncHour("at")).values_list("hour").annotate(n=Count("pk")))
    if len(hours) < _HOURS_KNOWN:
        return False
    return bool(who.cards > _TIMES_HABIT * sum(count for _hour, count in hours) / len(hours))
