"""The business's own currency: that of the first orders, or the owner's word; every order is counted in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from kartoteka.activity.currencies import UnknownCurrency, ask_home_again, home, home_now
from kartoteka.activity.home_currency import CannotChange, counted_in_another, set_home
from kartoteka.activity.models import CustomerFacts, HomeCurrency, Order, Rate, Revaluing
from kartoteka.activity.orders import record
from kartoteka.activity.rates import set_rate
from kartoteka.activity.revaluing import _one_chunk, revaluing, run_due_revaluing
from kartoteka.activity.said import LineSaid, OrderSaid
from kartoteka.intake.queries import money_of
from kartoteka.people.editing import source_named
from kartoteka.people.models import Customer, Identity
from kartoteka.segments.models import CustomerWorth
from kartoteka.segments.worth.running import run_due_count
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import Staff
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
    told = revaluing()
    assert told is not None
    assert (told.done, told.orders, told.percent) == (0, 2, 0)
    assert run_due_revaluing()
    assert revaluing() is None
    assert counted() == {"1": (None, None), "2": (10, 4)}
    facts = CustomerFacts.objects.get(customer=anna)
    assert (facts.net_home, facts.cost_home, facts.unrated) == (10, 4, 1)
    assert not Rate.objects.exists()


@pytest.mark.parametrize("size", [1, 3])
def test_the_worker_goes_on_where_another_was_killed(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("kartoteka.activity.revaluing.CHUNK", size)
    people = [make.person(name, "Lis") for name in ("Anna", "Ewa", "Jan")]
    for place, each in enumerate(people):
        tell((f"a{place}", "GBP"), (f"b{place}", "PLN"), who=each)
    tell(("c0", "PLN"), ("c1", "GBP"), ("c2", "PLN"), ("c3", "PLN"))
    set_home(currency="PLN", by=SHELL)
    run = revaluing()
    assert run is not None
    assert _one_chunk(run)
    begun = revaluing()
    assert begun is not None
    assert begun.done == size
    assert not run_due_revaluing(), "another is at it"
    Revaluing.objects.update(heartbeat=AT)
    # Meanwhile an order comes in and a rate is told: both are of the new currency already.
    tell(("d", "EUR"), who=people[0])
    set_rate(currency="GBP", day=AT.date(), rate=D(5), by=SHELL)
    assert run_due_revaluing()
    assert revaluing() is None
    assert Revaluing.objects.get(pk=run.pk).done == 11
    worth = {"a": (50, 20), "b": (10, 4)}
    assert counted() == {
        **{f"{kind}{place}": worth[kind] for kind in "ab" for place in range(3)},
        "c0": (10, 4), "c1": (50, 20), "c2": (10, 4), "c3": (10, 4), "d": (None, None),
    }  # fmt: skip
    assert set(CustomerFacts.objects.values_list("net_home", "cost_home")) == {(60, 24)}


def test_worth_waits_for_it_and_is_counted_anew_then() -> None:
    tell(("1", "GBP"), ("2", "PLN"), who=make.person("Anna", "Lis"))
    assert run_due_count()
    assert CustomerWorth.objects.get().revenue == 10
    assert not run_due_count()
    set_home(currency="PLN", by=SHELL)
    assert not run_due_count()
    run_due_revaluing()
    assert run_due_count()
    assert CustomerWorth.objects.get().revenue == 10
    assert not run_due_count()


def test_the_page_shows_how_far_it_is(client: Client) -> None:
    tell(("1", "GBP"), ("2", "GBP"), ("3", "PLN"), who=make.person("Anna", "Lis"))
    anna = Staff.objects.create_user(email="anna@example.com", name="Anna", role="owner")
    client.force_login(anna, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/orders/rates", {"home": "PLN"})
    assert "0 of 3 orders" in client.get("/orders/rates").content.decode()
    assert "sums are partly in the one before" in client.get("/worth/").content.decode()
    run_due_revaluing()
    after = client.get("/orders/rates").content.decode()
    assert "of 3 orders" not in after
    assert "GBP" in after
    assert "sums are partly" not in client.get("/worth/").content.decode()


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


def test_an_installation_that_changes_its_currency_after_orders_is_told(settings: Any) -> None:
    settings.KARTOTEKA = replace(settings.KARTOTEKA, currency="PLN")
    tell(("1", "PLN"))
    assert list(counted_in_another()) == []
    settings.KARTOTEKA = replace(settings.KARTOTEKA, currency="EUR")
    (found,) = counted_in_another()
    assert "PLN" in str(found.what)
    assert "PLN" in str(found.do)
    # As it says: the setting taken out, what was counted goes on being so, and another choice counts anew.
    settings.KARTOTEKA = replace(settings.KARTOTEKA, currency="")
    assert (home_now(), list(counted_in_another())) == ("PLN", [])
    set_home(currency="EUR", by=SHELL)
    assert run_due_revaluing()
    assert counted() == {"1": (None, None)}
