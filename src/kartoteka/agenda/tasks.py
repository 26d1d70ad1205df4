"""Tasks, calls and meetings: planned, moved, done or dropped; reminded of in time; followed by their next, if any."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.people.editing import own_identity
from kartoteka.people.models import Contact, Customer
from kartoteka.people.veil import veil_phone, veiled
from kartoteka.people.view import must_reach
from kartoteka.standard import callhours
from kartoteka.trust.actor import Actor, NotAllowed, Right
from kartoteka.trust.audit import note
from kartoteka.trust.models import Staff

from .models import Task

OPEN = Q(done_at=None, dropped_at=None)
SHOWN = 200
REMIND = (0, 5, 15, 30, 60, 1440)
# Years beyond these are slips of the keyboard.
_FIRST, _LAST = 1970, 2200
_NOT_REMINDED: Mapping[str, None] = {"seen_at": None, "mail_claimed_at": None, "mailed_at": None}
# What people choose from; a rule from a calendar program may be any.
RULES = ("", "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY")


class BadTask(ValueError):
    """This cannot be planned so. `field` names what to change, the message says how."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Plan:
    """What is planned. owner: who is to do it, who plans it by default. remind: so many minutes before; None: not at all.

    rule: an RRULE (RFC 5545, 3.3.10) without its name, told in the business's time zone; "" for once.
    """

    title: str
    due_at: dt.datetime
    kind: str = "task"
    reason: str = ""
    place: str = ""
    owner: int | None = None
    minutes: int = 30
    remind: int | None = None
    rule: str = ""


def plan_task(*, plan: Plan, by: Actor, customer: Customer | None = None) -> Task:
    """Plan something, about a customer or about nobody. Raises BadTask, NotAllowed."""
    by.must(Right.CHANGE)
    if customer is not None:
        must_reach(by, customer)
    values = _checked(plan, by=by)
    now = timezone.now()
    with transaction.atomic():
        made = Task.objects.create(
            **values,
            identity=own_identity(customer) if customer else None,
            begins_at=values["due_at"],
            uid=f"{secrets.token_hex(16)}@kartoteka",
            made_at=now,
            changed_at=now,
            **by.as_columns,
        )
        _tell(made, "planned", by=by)
    return made


def change_task(*, task: Task, plan: Plan, by: Actor) -> None:
    """Plan it anew: another time, another person, other words. Raises BadTask, NotAllowed."""
    _must_change(task, by)
    values = _checked(plan, by=by)
    moved = values["due_at"] != task.due_at or values["rule"] != task.rule
    if moved:
        values |= {"begins_at": values["due_at"], "answer": "", "answered_at": None, **_NOT_REMINDED}
    with transaction.atomic():
        changed = Task.objects.filter(OPEN, pk=task.pk).update(
            **values, changed_at=timezone.now(), sequence=F("sequence") + 1
        )
        if not changed:
            raise BadTask("title", _("This is done already."))
        _tell(task, "planned anew", by=by)


def do_task(*, task: Task, by: Actor, outcome: str = "") -> Task | None:
    """It is done; the next one, where it repeats. Raises BadTask where it was done already, NotAllowed."""
    _must_change(task, by)
    now = timezone.now()
    with transaction.atomic():
        done = Task.objects.filter(OPEN, pk=task.pk).update(
            done_at=now, outcome=" ".join(outcome.split())[:300], changed_at=now, sequence=F("sequence") + 1
        )
        if not done:
            raise BadTask("title", _("This is done already."))
        _tell(task, "did", by=by)
        due = next_of(task.rule, begins_at=task.begins_at, after=max(task.due_at, now))
        if due is None:
            return None
        following = Task.objects.get(pk=task.pk)
        following.pk = None
        following._state.adding = True
        following.due_at, following.done_at = due, None
        for name, nothing in _NOT_REMINDED.items():
            setattr(following, name, nothing)
        following.outcome, following.answer, following.answered_at = "", "", None
        following.uid, following.sequence = f"{secrets.token_hex(16)}@kartoteka", 0
        following.made_at = following.changed_at = now
        following.save(force_insert=True)
    return following


