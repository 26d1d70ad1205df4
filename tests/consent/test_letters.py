"""What a customer is written to about their request, and what holds when the letter cannot leave."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.core.mail import EmailMessage

from kartoteka.consent.correcting import may_be_wrong, take_correction
from kartoteka.consent.gate import may
from kartoteka.consent.letters import NotTold
from kartoteka.consent.models import Channel, PrivacyRequest
from kartoteka.consent.purposes import add
from kartoteka.consent.requests import BadRequest, answer, end_restrictions, extend, receive, refuse
from kartoteka.people.editing import change_customer
from kartoteka.people.models import Customer
from kartoteka.quality.merging import merge, split
from kartoteka.trust.actor import SHELL, Actor, Right
from tests import make

pytestmark = pytest.mark.django_db


def known(anna: Customer, kind: str, **more: object) -> PrivacyRequest:
    return receive(customer=anna, kind=kind, through="call", by=SHELL, known_by="called back", **more)  # type: ignore[arg-type]


def told(request: PrivacyRequest) -> list[str]:
    return list(request.steps.order_by("pk").values_list("what", flat=True))


def test_more_time_and_a_refusal_are_told_in_their_language(
    anna: Customer, mailoutbox: list[EmailMessage]
) -> None:
    change_customer(customer=anna, changes={"language": "pl"}, by=SHELL)
    Customer.objects.filter(pk=anna.pk).update(country="PL")
    anna.refresh_from_db()
    wish = known(anna, "access")
    extend(request=wish, until=wish.due_on + dt.timedelta(days=20), why="Dużo tego.", by=SHELL, tell=True)
    refuse(request=wish, why="Trzeci raz w tym tygodniu.", by=SHELL, tell=True)
    longer, refused = mailoutbox
    assert [longer.to, refused.to] == [["anna@example.com"]] * 2
    assert "Dużo tego." in longer.body
    assert "Trzeci raz" in refused.body
    assert all("UODO" in mail.body and "Hello" not in mail.body for mail in mailoutbox)
    assert told(wish) == ["received", "identified", "extended", "told", "refused", "told"]
    last = wish.steps.order_by("-pk").first()
    assert last is not None
    assert last.digest == hashlib.sha256(str(refused.body).encode()).hexdigest()


def test_every_answer_reaches_the_address_that_is_right_then(
    anna: Customer, mailoutbox: list[EmailMessage]
) -> None:
    new = {"emails": [{"value": "anna@example.com", "gone": True}, "a@lis.pl"]}
    answer(request=known(anna, "correction", changes=new), by=SHELL, tell=True)
    answer(request=known(anna, "restriction"), by=SHELL, tell=True)
    anna.refresh_from_db()
    end_restrictions(customer=anna, by=SHELL, tell=True)
    answer(request=known(anna, "erasure"), by=SHELL, tell=True)
    assert [mail.to for mail in mailoutbox] == [["a@lis.pl"]] * 4
    assert len({mail.body for mail in mailoutbox}) == 4


def test_a_letter_that_cannot_leave_undoes_nothing(anna: Customer, settings) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    wish = known(anna, "objection")
    with pytest.raises(NotTold, match="another way"):
        answer(request=wish, by=SHELL, tell=True)
    assert told(wish)[-1] == "answered"
    nobody = make.person("Ewa", "Kot")
    refused = known(nobody, "access")
    refuse(request=refused, why="We hold nothing.", by=SHELL, tell=True)
    assert told(refused)[-1] == "refused"


def test_a_restriction_holds_for_both_after_a_split(anna: Customer) -> None:
    other = make.person("Anna", "Lis", email="al@example.com")
    service = add(names={"en": "Service"}, ground="contract", by=SHELL)
    both = (anna, other)
    assert all(may(customer=each, purpose=service, channel=Channel.EMAIL, by=SHELL) for each in both)
    joined = merge(kept=anna, gone=other, by=SHELL)
    answer(request=known(anna, "restriction"), by=SHELL)
    split(merger=joined, by=SHELL)
    for each in both:
        each.refresh_from_db()
        assert not may(customer=each, purpose=service, channel=Channel.EMAIL, by=SHELL)


def test_a_correction_is_taken_down_at_the_counter(anna: Customer) -> None:
    clerk = Actor("staff", 1, "a clerk", frozenset({Right.SEE, Right.CHANGE}))
    change_customer(customer=anna, changes={"income": "higher"}, by=SHELL)
    shown = dict(may_be_wrong(customer=anna, actor=clerk))
    assert "family 0" in shown
    assert not any("anna@example.com" in each or "higher" in each for each in shown.values())
    made = take_correction(customer=anna, wrong="family 0", text="Kot", through="call", by=clerk)
    assert (made.kind, made.changes) == ("correction", {"family": "Kot"})
    for wrong in ("", "income 0", "family 7"):
        with pytest.raises(BadRequest):
            take_correction(customer=anna, wrong=wrong, text="1", through="call", by=clerk)
