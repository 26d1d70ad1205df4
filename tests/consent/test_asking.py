"""Double opt-in, with a real mail server: asked, opened by a scanner, confirmed by a person, once."""

from __future__ import annotations

import datetime as dt
import re
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from django.utils import timezone, translation

from kartoteka.consent import asking, purposes
from kartoteka.consent.gate import may
from kartoteka.consent.ledger import BadChoice, Taken, withdraw
from kartoteka.consent.models import Asking, Choice, Purpose
from kartoteka.consent.reasons import Reason
from kartoteka.consent.suppressing import suppress
from kartoteka.consent.taking import Taking, take_down
from kartoteka.people.models import Contact, Customer
from kartoteka.project.env import mail
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db


class Letterbox:
    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 taken"


@pytest.fixture
def letters(settings: Any, tmp_path: Any) -> Iterator[list[EmailMessage]]:
    box = Letterbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    for name, value in mail(f"smtp://127.0.0.1:{port}", tmp_path).items():
        setattr(settings, name, value)
    try:
        yield box.letters
    finally:
        server.stop()


@pytest.fixture
def news() -> Purpose:
    made = purposes.preset("marketing", by=SHELL)
    return purposes.change(purpose=made, double_opt_in=True, by=SHELL)


@pytest.fixture
def anna() -> Customer:
    return make.person("Anna", "Lis", email="anna@example.com", language="pl")


def link_in(letter: EmailMessage) -> str:
    found = re.search(r"http://\S+(/confirm/\S+)", letter.get_content())
    assert found
    return found[1]


def reason(customer: Customer, purpose: Purpose) -> Reason:
    return may(customer=customer, purpose=purpose, channel="email", by=SHELL).reason


def ask(customer: Customer, purpose: Purpose) -> Choice:
    point = Contact.objects.get(customer=customer).point_id
    return asking.ask(
        customer=customer, purpose=purpose, point=point, taken=Taken(how="form", place="footer"), by=SHELL
    )


def test_a_yes_at_the_counter_counts_once_the_link_was_clicked(
    letters: list[EmailMessage], anna: Customer, news: Purpose, client: Client
) -> None:
    take_down(customer=anna, taking=Taking("marketing", "email", "given", "counter"), by=SHELL)
    assert reason(anna, news) is Reason.UNCONFIRMED
    [letter] = letters
    assert letter["To"] == "anna@example.com"
    assert "chcę otrzymywać" in letter.get_content(), "in her language, the very words"
    link = link_in(letter)
    # A mail scanner opens every link, more than once.
    for _again in range(2):
        page = client.get(link)
        assert page.status_code == 200
        assert "chcę otrzymywać" in page.content.decode()
    assert reason(anna, news) is Reason.UNCONFIRMED
    assert client.post(link, HTTP_USER_AGENT="Firefox").status_code == 200
    assert reason(anna, news) is Reason.GIVEN
    line = Choice.objects.get(confirmed=True)
    assert (line.how, line.point.value if line.point else "") == ("link", "anna@example.com")
    assert line.evidence["agent"] == "Firefox"
    assert line.evidence["ip"]
    assert client.post(link).status_code == 200, "twice is once"
    assert Choice.objects.filter(confirmed=True).count() == 1


def test_asking_alone_allows_nothing(letters: list[EmailMessage], anna: Customer, news: Purpose) -> None:
    ask(anna, news)
    assert reason(anna, news) is Reason.WAITING
    withdraw(customer=anna, purpose=news, channel="email", taken=Taken(how="counter"), by=SHELL)
    ask(anna, news)
    assert reason(anna, news) is Reason.WITHDRAWN, "to ask again takes no no away"
    assert len(letters) == 2


def test_a_link_ends_and_a_forged_one_is_nothing(
    letters: list[EmailMessage], anna: Customer, news: Purpose, client: Client
) -> None:
    ask(anna, news)
    link = link_in(letters[0])
    token = link.removeprefix("/confirm/")
    assert token not in repr(list(Asking.objects.values())), "the base keeps only its hash"
    for forged in (token[:-2] + "xx", "x", "a:b:c", token.split(":")[0]):
        assert client.get(f"/confirm/{forged}").status_code == 410
        assert client.post(f"/confirm/{forged}").status_code == 410
    Asking.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410
    assert reason(anna, news) is Reason.WAITING


def test_who_had_unsubscribed_speaks_for_themselves_but_a_complaint_stays(
    letters: list[EmailMessage], anna: Customer, news: Purpose
) -> None:
    point = Contact.objects.get(customer=anna).point_id
    suppress(point=point, why="unsubscribe", by=SHELL)
    ask(anna, news)
    asking.confirm(token=link_in(letters[0]).removeprefix("/confirm/"))
    assert reason(anna, news) is Reason.GIVEN
    suppress(point=point, why="complaint", by=SHELL)
    with pytest.raises(BadChoice):
        ask(anna, news)
    assert len(letters) == 1


def test_nobody_fills_a_letter_box_through_us(
    letters: list[EmailMessage], anna: Customer, news: Purpose
) -> None:
    for _each in range(3):
        ask(anna, news)
    with pytest.raises(BadChoice, match="three links"):
        ask(anna, news)
    assert len(letters) == 3


def test_where_the_mail_server_is_away_nobody_was_asked(anna: Customer, news: Purpose, settings: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free.getsockname()[1]
        with translation.override("en"), pytest.raises(BadChoice, match="could not be sent"):
            ask(anna, news)
    assert not Choice.objects.exists()
    assert not Asking.objects.exists()


def test_the_link_holds_for_whom_the_address_has_become(
    letters: list[EmailMessage], anna: Customer, news: Purpose
) -> None:
    from kartoteka.quality.merging import merge

    ask(anna, news)
    other = make.person("Ania", "Lis")
    merge(kept=other, gone=anna, by=SHELL)
    asking.confirm(token=link_in(letters[0]).removeprefix("/confirm/"))
    assert reason(other, news) is Reason.GIVEN
