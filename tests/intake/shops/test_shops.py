"""What each shop's messages come to: the order, who bought, what they chose, what they ask by law."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kartoteka.activity.models import CustomerFacts, Event, Order
from kartoteka.consent.models import Choice, PrivacyRequest
from kartoteka.intake.connection_secrets import rotate_secret, secrets_of
from kartoteka.intake.connections import connect
from kartoteka.intake.models import Connection, Delivery, Parcel
from kartoteka.intake.shops import SHOPS
from kartoteka.intake.shops.doing import MOST_TRIES, do_due
from kartoteka.intake.shops.meta import verify_token
from kartoteka.intake.shops.shop import Incoming, NotProven
from kartoteka.intake.tracking.working import run_due_parcels
from kartoteka.people.models import Customer
from kartoteka.quality.merging import held_apart, merge, split
from kartoteka.trust.actor import SHELL

from .conftest import connected, deliver, post
from .payloads import ORDERS, SECRET, SHOPIFY, STRIPE, WOO, body, changed, signed

pytestmark = pytest.mark.django_db


def order() -> Order:
    """The one there is."""
    return Order.objects.select_related("identity__customer").get()


def test_a_woo_order() -> None:
    made = connected("woocommerce")
    deliver(made, WOO)
    its = order()
    assert (its.key, its.state, its.currency, its.total, its.paid) == (
        "727",
        "paid",
        "PLN",
        Decimal("130.38"),
        Decimal("130.38"),
    )
    assert its.at == dt.datetime(2026, 3, 22, 15, 28, 2, tzinfo=dt.UTC)
    assert its.coupon == "wiosna"
    line, fee = its.lines.order_by("position")
    assert (line.product.sku, line.quantity, line.net, line.tax) == ("CUP-1", 3, 90, Decimal("20.70"))
    assert fee.net == Decimal("-2.62")
    who = its.identity.customer
    assert (its.identity.key, who.given, who.family, who.email, who.phone) == (
        "881", "Anna", "Wiśniewska", "anna@example.com", "+48600100200",
    )  # fmt: skip
    assert who.city == "Kraków", "the address of delivery is somebody else's"


def test_woo_orders_move_on_and_late_words_do_not_take_them_back() -> None:
    made = connected("woocommerce")
    deliver(made, changed(WOO, status="completed", date_modified_gmt="2026-03-25T10:00:00"), key="new")
    deliver(
        made,
        changed(WOO, status="pending", date_modified_gmt="2026-03-22T15:00:00"),
        topic="order.created",
        key="old",
    )
    assert order().state == "delivered"
    back = [{"id": 5, "reason": "pęknięta", "total": "-30.00"}]
    deliver(
        made,
        changed(WOO, status="completed", date_modified_gmt="2026-03-26T10:00:00", refunds=back),
        key="refund",
    )
    assert order().refunded == 30
    deliver(made, {"id": 727}, topic="order.deleted")
    assert order().state == "cancelled"
    deliver(
        made, changed(WOO, date_modified_gmt="2099-01-01T10:00:00"), topic="order.restored", key="restored"
    )
    assert order().state == "paid"
    assert Customer.objects.count() == 1


@pytest.mark.parametrize("first", ["site", "shop"])
@pytest.mark.parametrize(("name", "counted"), [("727", 1), ("A-12", 1), ("728", 2)])
def test_a_purchase_that_site_and_shop_tell_of_counts_once(first: str, name: str, counted: int) -> None:
    site, made = connect(kind="tracking", name="our site", by=SHELL), connected("woocommerce")
    told = {"order_id": name, "currency": "PLN", "total": 130.38}
    event = {"type": "track", "event": "Order Completed", "userId": "881", "properties": told,
             "timestamp": "2026-03-22T15:28:05Z", "sentAt": "2026-03-22T15:28:05Z"}  # fmt: skip

    def on_the_site() -> None:
        sent = {"batch": [event], "writeKey": site.key}
        assert Client().post("/v1/batch", json.dumps(sent), content_type="text/plain").status_code == 200
        Parcel.objects.update(received_at=dt.datetime(2026, 3, 22, 15, 28, 6, tzinfo=dt.UTC))
        assert run_due_parcels()

    def in_the_shop() -> None:
        deliver(made, changed(WOO, number="A-12"))

    for tell in (on_the_site, in_the_shop) if first == "site" else (in_the_shop, on_the_site):
        tell()
    assert Order.objects.count() == counted
    assert Order.objects.filter(channel="woocommerce").count() == 1
    assert Event.objects.count() == 1, "the event itself stays"
    assert sum(each.orders for each in CustomerFacts.objects.all()) == counted


def test_woo_guests_are_people_too() -> None:
    made = connected("woocommerce")
    for key in (1, 2):
        deliver(made, changed(WOO, id=key, customer_id=0))
    deliver(made, changed(WOO, id=3, customer_id=0, billing__first_name="Piotr"))
    nobody = {"first_name": "", "last_name": "", "email": "", "phone": ""}
    deliver(made, changed(WOO, id=4, customer_id=0, billing=nobody, shipping={}))
    found = {each.key: each.identity_id for each in Order.objects.all()}
    assert found["1"] == found["2"] != found["3"]
    assert found["4"] is None


def test_the_ping_of_a_woo_webhook_is_answered() -> None:
    made = connected("woocommerce")
    address = f"/hooks/woocommerce/{made.key}"
    form = "application/x-www-form-urlencoded"
    assert Client().post(address, "webhook_id=15", content_type=form).status_code == 200
    assert Client().post(address, "webhook_id=15&id=3", content_type=form).status_code == 401


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"currency": "XXQ"}, "XXQ"),
        ({"total": "a lot"}, "total"),
        ({"total": "1e400"}, "total"),
        ({"line_items__0__quantity": "NaN"}, "line_items[0].quantity"),
        ({"id": None}, "id is missing"),
    ],
)
def test_what_is_wrong_in_an_order_is_named(wrong: dict[str, Any], says: str) -> None:
    made = connected("woocommerce")
    deliver(made, changed(WOO, **wrong))
    kept = Delivery.objects.get()
    assert kept.state == "failed"
    assert says in kept.problem
    assert not Order.objects.exists()
    assert not Customer.objects.exists()


def test_returns_and_wrong_clocks() -> None:
    made = connected("woocommerce")
    back = changed(
        WOO, line_items__0__quantity=-3, line_items__0__subtotal="-100.00", line_items__0__total="-90.00"
    )
    deliver(
        made,
        changed(
            back,
            date_created_gmt="2099-01-01T00:00:00",
            date_modified_gmt="1970-01-01T00:00:00",
            fee_lines=[],
        ),
    )
    its = order()
    assert abs(its.at - timezone.now()) < dt.timedelta(minutes=5), "a clock that is wrong is not believed"
    assert its.lines.get().net == -90
    assert its.returned > 0


def test_a_shopify_order_with_its_choice() -> None:
    deliver(connected("shopify"), SHOPIFY)
    its = order()
    assert (its.number, its.state, its.total, its.paid, its.net) == (
        "#9999",
        "paid",
        124,
        124,
        Decimal("100.00"),
    )
    line = its.lines.get()
    assert (line.quantity, line.net, line.tax) == (2, Decimal("91.94"), Decimal("22.06"))
    who = its.identity.customer
    assert (who.name, who.phone, who.language) == ("Jukka Virtanen", "+358401234567", "fi")
    choice = Choice.objects.get()
    assert (choice.channel, choice.what, choice.how, choice.identity) == (
        "email",
        "given",
        "api",
        its.identity,
    )


def test_shopify_choices_change_and_are_written_once() -> None:
    made = connected("shopify")
    deliver(made, SHOPIFY)
    said = {"state": "unsubscribed", "consent_updated_at": "2026-04-01T10:00:00Z"}
    deliver(
        made,
        {
            "customer_id": 115310627314723954,
            "email_address": "jukka@example.fi",
            "email_marketing_consent": said,
        },
        topic="customers_email_marketing_consent/update",
    )
    deliver(made, changed(SHOPIFY, updated_at="2026-04-02T10:00:00Z", note="again"))
    sms = {
        "state": "SUBSCRIBED",
        "opt_in_level": "CONFIRMED_OPT_IN",
        "consent_updated_at": "2026-04-03T10:00:00Z",
    }
    deliver(
        made,
        {"id": 115310627314723954, "phone": "+358401234567", "sms_marketing_consent": sms},
        topic="customers_marketing_consent/update",
    )
    found = [(each.channel, each.what, each.confirmed) for each in Choice.objects.order_by("pk")]
    assert found == [("email", "given", False), ("email", "withdrawn", False), ("sms", "given", True)]


def test_a_shopify_refund_waits_for_its_order() -> None:
    made = connected("shopify")
    refund = {
        "id": 509562969, "order_id": SHOPIFY["id"], "created_at": "2026-03-30T10:00:00Z", "note": "rikki",
        "refund_line_items": [{"quantity": 1, "subtotal": 57.0, "total_tax": 11.03, "line_item_id": 466157049,
                               "line_item": {"sku": "IPOD-1", "name": "Teekannu"}}],
        "transactions": [{"kind": "refund", "status": "success", "amount": "57.00"},
                         {"kind": "refund", "status": "failure", "amount": "57.00"}],
    }  # fmt: skip
    deliver(made, refund, topic="refunds/create", key="early")
    early = Delivery.objects.get(key="early")
    assert (early.state, early.tries) == ("waiting", 2)
    deliver(made, SHOPIFY)
    Delivery.objects.filter(key="early").update(at=timezone.now() - dt.timedelta(minutes=1))
    assert do_due()
    assert (order().refunded, order().state) == (57, "paid")
    lonely = {**refund, "order_id": 5}
    deliver(made, lonely, topic="refunds/create", key="lonely")
    Delivery.objects.filter(key="lonely").update(at=timezone.now() - dt.timedelta(days=2), tries=MOST_TRIES)
    assert do_due()
    gone = Delivery.objects.get(key="lonely")
    assert (gone.state, bool(gone.problem)) == ("failed", True)


def test_shopify_customers_tags_and_what_they_ask_by_law() -> None:
    made = connected("shopify")
    customer = {
        "id": 7, "first_name": "Aino", "last_name": "Korhonen", "email": "aino@example.fi", "tags": "vip, tukku",
        "default_address": {"address1": "Hämeentie 1", "city": "Helsinki", "zip": "00530", "country_code": "FI"},
        "email_marketing_consent": {"state": "not_subscribed"},
    }  # fmt: skip
    deliver(made, customer, topic="customers/create")
    deliver(made, {"customerId": "gid://shopify/Customer/7", "tags": ["uusi"]}, topic="customer.tags_added")
    who = Customer.objects.get()
    assert set(who.more["tags"]) >= {"vip", "tukku", "uusi"}
    off = {"customerId": "gid://shopify/Customer/7", "tags": ["VIP", "never there"]}
    for key in ("off", "off again"):
        deliver(made, off, topic="customer.tags_removed", key=key)
    who.refresh_from_db()
    assert set(who.more["tags"]) == {"tukku", "uusi"}
    assert not Choice.objects.exists(), "not subscribed is no choice"
    asked = {
        "shop_domain": "x.myshopify.com",
        "customer": {"id": 7, "email": "aino@example.fi"},
        "orders_to_redact": [1],
    }
    for topic in ("customers/data_request", "customers/redact", "customers/redact"):
        deliver(made, asked, topic=topic, key=f"{topic}{Delivery.objects.count()}")
    deliver(made, {"customer": {"email": "nobody@example.fi"}}, topic="customers/redact", key="unknown")
    kinds = sorted(PrivacyRequest.objects.values_list("kind", flat=True))
    assert kinds == ["access", "erasure"]
    assert not Delivery.objects.exclude(state="taken").exists()


def test_accounts_that_shopify_joins_are_joined_unless_held_apart() -> None:
    made = connected("shopify")
    for key in (7, 8, 9):
        who = {"id": key, "first_name": f"Aino {key}", "last_name": "K", "email": f"a{key}@example.fi"}
        deliver(made, who, topic="customers/create")
    seven, eight, nine = Customer.objects.order_by("pk")
    split(merger=merge(kept=seven, gone=nine, by=SHELL), by=SHELL)
    assert held_apart(seven.pk, nine.pk)
    for gone in (8, 9, 10):
        said = {f"admin_graphql_api_customer_{which}_id": f"gid://shopify/Customer/{key}"
                for which, key in (("kept", 7), ("deleted", gone))}  # fmt: skip
        deliver(made, {**said, "status": "completed", "errors": []}, topic="customers/merge")
    standing = Customer.objects.filter(merged_into=None).order_by("pk")
    assert list(standing.values_list("pk", flat=True)) == [seven.pk, nine.pk]
    assert {each.identities.count() for each in (seven, nine)} == {2, 1}
    told = Delivery.objects.filter(topic="customers/merge").order_by("pk").values_list("state", "problem")
    assert [(state, bool(problem)) for state, problem in told] == [
        ("taken", False), ("taken", True), ("taken", True),
    ]  # fmt: skip
    assert eight.pk in Customer.objects.exclude(merged_into=None).values_list("pk", flat=True)


def test_a_stripe_checkout_is_paid_later_or_given_back() -> None:
    made = connected("stripe")
    deliver(made, changed(STRIPE, data__object__payment_status="unpaid"))
    assert (order().state, order().paid, order().total) == ("placed", 0, 115)
    later = changed(STRIPE, id="evt_2", type="checkout.session.async_payment_succeeded", created=1774190000)
    deliver(made, later)
    its = order()
    assert (its.state, its.paid, its.number, its.identity.key) == ("paid", 115, "B-77", "cus_9")
    assert its.identity.customer.name == "Siti binti Ahmad"
    assert Choice.objects.get().what == "given"
    charge = {
        "id": "ch_1",
        "payment_intent": "pi_1",
        "currency": "myr",
        "amount_refunded": 5000,
        "refunded": False,
    }
    for number, amount in ((3, 5000), (4, 11500)):
        told = {**charge, "amount_refunded": amount, "refunded": amount == 11500}
        event = {
            "id": f"evt_{number}",
            "type": "charge.refunded",
            "created": 1774190000 + number,
            "data": {"object": told},
        }
        deliver(made, event)
    assert (order().refunded, order().state) == (115, "returned")
    yen = changed(
        STRIPE,
        id="evt_9",
        data__object__payment_intent="pi_9",
        data__object__id="cs_9",
        data__object__currency="jpy",
    )
    deliver(made, yen)
    assert Order.objects.get(key="pi_9").total == 11500


@pytest.mark.parametrize("off", [-301, 301, -(10**6)])
def test_a_stripe_signature_of_another_hour_is_none(off: int) -> None:
    raw = body(STRIPE)
    request = Incoming("POST", signed("stripe", raw), {}, raw)
    SHOPS["stripe"].prove(request, secrets=["other", SECRET], now=timezone.now())
    with pytest.raises(NotProven):
        SHOPS["stripe"].prove(request, secrets=[SECRET], now=timezone.now() + dt.timedelta(seconds=off))


def test_orders_by_json_with_a_token() -> None:
    made = connected("orders")
    raw = body(ORDERS)
    assert post(made, raw, {"authorization": "Bearer wrong"}) == 401
    assert post(made, raw, {"authorization": f"Bearer {SECRET}"}) == 200
    assert do_due()
    its = order()
    assert (its.state, its.place, its.total, its.due_on) == (
        "sent",
        "Stellenbosch",
        Decimal("278.85"),
        dt.date(2026, 4, 1),
    )
    assert its.identity.customer.phone == "+27821234567"
    assert {each.channel: each.what for each in Choice.objects.all()} == {
        "email": "given",
        "sms": "withdrawn",
    }


def test_a_new_secret_holds_at_once_and_the_former_for_a_day(settings: Any) -> None:
    made = connected("woocommerce")
    fresh = rotate_secret(connection=made, by=SHELL)
    raw = body(WOO)
    for secret in (fresh, SECRET):
        assert post(made, raw, signed("woocommerce", raw, topic="order.updated", secret=secret)) == 200
    kept = Connection.objects.get()
    assert secrets_of(kept) == [fresh, SECRET]
    assert fresh not in kept.secret + kept.further
    rotate_secret(connection=kept, by=SHELL)
    assert post(made, raw, signed("woocommerce", raw, secret=SECRET)) == 401


def test_metas_challenge() -> None:
    made = connected("meta")
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": verify_token(SECRET)}
    answer = Client().get(f"/hooks/meta/{made.key}", asked)
    assert (answer.status_code, answer.content) == (200, b"1158201444")
    for wrong in ({"hub.verify_token": "guess"}, {"hub.mode": "x"}, {"hub.challenge": "<script>"}):
        assert Client().get(f"/hooks/meta/{made.key}", asked | wrong).status_code == 403
    assert Delivery.objects.filter(state="refused").count() == 3
