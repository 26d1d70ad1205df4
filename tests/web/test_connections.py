"""Connections: what the other side needs is shown, its secret once; what was refused says why; one is done again."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kartoteka.activity.order_models import Order
from kartoteka.intake.connection_secrets import secrets_of
from kartoteka.intake.connections import note_delivery
from kartoteka.intake.models import Connection, Delivery
from kartoteka.intake.shops.doing import do_due
from tests.intake.shops.conftest import connected, post
from tests.intake.shops.payloads import SECRET, WOO, body, changed, signed

pytestmark = pytest.mark.django_db


def test_a_shop_is_connected_and_its_secret_shown_once(owner: Client) -> None:
    assert "Nothing is connected yet" in owner.get("/connections/").content.decode()
    assert "WooCommerce" in owner.get("/connections/new").content.decode()
    form = {"kind": "woocommerce", "name": "Sklep", "ground": "contract", "ask-consumer_secret": "cs_hidden"}
    shown = owner.post("/connections/new", form).content.decode()
    made = Connection.objects.get()
    (secret,) = secrets_of(made)
    assert secret in shown
    assert f"/hooks/woocommerce/{made.key}" in shown
    page = owner.get(f"/connections/{made.pk}/").content.decode()
    assert secret not in page
    assert "cs_hidden" not in page
    rotated = owner.post(f"/connections/{made.pk}/secret").content.decode()
    fresh = secrets_of(Connection.objects.get())[0]
    assert fresh != secret
    assert fresh in rotated
    assert fresh not in owner.get(f"/connections/{made.pk}/").content.decode()


def test_what_is_wrong_in_the_form_stands_at_its_field(owner: Client) -> None:
    answer = owner.post("/connections/new", {"kind": "shopify", "name": "", "ground": "contract"})
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.content.decode()
    answer = owner.post("/connections/new", {"kind": "shopify", "name": "x", "ground": "contract"})
    assert 'id="secret-error"' in answer.content.decode()
    assert not Connection.objects.exists()


def test_a_woo_order_with_a_bad_signature_is_refused_and_shown(owner: Client) -> None:
    made = connected("woocommerce")
    raw = body(WOO)
    assert post(made, raw, signed("woocommerce", raw, topic="order.created", secret="guessed")) == 401
    assert not do_due()
    assert not Order.objects.exists()
    assert "1 refused" in owner.get("/connections/").content.decode()
    page = owner.get(f"/connections/{made.pk}/?state=refused").content.decode()
    assert "order.created" in page
    assert "The signature does not fit" in page
    assert "again/" not in page, "what nobody proved is not done by a click"


def test_a_failed_one_is_done_again(owner: Client) -> None:
    made = connected("woocommerce")
    raw = body(
        changed(WOO, billing__first_name="<script>alert(1)</script>", line_items__0__name="<img src=x>")
    )
    post(made, raw, signed("woocommerce", raw, topic="order.created"))
    Delivery.objects.update(state="failed", problem="<script>no</script>")
    page = owner.get(f"/connections/{made.pk}/").content.decode()
    assert "<script>no" not in page
    again = re.search(rf"/connections/{made.pk}/again/\d+", page)
    assert again
    owner.post(again[0])
    assert do_due()
    assert Delivery.objects.get().state == "taken"
    card = Order.objects.get().identity.customer.card
    assert "<script>alert" not in owner.get(f"/customers/{card}/").content.decode()
    owner.post(f"/connections/{made.pk}/end")
    assert post(made, raw, signed("woocommerce", raw)) == 404


def test_the_list_asks_as_much_for_three_as_for_one(owner: Client) -> None:
    counted = []
    for number in range(3):
        made = connected(("woocommerce", "shopify", "orders")[number])
        for state in ("refused", "failed", "waiting", "taken"):
            note_delivery(connection=made, state=state, topic="order.created")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            owner.get("/connections/")
        counted.append(len(asked))
    assert counted[0] == counted[2]


def test_only_who_sets_up_goes_there(clerk: Client) -> None:
    made = connected("orders")
    for path in ("", "new", f"{made.pk}/"):
        assert clerk.get(f"/connections/{path}").status_code == 403
    for path in ("secret", "change", "missed", "end", "again/1"):
        assert clerk.post(f"/connections/{made.pk}/{path}").status_code == 403
    assert secrets_of(Connection.objects.get()) == [SECRET]
