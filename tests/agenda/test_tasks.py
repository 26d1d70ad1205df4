"""Tasks: planned, repeated, reminded of; the calls of today in the customer's hours; the calendar and its answers."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from icalendar import Calendar

from kartoteka.agenda import calendars, tasks
from kartoteka.agenda.calendars import BadCalendar
from kartoteka.agenda.models import Task
from kartoteka.agenda.tasks import BadTask, Plan, plan_task
from kartoteka.people.leaving import let_go
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL, Actor
from kartoteka.trust.models import Staff
from tests import make

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def ola() -> Actor:
    return Staff.objects.create_user(email="ola@example.com", name="Ola", role="staff").actor


@pytest.fixture
def anna() -> Customer:
    return make.customer(
        name="Anna Kowalska", emails=[{"value": "anna@example.com"}],
        phones=[{"value": "+48600100200", "hours": "Mon-Sun 17:00-20:00"}],
    )  # fmt: skip


def soon(ola: Actor, anna: Customer | None = None, **more: object) -> Task:
    values: dict[str, object] = {
        "title": "Call about the coat",
        "due_at": NOW + dt.timedelta(hours=1),
        "kind": "call",
    }
    return plan_task(plan=Plan(**{**values, **more}), by=ola, customer=anna)  # type: ignore[arg-type]


def test_calls_come_with_the_hours_of_the_customer(ola: Actor, anna: Customer) -> None:
    soon(ola, anna)
    zone = ZoneInfo("Europe/Warsaw")
    day = (NOW + dt.timedelta(days=1)).astimezone(zone).date()

    def planned(hour: int) -> tasks.Planned:
        at = dt.datetime.combine(day, dt.time(hour), zone)
        (only,) = tasks.agenda(actor=ola, owner=ola.key, until=at + dt.timedelta(days=9), now=at)
        return only

    assert planned(18).now is True
    early = planned(9)
    assert (early.now, early.later, early.late) == (False, dt.datetime.combine(day, dt.time(17), zone), True)


def test_what_repeats_is_followed_by_its_next_at_the_same_hour(ola: Actor, settings: object) -> None:
    zone = ZoneInfo("UTC")
    begins = dt.datetime(2026, 10, 19, 9, tzinfo=zone)
    assert tasks.next_of("FREQ=WEEKLY", begins_at=begins, after=begins) == begins + dt.timedelta(days=7)
    made = soon(ola, rule="FREQ=DAILY;COUNT=2", due_at=NOW - dt.timedelta(hours=1), remind=15)
    following = tasks.do_task(task=made, by=ola)
    assert following is not None
    assert following.due_at == made.due_at + dt.timedelta(days=1)
    assert following.uid != made.uid
    assert tasks.do_task(task=following, by=ola) is None  # it was to happen twice
    with pytest.raises(BadTask):
        tasks.do_task(task=made, by=ola)
    for bad in ("FREQ=SECONDLY", "EVERY DAY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY\nRRULE:FREQ=DAILY"):
        with pytest.raises(BadTask):
            soon(ola, rule=bad)


def test_reminders_come_in_time_and_go_when_seen(ola: Actor) -> None:
    made = soon(ola, remind=15)
    soon(ola)
    assert tasks.reminders(actor=ola, now=NOW) == []
    late = made.due_at - dt.timedelta(minutes=15)
    assert tasks.reminders(actor=ola, now=late) == [made]
    tasks.have_seen(task=made.pk, by=ola)
    assert tasks.reminders(actor=ola, now=late) == []
    tasks.change_task(task=made, plan=Plan("Call later", late, kind="call", remind=0), by=ola)
    assert [each.title for each in tasks.reminders(actor=ola, now=late)] == ["Call later"]


def test_the_calendar_is_the_agenda_and_can_be_closed(ola: Actor, anna: Customer) -> None:
    soon(ola, anna, kind="meeting", title="Coffee; the big one, again", place="Rynek 1", remind=30)
    soon(ola, title="Order paper", kind="task")
    secret = calendars.make_feed(by=ola)
    read = calendars.read_feed(secret)
    assert read is not None
    calendar = Calendar.from_ical(read)
    (event,) = calendar.walk("VEVENT")
    (todo,) = calendar.walk("VTODO")
    assert event["summary"] == "Coffee; the big one, again: Anna Kowalska"
    assert event.walk("VALARM")[0]["trigger"].dt == dt.timedelta(minutes=-30)
    assert todo["summary"] == "Order paper"
    assert b"+48600" not in read
    assert b"anna@" not in read
    newer = calendars.make_feed(by=ola)
    assert calendars.read_feed(secret) is None
    calendars.end_feed(by=ola)
    assert calendars.read_feed(newer) is None


def reply(
    task: Task,
    *,
    who: str = "anna@example.com",
    says: str = "ACCEPTED",
    day: int = 2,
    uid: str = "",
) -> bytes:
    return (
        "BEGIN:VCALENDAR\r\nPRODID:-//Somebody//Else//EN\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid or task.uid}\r\nSEQUENCE:{task.sequence}\r\nDTSTAMP:2024120{day}T100000Z\r\n"
        "DTSTART:20261205T100000Z\r\n"
        f"ORGANIZER:mailto:ola@example.com\r\nATTENDEE;CN=Anna;PARTSTAT={says}:MAILTO:{who}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def test_an_answer_is_noted_once_and_only_from_the_customer(ola: Actor, anna: Customer) -> None:
    made = soon(ola, anna, kind="meeting")
    invited = Calendar.from_ical(calendars.invitation(task=tasks.a_task(actor=ola, key=made.pk), actor=ola))  # type: ignore[arg-type]
    assert invited["method"] == "REQUEST"
    assert str(invited.walk("VEVENT")[0]["attendee"]).lower() == "mailto:anna@example.com"
    assert not {"DESCRIPTION", "URL"} & set(invited.walk("VEVENT")[0]), (
        "the reason and the card are for staff"
    )
    assert calendars.take_answer(content=reply(made), by=ola).new
    older = calendars.take_answer(content=reply(made, says="DECLINED", day=1), by=ola)
    assert (older.new, Task.objects.get().answer) == (False, "accepted")
    assert calendars.take_answer(content=reply(made, says="DECLINED", day=3), by=ola).answer == "declined"
    for bad in (b"", b"\xff\x00", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", reply(made, who="eve@example.com"),
                reply(made, uid="no"), reply(made, says="MAYBE"), reply(made).replace(b"REPLY", b"REQUEST")):  # fmt: skip
        with pytest.raises(BadCalendar):
            calendars.take_answer(content=bad, by=ola)


ATTENDEES = {
    "Google": "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=TENTATIVE;CN=Anna\r\n  Kowalska;"
    "X-NUM-GUESTS=0:mailto:anna@example.com",
    "Outlook": 'ATTENDEE;PARTSTAT=TENTATIVE;CN="Kowalska, Anna":MAILTO:Anna@Example.com',
    "Apple": 'ATTENDEE;CN="Anna Kowalska";CUTYPE=INDIVIDUAL;EMAIL="anna@example.com";PARTSTAT=TENTATIVE:'
    "urn:uuid:6E6B5B3E-0000-4000-8000-000000000001",
}


@pytest.mark.parametrize("program", ATTENDEES)
def test_an_answer_is_read_as_calendar_programs_write_it(ola: Actor, anna: Customer, program: str) -> None:
    """Shapes by RFC 5545 and 5546: zones by the program's own names, a byte order mark, a clock and a number gone wrong."""
    made = soon(ola, anna, kind="meeting")
    written = (
        "BEGIN:VCALENDAR\r\nPRODID:-//Calendar//EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\nMETHOD:REPLY\r\n"
        "BEGIN:VTIMEZONE\r\nTZID:Central European Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n"
        "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
        f"UID:{made.uid}\r\nSEQUENCE:none\r\nDTSTAMP:20991202T100000Z\r\n"
        "DTSTART;TZID=Central European Standard Time:20261205T100000\r\nORGANIZER:mailto:ola@example.com\r\n"
        f"{ATTENDEES[program]}\r\nCOMMENT:Perhaps\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    assert calendars.take_answer(content=b"\xef\xbb\xbf" + written.encode(), by=ola).answer == "tentative"
    assert calendars.take_answer(content=written.replace("TENTATIVE", "DECLINED").encode(), by=ola).new
    assert Task.objects.get().answer == "declined"


def test_who_leaves_hands_their_work_over(ola: Actor) -> None:
    ewa = Staff.objects.create_user(email="ewa@example.com", name="Ewa", role="staff")
    made = soon(ola)
    let_go(staff=Staff.objects.get(pk=ola.key), to=ewa.pk, by=SHELL)
    assert Task.objects.get(pk=made.pk).owner == ewa
