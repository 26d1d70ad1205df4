"""The agenda in the calendar that people already use: a private address that gives iCalendar (RFC 5545), and answers to
invitations read back (RFC 5546, METHOD:REPLY)."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import unquote

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Component, Event, Todo, vCalAddress, vText

from kartoteka.people.models import Contact, Customer
from kartoteka.trust.actor import Actor, NotAllowed, Right
from kartoteka.trust.audit import note

from .models import Feed, Task
from .tasks import SHOWN

BACK = dt.timedelta(days=60)
_MOST_BYTES = 1_000_000
_EMAIL_PARAMS = ("EMAIL", "X-CALENDARSERVER-EMAIL")


class BadCalendar(ValueError):
    """This is no answer we can read, or to nothing that we asked."""


def make_feed(*, by: Actor) -> str:
    """A new private address for this member of staff's calendar; the former one ends. Told once. Raises NotAllowed."""
    by.must(Right.SEE)
    if by.kind != "staff":
        raise NotAllowed(Right.SEE)
    secret = secrets.token_urlsafe(32)
    now = timezone.now()
    with transaction.atomic():
        Feed.objects.filter(staff=by.key, ended_at=None).update(ended_at=now)
        made = Feed.objects.create(staff_id=by.key, hash=_hash(secret), made_at=now)
        note(by=by, action="made a calendar address", matter="staff", key=by.key, detail={"feed": made.pk})
    return secret


def end_feed(*, by: Actor) -> None:
    """End this member of staff's calendar address: whoever has it reads no more."""
    by.must(Right.SEE)
    if by.kind == "staff" and Feed.objects.filter(staff=by.key, ended_at=None).update(
        ended_at=timezone.now()
    ):
        note(by=by, action="ended a calendar address", matter="staff", key=by.key)


def feed_of(*, by: Actor) -> Feed | None:
    """The address that stands, without its secret."""
    return Feed.objects.filter(staff=by.key, ended_at=None).first() if by.kind == "staff" else None


def read_feed(secret: str) -> bytes | None:
    """The calendar at this address; None where there is none, or its person no longer works here.

    Names of customers are in it, their contact points are not.
    """
    feed = Feed.objects.select_related("staff").filter(hash=_hash(secret), ended_at=None).first()
    if feed is None or not feed.staff.is_active:
        return None
    now = timezone.now()
    if feed.read_at is None or (now - feed.read_at).total_seconds() > 60:
        Feed.objects.filter(pk=feed.pk).update(read_at=now)
    actor = feed.staff.actor
    rows = Task.objects.visible_to(actor).filter(owner=feed.staff_id, due_at__gt=now - BACK, dropped_at=None)
    calendar = _calendar()
    for each in rows.select_related("identity__customer").order_by("due_at", "pk")[: 10 * SHOWN]:
        calendar.add_component(_component(each))
    return bytes(calendar.to_ical())


def invitation(*, task: Task, actor: Actor) -> bytes:
    """A meeting as an invitation to its customer (METHOD:REQUEST), to be sent by mail. Raises BadCalendar, NotAllowed."""
    actor.must(Right.CHANGE)
    if actor.veiled:
        raise NotAllowed(Right.REVEAL)
    email = _email(task)
    if not email or task.owner is None:
        raise BadCalendar(_("Without an e-mail of the customer there is nobody to invite."))
    calendar = _calendar()
    calendar.add("method", "REQUEST")
    event = _event(task)
    for ours in ("description", "url"):  # why we want to see them, and their card, are for staff alone
        event.pop(ours, None)
    organizer = vCalAddress(f"MAILTO:{task.owner.email}")
    organizer.params["cn"] = vText(str(task.owner))
    attendee = vCalAddress(f"MAILTO:{email}")
    attendee.params["rsvp"] = vText("TRUE")
    attendee.params["partstat"] = vText("NEEDS-ACTION")
    event["organizer"] = organizer
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


@dataclass(frozen=True)
class Answered:
    """What an answer said of which task. new: whether that was not known yet."""

    task: Task
    answer: str
    new: bool


