"""A pasted message: read, looked at, taken down once, with its customer."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from kartoteka.activity.order_models import Order
from kartoteka.people.models import Customer

pytestmark = pytest.mark.django_db
TEXT = "Hej, poproszę 2 torty po 45 zł na sobotę i 3 kawy\nAnna Lis\n+48600100200"


def filled(page: str) -> dict[str, list[str]]:
    """What stands in the fields of the form."""
    found: dict[str, list[str]] = {}
    for field in re.findall(r"<input[^>]+>", page):
        name, value = re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)
        if name and name[1] != "csrfmiddlewaretoken":
            found.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    return {key: value for key, value in found.items() if key not in ("q",)}


def test_a_message_becomes_an_order_once(clerk: Client) -> None:
    assert clerk.post("/orders/message", {"text": " "}).status_code == 422
    page = clerk.post("/orders/message", {"text": TEXT}).content.decode()
    assert not Order.objects.exists(), "nothing is written before somebody looked"
    form = filled(page)
    assert (form["name"], form["phone"], form["quantity"][:2], form["price"][:2]) == (
        ["Anna Lis"], ["+48600100200"], ["2", "3"], ["45", ""],
    )  # fmt: skip
    assert page.count("A guess: look at it once.") == 2, "the day of the week, and a name that is only signed"
    done = form | {"confirm": ["1"], "channel": ["whatsapp"]}
    for _twice in range(2):
        answer = clerk.post("/orders/message", done)
        assert answer.status_code == 302
    order = Order.objects.get()
    assert (order.total, order.currency, order.channel, order.lines.count()) == (90, "PLN", "whatsapp", 2)
    customer = Customer.objects.get()
    assert (customer.name, customer.phone) == ("Anna Lis", "+48600100200")
    assert answer["location"] == f"/customers/{customer.card}/"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"phone": ""}, "phone"),
        ({"currency": "XXQ"}, "currency"),
        ({"quantity": ["many"]}, "lines"),
        ({"item": [""]}, "lines"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    clerk: Client, wrong: dict[str, object], field: str
) -> None:
    form = {"text": TEXT, "name": "Anna", "phone": "+48600100200", "currency": "PLN", "item": ["tort"], "quantity": ["1"],
            "price": ["5"], "confirm": "1"}  # fmt: skip
    answer = clerk.post("/orders/message", form | wrong)
    assert answer.status_code == 422
    assert ("notice-warn" if field == "lines" else f'id="{field}-error"') in answer.content.decode()
    assert not Order.objects.exists()
    assert not Customer.objects.exists()


def test_script_in_a_message_is_text(clerk: Client) -> None:
    page = clerk.post("/orders/message", {"text": "2 <script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