def drop_task(*, task: Task, by: Actor) -> None:
    """It is not to be done any more, nor what would have followed it. Raises NotAllowed."""
    _must_change(task, by)
    now = timezone.now()
    with transaction.atomic():
        if Task.objects.filter(OPEN, pk=task.pk).update(
            dropped_at=now, changed_at=now, sequence=F("sequence") + 1
        ):
            _tell(task, "dropped", by=by)


def next_of(rule: str, *, begins_at: dt.datetime, after: dt.datetime) -> dt.datetime | None:
    """The first moment of the rule behind `after`; None where there is none. The hour stays the same when clocks change."""
    if not rule:
        return None
    zone = ZoneInfo(settings.KARTOTEKA.time_zone)
    # Told on the wall's clock, as people mean it: nine o'clock stays nine o'clock in summer.
    start, behind = (each.astimezone(zone).replace(tzinfo=None) for each in (begins_at, after))
    found = rrulestr(rule, dtstart=start).after(behind)
    return None if found is None else found.replace(tzinfo=zone).astimezone(dt.UTC)


def a_task(*, actor: Actor, key: int) -> Task | None:
    """A task by its number; None where there is none that `actor` may see."""
    rows = Task.objects.visible_to(actor).select_related("identity__customer", "owner")
    return rows.filter(pk=key).first()


@dataclass(frozen=True)
class Planned:
    """A task as it is shown. customer: veiled as the actor is; now: whether the customer may be called at this moment
    (None: nobody said when); later: when they may, where not now; hours: as they were said."""

    task: Task
    customer: Customer | None
    late: bool
    now: bool | None = None
    later: dt.datetime | None = None
    hours: str = ""
    number: str = ""


def agenda(
    *, actor: Actor, owner: int, until: dt.datetime, now: dt.datetime | None = None
) -> Sequence[Planned]:
    """What one member of staff has to do until then and has not done, the soonest first, at most SHOWN. Raises NotAllowed.

    Calls come with whether the customer may be called now, by the hours of their contact points and their time zone.
    """
    if not (actor.kind == "staff" and actor.key == owner):
        actor.must(Right.STAFF)
    moment = now or timezone.now()
    rows = Task.objects.visible_to(actor).filter(OPEN, owner=owner, due_at__lt=until)
    tasks = list(rows.select_related("identity__customer", "owner").order_by("due_at", "pk")[:SHOWN])
    customers = [
        each.identity.customer_id for each in tasks if each.identity and each.kind == Task.TaskKind.CALL
    ]
    phones = _phones(customers)
    return [_planned(each, phones, moment, actor) for each in tasks]


def _phones(customers: Sequence[int]) -> dict[int, Contact]:
    """The phone to call each customer at: the preferred one, else the first."""
    keys = [row[0] for row in bulk.fetch(Contact, ("id",), by="customer_id", among=customers)]
    rows = Contact.objects.filter(pk__in=keys, point__kind="phone").select_related("point")
    found: dict[int, Contact] = {}
    for each in rows.order_by("-preferred", "position", "pk"):
        found.setdefault(each.customer_id, each)
    return found


def _planned(task: Task, phones: dict[int, Contact], moment: dt.datetime, actor: Actor) -> Planned:
    customer = task.identity.customer if task.identity else None
    late = task.due_at < moment
    contact = phones.get(customer.pk) if customer and task.kind == Task.TaskKind.CALL else None
    if customer is None or contact is None:
        return Planned(task, veiled(customer, actor) if customer else None, late)
    allowed = callhours.read(contact.hours)
    zone = callhours.zone_of(contact.point.value, default=settings.KARTOTEKA.time_zone)
    may = None if allowed is None else callhours.holds(allowed, moment, zone)
    return Planned(
        task=task,
        customer=veiled(customer, actor),
        late=late,
        now=may,
        later=callhours.next_open(allowed, moment, zone) if allowed is not None and not may else None,
        hours=contact.hours,
        number=veil_phone(contact.point.value) if actor.veiled else contact.point.value,
    )


def of_customer(*, actor: Actor, customer: Customer) -> Sequence[Task]:
    """What is planned with a customer, the soonest first. Raises NotAllowed."""
    actor.must_open_cards()
    must_reach(actor, customer)
    rows = Task.objects.filter(OPEN, identity__customer=customer).select_related("owner")
    return list(rows.order_by("due_at", "pk")[:SHOWN])


