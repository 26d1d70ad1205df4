"""Reports by mail, through a real mail server: once, to who may see them, and a row that says what became of each."""

from __future__ import annotations

import datetime as dt
import email
import socket
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from django.utils import timezone

from kartoteka.kit import jobs
from kartoteka.project.env import mail
from kartoteka.segments.worth import sending
from kartoteka.segments.worth.mail_models import ReportMail, ReportPlan
from kartoteka.segments.worth.periods import Period
from kartoteka.segments.worth.planning import BadPlan, Wanted, next_time, plan_report
from kartoteka.segments.worth.sending import run_due_mail, span_of
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import Staff
from tests import make

pytestmark = pytest.mark.django_db
MONDAYS = Wanted("figures", "week", "before", "", "weekly", 0, 7, ())


class Box:
    """What the server took; `answer` is what it says to each."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.letters.append(email.message_from_bytes(envelope.content))
        return self.answer


@pytest.fixture
def box(settings: Any, tmp_path: Path) -> Iterator[Box]:
    found = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(found, hostname="127.0.0.1", port=port)
    server.start()
    for name, value in mail(f"smtp://127.0.0.1:{port}", tmp_path).items():
        setattr(settings, name, value)
    settings.KARTOTEKA = replace(settings.KARTOTEKA, mail_url=f"smtp://127.0.0.1:{port}")
    try:
        yield found
    finally:
        server.stop()


def somebody(role: str) -> Staff:
    return Staff.objects.create_user(email=f"{role}@example.com", name=f"The {role}", role=role)


def planned(*people: Staff, wanted: Wanted = MONDAYS) -> ReportPlan:
    """A plan that is due."""
    made = plan_report(wanted=replace(wanted, people=tuple(each.pk for each in people)), by=SHELL)
    ReportPlan.objects.filter(pk=made.pk).update(next_at=timezone.now() - dt.timedelta(minutes=1))
    return made


def work() -> None:
    while run_due_mail():
        pass


def states() -> dict[str, str]:
    return dict(ReportMail.objects.values_list("staff__role", "state"))


def test_it_goes_once_to_who_may_see_it(box: Box) -> None:
    owner, clerk = somebody("owner"), somebody("staff")
    anna = make.person("Anna", "Sosnowska", email="anna@example.com")
    make.order(anna, at=timezone.now() - dt.timedelta(days=7))
    plan = planned(owner, clerk)
    work()
    assert states() == {"owner": "sent", "staff": "refused"}
    assert "needs the right" in ReportMail.objects.get(staff=clerk).why
    [letter] = box.letters
    assert letter["To"] == "owner@example.com"
    text, paper = letter.get_payload()
    assert paper.get_filename().endswith(".pdf")
    assert paper.get_payload(decode=True).startswith(b"%PDF-")
    assert "Sosnowska" not in text.get_payload(decode=True).decode() + letter["Subject"]
    plan.refresh_from_db()
    assert plan.next_at > timezone.now()
    assert timezone.localtime(plan.next_at).weekday() == 0


def test_a_worker_that_was_killed(box: Box) -> None:
    """Before it was handed over the mail is taken again; after it, nobody gets it twice."""
    planned(somebody("owner"), somebody("manager"))
    assert run_due_mail()
    long_ago = timezone.now() - dt.timedelta(hours=1)
    ReportMail.objects.filter(staff__role="owner").update(state="taken", at=long_ago)
    ReportMail.objects.filter(staff__role="manager").update(state="handed", at=long_ago)
    work()
    assert states() == {"owner": "sent", "manager": "unsure"}
    assert [each["To"] for each in box.letters] == ["owner@example.com"]


def test_the_worker_knows_of_it() -> None:
    planned(somebody("owner"))
    assert jobs._jobs["reports by mail"].run_due()
    assert set(states()) == {"owner"}


def test_two_workers_send_one_mail(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    planned(somebody("owner"))
    assert run_due_mail()
    plain = sending.paper_of

    def meanwhile(*asked: Any, **more: Any) -> Any:
        monkeypatch.setattr(sending, "paper_of", plain)
        run_due_mail()  # the other worker finds nothing to take
        return plain(*asked, **more)

    monkeypatch.setattr(sending, "paper_of", meanwhile)
    work()
    assert len(box.letters) == 1


@pytest.mark.parametrize(("answer", "state"), [("450 Later", "waiting"), ("550 No", "failed")])
def test_what_the_server_says(box: Box, answer: str, state: str) -> None:
    box.answer = answer
    planned(somebody("owner"))
    work()
    found = ReportMail.objects.get()
    assert found.state == state
    assert answer[:3] in found.why
    box.answer = "250 OK"
    ReportMail.objects.update(at=timezone.now())
    work()
    assert len(box.letters) == (state == "waiting")


def test_without_a_server_it_waits_and_without_a_setting_it_says_so(box: Box, settings: Any) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = nobody.getsockname()[1]
    planned(somebody("owner"))
    work()
    assert (states(), ReportMail.objects.get().tries) == ({"owner": "waiting"}, 1)
    settings.KARTOTEKA = replace(settings.KARTOTEKA, mail_url="")
    ReportMail.objects.update(at=timezone.now())
    work()
    assert "KARTOTEKA_MAIL_URL" in ReportMail.objects.get().why


def test_when_it_comes_again() -> None:
    plan = ReportPlan(rhythm="monthly", day=31, hour=7)
    february = timezone.make_aware(dt.datetime(2027, 2, 3))
    assert timezone.localtime(next_time(plan, after=february)).replace(tzinfo=None) == dt.datetime(
        2027, 2, 28, 7
    )
    just = timezone.make_aware(dt.datetime(2027, 2, 28, 7))
    assert timezone.localdate(next_time(plan, after=just)) == dt.date(2027, 3, 31)
    monday = dt.date(2027, 3, 1)
    assert span_of("week", monday) == Period(dt.date(2027, 2, 22), dt.date(2027, 2, 28))
    assert span_of("month", monday) == Period(dt.date(2027, 2, 1), dt.date(2027, 2, 28))
    assert span_of("year", monday) == Period(dt.date(2026, 3, 1), dt.date(2027, 2, 28))


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("day", {"day": 7}),
        ("hour", {"hour": 24}),
        ("group", {"group": "level:Z"}),
        ("people", {}),
        ("span", {"span": "x"}),
    ],
)
def test_a_plan_that_cannot_be(field: str, change: dict[str, Any]) -> None:
    people = () if field == "people" else (somebody("owner").pk,)
    with pytest.raises(BadPlan) as error:
        plan_report(wanted=replace(MONDAYS, people=people, **change), by=SHELL)
    assert error.value.field == field


def test_the_page(client: Client) -> None:
    owner = somebody("owner")
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    sent = {
        "report": "base", "span": "month", "against": "year", "group": "level:A", "rhythm": "monthly",
        "monthday": "15", "hour": "6", "people": [owner.pk],
    }  # fmt: skip
    assert client.post("/worth/mail", {**sent, "hour": ""}).status_code == 422
    assert client.post("/worth/mail", sent).status_code == 302
    page = client.get("/worth/mail").content.decode()
    assert "Service level A" in page
    plan = ReportPlan.objects.get()
    assert (plan.day, plan.hour, plan.people.get()) == (15, 6, owner)
    assert client.post(f"/worth/mail/{plan.pk}/end").status_code == 302
    assert "Nothing goes out yet" in client.get("/worth/mail").content.decode()
    ReportPlan.objects.update(next_at=timezone.now())
    assert not run_due_mail()
