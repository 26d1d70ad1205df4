"""Reminders by mail, with a real mail server: once each, also after a kill, never of what is over or hidden."""

from __future__ import annotations

import dataclasses
import datetime as dt
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from kartoteka.agenda import tasks
from kartoteka.agenda.models import Task
from kartoteka.agenda.reminding import run_due_reminder
from kartoteka.agenda.tasks import Plan, plan_task
from kartoteka.project.env import mail
from kartoteka.trust.actor import Actor
from kartoteka.trust.models import Staff
from tests import make

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
SOON = NOW + dt.timedelta(minutes=20)


class Letterbox:
    """A mail server that keeps what it takes; a shut one takes nothing."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.shut = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.shut:
            return "451 come again later"
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 taken"


@pytest.fixture
def box(settings: Any, tmp_path: Any) -> Iterator[Letterbox]:
    found = Letterbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(found, hostname="127.0.0.1", port=port)
    server.start()
    url = f"smtp://127.0.0.1:{port}"
    settings.KARTOTEKA = dataclasses.replace(
        settings.KARTOTEKA, mail_url=url, public_url="https://shop.example"
    )
    for name, value in mail(url, tmp_path).items():
        setattr(settings, name, value)
    try:
        yield found
    finally:
        server.stop()


@pytest.fixture
def ola() -> Actor:
    return Staff.objects.create_user(email="ola@example.com", name="Ola", role="owner").actor


def planned(by: Actor, **more: Any) -> Task:
    values = {"title": "Call Anna on +48 600 100 200", "due_at": SOON, "kind": "call", "remind": 15}
    customer = more.pop("customer", None)
    return plan_task(plan=Plan(**values | more), by=by, customer=customer)


def run(minutes: int) -> int:
    """How many reminders are tried in the worker's round, so many minutes from now."""
    done = 0
    while run_due_reminder(now=NOW + dt.timedelta(minutes=minutes)):
        done += 1
    return done


def test_each_is_mailed_once_in_time_to_whoever_does_it(box: Letterbox, ola: Actor) -> None:
    anna = make.person("Anna", "Nowak", phone="+48600100200")
    made = planned(ola, customer=anna, reason="the blue coat")
    planned(ola, remind=None)
    seen, done, over = planned(ola), planned(ola), planned(ola, due_at=NOW - dt.timedelta(days=2))
    tasks.have_seen(task=seen.pk, by=ola)
    tasks.do_task(task=done, by=ola)
    assert over.is_open
    assert run(0) == 0
    assert run(6) == 1
    assert run(7) == run(60) == 0
    [letter] = box.letters
    text = letter.get_content()
    assert (letter["To"], letter["Auto-Submitted"]) == ("ola@example.com", "auto-generated")
    assert "Anna Nowak" in text
    assert "the blue coat" in text
    assert f"https://shop.example/tasks/{made.pk}/" in text
    assert "600 100" not in text + letter["Subject"], "a number does not travel by mail"
    tasks.change_task(task=made, plan=Plan("Call", SOON + dt.timedelta(days=1), remind=15), by=ola)
    assert run(24 * 60 + 6) == 1, "another day is another reminder"


def test_a_kill_or_a_shut_server_loses_none_and_doubles_none(box: Letterbox, ola: Actor) -> None:
    made = planned(ola)
    box.shut = True
    assert run(6) == 1
    box.shut = False
    assert (run(7), box.letters) == (0, []), "not at once again"
    assert run(12) == 1
    # Killed after the letter went and before that was noted: it goes again, and is known for the same.
    Task.objects.filter(pk=made.pk).update(mailed_at=None)
    assert run(13) == 0
    assert run(18) == 1
    first, again = box.letters
    assert first["Message-ID"] == again["Message-ID"]
    assert run(24) == 0


def test_without_a_mail_server_or_with_nobody_there_nothing_goes(
    box: Letterbox, ola: Actor, settings: Any
) -> None:
    made = planned(ola)
    settings.KARTOTEKA = dataclasses.replace(settings.KARTOTEKA, mail_url="")
    assert run(6) == 0
    assert Task.objects.get(pk=made.pk).mail_claimed_at is None
    settings.KARTOTEKA = dataclasses.replace(settings.KARTOTEKA, mail_url="smtp://127.0.0.1:1")
    Staff.objects.update(is_active=False)
    assert run(6) == 0
