"""A shop that knows secrets of a customer, and everybody who may come to its doors."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from kartoteka.activity.dealings import Said, record_dealing
from kartoteka.activity.order_models import Product
from kartoteka.activity.recordings import attach_recording
from kartoteka.agenda.tasks import Plan, plan_task
from kartoteka.consent import purposes
from kartoteka.consent.erasure import forget
from kartoteka.consent.exchanging import begin
from kartoteka.consent.ledger import Taken, give
from kartoteka.consent.links import make_link
from kartoteka.consent.policy import publish, save_contact
from kartoteka.consent.purposes import preset
from kartoteka.consent.requests import receive
from kartoteka.consent.retention import add as add_rule
from kartoteka.consent.unsubscribing import token_for
from kartoteka.intake.connections import connect, note_delivery
from kartoteka.intake.models import Import
from kartoteka.people.editing import change_customer, relate
from kartoteka.people.models import Customer
from kartoteka.people.ownfields import save_field
from kartoteka.quality.merging import merge
from kartoteka.quality.models import Doubt, MatchRun
from kartoteka.segments.worth.planning import Wanted, plan_report
from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.models import Staff, Token
from kartoteka.trust.teams import save_team
from kartoteka.trust.tokens import make_token
from tests import make
from tests.kept import kept

# Each stands in a sensitive field and nowhere else, so that seeing it anywhere is seeing what must not be seen.
SECRETS = ("85040312345", "Tajemnicka", "orzechowaalergia")
AS = Callable[[str], Client]


@dataclass(frozen=True)
class Shop:
    """The base: who is in it, what stands in its addresses, and the sensitive values."""

    anna: Customer
    things: Mapping[str, object]
    secrets: tuple[str, ...] = field(default=SECRETS)


@pytest.fixture(scope="module")
def kept_shop(django_db_setup: None, django_db_blocker: Any) -> Iterator[Shop]:
    """One shop for all tests of a module that says so in its pytestmark: each finds it as it was made."""
    yield from kept(django_db_blocker, open_shop)


@pytest.fixture
def shop(request: pytest.FixtureRequest) -> Shop:
    """The shop kept for the module, or one of its own."""
    if "kept_shop" not in request.fixturenames:
        request.getfixturevalue("db")
        return open_shop()
    found: Shop = request.getfixturevalue("kept_shop")
    request.getfixturevalue("db")
    return replace(found, anna=Customer.objects.get(pk=found.anna.pk))


def open_shop() -> Shop:
    """All that a shop can have, at least once."""
    save_field(by=SHELL, label="Health", type="text", key="health", sensitive=True)
    save_field(by=SHELL, label="Shoe", type="text", key="shoe")
    done: Import = make.csv_import(
        "id,first name,last name,phone,pesel,health,children\n"
        "1,Anna,Kowalska,600100200,85040312345,orzechowaalergia,7\n"
        "2,Ania,Kowalska,600100200,,,many-orzechowaalergia\n"
        "3,,,,,orzechowaalergia,\n",
        columns={"id": "key", "pesel": "national_id", "health": "x.health", "children": "children"},
    )
    anna, ania = Customer.objects.order_by("pk")[:2]
    secret = {
        "relatives": [{"name": "Tajemnicka Zofia", "relation": "aunt"}],
        "income": "high",
        "x.shoe": "38",
    }
    change_customer(customer=anna, changes=secret, by=SHELL)
    relation = relate(customer=anna, other=ania, kind="sibling", by=SHELL)
    doubt = Doubt.objects.create(
        one=anna,
        other=ania,
        score=0.9,
        found_at=timezone.now(),
        reasons=[["same_registration", {"value": "85040312345"}]],
    )
    run = MatchRun.objects.create(asked_at=timezone.now(), by_name="Kartoteka", state="done")
    merger = merge(kept=anna, gone=make.person("Anna", "Kowalska"), by=SHELL)
    clerk = Staff.objects.create_user(email="clerk@example.com", name="A clerk", role="staff")
    make_token(name="till", rights=[Right.SEE.value], by=SHELL)
    piotr = make.person("Piotr", "Prosty", phone="+48600100201")
    gone = forget(customer=make.person("Zofia", "Zapomniana"), by=SHELL, why="asked")
    wish = {"national_id": "85040312345", "x.health": "orzechowaalergia"}
    asked = receive(customer=anna, kind="correction", through="call", by=SHELL, changes=wish, known_by="seen")
    wine = purposes.add(names={"en": "Wine"}, ground="consent", partner="Winnica", by=SHELL)
    save_contact(business="The shop", address="", officer="", by=SHELL)
    sender = connect(kind="orders", name="our till", by=SHELL)
    chosen = give(
        customer=anna,
        purpose=preset("marketing", by=SHELL),
        channel="post",
        taken=Taken(how="paper", proof=io.BytesIO(b"%PDF-1.7")),
        by=SHELL,
    )
    talk = record_dealing(customer=anna, said=Said("call", note="about the shoe"), by=SHELL)
    heard = attach_recording(dealing=talk, stream=io.BytesIO(b"OggS" + bytes(40)), label="a.ogg", by=SHELL)
    task = plan_task(plan=Plan("Call her", timezone.now()), by=SHELL, customer=anna)
    things = {
        "dealing": talk.pk,
        "enclosure": heard.pk,
        "task": task.pk,
        "card": anna.card,
        "choice": chosen.pk,
        "field": "birth",
        "relation": relation.pk,
        "import": done.pk,
        "order": make.order(anna).pk,
        "doubt": doubt.pk,
        "run": run.pk,
        "sheet": "",
        "purpose": preset("marketing", by=SHELL).key,
        "request": asked.pk,
        "erasure": gone.pk,
        # Somebody else's, as everything stands there that is theirs.
        "page": make_link(customer=piotr, by=SHELL).split("/")[2],
        "unsubscribe": token_for(point=piotr.contacts.get().point_id),
        "way": "call",
        "place": 0,
        "alarm": 1,
        "segment": make.group("allergic", {"trait": "x.health", "op": "contains", "value": SECRETS[2]}).pk,
        "export": 1,
        "rule": add_rule(what="customer", months=24, by=SHELL).pk,
        "exchange": begin(purpose=wine, channel="email", by=SHELL).pk,
        "number": publish(by=SHELL).number,
        "connection": sender.pk,
        "delivery": note_delivery(connection=sender, state="failed", topic="orders", body=b"{}")[0].pk,
        "hook": sender.key,
        "kind": sender.kind,
        "team": save_team(team=None, name="Sellers", stages=["sell"], staff=[], by=SHELL).pk,
        "role": "staff",
        "merger": merger.pk,
        "own_field": "x.shoe",
        "staff": clerk.pk,
        "report_plan": plan_report(
            wanted=Wanted("figures", "week", "before", "", "weekly", 0, 7, (clerk.pk,)), by=SHELL
        ).pk,
        "token": Token.objects.get(name="till").pk,
        "product": Product.objects.get(sku="A1").pk,
    }
    return Shop(Customer.objects.get(pk=anna.pk), things)


@pytest.fixture
def signed_in(db: None) -> Iterator[AS]:
    """A browser by role; "nobody" is one that did not sign in. What goes wrong inside is answered, not raised."""

    def as_role(role: str) -> Client:
        client = Client(raise_request_exception=False)
        if role != "nobody":
            staff = Staff.objects.create_user(email=f"{role}@example.com", name=f"The {role}", role=role)
            client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        return client

    cache.clear()
    yield as_role
    cache.clear()


@pytest.fixture
def program(db: None) -> Iterator[Callable[..., Client]]:
    """A program with a token of these rights."""

    def with_rights(*rights: Right, **more: Any) -> Client:
        token = make_token(name="program", rights=[each.value for each in rights], by=SHELL)
        return Client(headers={"authorization": f"Bearer {token}"}, raise_request_exception=False, **more)

    cache.clear()
    yield with_rights
    cache.clear()
