"""Requests on screen: taken down at the counter, worked off by who looks after privacy, what is wrong told in place."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kartoteka.consent.links import visit
from kartoteka.consent.models import Erasure, PrivacyRequest, Restriction
from kartoteka.consent.requests import identify, receive
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Customer:
    return make.person("Anna", "Lis", phone="+48600100299", email="anna@example.com", language="pl")


def asked(anna: Customer, kind: str, **more: object) -> PrivacyRequest:
    return receive(customer=anna, kind=kind, through="call", by=SHELL, known_by="called back", **more)  # type: ignore[arg-type]


def test_the_counter_takes_a_request_down(clerk: Client, owner: Client, anna: Customer) -> None:
    page = f"/customers/{anna.card}/privacy/"
    assert clerk.get(page).status_code == 200
    said = {"kind": "erasure", "through": "call", "said": "please forget me"}
    assert clerk.post(page + "request", said).status_code == 302
    assert clerk.post(page + "request", {**said, "kind": "odd"}).status_code == 422
    found = PrivacyRequest.objects.get()
    assert clerk.get("/requests/").status_code == 403
    assert clerk.post(f"/requests/{found.pk}/answer").status_code == 403
    assert "Anna Lis" in owner.get("/requests/").content.decode()
    assert "please forget me" in owner.get(f"/requests/{found.pk}/").content.decode()


def test_from_known_to_forgotten(owner: Client, anna: Customer) -> None:
    made = receive(customer=anna, kind="erasure", through="paper", by=SHELL)
    path = f"/requests/{made.pk}/"
    assert owner.post(path + "answer").status_code == 422
    assert owner.post(path + "known", {"how": ""}).status_code == 422
    assert owner.post(path + "known", {"how": "passport seen"}).status_code == 302
    assert owner.post(path + "answer").status_code == 302
    assert not Customer.objects.filter(pk=anna.pk).exists()
    assert owner.get(path).status_code == 200
    assert "Anna" not in owner.get("/requests/", {"ended": "1"}).content.decode()
    erasure = Erasure.objects.get()
    assert owner.get("/requests/forgotten").status_code == 200
    for why, lifted in (("", False), ("came to the counter", True)):
        owner.post(f"/requests/forgotten/{erasure.pk}/lift", {"why": why})
        erasure.refresh_from_db()
        assert bool(erasure.lifted_at) is lifted


def test_what_we_hold_is_handed_over(owner: Client, anna: Customer) -> None:
    for kind, begins in (("access", b"%PDF"), ("portability", b"{")):
        answer = owner.post(f"/requests/{asked(anna, kind).pk}/answer")
        assert answer.content.startswith(begins)
        assert answer["Cache-Control"] == "no-store"


def test_more_time_and_a_refusal(owner: Client, anna: Customer) -> None:
    made = asked(anna, "access")
    path = f"/requests/{made.pk}/"
    later = made.due_on + dt.timedelta(days=20)
    for until in ("", "soon", "2001-01-01"):
        assert owner.post(path + "extend", {"until": until, "why": "much of it"}).status_code == 422
    assert owner.post(path + "extend", {"until": later.isoformat(), "why": "much of it"}).status_code == 302
    assert owner.post(path + "refuse", {"why": ""}).status_code == 422
    assert owner.post(path + "refuse", {"why": "third time this week"}).status_code == 302
    made.refresh_from_db()
    assert (made.due_on, bool(made.ended_at)) == (later, True)


def test_a_correction_and_a_restriction(owner: Client, anna: Customer) -> None:
    wish = asked(
        anna, "correction", changes={"emails": [{"value": "anna@example.com", "gone": True}, "a@lis.pl"]}
    )
    shown = owner.get(f"/requests/{wish.pk}/").content.decode()
    assert "<del>anna@example.com</del> a@lis.pl" in shown
    assert owner.post(f"/requests/{wish.pk}/answer").status_code == 302
    anna.refresh_from_db()
    assert anna.email == "a@lis.pl"
    owner.post(f"/requests/{asked(anna, 'restriction').pk}/answer")
    page = f"/customers/{anna.card}/privacy/"
    assert "used for nothing" in owner.get(page).content.decode()
    owner.post(page + "use")
    assert not Restriction.objects.filter(ended_at=None).exists()


def test_the_counter_takes_a_correction_down_and_the_answer_is_mailed(
    clerk: Client, owner: Client, anna: Customer, mailoutbox: list[object]
) -> None:
    page = f"/customers/{anna.card}/privacy/"
    assert "Something is wrong" in clerk.get(page).content.decode()
    said = {"wrong": "family 0", "text": "Kot", "through": "call"}
    assert clerk.post(page + "request", {**said, "wrong": "sex 9"}).status_code == 422
    assert clerk.post(page + "request", said).status_code == 302
    path = f"/requests/{PrivacyRequest.objects.get().pk}/"
    owner.post(path + "known", {"how": "called back"})
    owner.post(path + "answer", {"tell": "1"})
    anna.refresh_from_db()
    assert (anna.family, len(mailoutbox)) == ("Kot", 1)
    assert "told by e-mail" in owner.get(path).content.decode()


def test_a_link_is_shown_once_or_mailed(
    owner: Client, clerk: Client, anna: Customer, mailoutbox: list[object]
) -> None:
    page = f"/customers/{anna.card}/privacy/"
    text = owner.post(page + "link").content.decode()
    token = text.partition("/my/")[2].partition("/")[0]
    assert visit(token)
    assert clerk.post(page + "link").status_code == 403
    assert clerk.post(page + "link", {"mail": "1"}).status_code == 302
    assert len(mailoutbox) == 1
    clerk.post(page + "stop")
    assert not visit(token)


def test_a_longer_list_asks_no_more(owner: Client, anna: Customer) -> None:
    counts = []
    for more in (1, 3):
        for number in range(more):
            who = make.person(f"A{more}{number}", "Lis")
            made = receive(customer=who, kind="access", through="call", by=SHELL)
            identify(request=made, how="seen", by=SHELL)
        with CaptureQueriesContext(connection) as asked_:
            assert owner.get("/requests/").status_code == 200
        counts.append(len(asked_))
    assert counts[0] == counts[1]
