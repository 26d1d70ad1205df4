"""The basic figures of any period and group, beside those of the period before: counted by the database, exact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kartoteka.activity.currencies import home
from kartoteka.activity.models import CustomerFacts, Order
from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor, Right

from .groups import Group, members

# A period of so many days is drawn day by day, of so many week by week; a longer one by months.
DAILY, WEEKLY = 62, 366


class Against(StrEnum):
    """What a period is compared with: the one right before, or the same days of the month or of the year before."""

    BEFORE = "before"
    MONTH = "month"
    YEAR = "year"


AGAINST_NAMES = {
    Against.BEFORE: _("the period before"),
    Against.MONTH: _("the same days of the month before"),
    Against.YEAR: _("the same days of the year before"),
}


class BadPeriod(ValueError):
    """A period that cannot be; the message says why."""


@dataclass(frozen=True)
class Period:
    """Days of the business's calendar, both ends in it."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadPeriod(_now("The period ends before it begins."))
        if self.first.year < 1900 or self.last.year > 2200:
            raise BadPeriod(_now("Write years between 1900 and 2200."))
        if self.days > 366 * 30:
            raise BadPeriod(_now("The period is longer than thirty years."))

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """The period of the same length right before."""
        return Period(self.first - dt.timedelta(days=self.days), self.first - dt.timedelta(days=1))

    def compared_with(self, against: Against) -> Period:
        """What it is compared with."""
        if against == Against.BEFORE:
            return self.before
        months = 1 if against == Against.MONTH else 12
        return Period(
            _months_back(self.first, months), _months_back(self.last, months, whole=self.first.day == 1)
        )

    @property
    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        """The first moment in it, and the first after it."""
        return midnight(self.first), midnight(self.last + dt.timedelta(days=1))

    def steps(self, *, like: Period | None = None) -> list[Period]:
        """Its days, weeks (from Monday) or months, in order; the ones at the ends are cut off where it ends. like: the
        period beside which it stands, which says how long a step is."""
        length = (like or self).days
        found, day = [], self.first
        while day <= self.last:
            end = _end_of_step(day, length)
            found.append(Period(day, min(end, self.last)))
            day = end + dt.timedelta(days=1)
        return found


def _end_of_step(day: dt.date, length: int) -> dt.date:
    if length <= DAILY:
        return day
    if length <= WEEKLY:
        return day + dt.timedelta(days=6 - day.weekday())
    return _end_of_month(day)


def _end_of_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def _months_back(day: dt.date, months: int, *, whole: bool = False) -> dt.date:
    """The same day so many months before, or the last one of a shorter month. whole: the end of a month stays one."""
    total = day.year * 12 + day.month - 1 - months
    first = dt.date(total // 12, total % 12 + 1, 1)
    last = _end_of_month(first).day
    return first.replace(day=last if whole and day == _end_of_month(day) else min(day.day, last))


def midnight(day: dt.date) -> dt.datetime:
    """When this day begins for the business."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


@dataclass(frozen=True)
class Figures:
    """What was sold in a period. Money is in the business's currency; orders of which it is not known are in `unrated`.

    orders: sales; cancelled orders and lone returns are none, though what they take back is in the revenue. active:
    customers who bought; new: for the first time; returning: not so; silent: had bought before, and did not. nameless:
    orders without a customer, counted for the whole base only.
    """

    revenue: Decimal
    orders: int
    nameless: int
    active: int
    new: int
    silent: int
    unrated: int

    @property
    def returning(self) -> int:
        """Who bought and had bought before."""
        return self.active - self.new

    @property
    def basket(self) -> Decimal | None:
        """What an order brings in the mean; None where there is none."""
        return self.revenue / self.orders if self.orders else None

    @property
    def orders_each(self) -> float | None:
        """Orders of each who bought, in the mean."""
        return (self.orders - self.nameless) / self.active if self.active else None


@dataclass(frozen=True)
class Step:
    """One day, week or month: what was sold in it."""

    first: dt.date
    last: dt.date
    revenue: Decimal
    orders: int


@dataclass(frozen=True)
class Report:
    """The figures of a period and of the one it is compared with, and the way there in steps."""

    period: Period
    against: Period
    now: Figures
    then: Figures
    steps: Sequence[Step]
    steps_then: Sequence[Step]
    currency: str


def report(
    *, actor: Actor, period: Period, group: Group | None = None, against: Against = Against.BEFORE
) -> Report:
    """The report of a period for a group, as far as `actor` sees it. Raises NotAllowed, TooFew, NoSuchGroup."""
    may_see_figures(actor)
    who = members(actor, group)
    other = period.compared_with(against)
    return Report(
        period,
        other,
        _figures(period, who),
        _figures(other, who),
        _steps(period.steps(), period, who),
        _steps(other.steps(like=period), other, who),
        home(),
    )


def revenue_of(period: Period) -> Decimal:
    """What the whole base brought in a period."""
    return _orders(period, None).aggregate(revenue=Sum("net_home"))["revenue"] or Decimal(0)


def may_see_figures(actor: Actor) -> None:
    """Raise NotAllowed unless `actor` sees numbers, of the base or of their part of it."""
    if not actor.may(Right.COUNTS):
        actor.must(Right.SEE)


def _orders(period: Period, who: QuerySet[Customer] | None) -> QuerySet[Order]:
    begin, end = period.moments
    rows = Order.objects.filter(at__gte=begin, at__lt=end)
    return rows if who is None else rows.filter(identity__customer__in=who)


def _figures(period: Period, who: QuerySet[Customer] | None) -> Figures:
    begin, end = period.moments
    sold = _orders(period, who).aggregate(
        revenue=Sum("net_home"),
        orders=Count("pk", filter=Q(sale=True)),
        nameless=Count("pk", filter=Q(sale=True, identity=None)),
        active=Count("identity__customer", filter=Q(sale=True), distinct=True),
        unrated=Count("pk", filter=Q(net_home=None)),
    )
    facts = CustomerFacts.objects.all()
    if who is not None:
        facts = facts.filter(customer__in=who)
    began: dict[str, Any] = facts.aggregate(
        new=Count("pk", filter=Q(first_order_at__gte=begin, first_order_at__lt=end)),
        earlier=Count("pk", filter=Q(first_order_at__lt=begin)),
    )
    returning = sold["active"] - began["new"]
    return Figures(
        revenue=sold["revenue"] or Decimal(0),
        orders=sold["orders"],
        nameless=sold["nameless"],
        active=sold["active"],
        new=began["new"],
        silent=began["earlier"] - returning,
        unrated=sold["unrated"],
    )


def _steps(steps: Sequence[Period], period: Period, who: QuerySet[Customer] | None) -> list[Step]:
    """One query: each order finds its step by comparing with where the next begins."""
    whens = [When(at__lt=each.moments[1], then=Value(place)) for place, each in enumerate(steps)]
    rows = (
        _orders(period, who)
        .annotate(step=Case(*whens, output_field=IntegerField()))
        .values("step")
        .order_by()
        .annotate(revenue=Sum(F("net_home")), orders=Count("pk", filter=Q(sale=True)))
    )
    found = {row["step"]: row for row in rows}
    return [
        Step(
            each.first,
            each.last,
            (found[place]["revenue"] or Decimal(0)) if place in found else Decimal(0),
            found[place]["orders"] if place in found else 0,
        )
        for place, each in enumerate(steps)
    ]
