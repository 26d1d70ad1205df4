"""Who sees contact points veiled: nothing that stands at any address, for whatever right, shows one whole."""

from __future__ import annotations

import pytest
from django.test import Client

from kartoteka.people.editing import change_customer
from kartoteka.people.models import Customer
from kartoteka.quality.merging import merge
from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.models import Staff
from kartoteka.trust.roles import save_role
from kartoteka.trust.tokens import make_token
from tests import make

from .conftest import Shop
from .routes import routes

pytestmark = pytest.mark.django_db
# Of the customer in the shop, and of one who was joined with her.
HIDDEN = (
    "600100200",
    "600 100 200",
    "ukryta.anna",
    "Skrytkowa 5",
    "ukryta_ola",
    "600100299",
    "600 100 299",
    "zofia.ukryta",
)


def test_no_address_shows_a_contact_point_whole(shop: Shop) -> None:
    street = [{"street": "Skrytkowa", "number": "5", "city": "Kielce", "country": "PL"}]
    change: dict[str, object] = {"emails": [{"value": "ukryta.anna@example.com"}], "addresses": street}
    change["handles"] = [{"network": "instagram", "handle": "ukryta_ola"}]
    change_customer(customer=shop.anna, changes={**change, "note": "mobile 600 100 299"}, by=SHELL)
    nameless = make.claims({"key": "n", "emails": [{"value": "zofia.ukryta@example.com"}]})
    gone = Customer.objects.get(pk=nameless.customers[0])
    why = [["same_phone", {"value": "+48600100200"}]]
    merge(kept=shop.anna, gone=gone, by=SHELL, why="both 600 100 299", reasons=why)
    rights = [each.value for each in Right if each is not Right.REVEAL]
    save_role(key="", name="Veiled", rights=rights, scope="all", by=SHELL)
    reader = Staff.objects.create_user(email="v@example.com", name="V", role="veiled")
    client = Client()
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    secret = make_token(name="veiled", rights=rights, by=SHELL)
    program = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    leaks, seen = [], 0
    for route in routes():
        if route.pattern.startswith(("my/", "u/", "confirm/", "enter/", "accounts/", "api/v1/openapi.json")):
            continue  # the customer's own page, by a link that is theirs; and what is made up to show how it is written
        answer = client.get(route.at(shop.things), **(program if route.pattern.startswith("api/") else {}))
        seen += answer.status_code == 200
        text = answer.getvalue().decode("utf-8", "replace")
        leaks += [(route.pattern, each) for each in HIDDEN if each in text]
    assert seen > 60, "the walk sees the pages"
    assert not leaks
