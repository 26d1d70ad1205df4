"""Reading orders as a Ledger: one query, plain columns, days as the business's own calendar has them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from django.db.models import BigIntegerField, ExpressionWrapper, F, Func, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from kartoteka.activity.models import Order, OrderLine, Product
from kartoteka.kit import bulk
from kartoteka.kit.fixed import PLACES
from kartoteka.people.models import Customer

from .ledger import Integers, Ledger, ledger

_UNKNOWN = -(2**62)
_AT_ONCE = 20_000
_QUARTER = 900  # zones change their hour at a quarter, at the finest


class Epoch(Func):
    """Seconds since 1970 of a moment, counted by the database: a datetime a row would take longer than all the rest."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """SQLite keeps moments as text in UTC."""
        template = "CAST(ROUND((julianday(%(expressions)s) - 2440587.5) * 86400) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """PostgreSQL keeps them as such."""
        return self.as_sql(
            compiler, connection, template="FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint", **more
        )


def _units(column: str) -> Any:
    """A column of money in the whole smallest parts in which it is kept, without a Decimal a row."""
    return ExpressionWrapper(F(column), output_field=BigIntegerField())


def sales(group: QuerySet[Customer] | None = None) -> Ledger:
    """All orders of customers (of this group) whose worth in the business's currency is known."""
    rows = Order.objects.filter(identity__isnull=False, net_home__isnull=False)
    if group is not None:
        rows = rows.filter(identity__customer__in=group)
    found = rows.order_by().values_list(
        "identity__customer_id",
        Epoch("at"),
        _units("net_home"),
        Coalesce(_units("cost_home"), Value(_UNKNOWN, output_field=BigIntegerField())),
        "sale",
    )
    columns = _columns(found, 5)
    cost = np.where(columns[3] == _UNKNOWN, np.nan, columns[3].astype(np.float64))
    return ledger(columns[0], local_days(columns[1]), columns[2], cost=cost, sale=columns[4] > 0)


def taken_off(*, since: dt.datetime) -> tuple[float, float]:
    """Discounts, and what came back, of all orders of customers since then: in the parts in which money is kept, in the
    business's currency. Added up by rate, so that each sum is exact in its own currency."""
    ours = Order.objects.filter(identity__isnull=False, net_home__isnull=False, at__gte=since).order_by()
    whole = ours.values_list("rate").annotate(back=Sum("returned"), off=Sum("discount", filter=Q(sale=True)))
    of_lines = (
        OrderLine.objects.filter(order__in=ours.filter(sale=True))
        .exclude(discount=0)
        .order_by()
        .values_list("order__rate")
        .annotate(off=Sum("discount"))
    )
    returned = sum(float((rate or 1) * (back or 0)) for rate, back, _off in whole)
    discounts = sum(float((rate or 1) * (off or 0)) for rate, _back, off in whole)
    discounts += sum(float((rate or 1) * abs(off)) for rate, off in of_lines)
    return discounts * 10**PLACES, returned * 10**PLACES


def lines(*, since: dt.datetime, group: QuerySet[Customer] | None = None) -> tuple[Integers, ...]:
    """What was bought (by this group): order, product, customer (0 for nobody) and local day, a place per line; returns
    are not bought, nor are charges."""
    rows = OrderLine.objects.filter(
        order__sale=True, quantity__gt=0, product__kind=Product.Kind.SOLD, at__gte=since
    )
    if group is not None:
        rows = rows.filter(identity__customer__in=group)
    found = rows.order_by().values_list(
        "order_id", "product_id", Coalesce("identity__customer_id", Value(0)), Epoch("at")
    )
    columns = _columns(found, 4)
    return columns[0], columns[1], columns[2], local_days(columns[3])


def _columns(rows: QuerySet[Any, Any], width: int) -> Integers:
    """Rows of whole numbers as columns, a part at a time: as Python's own they would take ten times the room."""
    parts = [
        np.array(some, dtype=np.int64) for some in bulk.chunks(rows.iterator(chunk_size=_AT_ONCE), _AT_ONCE)
    ]
    return (np.concatenate(parts) if parts else np.zeros((0, width), dtype=np.int64)).T


def local_days(seconds: Integers) -> Integers:
    """The local day, in days since 1970-01-01, of moments in seconds since 1970."""
    zone = timezone.get_default_timezone()
    quarters, place = np.unique(seconds // _QUARTER, return_inverse=True)
    moved = [
        int(
            (
                dt.datetime.fromtimestamp(int(each) * _QUARTER, zone).utcoffset() or dt.timedelta()
            ).total_seconds()
        )
        for each in quarters
    ]
    return (seconds + np.array(moved, dtype=np.int64)[place]) // 86_400 if len(seconds) else seconds


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return (day - dt.date(1970, 1, 1)).days


def date_of(number: int) -> dt.date:
    """The day of a number of days since 1970-01-01."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(number))
