"""The basic figures of any period and group, beside those of the period before: counted by the database, exact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When

from kartoteka.activity.currencies import home
from kartoteka.activity.models import CustomerFacts, Order
from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor, Right

from .groups import Group, members
from .periods import Against, Period


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
