"""Recording orders: once whatever comes twice, right in money, and exact when undone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from kartoteka.activity.models import CustomerFacts, Order, OrderLine, Product
from kartoteka.activity.orders import BadOrder, record, undo_batch
from kartoteka.activity.said import LineSaid, OrderSaid, PaymentSaid, RefundSaid
from kartoteka.intake.orders import Arrived, take
from kartoteka.people.editing import source_named
from kartoteka.people.models import Identity
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db
D = Decimal
AT = dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC)


def line(quantity: str = "1", price: str = "10", sku: str = "A1", **more: Any) -> LineSaid:
    return LineSaid(sku, f"thing {sku}", D(quantity), D(price), **more)


def order(key: str = "1", *lines: LineSaid, **more: Any) -> OrderSaid:
    more = {"at": AT, "identity": None, "currency": "EUR", **more}
    return OrderSaid(key=key, lines=lines or (line(),), **more)


def tell(*orders: OrderSaid, **more: Any) -> Any:
    source = source_named("shop")
    return record(orders=orders, source=source, batch=more.pop("batch", None), by=SHELL, **more)


def rows() -> list[dict[str, Any]]:
    return list(Order.objects.order_by("key").values())


def test_the_same_telling_twice_changes_nothing() -> None:
    anna = make.person("Anna", "Nowak")
    identity = anna.identities.get().pk
    said = [
        order("1", line("2", "2.345"), line("2", "2.345"), identity=identity),
        order("2", line(), payments=(PaymentSaid("p", AT, D(10)),)),
    ]
    first = tell(*said)
    before = rows(), list(OrderLine.objects.values()), list(CustomerFacts.objects.values())
    again = tell(*said)
    assert (first.new, again.new, again.known) == (2, 0, 2)
    assert again.orders == first.orders
    assert before == (rows(), list(OrderLine.objects.values()), list(CustomerFacts.objects.values()))
    facts = CustomerFacts.objects.get(customer=anna)
    assert (facts.orders, facts.net, facts.net_home) == (1, D("9.38"), D("9.38"))


def test_a_guest_is_somebody_and_the_same_one_next_time() -> None:
    source = source_named("web shop")
    who = {
        "name": "Anna Nowak",
        "given": "Anna",
        "family": "Nowak",
        "emails": [{"value": "anna@example.com"}],
    }
    taken = take(
        orders=[Arrived(order("1"), who), Arrived(order("2"), None), Arrived(order("3"), who)],
        source=source,
        ground="contract",
        by=SHELL,
    )
    assert (taken.customers, taken.recorded.new) == (1, 3)
    take(orders=[Arrived(order("4"), who)], source=source, ground="contract", by=SHELL)
    assert Identity.objects.filter(source=source).count() == 1
    assert Order.objects.exclude(identity=None).count() == 3
    assert CustomerFacts.objects.get().orders == 3
