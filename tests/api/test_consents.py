"""Consent by the API and the command line: read, taken down, asked of the gate."""

from __future__ import annotations

import json

import pytest

from kartoteka.cli.main import main
from kartoteka.consent import purposes
from kartoteka.consent.models import Choice
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL, Right
from tests import make

from .conftest import Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Customer:
    purposes.make_presets(by=SHELL)
    return make.person("Anna", "Lis", email="anna@example.com", phone="+48600100200")


def test_a_program_takes_a_choice_down_and_asks_the_gate(caller: Caller, anna: Customer) -> None:
    api = caller(Right.SEE, Right.CHANGE)
    question = {"purpose": "marketing", "channel": "email"}
    assert api.get(f"/customers/{anna.card}/may", **question)["reason"] == "not_asked"
    made = api.post(
        f"/customers/{anna.card}/consents",
        {**question, "what": "given", "how": "form", "place": "checkout", "contact": "anna@example.com",
         "language": "pl", "evidence": {"ip": "203.0.113.7"}, "at": "2026-03-01T10:00:00+01:00"},
        status=201,
    )  # fmt: skip
    assert made["words"].startswith("Tak, chcę")
    answer = api.get(f"/customers/{anna.card}/may", **question)
    assert (answer["allowed"], answer["why"], answer["choice"]) == (True, "They agreed.", made["id"])
    told = api.get(f"/customers/{anna.card}/consents")
    assert len(told["may"]) == 30
    [state] = [each for each in told["may"] if (each["purpose"], each["channel"]) == ("marketing", "email")]
    assert state["allowed"]
    assert state["since"] == "2026-03-01T09:00:00+00:00"
    assert [each["place"] for each in told["said"]] == ["checkout"]
    assert Choice.objects.get().evidence == {"ip": "203.0.113.7"}
    api.post(f"/customers/{anna.card}/consents", {**question, "what": "withdrawn"}, status=201)
    assert api.get(f"/customers/{anna.card}/may", **question)["reason"] == "withdrawn"


def test_what_is_wrong_is_named(caller: Caller, anna: Customer) -> None:
    api = caller(Right.SEE, Right.CHANGE)
    good = {"purpose": "marketing", "channel": "email", "what": "given"}
    for field, sent in {
        "purpose": {"purpose": "x"},
        "channel": {"channel": "pigeon"},
        "what": {"what": "asked"},
        "how": {"how": "link"},
        "point": {"contact": "other@example.com"},
        "wording": {"wording": 10**6},
        "at": {"at": "2026-03-01T10:00:00"},
    }.items():
        refused = api.post(f"/customers/{anna.card}/consents", {**good, **sent}, status=422)
        assert refused["field"] == field, refused
    assert (
        api.get(f"/customers/{anna.card}/may", status=422, purpose="x", channel="email")["field"] == "purpose"
    )
    assert api.get("/customers", status=422, may="marketing")["field"] == "may"
    api.get("/customers/000000000/consents", status=404)
    caller(Right.SEE).post(f"/customers/{anna.card}/consents", good, status=403)
    assert not Choice.objects.exists()


def test_the_list_knows_who_may_be_reached(caller: Caller, anna: Customer) -> None:
    make.person("Ola", "Lis", email="ola@example.com")
    api = caller(Right.SEE, Right.CHANGE)
    api.post(
        f"/customers/{anna.card}/consents",
        {"purpose": "marketing", "channel": "email", "what": "given"},
        status=201,
    )
    found = api.get("/customers", may="marketing:email")
    assert [each["card"] for each in found["customers"]] == [anna.card]
    assert api.get("/customers", may="service:email")["count"] == 2


def test_the_command_line_says_it_too(anna: Customer, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["may", anna.card, "marketing", "email"]) == 1
    assert capsys.readouterr().out == "no: They have not been asked.\n"
    assert main(["may", anna.card, "service", "email", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["allowed"], told["reason"], told["card"]) == (True, "ground", anna.card)
    assert main(["may", anna.card, "nope", "email"]) == 1
    assert "marketing" in capsys.readouterr().err
    assert main(["may", "000000000", "marketing", "email"]) == 1
