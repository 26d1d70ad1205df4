"""The business's own currency: that of the first orders, or the owner's word; every order is counted in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from kartoteka.activity.currencies import UnknownCurrency, ask_home_again, home, home_now
from kartoteka.activity.home_currency import CannotChange, set_home
from kartoteka.activity.models import CustomerFacts, HomeCurrency, Order, Rate
from kartoteka.activity.orders import record
from kartoteka.activity.rates import set_rate
from kartoteka.activity.said import LineSaid, OrderSaid
from kartoteka.intake.queries import money_of
from kartoteka.people.editing import source_named
from kartoteka.people.models import Customer, Identity
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db
D = Decimal
AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def unsaid(settings: Any) -> Iterator[None]:
    """An installation that does not say its currency."""
    settings.KARTOTEKA = replace(settings.KARTOTEKA, currency="")
    ask_home_again()
    yield
    ask_home_again()


def tell(*told: tuple[str, str], who: Customer | None = None) -> None:
    identity = Identity.objects.get(customer=who).pk if who else None
    line = LineSaid("a", "a", D(1), D(10), cost=D(4))
    orders = [OrderSaid(key, AT, identity, currency, (line,)) for key, currency in told]
    record(orders=orders, source=source_named("shop"), batch=None, by=SHELL)


def counted() -> dict[str, tuple[Decimal | None, Decimal | None]]:
    return {key: (net, cost) for key, net, cost in Order.objects.values_list("key", "net_home", "cost_home")}


def test_the_first_orders_say_it_and_later_ones_do_not() -> None:
    assert (home(), home_now()) == ("EUR", "EUR")
    tell(("1", "gbp"), ("2", "PLN"), ("3", "GBP"))
    assert (home(), home_now()) == ("GBP", "GBP")
    assert counted() == {"1": (10, 4), "2": (None, None), "3": (10, 4)}
    tell(*((str(each), "PLN") for each in range(4, 9)))
    assert home_now() == "GBP"
    assert not HomeCurrency.objects.get().said


def test_what_somebody_said_stays() -> None:
    set_home(currency="pln", by=SHELL)
    tell(("1", "GBP"))
    assert home() == "PLN"
    assert counted() == {"1": (None, None)}


def test_rates_tell_what_is_counted_in() -> None:
    set_rate(currency="GBP", day=AT.date(), rate=D("1.2"), by=SHELL)
    tell(("1", "GBP"))
    assert home_now() == "EUR"
    assert counted() == {"1": (12, D("4.8"))}


def test_another_currency_counts_everything_anew() -> None:
    anna = make.person("Anna", "Lis")
    tell(("1", "GBP"), who=anna)
    tell(("2", "PLN"), who=anna)
    set_rate(currency="PLN", day=AT.date(), rate=D("0.2"), by=SHELL)
    assert CustomerFacts.objects.get(customer=anna).net_home == 12
    with pytest.raises(UnknownCurrency):
        set_home(currency="zloty", by=SHELL)
    assert set_home(currency="PLN", by=SHELL) == "PLN"
    assert counted() == {"1": (None, None), "2": (10, 4)}
    facts = CustomerFacts.objects.get(customer=anna)
    assert (facts.net_home, facts.cost_home, facts.unrated) == (10, 4, 1)
    assert not Rate.objects.exists()


def test_an_installation_that_says_it_is_not_changed_from_inside(settings: Any) -> None:
    settings.KARTOTEKA = replace(settings.KARTOTEKA, currency="EUR")
    tell(("1", "GBP"))
    assert home_now() == "EUR"
    with pytest.raises(CannotChange):
        set_home(currency="GBP", by=SHELL)


def test_an_import_tells_what_it_did_to_the_currency() -> None:
    lines = "Order number,Order date,Total,Currency\n"
    first = make.csv_import(lines + "1,2026-03-01,10.00,GBP\n", name="a.csv", brings="orders")
    assert money_of(first) == ("GBP", [])
    later = make.csv_import(lines + "2,2026-03-02,10.00,PLN\n", name="b.csv", brings="orders")
    assert money_of(later) == ("", ["PLN"])
