"""Orders by the API: taken once however often they come, read within the view, moved on."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kartoteka.activity.models import Order
from kartoteka.people.models import Customer
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


@pytest.mark.parametrize(
    ("field", "bad"), [("currency", "QQQ"), ("at", "2099-01-01"), ("lines", [{"price": "1e30"}]), ("key", "")]
)
def test_what_cannot_be_is_refused_in_words(program: Client, field: str, bad: Any) -> None:
    answer = send(program, "orders", {**ORDER, field: bad})
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert not Order.objects.exists()
    assert not Customer.objects.exists()


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
