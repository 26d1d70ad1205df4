"""Customers' requests by program: taken down, known, answered; who was forgotten is not sent in again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from django.test import Client

from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.tokens import make_token
from tests import make

pytestmark = pytest.mark.django_db
URL = "/api/v1/requests"
JSON = "application/json"


@pytest.fixture
def program() -> Callable[..., Client]:
    def with_rights(*rights: Right) -> Client:
        token = make_token(name="the shop", rights=[each.value for each in rights], by=SHELL)
        return Client(headers={"authorization": f"Bearer {token}"})

    return with_rights


@pytest.fixture
def anna() -> Customer:
    return make.person("Anna", "Lis", phone="+48600100299", email="anna@example.com")


def test_from_asked_to_forgotten(program: Callable[..., Client], anna: Customer) -> None:
    shop, officer = program(Right.SEE, Right.CHANGE), program(*Right)
    given = {"card": anna.card_shown, "kind": "erasure", "said": "please"}
    made = shop.post(URL, given, content_type=JSON)
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    assert made.json()["customer"]["card"] == anna.card
    assert shop.get(URL).status_code == 403
    assert [each["id"] for each in officer.get(URL).json()["requests"]] == [key]
    assert officer.post(f"{URL}/{key}/answer", content_type="application/json").status_code == 422
    assert officer.post(f"{URL}/{key}/known", {"how": "signed in"}, content_type=JSON).status_code == 200
    done = officer.post(f"{URL}/{key}/answer", content_type="application/json").json()
    assert done["customer"] is None
    assert [each["what"] for each in done["steps"]] == ["received", "identified", "answered"]
    again = {"values": {"given": "Anna", "phones": "+48600100299"}, "ground": "contract"}
    refused = shop.post("/api/v1/customers", again, content_type=JSON)
    assert refused.status_code == 422
    assert "asked to be forgotten on" in refused.json()["message"]


def test_a_file_is_handed_over_once_with_its_hash(program: Callable[..., Client], anna: Customer) -> None:
    officer = program(*Right)
    given = {"card": anna.card, "kind": "portability", "known_by": "signed in"}
    key = officer.post(URL, given, content_type=JSON).json()["id"]
    file = officer.post(f"{URL}/{key}/file")
    assert file["Content-Type"] == JSON
    assert file.json()["schema"] == "kartoteka-customer/1"
    steps = officer.get(f"{URL}/{key}").json()["steps"]
    assert steps[-1]["digest"] == hashlib.sha256(file.content).hexdigest()
    assert officer.post(f"{URL}/{key}/file").status_code == 422


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"kind": "nothing"}, 422),
        ({"kind": "correction"}, 422),
        ({"kind": "correction", "changes": {"no_such_field": 1}}, 422),
        ({"kind": "access", "card": "K000-0000"}, 404),
        ({"kind": "access", "said": "x" * 4001}, 422),
    ],
)
def test_what_cannot_be_asked(
    program: Callable[..., Client], anna: Customer, given: dict[str, object], status: int
) -> None:
    assert program(*Right).post(URL, {"card": anna.card, **given}, content_type=JSON).status_code == status
