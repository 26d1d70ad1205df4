"""The tracking calls: whom they become, what is mended, what is refused, and that nothing comes in twice."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from kartoteka.activity import lately
from kartoteka.activity.likes import likes_of
from kartoteka.activity.models import CustomerFacts, Event, Favourite, Order, Rating, Visitor
from kartoteka.consent.erasure import forget
from kartoteka.intake.models import Connection, Delivery, Parcel
from kartoteka.intake.tracking import receiving, working
from kartoteka.intake.tracking.working import forget_addresses, run_due_parcels
from kartoteka.people.models import Customer, Identity
from kartoteka.people.timeline import timeline
from kartoteka.trust.actor import SHELL

from .conftest import Send

PERSON = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"


def track(
    event: str, *, who: str = "", browser: str = "", at: dt.datetime | None = None, **properties: Any
) -> dict:
    call = {"type": "track", "event": event, "properties": properties, "context": {"userAgent": PERSON}}
    call |= {"userId": who} if who else {}
    call |= {"anonymousId": browser} if browser else {}
    return call | ({"timestamp": at.isoformat()} if at else {})


def page(browser: str, path: str = "/", **more: Any) -> dict[str, Any]:
    url = f"https://shop.example{path}"
    return {
        "type": "page", "anonymousId": browser,
        "context": {"userAgent": PERSON, "page": {"url": url, "path": path}}, **more,
    }  # fmt: skip


def identify(who: str, *, browser: str = "", **traits: Any) -> dict[str, Any]:
    return {"type": "identify", "traits": traits, **({"userId": who} if who else {}), **(
        {"anonymousId": browser} if browser else {})}  # fmt: skip


@pytest.mark.parametrize(
    "call", ["identify", "i", "track", "t", "page", "p", "screen", "s", "group", "g", "alias", "a"]
)
def test_every_address_takes_its_call(call: str, site: Connection, client: Client) -> None:
    body = {"userId": "881", "event": "Opened", "groupId": "acme", "previousId": "x1"}
    basic = "Basic " + base64.b64encode(f"{site.key}:".encode()).decode()
    packed = gzip.compress(json.dumps(body).encode())
    answer = client.post(
        f"/v1/{call}", packed, content_type="application/octet-stream", headers={"authorization": basic}
    )
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert run_due_parcels()
    assert [each.kind[0] for each in Event.objects.all()] == [call[0]]


@pytest.mark.parametrize("way", ["basic", "bearer", "body", "address"])
def test_the_key_is_taken_wherever_it_stands(way: str, site: Connection, client: Client) -> None:
    headers = {
        "basic": {"authorization": "Basic " + base64.b64encode(f"{site.key}:".encode()).decode()},
        "bearer": {"authorization": f"Bearer {site.key}"},
    }.get(way, {})
    body = {"userId": "1", "event": "x", **({"writeKey": site.key} if way == "body" else {})}
    address = "/v1/track" + (f"?writeKey={site.key}" if way == "address" else "")
    assert client.post(address, body, content_type="application/json", headers=headers).status_code == 200
    assert Parcel.objects.count() == 1


def test_what_cannot_be_is_answered_so_that_nothing_is_lost_unseen(site: Connection, client: Client) -> None:
    def answered(body: Any, address: str = "/v1/batch") -> Any:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.post(address, text, content_type="text/plain")

    unknown = answered({"writeKey": "nobody", "batch": []})
    assert unknown.status_code == 429, "a client keeps what is answered so"
    assert int(unknown.headers["Retry-After"]) > 0
    assert answered(b"\x1f\x8bnonsense").status_code == 400
    assert answered({"writeKey": site.key, "batch": "none"}).status_code == 400
    assert answered({"writeKey": site.key, "batch": [], "x": "y" * (17 << 20)}).status_code == 413
    bomb = gzip.compress(b'{"batch": [' + b" " * (64 << 20) + b"]}")
    assert answered(bomb).status_code == 413
    problems = set(Delivery.objects.values_list("problem", flat=True))
    assert any("nobody" in each for each in problems)
    assert len(problems) == Delivery.objects.count() >= 4
    assert not Parcel.objects.exists()
    assert answered({"writeKey": site.key, "batch": []}, "/v1/measure").status_code == 404


def test_nobody_is_a_customer_until_known_and_then_the_past_is_theirs(send: Send) -> None:
    send(
        page("b1", "/"),
        page("b1", "/shoes"),
        track("Product Viewed", browser="b1", category="Shoes", sku="S1"),
    )
    assert (Customer.objects.count(), Identity.objects.count()) == (0, 0)
    send(
        identify(
            "881", browser="b1", email="ANNA@Example.com", firstName="Anna", lastName="Kowalska", age=None
        )
    )
    send(page("b1", "/after"), track("Order Completed", who="881", order_id="o1", total=10, currency="EUR"))
    anna = Customer.objects.get(merged_into=None)
    assert (anna.given, anna.family, anna.email) == ("Anna", "Kowalska", "anna@example.com")
    assert Event.objects.filter(visitor__identity__customer=anna).count() == 6
    facts = CustomerFacts.objects.get(customer=anna)
    assert (facts.orders, facts.views, facts.net_home) == (1, 3, Decimal(10))
    assert facts.last_visit_at == facts.last_seen_at == Event.objects.order_by("-at").first().at  # type: ignore[union-attr]
    assert set(Identity.objects.values_list("key", flat=True)) == {"881", "browser b1"}


def test_a_browser_that_two_use_keeps_them_apart(send: Send) -> None:
    send(identify("1", browser="shared", email="a@example.com"), page("shared"))
    send(identify("2", browser="shared", email="b@example.com"), page("shared"))
    assert Customer.objects.filter(merged_into=None).count() == 2
    assert Visitor.objects.get(key="shared").identity.customer.email == "a@example.com"  # type: ignore[union-attr]


def test_who_said_who_they_are_before_they_had_an_account(send: Send) -> None:
    send(identify("", browser="b1", email="anna@example.com"), page("b1"))
    assert Customer.objects.count() == 1
    send(track("Signed Up", who="881", browser="b1"), identify("881", name="Anna Kowalska"))
    anna = Customer.objects.get(merged_into=None)
    assert (anna.name, anna.email) == ("Anna Kowalska", "anna@example.com")


def test_an_alias_joins_the_former_id(send: Send) -> None:
    send(page("b9"), {"type": "alias", "previousId": "b9", "userId": "77"}, track("Opened", who="77"))
    assert Customer.objects.count() == 1
    assert Event.objects.filter(visitor__identity__customer__isnull=False).count() == 3
    send(track("Opened", who="78"), {"type": "alias", "previousId": "77", "userId": "78"})
    assert Customer.objects.filter(merged_into=None).count() == 1


def test_what_is_said_again_is_not_said_twice(send: Send) -> None:
    for _each in range(3):
        send({**identify("1", email="a@example.com", phone="not a phone"), "messageId": f"m{_each}"})
    identity = Identity.objects.get()
    assert identity.claims.count() == 1
    assert "not a phone" in Event.objects.first().problem  # type: ignore[union-attr]


def test_a_message_comes_in_once(send: Send) -> None:
    call = {**track("Opened", who="1"), "messageId": "m1"}
    send(call, call)
    send(call)
    stamped = track("Opened", who="1", at=timezone.now())
    send(stamped)
    send(stamped, sentAt=None)
    assert Event.objects.count() == 2


def test_wrong_clocks_are_set_right(send: Send) -> None:
    now = timezone.now()
    wrong = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    send(track("slow clock", who="1", at=wrong), sentAt=(wrong + dt.timedelta(minutes=10)).isoformat())
    send(track("old", who="1", at=wrong), track("to come", who="1", at=now.replace(year=2099)))
    send(
        track("nonsense", who="1") | {"timestamp": "soon"},
        track("last week", who="1", at=now - dt.timedelta(days=7)),
    )
    found = {each.name: each for each in Event.objects.all()}
    assert abs(now - dt.timedelta(minutes=10) - found["slow clock"].at) < dt.timedelta(minutes=1)
    assert not found["slow clock"].problem
    for name, noted in (("old", "1970"), ("to come", "2099"), ("nonsense", "time")):
        assert found[name].at == found[name].received_at
        assert noted in found[name].problem
    assert abs(now - dt.timedelta(days=7) - found["last week"].at) < dt.timedelta(minutes=1)


def test_large_and_odd_properties_do_no_harm(send: Send) -> None:
    many = {f"key {place}": place for place in range(100_000)}
    script = "<script>alert(1)</script>\x00\ud800"
    answer = send(
        track("large", who="1", text="x" * 40_000, small=1),
        track("many", who="1", **many),
        track(script, who=script, **{script: script}),
        track("deep", who="1", deep=json.loads("[" * 200 + "]" * 200), none=None, big=10**400),
        {"type": "track"}, "no object", {"type": "dance", "userId": "1"},
    )  # fmt: skip
    assert answer.status_code == 200
    large = Event.objects.get(name="large")
    assert large.properties == {"small": 1}
    assert "40" in large.problem or "39" in large.problem
    assert 0 < len(Event.objects.get(name="many").properties) < 100_000
    assert Event.objects.count() == 4
    assert "none" not in Event.objects.get(name="deep").properties
    assert Delivery.objects.filter(state="refused").count() == 3


def test_ever_new_words_grow_nothing(send: Send) -> None:
    """Kinds that are none, and properties, each another one: what is noted and looked at stays as small as it was."""
    wrong = [{"type": f"kind {place}", "userId": "1"} for place in range(3000)]
    many = [track("many", who="1", **{f"key {n} {m}": 1 for m in range(1000)}) for n in range(30)]
    send(*wrong, *many, track("last", who="1", colour="blue"))
    noted = Delivery.objects.filter(state="refused").values_list("problem", flat=True)
    assert len(noted) == 21
    assert "2980×" in " ".join(noted)
    offered = lately.properties()
    assert offered[0] == "colour"
    assert len(offered) == 60


def test_a_batch_without_end_is_refused(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST_CALLS", 3)
    assert send(*[page("b1")] * 3).status_code == 200
    assert send(*[page("b1")] * 4).status_code == 413
    assert "3" in Delivery.objects.get(state="refused").problem


def test_what_packs_to_nothing_is_worked_off_in_pieces(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_UNPACKED", 20_000)
    for number in range(6):
        send(*[page(f"b{number}") for _ in range(40)], work=False)
    run_due_parcels()
    assert 0 < Parcel.objects.count() < 6
    while run_due_parcels():
        pass
    assert Event.objects.count() == 240


def test_orders_refunds_wishes_and_ratings(send: Send) -> None:
    line = {"product_id": "P1", "sku": "S1", "name": "Shoe", "price": 20, "quantity": 2, "category": "Shoes"}
    order = {"order_id": "o-1", "total": 45, "shipping": 5, "currency": "EUR", "products": [line]}
    send(
        track("Product Viewed", browser="b1", category="Shoes", **{"sku": "S1"}),
        track("Product Added to Wishlist", browser="b1", sku="S1", name="Shoe"),
        track("Product Reviewed", browser="b1", product_id="S1", rating="4.5", review_body="Soft"),
        track("order_completed", browser="b1", **order),
        track("Order Completed", browser="b1", total=3),
    )
    assert Order.objects.get().identity is None, "nobody's yet"
    send(identify("881", browser="b1", email="anna@example.com"))
    bought = Order.objects.get()
    assert bought.identity.customer.email == "anna@example.com"  # type: ignore[union-attr]
    assert (bought.total, bought.lines.count()) == (Decimal(45), 1)
    assert Favourite.objects.get().gone_at is None
    assert (Rating.objects.get().stars, Rating.objects.get().text) == (Decimal("4.5"), "Soft")
    send(
        track("Product Viewed", who="881", category="Shoes"),
        track("Product Viewed", browser="b1", category="Hats"),
    )
    likes = likes_of(actor=SHELL, customer=bought.identity.customer)  # type: ignore[union-attr]
    assert likes.categories == [("Shoes", 2), ("Hats", 1)]
    assert ([each.sku for each in likes.wishes], [each.sku for each in likes.ratings]) == (["S1"], ["S1"])
    assert "order_id" in Event.objects.exclude(problem="").get().problem
    send(
        track("Order Refunded", who="881", order_id="o-1", total=20),
        track("Product Removed from Wishlist", browser="b1", sku="S1"),
    )
    bought.refresh_from_db()
    assert bought.refunded == Decimal(20)
    assert Favourite.objects.get().gone_at
    send(
        track("Order Cancelled", who="881", order_id="o-1"),
        track("Order Cancelled", who="881", order_id="o-2"),
    )
    bought.refresh_from_db()
    assert bought.state == "cancelled"
    assert "o-2" in Event.objects.get(properties__order_id="o-2").problem


def test_an_order_that_tells_only_its_revenue_is_worth_that(send: Send) -> None:
    whole = {"currency": "EUR"}
    send(
        track("Order Completed", who="881", order_id="a", revenue=40, shipping=5, tax=3, **whole),
        track("Order Completed", who="881", order_id="b", value="12,50", products=[{"sku": "S1"}], **whole),
        track("Order Completed", who="881", order_id="c", total="NaN", products="none", **whole),
        track("Order Updated", who="881", order_id="a", **whole),
    )
    totals = dict(Order.objects.values_list("key", "total"))
    assert totals == {"a": Decimal(48), "b": Decimal("12.5")}
    assert Event.objects.exclude(problem="").count() == 2, "the debugger shows why the others do not count"


def test_the_timeline_tells_what_an_event_of_a_shop_was_about(send: Send) -> None:
    send(
        identify("7", email="ewa@example.com"),
        track("Product Reviewed", who="7", product_id="R1", rating="4.50"),
        track("Coupon Applied", who="7", coupon_name="SPRING"),
        track("Product Viewed", who="7", name="Red shoes", sku="R1"),
    )
    entries = timeline(Customer.objects.get(), actor=SHELL, kinds=["site_event"]).entries
    assert {each.title: each.detail for each in entries} == {
        "Product Reviewed": "R1 · 4.5 ★",
        "Coupon Applied": "SPRING",
        "Product Viewed": "Red shoes",
    }


def test_bots_are_told_apart_and_addresses_go_in_time(send: Send, settings: Any) -> None:
    bot = {
        "type": "page",
        "anonymousId": "c",
        "context": {"userAgent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
    }
    send(bot, page("b1", context={"userAgent": PERSON, "ip": "203.0.113.9"}))
    assert dict(Visitor.objects.values_list("key", "visits")) == {"c": 0, "b1": 1}
    assert not forget_addresses()
    old = timezone.now() - dt.timedelta(days=settings.KARTOTEKA.ip_days + 1)
    Event.objects.update(received_at=old)
    assert forget_addresses()
    assert not Event.objects.exclude(ip="").exists()


def test_city_and_network_are_told_by_a_database_of_ones_own(
    send: Send, settings: Any, tmp_path: Path
) -> None:
    city = {"city": {"names": {"en": "Warsaw", "de": "Warschau"}}, "country": {"iso_code": "PL"}}
    for name, told in (("city", city), ("network", {"autonomous_system_organization": "Example Net"})):
        base = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type="Test")
        base.insert_network(IPSet(["203.0.113.0/24", "2001:db8::/32"]), told)
        base.to_db_file(str(tmp_path / f"{name}.mmdb"))
    files = {"city_file": tmp_path / "city.mmdb", "network_file": tmp_path / "network.mmdb"}
    settings.KARTOTEKA = dataclasses.replace(settings.KARTOTEKA, **files)
    for place, ip in enumerate(("203.0.113.9", "2001:db8::1", "192.0.2.1", "no address")):
        send(page(f"b{place}", context={"userAgent": PERSON, "ip": ip}))
    found = list(Event.objects.order_by("pk").values_list("city", "country", "network"))
    assert found == [("Warsaw", "PL", "Example Net")] * 2 + [("", "", "")] * 2
    (tmp_path / "city.mmdb").write_bytes(b"broken")
    send(page("b9", context={"userAgent": PERSON, "ip": "203.0.113.9"}))
    last = Event.objects.latest("pk")
    assert (last.city, last.network) == ("", "Example Net"), "a broken file holds nothing up"


def test_an_inbox_that_is_full_sends_clients_away_until_there_is_room(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "MOST_WAITING", 2)
    monkeypatch.setattr(receiving, "_LOOK_OFTEN", 0.0)
    answers = [send(page(f"b{place}"), work=False) for place in range(5)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert send(page("b5")).status_code == 429, "the worker comes by behind it"
    assert send(page("b5")).status_code == 200
    assert Event.objects.count() == 4


def test_who_is_forgotten_stays_so(send: Send) -> None:
    send(page("b1"), identify("881", browser="b1", email="anna@example.com"), track("Opened", who="881"))
    forget(customer=Customer.objects.get(), by=SHELL, why="asked")
    assert not Event.objects.exists()
    send(identify("881", browser="b1", email="anna@example.com"), track("Opened", who="881"), page("b1"))
    assert not Customer.objects.exists()
    assert [each.visitor.key for each in Event.objects.all()] == ["b1"]


def test_a_fault_of_ours_holds_nothing_up(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    from kartoteka.intake.tracking import reading

    real = reading.page_of

    def stumbling(told: Any, properties: Any) -> Any:
        if told.get("path") == "/hole":
            raise RuntimeError
        return real(told, properties)

    monkeypatch.setattr(reading, "page_of", stumbling)
    send(page("b1", "/a"), work=False)
    send(page("b1", "/hole"), work=False)
    send(page("b1", "/c"))
    assert set(Event.objects.values_list("path", flat=True)) == {"/a", "/c"}
    assert Delivery.objects.get(state="failed").body
    assert not Parcel.objects.exists()
