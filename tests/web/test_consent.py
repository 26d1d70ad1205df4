"""Consent on screen: the card's section, the owner's page, the filter of the list."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kartoteka.consent import purposes
from kartoteka.consent.erasure import forget
from kartoteka.consent.ledger import Taken, give
from kartoteka.consent.models import Choice, Purpose, Wording
from kartoteka.consent.reasons import Reason
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL
from kartoteka.web.templatetags.consent_words import reason_short
from tests.make import claims, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def aino(db: None) -> Customer:
    purposes.make_presets(by=SHELL)
    return person("Aino", "Virtanen", email="aino@example.com", language="fi")


def send(client: Client, someone: Customer, **sent: str):
    return client.post(reverse("card_consents", args=[someone.card]), sent)


def section(client: Client, someone: Customer) -> str:
    return client.get(reverse("card_consents", args=[someone.card])).content.decode()


def test_a_choice_is_taken_down_at_the_counter(clerk: Client, aino: Customer) -> None:
    assert (
        reverse("card_consents", args=[aino.card])
        in clerk.get(reverse("customer", args=[aino.card])).content.decode()
    )
    shown = section(clerk, aino)
    assert "Kyllä, minulle saa lähettää" in shown, "the words in the customer's language, to be read out"
    answer = send(clerk, aino, purpose="marketing", channel="email", what="given", how="counter")
    assert answer.status_code == 200
    assert json.loads(answer.headers["HX-Trigger"])["toast"]["text"] == "Written down: they agreed."
    line = Choice.objects.get()
    assert (line.what, line.how, line.by_name) == ("given", "counter", "The staff")
    assert line.wording is not None
    assert line.wording.language == "fi"
    shown = answer.content.decode()
    assert re.search(r"chip-good.*?yes", shown, re.DOTALL)
    assert "The staff" in shown, "who took it down is told on demand"
    send(clerk, aino, purpose="marketing", channel="email", what="withdrawn", how="call")
    assert "They said no." in section(clerk, aino)


def test_a_signed_paper_is_kept_with_the_choice_and_read_by_who_sees_contact_points(
    clerk: Client, owner: Client, as_role: Callable[[str], Client], aino: Customer
) -> None:
    paper = b"%PDF-1.7 signed by Aino"
    sent = {"purpose": "marketing", "channel": "post", "what": "given", "how": "paper"}
    address = reverse("card_consents", args=[aino.card])
    bad = clerk.post(address, {**sent, "proof": SimpleUploadedFile("a.pdf", b"MZ a program")})
    assert "Choose a photo or scan" in bad.headers["HX-Trigger"]
    assert not Choice.objects.exists()
    clerk.post(address, {**sent, "proof": SimpleUploadedFile("a.pdf", paper)})
    line = Choice.objects.get()
    where = reverse("consent_proof", args=[aino.card, line.pk])
    assert "version 1, fi" in (shown := section(owner, aino))
    assert where in shown
    answer = owner.get(where)
    assert (answer.content, answer.headers["Content-Type"]) == (paper, "application/pdf")
    assert as_role("sales").get(where).status_code == 403
    other = person("Ilmari", "Oja")
    assert owner.get(reverse("consent_proof", args=[other.card, line.pk])).status_code == 404
    forget(customer=aino, by=SHELL, why="asked")
    assert not (Path(settings.MEDIA_ROOT) / "consents" / line.evidence["file"]).exists()


def test_every_reason_of_the_gate_has_a_word_for_its_square() -> None:
    assert all(str(reason_short(each)) for each in Reason)


def test_what_is_wrong_is_told_and_writes_nothing(clerk: Client, aino: Customer) -> None:
    for sent in (
        {"purpose": "x"},
        {"channel": "x"},
        {"what": "x"},
        {"how": "x"},
        {"point": "no@example.com"},
    ):
        good = {"purpose": "marketing", "channel": "email", "what": "given", "how": "counter"}
        answer = send(clerk, aino, **{**good, **sent})
        assert json.loads(answer.headers["HX-Trigger"])["toast"]["kind"] == "bad", sent
    assert not Choice.objects.exists()


def test_the_section_takes_as_many_queries_however_much_was_said(clerk: Client, aino: Customer) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            section(clerk, aino)
        return len(found)

    for purpose in Purpose.objects.all()[:1]:
        give(customer=aino, purpose=purpose, channel="email", taken=Taken(how="counter"), by=SHELL)
    one = queries()
    for purpose in Purpose.objects.all()[:3]:
        for channel in ("email", "sms", "post"):
            give(customer=aino, purpose=purpose, channel=channel, taken=Taken(how="counter"), by=SHELL)
    assert queries() == one
    assert one < 22


def test_the_list_is_narrowed_to_those_who_may_be_reached(clerk: Client, aino: Customer) -> None:
    news = Purpose.objects.get(key="marketing")

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            clerk.get("/customers/?may=marketing:email")
        return len(found)

    give(customer=aino, purpose=news, channel="email", taken=Taken(how="counter"), by=SHELL)
    one = queries()
    made = claims(
        *({"key": str(n), "name": f"Niina {n}", "emails": [{"value": f"n{n}@example.com"}]} for n in range(3))
    )
    for each in Customer.objects.filter(pk__in=made.customers[:2]):
        give(customer=each, purpose=news, channel="email", taken=Taken(how="counter"), by=SHELL)
    assert queries() == one
    shown = clerk.get("/customers/?may=marketing:email").content.decode()
    assert "Aino" in shown
    assert "Niina 1" in shown
    assert "Niina 2" not in shown
    assert "Niina 2" in clerk.get("/customers/?may=nonsense").content.decode(), (
        "what is not understood asks nothing"
    )
    assert "Niina 2" in clerk.get("/customers/?may=service:email").content.decode()


def test_the_owner_keeps_the_purposes(owner: Client, db: None) -> None:
    assert "Begin with the usual five" in owner.get(reverse("consent")).content.decode()
    owner.post(reverse("usual_purposes"))
    assert "News and offers" in owner.get(reverse("consent")).content.decode()
    sent = {"name_en": "Wine club", "name_pl": "Klub wina", "ground": "legitimate_interest", "months": "24"}
    refused = owner.post(reverse("new_purpose"), sent)
    assert refused.status_code == 422
    assert "outweighs" in refused.content.decode()
    assert 'value="Klub wina"' in refused.content.decode(), "nothing typed is lost"
    owner.post(reverse("new_purpose"), {**sent, "balancing": "They joined it themselves."})
    club = Purpose.objects.get(key="wine-club")
    assert (club.months, club.names["pl"]) == (24, "Klub wina")
    owner.post(
        reverse("add_words", args=["wine-club"]), {"language": "pl", "text": "Tak.", "channel": ["email"]}
    )
    owner.post(reverse("add_words", args=["wine-club"]), {"language": "pl", "text": "Tak, chcę."})
    assert list(Wording.objects.filter(purpose=club).values_list("version", "text").order_by("version")) == [
        (1, "Tak."), (2, "Tak, chcę."),
    ]  # fmt: skip
    assert "Tak, chcę." in owner.get(reverse("purpose", args=["wine-club"])).content.decode()
    owner.post(reverse("end_purpose", args=["wine-club"]))
    club.refresh_from_db()
    assert club.ended_at is not None


def test_purposes_are_not_for_everybody(clerk: Client, db: None) -> None:
    for name in ("consent", "new_purpose"):
        assert clerk.get(reverse(name)).status_code == 403
    assert clerk.post(reverse("usual_purposes")).status_code == 403
    assert not Purpose.objects.exists()
