"""Worth for programs: the same numbers as on the pages, of everybody and of a group."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from kartoteka.activity.orders import record
from kartoteka.activity.said import LineSaid, OrderSaid
from kartoteka.people.editing import source_named
from kartoteka.people.models import Customer, Identity
from kartoteka.segments.worth import shapes
from kartoteka.segments.worth.running import run_due_count
from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.models import Staff
from tests import make

from .conftest import Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db: None) -> Customer:
    """Anna takes honey with her tea, ten times; Jan takes a pen with it. Both buy pens alone. Counted."""
    anna, jan = make.person("Anna", "Lis"), make.person("Jan", "Lis")
    now = timezone.now().replace(microsecond=0)
    orders = []
    for place in range(40):
        who, both = (anna, place < 10) if place < 30 else (jan, True)
        skus = (("tea", "honey") if who is anna else ("tea", "pen")) if both else ("pen",)
        orders.append(
            OrderSaid(
                str(place),
                now - dt.timedelta(days=2 * place + 40),
                Identity.objects.get(customer=who).pk,
                "EUR",
                tuple(LineSaid(sku, sku, Decimal(1), Decimal(10)) for sku in skus),
            )
        )
    record(orders=orders, source=source_named("shop"), batch=None, by=SHELL)
    assert run_due_count()
    return anna


@pytest.fixture
def owner(db: None) -> Client:
    client = Client()
    client.force_login(
        Staff.objects.create_user(email="owner@example.com", name="The owner", role="owner"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def test_figures_and_how_the_base_stands(caller: Caller, shop: Customer) -> None:
    api, today = caller(), timezone.localdate()
    days = {"from": str(today - dt.timedelta(days=364)), "to": str(today)}
    found = api.get("/worth/figures", **days)
    assert (Decimal(found["now"]["revenue"]), found["now"]["orders"], found["now"]["active"]) == (600, 40, 2)
    assert sum(each["orders"] for each in found["steps"]) == 40
    annas = make.group("Annas", {"trait": "given", "op": "any_of", "value": ["Anna"]})
    hers = api.get("/worth/figures", **days, group=f"group:{annas.pk}")
    assert (hers["now"]["orders"], Decimal(hers["now"]["basket"]).quantize(Decimal("0.01"))) == (
        30,
        Decimal("13.33"),
    )
    base = api.get("/worth/base")
    assert (base["customers"], sum(base["cells"].values()), base["counting"]) == (2, 2, False)
    assert Decimal(base["profit"]["sold"]) == 600
    assert api.get("/worth/base", group=f"group:{annas.pk}")["customers"] == 1
    assert api.get("/worth/figures", **days, group="level:Q", status=404)["error"] == "not_found"
    backwards = {"from": days["to"], "to": days["from"]}
    assert api.get("/worth/figures", **backwards, status=422)["error"] == "invalid"


def test_what_goes_with_what_in_a_group(
    caller: Caller, owner: Client, shop: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = caller()
    sure = {(each["of"], each["sku"]): each for each in api.get("/worth/pairs")["pairs"]}
    assert sure["honey", "tea"]["lift"] == 2.0
    assert ("tea", "honey") not in sure, "of everybody's tea as much goes with a pen"
    annas = make.group("Annas", {"trait": "given", "op": "any_of", "value": ["Anna"]})
    asked = {"group": f"group:{annas.pk}"}
    hers = {(each["of"], each["sku"]): each for each in api.get("/worth/pairs", **asked)["pairs"]}
    tea = hers["tea", "honey"]
    assert (tea["confidence"], tea["together"], tea["lift"]) == (1.0, 10, 3.0)
    page = owner.get("/worth/baskets", asked).content.decode()
    assert "honey" in page
    assert "100%" in page
    assert "honey" in owner.get("/worth/baskets", {**asked, "as": "csv"}).content.decode()
    monkeypatch.setattr(shapes, "SMALL", 0)
    assert api.get("/worth/pairs", **asked)["counting"]
    assert "load this page again" in owner.get("/worth/baskets", asked).content.decode()
    assert shapes.run_due_shape()
    assert api.get("/worth/pairs", **asked)["pairs"] == list(hers.values())


def test_one_customer_and_who_went_silent(caller: Caller, owner: Client, shop: Customer) -> None:
    api = caller(Right.SEE)
    found = api.get(f"/customers/{shop.card}/worth")["worth"]
    assert (found["purchases"], found["rhythm_days"], found["silent"]) == (30, 2, True)
    assert Decimal(found["revenue"]) == 400
    silent = api.get("/worth/silent")["silent"]
    assert {each["customer"]["given"] for each in silent} == {"Anna", "Jan"} or len(silent) == 1
    of_group = {"group": "level:A"}
    few = [each["customer"]["given"] for each in api.get("/worth/silent", **of_group)["silent"]]
    shown = owner.get("/worth/silent", of_group).content.decode()
    assert all(f"{name} Lis" in shown for name in few)
    assert len(few) < len(silent)
    assert api.get("/worth/figures", **{"from": "2026-01-01", "to": "2026-02-01"}, status=403)
