"""Charges among the products: guessed when first told of, said by the owner, left out of baskets, not of totals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from kartoteka.activity.models import Order, Product
from kartoteka.activity.moving import move
from kartoteka.activity.orders import record
from kartoteka.activity.products import list_products, set_kind
from kartoteka.activity.said import LineSaid, OrderSaid
from kartoteka.people.editing import source_named
from kartoteka.people.models import Customer, Identity
from kartoteka.segments.worth.models import GoesWith
from kartoteka.segments.worth.queries import goes_with, pairs
from kartoteka.segments.worth.running import run_due_count
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db
D = Decimal


def tell(key: str, *lines: LineSaid, who: Customer | None = None, state: str = "placed") -> Order:
    identity = Identity.objects.get(customer=who).pk if who else None
    said = OrderSaid(key, timezone.now(), identity, "EUR", lines, state=state)
    done = record(orders=[said], source=source_named("shop"), batch=None, by=SHELL)
    return Order.objects.get(pk=done.orders[0])


def kinds() -> dict[str, str]:
    return dict(Product.objects.values_list("sku", "kind"))


def test_guessed_once_and_kept_as_it_was_said() -> None:
    tell(
        "1",
        LineSaid("POST", "POSTAGE", D(1), D(18)),
        LineSaid("22", "", D(1), D(2)),
        LineSaid("L1", "Loyalty", D(1), D(-5)),
        LineSaid("85", "Lamp", D(1), D(10)),
    )
    assert kinds() == {"POST": "charge", "22": "sold", "L1": "charge", "85": "sold"}
    tell("2", LineSaid("22", "Toimituskulut", D(1), D(2)), LineSaid("85", "adjustment", D(-1), D(10)))
    assert (kinds()["22"], kinds()["85"]) == ("charge", "sold"), "there was no name to guess by before"
    stamp = set_kind(product=Product.objects.get(sku="POST").pk, kind="sold", by=SHELL)
    tell("3", LineSaid("POST", "POSTAGE", D(1), D(-18)))
    stamp.refresh_from_db()
    assert (stamp.kind, stamp.kind_said, stamp.name) == ("sold", True, "POSTAGE")


def test_charges_are_in_totals_and_in_no_basket() -> None:
    people = [make.person(f"Buyer{place}", "Lamp") for place in range(6)]
    wanted = [("85", "Lamp", "10"), ("86", "Bulb", "2"), ("POST", "Postage", "4")]
    for place, who in enumerate(people):
        tell(str(place), *(LineSaid(sku, name, D(1), D(price)) for sku, name, price in wanted), who=who)
    tell("only", LineSaid("90", "Rug", D(1), D(50)))
    for place in range(20):
        tell(f"other {place}", LineSaid("91", "Cup", D(1), D(5)))
    assert sum(each.net for each in Order.objects.filter(identity__isnull=False)) == 6 * 16
    assert run_due_count()
    found = pairs(actor=SHELL)
    assert found is not None
    assert {(each.product.sku, each.other.sku) for each in found.rows} == {("85", "86"), ("86", "85")}
    set_kind(product=Product.objects.get(sku="86").pk, kind="charge", by=SHELL)
    assert GoesWith.objects.exists()
    assert goes_with(actor=SHELL, sku="85") == [], "at once, not with the next counting"


def test_the_list_is_one_query_whatever_its_length(django_assert_num_queries: pytest.FixtureRequest) -> None:
    for place in range(3):
        tell(str(place), LineSaid(f"S{place}", f"Thing {place}", D(1), D(10)))
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert len(list_products(actor=SHELL, words="thing").rows) == place + 1


def test_goods_that_were_not_sold_cost_nothing() -> None:
    """An order called off or returned brings nothing and takes nothing from the profit; what it takes back does."""
    line = LineSaid("85", "Lamp", D(2), D(10), cost=D(6))
    assert tell("1", line).cost == 12
    assert tell("2", line, state="cancelled").cost == 0
    back = LineSaid("85", "Lamp", D(-1), D(10), cost=D(6))
    taken = tell("3", back, state="cancelled")
    assert (taken.net, taken.cost) == (-10, -6)
    returned = tell("4", line)
    move(order=returned, to="returned", by=SHELL)
    assert (returned.net, returned.cost) == (0, 0)
