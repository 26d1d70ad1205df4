"""Recording orders: once whatever comes twice, right in money, and exact when undone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from kartoteka.activity.facts import rebuild
from kartoteka.activity.figures import figures_of
from kartoteka.activity.models import CustomerFacts, IdentityFacts, Order, OrderLine, OrderState, Product
from kartoteka.activity.moving import CannotMove, move, pay
from kartoteka.activity.order_queries import OrderWish, Punctuality, days_late, list_orders, punctuality_of
from kartoteka.activity.orders import BadOrder, record
from kartoteka.activity.rates import BadRate, set_rate, set_rates
from kartoteka.activity.said import LineSaid, OrderSaid, PaymentSaid, RefundSaid
from kartoteka.consent.erasure import forget
from kartoteka.intake.orders import Arrived, take
from kartoteka.people.editing import source_named
from kartoteka.people.models import Customer, Identity
from kartoteka.people.timeline import timeline
from kartoteka.quality.merging import merge, split
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


def test_what_came_back_takes_off_and_a_refund_its_share_without_tax() -> None:
    back = RefundSaid("r", AT, D("12.30"))
    [mixed, taxed, gone] = tell(
        order("mixed", line("3", "10"), line("-1", "10"), discount=D(5), shipping=D(2)),
        order("taxed", line("1", "100"), tax=D(23), refunds=(back,)),
        order("gone", line("2", "7"), state="cancelled"),
    ).orders
    found = {each.pk: each for each in Order.objects.all()}
    assert (found[mixed].total, found[mixed].net, found[mixed].returned) == (D(17), D(17), D(10))
    assert (found[taxed].total, found[taxed].net, found[taxed].refunded) == (D(123), D(90), D("12.3"))
    assert (found[gone].net, found[gone].sale, found[gone].returned) == (D(0), False, D(14))


def test_a_million_of_one_product_keeps_every_penny() -> None:
    [key] = tell(order("1", line("1000000", "0.0035"), line("0.1", "0.2"), currency="eur")).orders
    assert Order.objects.get(pk=key).net == D("3500.02")
    assert figures_of(actor=SHELL).net_revenue == {"EUR": D("3500.02")}


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("currency", order(currency="XXQ")),
        ("amount", order("1", line("1", "NaN"))),
        ("amount", order("1", line("1e9", "1e9"))),
        ("at", order(at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC))),
        ("at", order(at=dt.datetime(1969, 12, 31, tzinfo=dt.UTC))),
        ("at", order(at=dt.datetime(2026, 5, 4))),
        ("state", order(state="lost")),
        ("key", order("")),
    ],
)
def test_what_cannot_be_is_refused_in_words(field: str, bad: OrderSaid) -> None:
    with pytest.raises(BadOrder) as refused:
        tell(order("good"), bad)
    assert refused.value.field == field
    assert len(str(refused.value)) > 20
    assert not Order.objects.exists()


def test_a_later_telling_replaces_and_a_late_one_does_not_take_it_back() -> None:
    tell(order("1", line("1"), state="placed", state_at=AT))
    sent = AT + dt.timedelta(hours=5)
    tell(order("1", line("2"), state="sent", state_at=sent, place="parcel 7"))
    tell(order("1", line("1"), state="paid", state_at=AT + dt.timedelta(hours=1)))
    tell(order("1", line("3")))  # a file that knows no states
    found = Order.objects.get()
    assert (found.state, found.state_at, found.net) == ("sent", sent, D(30))
    assert list(OrderState.objects.order_by("pk").values_list("state", flat=True)) == ["placed", "sent"]


def test_payment_is_judged_by_its_day() -> None:
    due = dt.date(2026, 5, 10)
    half = PaymentSaid("1", AT, D(4))
    [late, open_, in_time, unknown] = tell(
        order(
            "late",
            due_on=due,
            payments=(half, PaymentSaid("2", dt.datetime(2026, 5, 13, tzinfo=dt.UTC), D(6))),
        ),
        order("open", due_on=due, payments=(half,)),
        order("in time", due_on=due, state="paid", state_at=AT),
        order("unknown"),
    ).orders
    found = {each.pk: each for each in Order.objects.all()}
    assert [days_late(found[each]) for each in (late, in_time, unknown)] == [3, 0, 0]
    assert days_late(found[open_], today=dt.date(2026, 5, 12)) == 2
    assert [found[each].owed for each in (late, open_, in_time, unknown)] == [D(0), D(6), D(0), None]
    assert [each.pk for each in list_orders(actor=SHELL, wish=OrderWish(payment="late")).rows] == [open_]
    pay(order=found[open_], amount=D(6), method="cash", by=SHELL)
    assert not list_orders(actor=SHELL, wish=OrderWish(payment="unpaid")).rows
    tell(order("open", line("2"), due_on=due, payments=(half,)))  # what staff noted stays
    assert Order.objects.get(pk=open_).paid == D(10)
    assert Order.objects.get(pk=open_).owed == D(10)


def test_how_a_customer_pays_is_counted() -> None:
    anna, due = make.person("Anna", "Nowak"), dt.date(2026, 5, 10)
    whose = anna.identities.get().pk
    for key, day in (("1", 10), ("2", 12), ("3", 14)):
        paid = PaymentSaid("p", dt.datetime(2026, 5, day, 10, tzinfo=dt.UTC), D(10))
        tell(order(key, due_on=due, payments=(paid,), identity=whose))
    tell(order("open", due_on=due, identity=whose), order("free", state="paid", identity=whose))
    assert punctuality_of(actor=SHELL, customer=anna) == Punctuality(in_time=1, late=2, days=3)
    tell(order("3", due_on=None, identity=whose))  # the source says no day any more
    assert punctuality_of(actor=SHELL, customer=anna) == Punctuality(in_time=1, late=1, days=2)
    pay(order=Order.objects.get(key="open"), amount=D(10), method="cash", by=SHELL)
    assert CustomerFacts.objects.get().paid_late == 2


def test_staff_move_an_order_and_who_did_it_stands_there() -> None:
    anna = make.person("Anna", "Nowak")
    found = make.order(anna, price="12.5")
    move(order=found, to="paid", by=SHELL)
    assert (found.paid, found.owed, CustomerFacts.objects.get().net) == (D("12.5"), D(0), D("12.5"))
    move(order=found, to="returned", place="our desk", by=SHELL)
    facts = CustomerFacts.objects.get()
    assert (found.place, facts.orders, facts.net, facts.returned) == ("our desk", 0, D(0), D("12.5"))
    assert [each.by_name for each in found.states.order_by("pk")] == ["command line"] * 3
    for wrong in ({"to": "returned"}, {"to": "lost"}, {"to": "sent", "at": AT - dt.timedelta(days=900)}):
        with pytest.raises(CannotMove):
            move(order=found, by=SHELL, **wrong)


def test_currencies_are_added_up_by_the_rate_of_the_day_only() -> None:
    anna = make.person("Anna", "Nowak")
    identity = anna.identities.get().pk
    tell(order("1", identity=identity), order("2", currency="USD", identity=identity))
    facts = CustomerFacts.objects.get()
    assert (facts.net, facts.net_home, facts.unrated) == (None, D(10), 1)
    set_rate(currency="usd", day=AT.date(), rate=D("0.9"), by=SHELL)
    set_rates(told=[("USD", "2026-05-05", "0.5")], by=SHELL)
    tell(order("3", currency="USD", identity=identity, at=AT + dt.timedelta(days=1)))
    facts.refresh_from_db()
    assert (facts.net, facts.net_home, facts.unrated) == (None, D(24), 0)
    assert figures_of(actor=SHELL).net_revenue == {"EUR": D(10), "USD": D(20)}
    for wrong in (("EUR", "2026-05-04", "1"), ("USD", "2026-05-04", "0"), ("USD", "May", "1"), ("USD",)):
        with pytest.raises(BadRate):
            set_rates(told=[wrong], by=SHELL)


def test_numbers_follow_joining_and_separating() -> None:
    anna, ania = make.person("Anna", "Nowak"), make.person("Ania", "Nowak")
    make.order(anna, price="10")
    make.order(ania, price="5")
    apart = numbers()
    merger = merge(kept=anna, gone=ania, by=SHELL)
    assert CustomerFacts.objects.get().net == D(15)
    split(merger=merger, by=SHELL)
    assert numbers() == apart


def numbers() -> list[dict[str, Any]]:
    return [*IdentityFacts.objects.order_by("pk").values(), *CustomerFacts.objects.order_by("pk").values()]


TELLINGS = st.lists(
    st.tuples(
        st.integers(0, 3),  # which order
        st.integers(0, 2),  # whose: nobody, or one of two
        st.lists(st.tuples(st.integers(-3, 5), st.sampled_from(["1", "2.345", "0"])), min_size=1, max_size=3),
        st.sampled_from(["placed", "paid", "cancelled", "returned"]),
        st.sampled_from(["EUR", "GBP"]),
        st.sampled_from([None, 2, 30]),  # on which day of May it was paid; due on the tenth
        st.sampled_from(["0", "3"]),  # given back
        st.sampled_from(["", "", "merge", "split"]),  # what is done then
    ),
    max_size=8,
)


@settings(max_examples=15)
@given(tellings=TELLINGS)
def test_counted_on_arrival_is_counted_from_the_rows(tellings: list[Any]) -> None:
    with transaction.atomic():
        anna, piotr = (make.person(name, "Nowak") for name in ("Anna", "Piotr"))
        people = [None, anna.identities.get().pk, piotr.identities.get().pk]
        merger = None
        for key, who, lines, state, currency, day, back, then in tellings:
            goods = [line(str(quantity), price) for quantity, price in lines]
            paid = (PaymentSaid("p", dt.datetime(2026, 5, day, tzinfo=dt.UTC), D(20)),) if day else ()
            given_back = (RefundSaid("r", AT, D(back)),) if D(back) else ()
            tell(
                order(str(key), *goods, identity=people[who], state=state, state_at=AT, currency=currency,
                      payments=paid, refunds=given_back, due_on=dt.date(2026, 5, 10))
            )  # fmt: skip
            if then == "merge" and merger is None:
                merger = merge(kept=anna, gone=piotr, by=SHELL)
            elif then == "split" and merger is not None:
                split(merger=merger, by=SHELL)
                merger = None
        arrived = [each for each in numbers() if each["orders"] or each["cancelled"]]
        rebuild()
        assert [each for each in numbers() if each["orders"] or each["cancelled"]] == arrived
        nets = sum((each.net for each in Order.objects.filter(currency="EUR").exclude(identity=None)), D(0))
        assert sum((each.net_home for each in CustomerFacts.objects.all()), D(0)) == nets
        transaction.set_rollback(True)


def test_who_is_forgotten_leaves_sales_without_a_name() -> None:
    anna = make.person("Anna", "Nowak", email="anna@example.com")
    make.order(anna, note="for Anna", at=AT)
    make.order(anna, note="long ago", at=dt.datetime(1999, 1, 1, tzinfo=dt.UTC))
    erasure = forget(customer=Customer.objects.get(pk=anna.pk), by=SHELL, why="asked")
    found = Order.objects.get()
    assert (found.identity_id, found.note, found.net) == (None, "", D(10))
    assert OrderLine.objects.get().identity_id is None
    assert [each["until"][4:] for each in erasure.kept] == ["-12-31"]
    who = {"name": "Anna Nowak", "emails": ["anna@example.com"]}
    taken = take(
        orders=[Arrived(order("again"), who)], source=source_named("web"), ground="contract", by=SHELL
    )
    assert (taken.away, Identity.objects.filter(source__name="web").count()) == (1, 0)


def test_orders_stand_on_the_timeline() -> None:
    anna = make.person("Anna", "Nowak")
    kept, gone = make.order(anna, name="blue scarf", price="12.5"), make.order(anna, name="hat")
    move(order=gone, to="cancelled", by=SHELL)
    entries = [each for each in timeline(anna, actor=SHELL).entries if each.stream == "order"]
    assert {(each.key, each.kind) for each in entries} == {
        (str(kept.pk), "order"), (str(gone.pk), "taken_back")
    }  # fmt: skip
    [sold] = timeline(anna, actor=SHELL, kinds=["order"]).entries
    assert (sold.amount, sold.currency, sold.detail) == (D("12.5"), "EUR", "blue scarf")


def test_one_and_many_orders_take_as_many_questions(django_assert_max_num_queries: Any) -> None:
    for count in (1, 300):
        said = [order(f"{count}-{place}", line(sku=f"s{place}")) for place in range(count)]
        with django_assert_max_num_queries(40):
            tell(*said)
    assert Product.objects.count() == 300
