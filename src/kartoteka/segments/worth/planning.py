"""The owner says which report goes by mail to whom, and when."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note
from kartoteka.trust.models import Staff

from .groups import NoSuchGroup, group_of
from .mail_models import ReportMail, ReportPlan
from .periods import Against

MOST_PLANS = 50
SHOWN = 30


class BadPlan(ValueError):
    """A plan cannot be so; `field` says which part, the message why."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Wanted:
    """What was chosen. day: 0 (Monday) to 6 for every week, 1 to 31 for every month. people: keys of staff."""

    report: str
    span: str
    against: str
    group: str
    rhythm: str
    day: int | None
    hour: int | None
    people: tuple[int, ...]


def plan_report(*, wanted: Wanted, by: Actor, now: dt.datetime | None = None) -> ReportPlan:
    """Have a report go out by the clock. Raises BadPlan, NotAllowed."""
    by.must(Right.SET_UP)
    by.must(Right.COUNTS)
    _check(wanted, by)
    people = list(Staff.objects.working().filter(pk__in=wanted.people))
    if not people:
        raise BadPlan("people", _("Choose at least one person who works here."))
    moment = now or timezone.now()
    with transaction.atomic():
        if ReportPlan.objects.filter(ended_at=None).count() >= MOST_PLANS:
            raise BadPlan("report", _("There are as many reports by mail as there may be. End one first."))
        made = ReportPlan(
            report=wanted.report,
            span=wanted.span,
            against=wanted.against,
            group=wanted.group,
            rhythm=wanted.rhythm,
            day=wanted.day or 0,
            hour=wanted.hour or 0,
            made_at=moment,
            **by.as_columns,
        )
        made.next_at = next_time(made, after=moment)
        made.save()
        made.people.set(people)
        note(
            by=by,
            action="planned a report by mail",
            matter="base",
            key=made.pk,
            detail={"people": len(people)},
        )
    return made


def _check(wanted: Wanted, by: Actor) -> None:
    for field, offered in (
        ("report", ReportPlan.Report.values),
        ("span", ReportPlan.Span.values),
        ("against", list(Against)),
        ("rhythm", ReportPlan.Rhythm.values),
    ):
        if getattr(wanted, field) not in offered:
            raise BadPlan(field, _("Choose one of these."))
    days = range(7) if wanted.rhythm == ReportPlan.Rhythm.WEEKLY else range(1, 32)
    if wanted.day not in days:
        raise BadPlan("day", _("Choose a day."))
    if wanted.hour not in range(24):
        raise BadPlan("hour", _("Write a whole hour, 0 to 23."))
    try:
        group_of(wanted.group, actor=by)
    except NoSuchGroup as error:
        raise BadPlan("group", str(error)) from error


def end_plan(*, plan: int, by: Actor) -> None:
    """Send a report no more; what was sent stays to be seen. Raises NotAllowed."""
    by.must(Right.SET_UP)
    with transaction.atomic():
        if ReportPlan.objects.filter(pk=plan, ended_at=None).update(ended_at=timezone.now()):
            ReportMail.objects.filter(plan=plan, state=ReportMail.State.WAITING).delete()
            note(by=by, action="ended a report by mail", matter="base", key=plan)


def plans(*, actor: Actor) -> Sequence[ReportPlan]:
    """The reports that go out. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    return list(ReportPlan.objects.filter(ended_at=None).prefetch_related("people"))


def mails(*, actor: Actor) -> Sequence[ReportMail]:
    """What became of the last mails, the newest first. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    return list(ReportMail.objects.select_related("plan", "staff").order_by("-pk")[:SHOWN])


def next_time(plan: ReportPlan, *, after: dt.datetime) -> dt.datetime:
    """The first moment after this one at which the report is due, by the business's own clock."""
    day = timezone.localdate(after)
    for candidate in _days(plan, day):
        moment = timezone.make_aware(dt.datetime.combine(candidate, dt.time(plan.hour)))
        if moment > after:
            return moment
    raise AssertionError("a plan always comes again")


def _days(plan: ReportPlan, first: dt.date) -> Iterable[dt.date]:
    if plan.rhythm == ReportPlan.Rhythm.WEEKLY:
        for ahead in range(15):
            if (found := first + dt.timedelta(days=ahead)).weekday() == plan.day:
                yield found
        return
    for ahead in range(3):
        year, month = divmod(first.year * 12 + first.month - 1 + ahead, 12)
        last = calendar.monthrange(year, month + 1)[1]
        yield dt.date(year, month + 1, min(plan.day, last))
