"""Orders by the API: taken once however often they come, read within the view, moved on."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kartoteka.activity.models import Order
from kartoteka.people.models import Claim, Customer
from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.models import Staff
from kartoteka.trust.tokens import make_token
from tests import make

pytestmark = pytest.mark.django_db
ORDER: dict[str, Any] = {
    "source": "web shop",
    "ground": "contract",
    "key": "1001",
    "at": "2026-05-04T10:00:00+02:00",
    "currency": "PLN",
    "customer": {"name": "Anna Nowak", "emails": ["anna@example.com"]},
    "lines": [{"sku": "A1", "name": "Blue scarf", "quantity": "2", "price": "12.505"}],
    "due_on": "2026-05-10",
}


@pytest.fixture
def program() -> Client:
    token = make_token(name="shop", rights=[Right.SEE.value, Right.CHANGE.value], by=SHELL)
    return Client(headers={"authorization": f"Bearer {token}"})


def send(program: Client, path: str, body: dict[str, Any]) -> Any:
    return program.post(f"/api/v1/{path}", body, content_type="application/json")


def test_an_order_is_taken_once_changed_read_and_moved_on(program: Client) -> None:
    first = send(program, "orders", ORDER).json()
    assert first["outcome"] == "new"
    assert send(program, "orders", ORDER).json() == {**first, "outcome": "known"}
    assert send(program, "orders", {**ORDER, "place": "parcel 7"}).json() == {**first, "outcome": "changed"}
    assert (Order.objects.count(), Customer.objects.count()) == (1, 1)
    [late] = program.get("/api/v1/orders", {"payment": "late"}).json()["orders"]
    assert (late["total"], late["owed"], late["place"], late["currency"]) == (
        "25.01",
        "25.01",
        "parcel 7",
        "PLN",
    )
    assert late["days_late"] > 100
    assert send(program, f"orders/{first['id']}/state", {"state": "paid"}).json()["owed"] == "0"
    whole = program.get(f"/api/v1/orders/{first['id']}").json()
    assert (whole["state"], whole["lines"][0]["price"]) == ("paid", "12.505")
    assert program.get("/api/v1/orders", {"payment": "unpaid"}).json()["orders"] == []


def test_what_is_said_again_is_not_said_twice_and_sensitive_needs_its_right(program: Client) -> None:
    more = {**ORDER, "customer": {**ORDER["customer"], "national_id": "Zofia and Leon"}}
    assert send(program, "orders", more).json()["error"] == "not_allowed"
    assert not Order.objects.exists()
    rights = [Right.SEE.value, Right.CHANGE.value, Right.SEE_SENSITIVE.value]
    token = make_token(name="till", rights=rights, by=SHELL)
    till = Client(headers={"authorization": f"Bearer {token}"})
    for _again in range(2):
        assert send(till, "orders", more).status_code == 200
    kept = str(Claim.objects.get().values.get("national_id"))
    assert "Zofia" not in kept, "it is sealed, and known again all the same"
    told = {**ORDER["customer"], "phones": ["+48600100200"]}
    send(till, "orders", {**ORDER, "key": "1002", "customer": told, "customer_key": "c1"})
    send(till, "orders", {**ORDER, "key": "1003", "customer": told, "customer_key": "c1"})
    assert (Claim.objects.count(), Order.objects.count()) == (2, 3)


@pytest.mark.parametrize(
    ("field", "bad"), [("currency", "QQQ"), ("at", "2099-01-01"), ("lines", [{"price": "1e30"}]), ("key", "")]
)
def test_what_cannot_be_is_refused_in_words(program: Client, field: str, bad: Any) -> None:
    answer = send(program, "orders", {**ORDER, field: bad})
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert not Order.objects.exists()
    assert not Customer.objects.exists()


def test_rates_are_set_on_their_page_all_or_none() -> None:
    anna = make.person("Anna", "Nowak")
    make.order(anna, price="10", currency="USD")
    owner = Client()
    owner.force_login(
        Staff.objects.create_user(email="owner@example.com", name="Ola", role="owner"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert "These lack a rate" in owner.get("/orders/rates").content.decode()
    for wrong in ("USD, 2020-01-01, 0.9\nEUR, 2020-01-01, 2", "USD, soon, 0.9", "XQX, 2020-01-01, 1", "USD"):
        answer = owner.post("/orders/rates", {"rates": wrong})
        assert (answer.status_code, wrong[:5] in answer.content.decode()) == (422, True)
    assert Order.objects.get().rate is None
    assert (
        owner.post("/orders/rates", {"rates": "usd, 2020-01-01, 0.9\nUSD;2021-01-01;0.8"}).status_code == 302
    )
    assert Order.objects.get().net_home == 8
    shown = owner.get("/orders/rates").content.decode()
    assert "0.8" in shown
    assert "These lack a rate" not in shown


def test_the_pages_show_orders_and_take_what_is_done() -> None:
    anna = make.person("Anna", "Nowak")
    found = make.order(anna, name="Blue scarf", price="12.5")
    owner = Client()
    owner.force_login(
        Staff.objects.create_user(email="owner@example.com", name="Ola", role="owner"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    for path in ("/orders/", f"/orders/{found.pk}/", f"/customers/{anna.card}/orders"):
        assert "€12.50" in owner.get(path).content.decode(), path
    assert owner.post(f"/orders/{found.pk}/pay", {"amount": "lots"}).status_code == 422
    owner.post(f"/orders/{found.pk}/pay", {"amount": "12,50", "method": "cash"})
    owner.post(f"/orders/{found.pk}/move", {"state": "sent", "place": "parcel 7"})
    found.refresh_from_db()
    assert (found.unpaid, found.state, found.place) == (False, "sent", "parcel 7")
    assert "No order fits this" in owner.get("/orders/?payment=unpaid").content.decode()
