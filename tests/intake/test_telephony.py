"""Telephone systems: what is signed is taken down, a talk becomes a dealing; a new caller and a callback in one step."""

from __future__ import annotations

import datetime as dt
import json
import time

import pytest
from django.test import Client

from kartoteka.activity.dealing_models import Dealing
from kartoteka.agenda.models import Callback
from kartoteka.intake.connection_models import Delivery
from kartoteka.intake.connections import connect, deliveries, secret_of
from kartoteka.intake.telephony.models import Ringing
from kartoteka.intake.telephony.ringing import signature
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import Staff
from kartoteka.trust.tokens import make_token
from tests import make

pytestmark = pytest.mark.django_db


class System:
    """A telephone system that is connected."""

    def __init__(self) -> None:
        self.connection = connect(kind="telephone", name="Switchboard", by=SHELL)
        self.secret = secret_of(self.connection)

    def tell(self, *, at: int | None = None, secret: str = "", **said: object) -> int:
        body = json.dumps({"call": "c1", "number": "+48600100200", **said}).encode()
        signed = signature(secret or self.secret, body, at=at if at is not None else int(time.time()))
        address = f"/ring/{self.connection.key}"
        headers = {"X-Kartoteka-Signature": signed}
        return Client().post(address, body, content_type="application/json", headers=headers).status_code


@pytest.fixture
def system() -> System:
    return System()


def test_a_ringing_number_opens_the_card_and_its_talk_is_a_dealing(system: System) -> None:
    anna = make.person("Anna", "Kowalska", phone="+48600100200")
    ola = Staff.objects.create_user(email="ola@example.com", name="Ola", role="staff")
    browser = Client()
    browser.force_login(ola, backend="django.contrib.auth.backends.ModelBackend")
    assert system.tell(event="ringing", number="+48 600-100-200") == 204
    page = browser.get("/telephone/ringing").content.decode()
    assert "Anna Kowalska" in page
    call = page.split("?call=")[1].split('"')[0]
    assert browser.get(f"/telephone/?call={call}").url == f"/customers/{anna.card}/"  # type: ignore[attr-defined]
    assert (
        system.tell(event="answered")
        == system.tell(event="ended", seconds=65)
        == system.tell(event="ended")
        == 204
    )
    talk = Dealing.objects.get()
    assert (talk.identity.customer, talk.owner, talk.seconds, talk.owes_note) == (anna, ola, 65, True)  # type: ignore[union-attr]
    assert "call=" not in browser.get("/telephone/ringing").content.decode()
    assert Ringing.objects.get().number == "", "once it is over the number stands with the talk alone"


def test_what_nobody_signed_is_refused_and_shown(system: System) -> None:
    assert system.tell(event="ringing", secret="other") == 401
    assert system.tell(event="ringing", at=int(time.time()) - 3600) == 401
    assert system.tell(event="exploded") == 422
    assert system.tell(event="ringing", call={"a": 1}) == 422
    assert Client().post("/ring/nobody", b"{}", content_type="application/json").status_code == 401
    problems = deliveries(actor=SHELL, connection=system.connection).values_list("state", flat=True)
    assert set(problems) == {"refused"}
    assert len(problems) == 4
    assert Delivery.objects.count() == 4, "nobody fills the list by addresses that were never given"


def test_a_stranger_who_rang_waits_in_the_list(system: System) -> None:
    for event in ("ringing", "answered", "ended"):
        assert system.tell(event=event, number="anonymous") == 204
    assert Dealing.objects.get().identity is None


def test_a_new_caller_gets_a_card_in_three_fields() -> None:
    ola = Staff.objects.create_user(email="ola@example.com", name="Ola", role="staff")
    browser = Client()
    browser.force_login(ola, backend="django.contrib.auth.backends.ModelBackend")
    assert "May I open an account" in browser.get("/telephone/?number=tel:%2B48600100201").content.decode()
    form = {"name": "Ewa Lis", "phone": "+48600100201", "heard_from": "a friend", "about": "question", "note": "coats?",
            "owner": str(ola.pk), "due_at": f"{dt.datetime.now() + dt.timedelta(days=1):%Y-%m-%dT%H:%M}"}  # fmt: skip
    assert browser.post("/telephone/", {**form, "phone": "no number"}).status_code == 422
    assert browser.post("/telephone/", {**form, "about": "riddle"}).status_code == 422
    assert not Customer.objects.exists()
    browser.post("/telephone/", form)
    ewa = Customer.objects.get()
    assert (ewa.name, ewa.more["heard_from"]) == ("Ewa Lis", "a friend")
    assert Dealing.objects.get().owner == ola
    assert browser.get("/telephone/?number=%2B48600100201").url == f"/customers/{ewa.card}/"  # type: ignore[attr-defined]


def test_one_click_asks_for_a_callback() -> None:
    token = make_token(name="shop", rights=["see", "change"], by=SHELL)

    def ask(**said: str) -> tuple[int, dict[str, object]]:
        headers = {"Authorization": f"Bearer {token}"}
        answer = Client().post("/api/v1/callbacks", said, content_type="application/json", headers=headers)
        return answer.status_code, answer.json()

    status, told = ask(phone="+48600100202", name="Jan Lis", key="w-1")
    assert (status, told["seconds"]) == (201, 900)
    assert ask(phone="+48600100202", key="w-1")[1]["callback"] == told["callback"]
    assert ask(phone="+48600100202")[1]["callback"] == told["callback"]
    assert ask(phone="six")[0] == 422
    assert Callback.objects.get().identity.customer.name == "Jan Lis"
