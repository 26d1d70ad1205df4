"""How fresh facts are: pure, on the base, in lists and figures, at one reading off an index."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.people.card import card_of
from kartoteka.people.editing import change_customer, confirm
from kartoteka.people.freshness import due_days, last_told, shortest_age, told_in
from kartoteka.people.listing import Wish, list_customers
from kartoteka.people.models import Claim, Customer
from kartoteka.people.ownfields import set_weight
from kartoteka.people.record import Said, entry_token, resolve
from kartoteka.people.recording import Arrival, record_claims, refresh
from kartoteka.people.tally import tally
from kartoteka.trust.actor import SHELL
from tests import make

DAY = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
PHONE, OTHER = {"value": "+48600100200"}, {"value": "+48600100300"}
HOME = {"street": "Polna", "number": "1", "postcode": "44-100", "city": "Gliwice"}


def said(key: int, days: int, **values: Any) -> Said:
    return Said(key, values, "stated", 50, DAY + dt.timedelta(days=days), identity=key)


def test_each_fact_is_as_old_as_its_last_telling() -> None:
    claims = [
        said(1, 0, phones=[PHONE, OTHER], birth="1985"),
        said(2, 90, phones=[PHONE]),
        said(3, 200, tags=["vip"]),
    ]
    values = resolve(claims).values
    assert told_in(claims, values) == {"phones": "2026-01-01", "birth": "2026-01-01"}
    assert told_in(claims[1:], resolve(claims[1:]).values) == {"phones": "2026-04-01"}
    found = last_told("phones", PHONE, sorted(claims, key=lambda each: each.at, reverse=True))
    assert found is not None
    assert found.key == 2


def test_an_address_that_says_less_tells_it_again_and_a_former_one_asks_nothing() -> None:
    claims = [said(1, 0, addresses=[HOME]), said(2, 50, addresses=[{"street": "Polna", "number": "1"}])]
    assert told_in(claims, resolve(claims).values) == {}
    former = {"addresses": [{**HOME, "until": "2025-01-01"}]}
    assert due_days(former, {"addresses": 1}, heard=DAY.date(), told={}) == {}


VALUES = st.fixed_dictionaries({}, optional={
    "phones": st.lists(st.sampled_from([PHONE, OTHER]), max_size=2), "addresses": st.just([HOME]),
    "birth": st.sampled_from(["1985", "1986"]),
})  # fmt: skip
AGES = st.dictionaries(st.sampled_from(["phones", "addresses", "birth"]), st.integers(1, 4000))


@given(st.lists(VALUES, min_size=1, max_size=4), AGES)
def test_told_on_one_day_the_short_way_is_the_long_one(
    some: list[dict[str, Any]], ages: dict[str, int]
) -> None:
    claims = [said(key, 0, **values) for key, values in enumerate(some)]
    values = resolve(claims).values
    told = told_in(claims, values)
    due = due_days(values, ages, heard=DAY.date(), told=told)
    shortest = shortest_age(values, ages)
    assert told == {}
    assert min(due.values(), default=None) == (DAY.date() + dt.timedelta(days=shortest) if shortest else None)


@given(st.lists(st.tuples(st.integers(0, 400), VALUES), min_size=1, max_size=5), st.randoms())
def test_freshness_does_not_hang_on_the_order_of_claims(
    some: list[tuple[int, dict[str, Any]]], rng: Any
) -> None:
    claims = [said(key, days, **values) for key, (days, values) in enumerate(some)]
    values = resolve(claims).values
    mixed = rng.sample(claims, len(claims))
    assert told_in(mixed, values) == told_in(claims, values)


def days_ago(days: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def known_since(days: int, key: str = "1", **values: Any) -> Customer:
    arrival = Arrival(key=key, values={"name": "Anna Nowak", "given": "Anna", "family": "Nowak", **values})
    made = record_claims(batch=make.batch(), arrivals=[arrival], at=days_ago(days))
    return Customer.objects.get(pk=made.customers[0])


def stale(order: str = "due") -> list[int]:
    found = list_customers(actor=SHELL, wish=Wish(stale=True, order=order))
    return [each.pk for each in found.page.rows]


@pytest.mark.django_db
def test_a_fact_is_stale_though_the_customer_was_heard_of_yesterday() -> None:
    anna = known_since(800, phones=[PHONE], emails=[{"value": "anna@example.com"}])
    change_customer(customer=anna, changes={"tags": ["vip"]}, by=SHELL)
    anna.refresh_from_db()
    assert anna.heard_at > days_ago(1)
    assert stale() == [anna.pk]
    assert tally().stale == 1
    found = list_customers(actor=SHELL, wish=Wish(stale=True))
    assert [str(label) for label in found.stale[anna.pk]] == ["E-mails", "Phones"]


@pytest.mark.django_db
def test_confirming_one_phone_leaves_the_other_stale() -> None:
    anna = known_since(800, phones=[PHONE, OTHER])
    confirm(customer=anna, field="phones", entry=entry_token("phones", PHONE), by=SHELL)
    anna.refresh_from_db()
    phones = card_of(actor=SHELL, customer=anna).field("phones")
    assert phones is not None
    assert {each.value["value"]: each.stale for each in phones.values} == {
        "+48600100200": False, "+48600100300": True,
    }  # fmt: skip
    assert stale() == [anna.pk]
    confirm(customer=anna, field="phones", by=SHELL)
    assert stale() == []
    assert tally().stale == 0


@pytest.mark.django_db
def test_a_fact_that_is_not_stale_can_be_confirmed_and_says_by_whom() -> None:
    anna = known_since(10, birth="1985-04-03")
    confirm(customer=anna, field="birth", by=SHELL)
    birth = card_of(actor=SHELL, customer=anna).field("birth")
    assert birth is not None
    assert birth.values[0].heard_at > days_ago(1)
    assert birth.values[0].heard_from == SHELL.name
    assert birth.values[0].origin.standing == Claim.Standing.CONFIRMED


@pytest.mark.django_db
def test_confirming_one_address_does_not_make_the_other_a_former_one() -> None:
    anna = known_since(800, birth="1985")
    other = {**HOME, "number": "2"}
    for each in (HOME, other):
        change_customer(customer=anna, changes={"addresses": [each]}, by=SHELL)
    anna.refresh_from_db()
    confirm(customer=anna, field="addresses", entry=entry_token("addresses", HOME), by=SHELL)
    anna.refresh_from_db()
    assert [each.get("until") for each in anna.more["addresses"]] == [None, None]


@pytest.mark.django_db
def test_the_longest_unconfirmed_come_first_and_ages_are_per_kind_of_fact() -> None:
    old = known_since(900, key="old", phones=[PHONE])
    older = known_since(1000, key="older", phones=[OTHER])
    known_since(600, key="young", phones=[{"value": "+48600100400"}])
    known_since(2000, key="nothing", birth="1985")
    assert stale() == [older.pk, old.pk]
    assert stale("name") == [old.pk, older.pk]


@pytest.mark.django_db
def test_the_row_holds_what_the_claims_say() -> None:
    anna = known_since(800, phones=[PHONE], birth="1985")
    before = Customer.objects.values("told", "due_on").get(pk=anna.pk)
    refresh([anna.pk])
    assert Customer.objects.values("told", "due_on").get(pk=anna.pk) == before
    assert before["due_on"] == (days_ago(800) + dt.timedelta(days=730)).date()


@pytest.mark.django_db
def test_the_worklist_is_read_off_its_index() -> None:
    rows = Customer.objects.visible_to(SHELL).filter(due_on__lt=timezone.now().date())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # of an empty table it would read the whole
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "customer_by_due" in rows.order_by("due_on", "pk").explain()
    assert "customer_by_due" in rows.order_by("due_on").explain()


@pytest.mark.django_db
def test_an_age_of_a_hundred_years_is_no_error() -> None:
    anna = known_since(10, phones=[PHONE])
    set_weight(key="phones", weight=8, fresh_days=36_500, by=SHELL)
    refresh([anna.pk])
    assert stale() == []