def reminders(*, actor: Actor, now: dt.datetime | None = None) -> Sequence[Task]:
    """What this member of staff is to be reminded of now and has not put aside."""
    if actor.kind != "staff":
        return []
    moment = now or timezone.now()
    ahead = moment + dt.timedelta(minutes=max(REMIND))
    rows = Task.objects.filter(OPEN, owner=actor.key, seen_at=None, due_at__lte=ahead).exclude(remind=None)
    near = rows.select_related("identity__customer").order_by("due_at", "pk")[:SHOWN]
    return [each for each in near if each.due_at - dt.timedelta(minutes=each.remind or 0) <= moment][:20]


def have_seen(*, task: int, by: Actor) -> None:
    """Put a reminder aside; the task stays."""
    Task.objects.filter(pk=task, owner=by.key if by.kind == "staff" else 0, seen_at=None).update(
        seen_at=timezone.now()
    )


def task_duty(member: int) -> int:
    """How much somebody still has to do."""
    return Task.objects.filter(OPEN, owner=member).count()


def hand_over_tasks(*, member: int, to: int | None, by: Actor) -> int:
    """Give what one member of staff has to do to another; how much that was. It is reminded of anew."""
    by.must(Right.STAFF)
    done = Task.objects.filter(OPEN, owner=member).update(
        owner=to, changed_at=timezone.now(), sequence=F("sequence") + 1, **_NOT_REMINDED
    )
    if done:
        note(by=by, action="gave tasks", matter="staff", key=member, detail={"count": done, "staff": to})
    return done


def _checked(plan: Plan, *, by: Actor) -> dict[str, Any]:
    title = " ".join(plan.title.split())[:200]
    if not title:
        raise BadTask("title", _("Say in a word what is to be done."))
    if plan.kind not in Task.TaskKind.values:
        raise BadTask("kind", _("Choose a task, a call or a meeting."))
    if plan.remind is not None and not 0 <= plan.remind <= max(REMIND):
        raise BadTask("remind", _("Reminders come at most a day before."))
    must_be_near(plan.due_at, "due_at")
    if not 0 < plan.minutes <= 24 * 60:
        raise BadTask("minutes", _("It takes between a minute and a day."))
    owner = plan.owner if plan.owner is not None else (by.key if by.kind == "staff" else None)
    if owner is not None and not Staff.objects.working().filter(pk=owner).exists():
        raise BadTask("owner", _("Choose a colleague who works here."))
    rule = plan.rule.strip().upper().removeprefix("RRULE:")
    _check_rule(rule, plan.due_at)
    return {
        "kind": plan.kind, "title": title, "reason": " ".join(plan.reason.split())[:300],
        "place": " ".join(plan.place.split())[:200], "owner_id": owner, "due_at": _minute(plan.due_at),
        "minutes": plan.minutes, "remind": plan.remind, "rule": rule,
    }  # fmt: skip


def must_be_near(moment: dt.datetime, field: str) -> None:
    """Raise BadTask for a moment of which the year is a slip of the keyboard."""
    if not _FIRST <= moment.year <= _LAST:
        raise BadTask(field, _("Look at the year: this cannot be."))


def _minute(moment: dt.datetime) -> dt.datetime:
    """Nothing is planned to the second; what repeats would come a moment early."""
    return moment.replace(second=0, microsecond=0)


def _check_rule(rule: str, begins_at: dt.datetime) -> None:
    if not rule:
        return
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    # A rule of seconds would keep us counting; one across lines could be several.
    if len(rule) > 200 or "\n" in rule or parts.get("FREQ") not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise BadTask("rule", _("It can repeat every day, week, month or year."))
    try:
        next_of(rule, begins_at=begins_at, after=begins_at)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadTask("rule", _("It can repeat every day, week, month or year.")) from error


def _must_change(task: Task, by: Actor) -> None:
    by.must(Right.CHANGE)
    if not Task.objects.visible_to(by).filter(pk=task.pk).exists():
        raise NotAllowed(Right.SEE)


def _tell(task: Task, action: str, *, by: Actor) -> None:
    customer = task.identity.customer_id if task.identity else ""
    note(
        by=by,
        action=action,
        matter="customer" if customer else "task",
        key=customer or task.pk,
        detail={"task": task.pk},
    )
