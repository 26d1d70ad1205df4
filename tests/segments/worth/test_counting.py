"""Counting worth from orders in the base: once a day, a row per customer, the same by another way of counting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pytest
from django.utils import timezone

from kartoteka.activity.models import Product
from kartoteka.activity.orders import record
from kartoteka.activity.said import LineSaid, OrderSaid
from kartoteka.people.editing import source_named
from kartoteka.people.models import Customer, Identity
from kartoteka.segments.worth import serving
from kartoteka.segments.worth.counting import levels
from kartoteka.segments.worth.models import CustomerWorth, GoesWith, WorthRates, WorthRun
from kartoteka.segments.worth.running import ask_for_count, run_due_count
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db
D = Decimal
NOW = timezone.now()


def bought(
    who: Customer | None, days_ago: int, *skus: str, price: str = "10", cost: str | None = None
) -> OrderSaid:
    identity = Identity.objects.get(customer=who).pk if who else None
    lines = tuple(
        LineSaid(sku, f"thing {sku}", D(1), D(price), cost=None if cost is None else D(cost)) for sku in skus
    )
    at = NOW - dt.timedelta(days=days_ago)
    return OrderSaid(f"{identity}-{days_ago}-{skus}", at, identity, "EUR", lines)


def tell(orders: Sequence[OrderSaid]) -> None:
    record(orders=orders, source=source_named("shop"), batch=None, by=SHELL)


def people(count: int) -> list[Customer]:
    done = make.claims(*({"key": f"w{n}", "name": f"Buyer {n}"} for n in range(count)))
    return list(Customer.objects.filter(pk__in=done.customers).order_by("pk"))


def test_a_day_s_counting() -> None:
    weekly, once, gone, back = people(4)
    tell(
        [
            *(bought(weekly, ago, "coffee", "milk", price="20", cost="5") for ago in range(3, 73, 7)),
            bought(once, 5, "lamp"),
            *(bought(gone, 300 + ago, "tea", price="50") for ago in range(0, 60, 10)),
            bought(back, 30, "lamp", price="30"),
            *(bought(None, ago, "lamp") for ago in range(40, 80)),
        ]
    )
    record(
        orders=[
            OrderSaid(
                "r",
                NOW,
                Identity.objects.get(customer=back).pk,
                "EUR",
                (LineSaid("lamp", "lamp", D(-1), D(30)),),
            )
        ],
        source=source_named("shop"),
        batch=None,
        by=SHELL,
    )
    serving.register(serving.Effort("coffee", "minute_of_call", lambda _since, _rates: {back.pk: 12.0}))
    try:
        WorthRates.objects.create(pk=1, minute_of_call=D("0.5"), level_a=25, level_b=50)
        assert run_due_count()
    finally:
        serving.unregister("coffee")
    assert not run_due_count(), "once a day"
    found = CustomerWorth.objects.in_bulk()
    assert found[weekly.pk].frequency == "regular"
    assert (found[weekly.pk].revenue, found[weekly.pk].profit) == (D(400), D(300))
    assert found[weekly.pk].rhythm == 7
    assert (found[weekly.pk].level, found[once.pk].level, found[back.pk].level) == ("A", "C", "C")
    assert (found[once.pk].frequency, found[gone.pk].frequency) == ("once", "regular")
    assert found[gone.pk].silent
    assert not found[weekly.pk].silent
    assert found[back.pk].revenue == 0
    assert (found[back.pk].served, found[back.pk].profit) == (D(6), D(-6))
    run = WorthRun.objects.get()
    assert (run.state, run.customers) == ("done", 4)
    assert "come back" in run.fit["why"]
    coffee = Product.objects.get(sku="coffee")
    assert [(each.other.sku, each.both, each.confidence) for each in coffee.goes_with.filter(why="with")] == [
        ("milk", 10, 1.0)
    ]
    assert not GoesWith.objects.filter(product__sku="lamp").exists()
    assert ask_for_count(by=SHELL) == ask_for_count(by=SHELL)


def test_who_only_brought_something_back_is_part_of_the_whole() -> None:
    """What they bought was before these books: no buyers, yet they cost, and the curve ends where the profit does."""
    buyer, back, long_ago = people(3)
    edge = timezone.localdate() - dt.timedelta(
        days=364
    )  # the first day of the last year, from its midnight on
    first = timezone.make_aware(dt.datetime.combine(edge, dt.time(0, 1)))
    brought = LineSaid("lamp", "lamp", D(-1), D(30))

    def keys(who: Customer) -> int:
        return Identity.objects.get(customer=who).pk

    tell(
        [
            bought(buyer, 5, "lamp", price="100"),
            OrderSaid("b", NOW, keys(back), "EUR", (brought,)),
            OrderSaid("edge", first, keys(buyer), "EUR", (LineSaid("rug", "rug", D(1), D(50), D(5)),)),
            OrderSaid("l", first - dt.timedelta(minutes=2), keys(long_ago), "EUR", (brought,)),
        ]
    )
    assert run_due_count()
    run = WorthRun.objects.get()
    whale, steps = run.shape["whale"], run.shape["profit"]
    assert (whale["losing"], whale["total"]) == (1, 115 * 10_000)
    assert steps["profit"] == whale["total"]
    assert (steps["sold"], steps["discounts"], steps["returned"]) == (1_500_000, -50_000, -300_000)
    assert run.shape["pareto"]["total"] == 85 * 10_000
    assert list(CustomerWorth.objects.values_list("customer", flat=True)) == [buyer.pk], "no buyer, no row"


def test_nobody_who_left_keeps_a_row() -> None:
    one, other = people(2)
    tell([bought(one, 5, "a"), bought(other, 5, "a")])
    assert run_due_count()
    other.identities.update(customer=one)
    ask_for_count(by=SHELL)
    assert run_due_count()
    assert list(CustomerWorth.objects.values_list("customer", "purchases")) == [(one.pk, 1)]


def test_levels_part_nobody_who_brings_the_same() -> None:
    profit = np.array([100, 50, 50, 50, 10, 0, -5, 1, 2, 3], dtype=float)
    assert list(levels(profit, 20, 40)) == ["A", "A", "A", "A", "C", "C", "C", "C", "C", "C"]
    assert list(levels(np.array([-1.0, 0.0]), 50, 100)) == ["C", "C"]
    assert set(levels(profit, 0, 0)) == {"C"}
