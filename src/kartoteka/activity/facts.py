"""Counting the numbers of behaviour: on arrival, after joining and separating, and all anew, by the same statements.

A domain counts its own columns of IdentityFacts from its own rows (`count_orders`); `sum_up` makes the customers' rows of
them. So joining and separating only sum up again, and what is counted on arrival is what a count of all rows gives.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import Max, QuerySet

from kartoteka.kit import bulk
from kartoteka.kit.news import announce
from kartoteka.people.models import Identity

from .event_models import Visitor
from .fact_models import CustomerFacts, IdentityFacts
from .news import ActivityChanged
from .order_models import Order

_AT_ONCE = 5000
# How a customer's number is made of those of their identities. Whoever adds a column adds it here.
COLUMNS: Mapping[str, str] = {
    "orders": "SUM(f.orders)",
    "cancelled": "SUM(f.cancelled)",
    "unpaid": "SUM(f.unpaid)",
    "paid_in_time": "SUM(f.paid_in_time)",
    "paid_late": "SUM(f.paid_late)",
    "late_days": "SUM(f.late_days)",
    "first_order_at": "MIN(f.first_order_at)",
    "last_order_at": "MAX(f.last_order_at)",
    "last_seen_at": "CASE WHEN MAX(f.last_visit_at) IS NULL OR MAX(f.last_order_at) > MAX(f.last_visit_at) "
    "THEN MAX(f.last_order_at) ELSE MAX(f.last_visit_at) END",
    "currency": "MIN(f.currency)",
    "currency_too": "MAX(f.currency_too)",
    "net": "CASE WHEN MIN(f.currency) = MAX(f.currency_too) THEN SUM(f.net) END",
    "returned": "CASE WHEN MIN(f.currency) = MAX(f.currency_too) THEN SUM(f.returned) END",
    "net_home": "SUM(f.net_home)",
    "cost_home": "SUM(f.cost_home)",
    "unrated": "SUM(f.unrated)",
    "visits": "SUM(f.visits)",
    "views": "SUM(f.views)",
    "last_visit_at": "MAX(f.last_visit_at)",
}
# An identity's, of its orders.
_OF_ORDERS: Mapping[str, str] = {
    "orders": "SUM(CASE WHEN o.sale THEN 1 ELSE 0 END)",
    "cancelled": "SUM(CASE WHEN o.sale THEN 0 ELSE 1 END)",
    "unpaid": "SUM(CASE WHEN o.unpaid THEN 1 ELSE 0 END)",
    "paid_in_time": "SUM(CASE WHEN o.late_days = 0 THEN 1 ELSE 0 END)",
    "paid_late": "SUM(CASE WHEN o.late_days > 0 THEN 1 ELSE 0 END)",
    "late_days": "COALESCE(SUM(o.late_days), 0)",
    "first_order_at": "MIN(CASE WHEN o.sale THEN o.at END)",
    "last_order_at": "MAX(CASE WHEN o.sale THEN o.at END)",
    "currency": "MIN(o.currency)",
    "currency_too": "MAX(o.currency)",
    "net": "CASE WHEN MIN(o.currency) = MAX(o.currency) THEN SUM(o.net) END",
    "returned": "CASE WHEN MIN(o.currency) = MAX(o.currency) THEN SUM(o.returned) END",
    "net_home": "COALESCE(SUM(o.net_home), 0)",
    "cost_home": "COALESCE(SUM(o.cost_home), 0)",
    "unrated": "SUM(CASE WHEN o.rate IS NULL THEN 1 ELSE 0 END)",
}
# An identity's, of the visitors of a site that it is.
_OF_VISITS: Mapping[str, str] = {
    "visits": "SUM(v.visits)", "views": "SUM(v.views)", "last_visit_at": "MAX(v.seen_at)",
}  # fmt: skip
NOTHING: Mapping[str, str] = {
    "orders": "0", "cancelled": "0", "unpaid": "0", "net_home": "0", "cost_home": "0", "unrated": "0",
    "visits": "0", "views": "0", "paid_in_time": "0", "paid_late": "0", "late_days": "0",
}  # fmt: skip


def seen_since(moment: dt.datetime) -> QuerySet[CustomerFacts]:
    """The numbers of those who bought something or were on the site since this moment."""
    return CustomerFacts.objects.filter(last_seen_at__gte=moment)


def count_orders(identities: Sequence[int]) -> None:
    """Count the orders of these identities anew, and sum up their customers. Inside a transaction."""
    count(identities, rows="activity_order o", columns=_OF_ORDERS, key="o.identity_id")


def count_visits(identities: Sequence[int]) -> None:
    """Count the visits of these identities anew, and sum up their customers. Inside a transaction."""
    count(identities, rows="activity_visitor v", columns=_OF_VISITS, key="v.identity_id")


def count(identities: Sequence[int], *, rows: str, columns: Mapping[str, str], key: str) -> None:
    """Count `columns` (name -> SQL of the aggregate) of the rows of these identities, and sum up their customers.

    rows: what stands behind FROM, the table with its alias; key: its column of the identity.
    """
    if not identities:
        return
    announce(ActivityChanged(tuple(identities)))
    test, among = _among(identities)
    names = list(columns)
    with connection.cursor() as cursor:
        emptied = ", ".join(f"{name} = {NOTHING.get(name, 'NULL')}" for name in names)
        cursor.execute(f"UPDATE activity_identityfacts SET {emptied} WHERE identity_id {test}", [among])  # noqa: S608
        cursor.execute(
            f"INSERT INTO activity_identityfacts (identity_id, {', '.join(names)}) "  # noqa: S608
            f"SELECT {key}, {', '.join(columns.values())} FROM {rows} WHERE {key} {test} GROUP BY {key} "
            f"ON CONFLICT (identity_id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in names)}",
            [among],
        )
    found = bulk.fetch(Identity, ("customer_id",), by="id", among=list(identities))
    sum_up({row[0] for row in found})


def sum_up(customers: Iterable[int]) -> None:
    """Make these customers' numbers of those of their identities. For who moves identities, inside their transaction."""
    wanted = sorted(set(customers))
    if not wanted:
        return
    test, among = _among(wanted)
    names = list(COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM activity_customerfacts WHERE customer_id {test}", [among])  # noqa: S608
        cursor.execute(
            f"INSERT INTO activity_customerfacts (customer_id, {', '.join(names)}) "  # noqa: S608
            f"SELECT i.customer_id, {', '.join(COLUMNS.values())} "
            "FROM people_identity i JOIN activity_identityfacts f ON f.identity_id = i.id "
            f"WHERE i.customer_id {test} GROUP BY i.customer_id",
            [among],
        )


def rebuild() -> int:
    """Count everything anew from the rows; how many customers have numbers afterwards."""
    with transaction.atomic():
        bulk.be_the_writer()
        IdentityFacts.objects.all().delete()
        CustomerFacts.objects.all().delete()
        last = Identity.objects.aggregate(last=Max("pk"))["last"] or 0
        for first in range(0, last + 1, _AT_ONCE):
            some = Order.objects.filter(identity__gte=first, identity__lt=first + _AT_ONCE)
            count_orders(list(some.order_by().values_list("identity_id", flat=True).distinct()))
            visitors = Visitor.objects.filter(identity__gte=first, identity__lt=first + _AT_ONCE)
            count_visits(list(visitors.order_by().values_list("identity_id", flat=True).distinct()))
    return CustomerFacts.objects.count()


def _among(keys: Sequence[int]) -> tuple[str, Any]:
    if connection.vendor == "postgresql":
        return "= ANY(%s)", list(keys)
    return "IN (SELECT value FROM json_each(%s))", orjson.dumps(list(keys)).decode()
