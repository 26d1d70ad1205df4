"""Retention, partner lists and the privacy policy on screen, by the API and from the shell."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kartoteka.cli.main import main
from kartoteka.consent import policy, purposes
from kartoteka.consent.ledger import Taken, give
from kartoteka.consent.links import make_link
from kartoteka.consent.models import Exchange, LegalHold, RetentionRule
from kartoteka.people.models import Claim, Customer
from kartoteka.people.recording import refresh
from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.tokens import make_token
from kartoteka.web.places import PLACES
from tests.make import person

pytestmark = pytest.mark.django_db


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def made_old(someone: Customer) -> None:
    Claim.objects.filter(identity__customer=someone).update(at=timezone.now() - dt.timedelta(days=4000))
    refresh([someone.pk])


def program() -> Client:
    token = make_token(name="program", rights=[each.value for each in Right], by=SHELL)
    return Client(headers={"authorization": f"Bearer {token}"})


def test_a_rule_is_added_seen_and_switched_on(owner: Client, capsys: pytest.CaptureFixture[str]) -> None:
    old = person("Ola", "Dawna")
    made_old(old)
    assert "Begin with the usual rules" in shown(owner, "/retention/")
    refused = owner.post("/retention/", {"what": "customer", "months": "many"})
    assert refused.status_code == 422
    answer = owner.post("/retention/", {"what": "customer", "months": "24", "ground": "contract"})
    page = shown(owner, answer.headers["Location"])
    assert "<strong>1</strong> card goes whole." in page
    assert "Ola Dawna" in page
    owner.post(reverse("hold_customer", args=[old.card]), {"why": "VII C 12/26"})
    assert "1 more is due and stays" in shown(owner, answer.headers["Location"])
    assert "VII C 12/26" in shown(owner, reverse("customer_privacy", args=[old.card]))
    owner.post(reverse("hold_customer", args=[old.card]), {"end": "1"})
    assert LegalHold.objects.get().ended_at
    rule = RetentionRule.objects.get()
    owner.post(reverse("switch_rule", args=[rule.pk]), {"on": "1"})
    listed = program().get("/api/v1/retention").json()["rules"]
    assert [(each["on"], each["would_go"]["cards"]) for each in listed] == [(True, 1)]
    assert main(["retention", "--run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["went"] == [{"rule": rule.pk, "cards": 1, "claims": 1}]
    assert not Customer.objects.exists()
    owner.post("/retention/usual")
    assert shown(owner, "/retention/").count("data-row>") == 7


def test_the_api_adds_and_switches_a_rule() -> None:
    api = program()
    made = api.post(
        "/api/v1/retention", {"what": "field:note", "months": 12}, content_type="application/json"
    )
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    told = api.post(f"/api/v1/retention/{key}/switch", {"on": True}, content_type="application/json").json()
    assert told["on"] is True
    bad = api.post("/api/v1/retention", {"what": "field:none", "months": 12}, content_type="application/json")
    assert (bad.status_code, bad.json()["field"]) == (422, "what")
    assert api.get("/api/v1/policy").status_code == 404


def test_a_partner_list_from_the_salt_to_the_export(
    owner: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    wine = purposes.add(names={"en": "Wine"}, ground="consent", partner="Winnica", by=SHELL)
    ewa, jan = person("Ewa", "Tak", email="ewa@example.com"), person("Jan", "Nie", email="jan@example.com")
    give(customer=ewa, purpose=wine, channel="email", taken=Taken("form"), by=SHELL)
    place = owner.post("/partners/begin", {"purpose": wine.key, "channel": "email"}).headers["Location"]
    begun = Exchange.objects.get()
    assert begun.salt in shown(owner, place)
    lines = [
        hmac.new(bytes.fromhex(begun.salt), each.email.encode(), hashlib.sha256).hexdigest()
        for each in (ewa, jan)
    ]
    plain = SimpleUploadedFile("x.csv", b"ewa@example.com\n")
    owner.post(f"{place}compare", {"file": plain})
    assert begun.salt in shown(owner, place), "a list that could not be read is no answer"
    owner.post(f"{place}compare", {"file": SimpleUploadedFile("x.csv", "\n".join(lines).encode())})
    page = shown(owner, place)
    assert "In both: 2. Agreed to this partner: 1." in page
    assert begun.salt not in page
    owner.post(f"{place}list")
    assert "Winnica" in shown(owner, "/exports/")
    ours = owner.post("/partners/hashes", {"purpose": wine.key, "channel": "email", "salt": "ab" * 32})
    assert len(ours.content.decode().split()) == 2, "a heading and one hash"
    assert main(["partner", "list"]) == 0
    assert "Winnica, email: theirs 2, ours 2, in both 2, agreed 1" in capsys.readouterr().out
    again = program().post(
        "/api/v1/exchanges", {"purpose": wine.key, "channel": "email"}, content_type="application/json"
    )
    assert len(again.json()["salt"]) == 64
    path = f"/api/v1/exchanges/{again.json()['id']}/compare"
    told = program().post(path, {"hashes": ["ab" * 32]}, content_type="application/json").json()
    assert (told["theirs"], told["met"], told["salt"]) == (1, 0, "")
    assert program().post(path, {"hashes": ["ab" * 32]}, content_type="application/json").status_code == 409


def test_the_policy_is_written_published_and_read_by_everybody(owner: Client) -> None:
    anna = person("Anna", "Lis", email="anna@example.com")
    stranger = Client()
    assert stranger.get("/privacy").status_code == 404
    link = make_link(customer=anna, by=SHELL)
    assert "/privacy" not in shown(stranger, link)
    assert "every law asks for it" in shown(owner, "/policy/")
    owner.post("/policy/contact", {"business": "Herbaty", "address": "Polna 1", "officer": "Ewa, e@h.pl"})
    owner.post("/policy/words", {"section": "more", "language": "pl", "text": "Dbamy <b>o</b> dane."})
    published = owner.post("/policy/publish")
    assert published.headers["Location"] == "/policy/1/"
    assert "Herbaty" in shown(owner, "/policy/1/")
    page = stranger.get("/privacy?language=pl")
    text = page.content.decode()
    assert "Dbamy &lt;b&gt;o&lt;/b&gt; dane." in text
    assert "anna@example.com" not in text
    assert page.headers["Cache-Control"] == "public, max-age=300"
    assert "Accept-Language" in page.headers["Vary"]
    assert not page.cookies
    assert "Dbamy" not in shown(stranger, "/privacy?language=en")
    assert 'href="/privacy' in shown(stranger, link)
    purposes.add(names={"en": "Wine"}, ground="consent", partner="Winnica", by=SHELL)
    draft = shown(owner, "/policy/")
    assert "“Wine” is new" in draft
    assert "1 customer to ask" in draft
    assert "Anna Lis" in shown(owner, "/customers/?renew=wine")
    nowhere = shown(owner, "/customers/?renew=beer")
    assert "There is no such purpose." in nowhere
    assert "Anna Lis" in nowhere
    assert policy.publish(by=SHELL).number == 2
    assert "Winnica" not in shown(stranger, "/privacy?version=1&language=en")
    assert "Winnica" in shown(stranger, "/privacy?language=en")
    assert program().get("/api/v1/policy").json()["version"] == 2


def test_no_two_places_have_the_same_keys() -> None:
    keys = [each.keys for each in PLACES]
    assert sorted(keys) == sorted(set(keys))
