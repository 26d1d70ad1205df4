"""What shops are asked for by us: by their real API, spoken by a server on this machine, through the one client."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as real_settings
from django.utils import timezone

from kartoteka.activity.order_models import Order
from kartoteka.intake.connection_secrets import type_in
from kartoteka.intake.models import Connection, Delivery
from kartoteka.intake.shops.doing import do_due
from kartoteka.intake.shops.missed import ask_due, ask_for_missed, ask_soon, can_be_asked
from kartoteka.kit.outgoing import NotReached
from kartoteka.people.models import Customer, Identity
from kartoteka.trust.actor import SHELL

from .conftest import connected, deliver, post
from .payloads import LEAD, META, SHOPIFY, STRIPE, WOO, body, changed, signed

pytestmark = pytest.mark.django_db
SINCE = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
REFUND = {
    "id": "ch_1",
    "payment_intent": "pi_1",
    "currency": "myr",
    "amount_refunded": 500,
    "refunded": False,
}


class Other(BaseHTTPRequestHandler):
    """The REST APIs of WooCommerce, Shopify and Stripe, and Meta's: each answers and turns its pages as it does."""

    seen: list[tuple[str, dict[str, list[str]], dict[str, str]]] = []
    status = 200

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        self.seen.append((parts.path, query, {key.lower(): value for key, value in self.headers.items()}))
        headers: dict[str, str] = {}
        answer: Any = LEAD
        if parts.path.endswith("/wc/v3/orders"):
            answer = self.woo(int(query["page"][0]))
        elif parts.path.endswith("/orders.json"):
            answer, headers = self.shopify(query)
        elif parts.path == "/v1/events":
            answer = self.stripe(query)
        self.send_response(self.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def woo(self, page: int) -> Any:
        ids = range(1, 101) if page == 1 else range(101, 103)
        return [changed(WOO, id=each, customer_id=each) for each in ids]

    def shopify(self, query: dict[str, list[str]]) -> tuple[Any, dict[str, str]]:
        host = self.headers["Host"]
        if "page_info" in query:
            assert set(query) == {"limit", "page_info"}, "the service refuses anything else beside the cursor"
            assert query["page_info"] == ["b/2=="]
            back = f'<http://{host}/admin/api/2026-01/orders.json?limit=250&page_info=a>; rel="previous"'
            return {"orders": [changed(SHOPIFY, id=3)]}, {"Link": back}
        onward = (
            f'<http://{host}/x.json?page_info=wrong>; rel="previous", '
            f'<http://{host}/admin/api/2026-01/orders.json?limit=250&page_info=b%2F2%3D%3D>; rel="next"'
        )
        return {"orders": [changed(SHOPIFY, id=each) for each in (1, 2)]}, {"Link": onward}

    def stripe(self, query: dict[str, list[str]]) -> Any:
        if "starting_after" in query:
            assert query["starting_after"] == ["evt_2"]
            return {"object": "list", "has_more": False, "data": [STRIPE]}
        back = {"id": "evt_2", "type": "charge.refunded", "created": 1774190002, "data": {"object": REFUND}}
        return {"object": "list", "has_more": True, "data": [back]}

    def log_message(self, *_: Any) -> None:
        """Silent."""


@pytest.fixture
def other(settings: Any) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    Other.seen, Other.status = [], 200
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    place = f"127.0.0.1:{server.server_address[1]}"
    settings.KARTOTEKA = dataclasses.replace(
        real_settings.KARTOTEKA,
        reach_inside=(place,),
        graph_url=f"http://{place}/v26.0",
        stripe_url=f"http://{place}",
    )
    yield f"http://{place}"
    server.shutdown()
    server.server_close()


def test_a_lead_is_asked_for_and_becomes_a_customer(other: str) -> None:
    made = connected("meta")
    raw = body(META)
    assert post(made, raw, signed("meta", raw)) == 200
    Other.status = 500
    assert do_due()
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.tries) == ("waiting", 2)
    assert "500" in waiting.problem
    Other.status = 200
    Delivery.objects.update(tries=1)
    assert do_due()
    who = Customer.objects.get()
    assert (who.name, who.email, who.phone, who.birth) == (
        "Maria Santos", "maria@example.ph", "+639171234567", "1985-04-03",
    )  # fmt: skip
    assert "blue; red" in who.more["note"]
    assert Identity.objects.get().key == "123123123123"
    path, query, _headers = Other.seen[-1]
    assert path == "/v26.0/123123123123"
    assert query["access_token"] == ["EAAB"]
    assert len(query["appsecret_proof"][0]) == 64
    assert "EAAB" not in repr(Connection.objects.values().get())


def test_missed_orders_are_asked_for(other: str) -> None:
    made = connected("woocommerce")
    type_in(
        connection=made, given={"url": other, "consumer_key": "ck_1", "consumer_secret": "cs_1"}, by=SHELL
    )
    since = timezone.now() - dt.timedelta(days=3)
    found = ask_for_missed(connection=made, since=since, by=SHELL)
    assert (found.told, found.new) == (102, 102)
    again = ask_for_missed(connection=made, since=since, by=SHELL)
    assert (again.told, again.new) == (102, 0)
    assert [each[0] for each in Other.seen] == ["/wp-json/wc/v3/orders"] * 4
    assert Other.seen[0][1]["modified_after"][0] == f"{since:%Y-%m-%dT%H:%M:%S}"
    assert Other.seen[0][2]["authorization"] == "Basic Y2tfMTpjc18x"
    Delivery.objects.filter(pk__gt=Delivery.objects.order_by("pk")[2].pk).delete()
    while do_due():
        pass
    assert Order.objects.count() == 3


def test_missed_orders_of_shopify_by_its_cursor(other: str) -> None:
    made = connected("shopify")
    with pytest.raises(NotReached):
        ask_soon(connection=made, by=SHELL)
    type_in(connection=made, given={"url": other, "access_token": "shpat_1"}, by=SHELL)
    found = ask_for_missed(connection=made, since=SINCE, by=SHELL)
    assert (found.told, found.new) == (3, 3)
    assert ask_for_missed(connection=made, since=SINCE, by=SHELL).new == 0
    path, query, headers = Other.seen[0]
    assert path == "/admin/api/2026-01/orders.json"
    assert (query["status"], query["updated_at_min"]) == (["any"], [SINCE.isoformat()])
    assert headers["x-shopify-access-token"] == "shpat_1"
    assert "shpat" not in repr(Connection.objects.values().get())
    deliver(made, changed(SHOPIFY, id=1))  # its webhook comes after all
    assert sorted(Order.objects.values_list("key", flat=True)) == ["1", "2", "3"]
    assert Customer.objects.count() == 1


def test_missed_events_of_stripe_are_those_of_its_webhook(other: str) -> None:
    made = connected("stripe")
    assert not can_be_asked(made)
    deliver(made, STRIPE)
    type_in(connection=made, given={"api_key": "rk_1"}, by=SHELL)
    assert ask_due()
    assert not ask_due(), "an hour has not gone by"
    while do_due():
        pass
    path, query, headers = Other.seen[0]
    assert (path, headers["authorization"]) == ("/v1/events", "Bearer rk_1")
    assert "charge.refunded" in query["types[]"]
    assert Delivery.objects.filter(topic="checkout.session.completed").count() == 1, "known by the event's id"
    assert Order.objects.get().refunded == 5
    Other.status = 403
    Connection.objects.update(more={})
    assert ask_due()
    assert "403" in Delivery.objects.latest("pk").problem