def take_answer(*, content: bytes, by: Actor, sender: str = "") -> Answered:
    """Read a customer's answer to an invitation (METHOD:REPLY) and note it on the task. An older answer changes nothing.

    sender: who sent it, where that is known; then nobody else's answer is taken.
    Raises BadCalendar for what is no answer, to a task that is not there, or from somebody else than its customer.
    """
    by.must(Right.CHANGE)
    try:
        if len(content) > _MOST_BYTES:
            raise ValueError("too long")
        calendar = Calendar.from_ical(content)
        events = [each for each in calendar.walk("VEVENT") if each.get("uid")]
    except (ValueError, IndexError, KeyError, TypeError) as error:
        raise BadCalendar(_("This is no calendar file that we can read.")) from error
    if str(calendar.get("method", "")).upper() != "REPLY" or len(events) != 1:
        raise BadCalendar(_("This is no answer to an invitation."))
    event = events[0]
    task = (
        Task.objects.select_related("identity__customer", "owner").filter(uid=str(event["uid"])[:80]).first()
    )
    if task is None or not Task.objects.visible_to(by).filter(pk=task.pk).exists():
        raise BadCalendar(_("We did not ask for this meeting."))
    attendees = event.get("attendee") or []
    who = attendees if isinstance(attendees, list) else [attendees]
    theirs = _emails(task)
    theirs &= {sender} if sender else theirs
    said = [each for each in who if theirs & _addresses(each)]
    if len(said) != 1:
        raise BadCalendar(_("This answer is not from the customer of that meeting."))
    answer = str(said[0].params.get("PARTSTAT", "")).lower()
    if answer not in (Task.Answer.ACCEPTED, Task.Answer.TENTATIVE, Task.Answer.DECLINED):
        raise BadCalendar(_("This answer says neither yes nor no."))
    at = _stamped(event)
    if _sequence(event, task) < task.sequence or (task.answered_at is not None and at <= task.answered_at):
        return Answered(task, task.answer, new=False)
    with transaction.atomic():
        Task.objects.filter(pk=task.pk).update(answer=answer, answered_at=at, changed_at=timezone.now())
        customer = task.identity.customer_id if task.identity else ""
        note(by=by, action="took an answer", matter="customer", key=customer, detail={"task": task.pk})
    return Answered(task, answer, new=True)


def _addresses(attendee: object) -> set[str]:
    """By which e-mails an attendee is named: as their address, or beside it, where that is a key of their own program's
    (Apple writes urn:uuid: and paths there, and EMAIL=)."""
    params = getattr(attendee, "params", {})
    named = [unquote(str(attendee)), *(str(params.get(each, "")) for each in _EMAIL_PARAMS)]
    return {each.strip().lower().removeprefix("mailto:") for each in named}


def _stamped(event: Component) -> dt.datetime:
    """When the answer was given: not later than now, so that a wrong clock does not outweigh the next answer."""
    now, stamp = timezone.now(), getattr(event.get("dtstamp"), "dt", None)
    if not isinstance(stamp, dt.datetime):
        return now
    return min(now, stamp if stamp.tzinfo else stamp.replace(tzinfo=dt.UTC))


def _sequence(event: Component, task: Task) -> int:
    told = str(event.get("sequence", ""))
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else task.sequence


def _emails(task: Task) -> set[str]:
    if task.identity is None:
        return set()
    rows = Contact.objects.filter(customer=task.identity.customer_id, point__kind="email")
    return set(rows.values_list("point__value", flat=True))


def _email(task: Task) -> str:
    customer: Customer | None = task.identity.customer if task.identity else None
    return customer.email if customer else ""


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Kartoteka//Agenda//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Kartoteka")
    calendar.add("refresh-interval", dt.timedelta(minutes=15), parameters={"value": "DURATION"})
    return calendar


def _component(task: Task) -> Event | Todo:
    return _todo(task) if task.kind == Task.TaskKind.TASK else _event(task)


def _event(task: Task) -> Event:
    event = Event()
    _fill(event, task)
    event.add("dtstart", task.due_at.astimezone(dt.UTC))
    event.add("duration", dt.timedelta(minutes=task.minutes))
    event.add("status", "CONFIRMED")
    return event


def _todo(task: Task) -> Todo:
    todo = Todo()
    _fill(todo, task)
    todo.add("due", task.due_at.astimezone(dt.UTC))
    todo.add("status", "NEEDS-ACTION" if task.is_open else "COMPLETED")
    if task.done_at:
        todo.add("completed", task.done_at.astimezone(dt.UTC))
    return todo


def _fill(component: Event | Todo, task: Task) -> None:
    customer = task.identity.customer if task.identity else None
    component.add("uid", task.uid)
    component.add("dtstamp", task.changed_at.astimezone(dt.UTC))
    component.add("sequence", task.sequence)
    component.add("summary", f"{task.title}: {customer}" if customer else task.title)
    if task.reason:
        component.add("description", task.reason)
    if task.place:
        component.add("location", task.place)
    if customer:
        home = settings.KARTOTEKA.public_url.rstrip("/")
        if home:
            component.add("url", f"{home}/customers/{customer.card}/")
    if task.remind is not None and task.is_open:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", task.title)
        alarm.add("trigger", -dt.timedelta(minutes=task.remind))
        component.add_component(alarm)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
