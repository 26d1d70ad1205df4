"""Callbacks: asked for, taken by one, made in time or late; late ones escalate; how many promises were kept."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.db.models.functions import ExtractHour
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.people.editing import own_identity
from kartoteka.people.models import Customer
from kartoteka.people.veil import veil_phone
from kartoteka.people.view import must_reach
from kartoteka.standard import phones
from kartoteka.trust.actor import SYSTEM, Actor, NotAllowed, Right
from kartoteka.trust.alarms import raise_alarm
from kartoteka.trust.audit import note
from kartoteka.trust.models import Staff

from .clock import Clock, clock_now, hours_now
from .models import Callback

SHOWN = 100
WAITING = Q(called_at=None, closed_at=None)


class CannotCallBack(ValueError):
    """This cannot be done with a callback; the message says why."""


@dataclass(frozen=True)
class Waiting:
    """A callback that waits, as an actor is shown it. left: seconds of working time until it is late; then negative.

    number: veiled where the actor is. mine: they took it.
    """

    callback: Callback
    customer: Customer
    number: str
    left: int
    running: bool
    mine: bool

    @property
    def late(self) -> bool:
        """Whether the promise is broken."""
        return self.left < 0


def promise_callback(
    *,
    customer: Customer,
    number: str,
    by: Actor,
    reason: str = "",
    at: dt.datetime | None = None,
    key: str = "",
) -> Callback:
    """Somebody wants to be called back at this number (E.164). The clock starts at `at`, now by default.

    key: of whoever passes the wish on; the same twice is one. One who waits already at the same number waits on.
    Raises CannotCallBack, NotAllowed.
    """
    by.must(Right.CHANGE)
    must_reach(by, customer)
    found = [each.value.value for each in phones.standardise(number, country=customer.country) if each.value]
    if len(found) != 1:
        raise CannotCallBack(_("Write one whole phone number, with its country's code."))
    now = timezone.now()
    asked_at = min(at or now, now)
    hours = hours_now()
    due_at = clock_now(hours).after(asked_at, hours.promise)
    rows = Callback.objects.filter(identity__customer=customer, number=found[0])
    if waiting := rows.filter(WAITING).first():
        return waiting
    if key and (known := Callback.objects.filter(key=key[:100]).first()):
        return known
    try:
        with transaction.atomic():
            made = Callback.objects.create(
                identity=own_identity(customer),
                number=found[0],
                reason=" ".join(reason.split())[:300],
                asked_at=asked_at,
                promised=hours.promise,
                due_at=due_at,
                key=key[:100],
                **by.as_columns,
            )
            note(
                by=by,
                action="promised a callback",
                matter="customer",
                key=customer.pk,
                detail={"seconds": made.promised},
            )
    except IntegrityError:
        return Callback.objects.get(key=key[:100])
    return made


def waiting_callbacks(*, actor: Actor, now: dt.datetime | None = None) -> Sequence[Waiting]:
    """The callbacks that this actor may take, or has taken, the most urgent first. Nothing for who sees nobody."""
    moment = now or timezone.now()
    rows = Callback.objects.visible_to(actor).filter(WAITING)
    clock = clock_now()
    return [
        _shown(each, clock, moment, actor)
        for each in rows.select_related("identity__customer", "owner").order_by("due_at", "pk")[:SHOWN]
    ]


def _shown(row: Callback, clock: Clock, now: dt.datetime, actor: Actor) -> Waiting:
    mine = actor.kind == "staff" and row.owner_id == actor.key
    left = clock.between(now, row.due_at)
    if left == 0 and now > row.due_at:
        left = -1  # late, though no working time has gone by since
    return Waiting(
        callback=row,
        customer=row.identity.customer,
        number=veil_phone(row.number) if actor.veiled else row.number,
        left=left,
        running=clock.is_running(now),
        mine=mine,
    )


def take(*, callback: int, by: Actor) -> Callback:
    """Take a callback, so that nobody else calls as well. Of two at once one gets it. A late one may be taken over.

    Raises CannotCallBack where somebody else has it, NotAllowed.
    """
    row = _wanted(callback, by)
    with transaction.atomic():
        # Once it is late, it is taken away from whoever let it lie; who takes it then has it.
        free = Q(owner=None) | Q(taken_at__lt=F("escalated_at"))
        taken = (
            Callback.objects.filter(WAITING, free, pk=row.pk)
            .exclude(owner=by.key)
            .update(owner=by.key, taken_at=timezone.now())
        )
        if taken:
            note(by=by, action="took a callback", matter="customer", key=row.identity.customer_id)
    row.refresh_from_db()
    if row.owner_id != by.key or not row.is_waiting:
        raise CannotCallBack(_("%(who)s has this one already.") % {"who": row.owner or _("Somebody")})
    return row


def called(*, callback: int, by: Actor, outcome: str = "", at: dt.datetime | None = None) -> Callback:
    """They were called: the clock stops, and the promise is kept or broken. Raises CannotCallBack, NotAllowed."""
    row = _wanted(callback, by)
    if row.owner_id is None:
        row = take(callback=callback, by=by)
    if row.owner_id != by.key:
        raise CannotCallBack(_("%(who)s has this one already.") % {"who": row.owner})
    now = at or timezone.now()
    with transaction.atomic():
        if not Callback.objects.filter(WAITING, pk=row.pk).update(called_at=now, outcome=outcome[:300]):
            raise CannotCallBack(_("This was called already."))
        kept = now <= row.due_at
        note(
            by=by,
            action="called back",
            matter="customer",
            key=row.identity.customer_id,
            detail={"kept": kept},
        )
    row.refresh_from_db()
    return row


def close(*, callback: int, outcome: str, by: Actor) -> None:
    """It needs no call any more (they came by, it was a mistake): why. Raises CannotCallBack, NotAllowed."""
    row = _wanted(callback, by)
    if not outcome.strip():
        raise CannotCallBack(_("Say why nobody needs to call any more."))
    with transaction.atomic():
        if Callback.objects.filter(WAITING, pk=row.pk).update(
            closed_at=timezone.now(), outcome=outcome.strip()[:300]
        ):
            note(by=by, action="closed a callback", matter="customer", key=row.identity.customer_id)


def _wanted(callback: int, by: Actor) -> Callback:
    by.must(Right.CHANGE)
    if by.kind != "staff":
        raise NotAllowed(Right.CHANGE)  # a person calls
    rows = Callback.objects.visible_to(by)
    row: Callback | None = rows.select_related("identity__customer", "owner").filter(pk=callback).first()
    if row is None:
        raise CannotCallBack(_("There is no such callback any more."))
    return row


def escalate_late(*, now: dt.datetime | None = None) -> int:
    """Tell of every callback whose time is over, once: the owner is alarmed, and anybody may take it over; how many."""
    moment = now or timezone.now()
    done = 0
    late = Callback.objects.filter(WAITING, due_at__lt=moment, escalated_at=None).select_related("owner")
    for row in late.order_by("due_at")[:SHOWN]:
        with transaction.atomic():
            if not Callback.objects.filter(WAITING, pk=row.pk, escalated_at=None).update(escalated_at=moment):
                continue
            had = row.owner.actor if row.owner else SYSTEM
            seconds = round((moment - row.due_at).total_seconds())
            raise_alarm(
                kind="late callback", by=had, detail={"seconds": seconds}, mark=f"late callback {row.pk}"
            )
            done += 1
    return done


def run_due_escalation() -> bool:
    """The worker's round: whether any was late."""
    return escalate_late() > 0


@dataclass(frozen=True)
class Kept:
    """Promises of an hour of the day or of a person: how many were kept and how many were broken."""

    who: str
    kept: int
    broken: int

    @property
    def all(self) -> int:
        """Kept and broken."""
        return self.kept + self.broken

    @property
    def percent(self) -> int:
        """How many of a hundred were kept."""
        return round(100 * self.kept / self.all) if self.all else 0


@dataclass(frozen=True)
class Promises:
    """How promises were kept in the last days: in all, by the hour in which they were asked for, by who had them."""

    days: int
    whole: Kept
    hours: tuple[Kept, ...]
    people: tuple[Kept, ...]


def promises(*, actor: Actor, days: int = 30, now: dt.datetime | None = None) -> Promises:
    """Kept and broken promises of the last `days`. One that still waits past its time is broken. Raises NotAllowed."""
    actor.must(Right.SEE)
    moment = now or timezone.now()
    rows = Callback.objects.visible_to(actor).filter(asked_at__gt=moment - dt.timedelta(days=days))
    kept, broken = _kept_and_broken(moment)
    whole = rows.aggregate(kept=kept, broken=broken)
    by_hour = (
        rows.annotate(hour=ExtractHour("asked_at", tzinfo=clock_now().zone)).values("hour").order_by("hour")
    )
    by_person = rows.values("owner").order_by("owner")
    names = {each.pk: str(each) for each in Staff.objects.all()}
    return Promises(
        days,
        Kept("", whole["kept"], whole["broken"]),
        tuple(
            Kept(f"{each['hour']:02d}", each["kept"], each["broken"])
            for each in by_hour.annotate(kept=kept, broken=broken).exclude(kept=0, broken=0)
        ),
        tuple(
            Kept(names.get(each["owner"], _("nobody")), each["kept"], each["broken"])
            for each in by_person.annotate(kept=kept, broken=broken).exclude(kept=0, broken=0)
        ),
    )


def _kept_and_broken(moment: dt.datetime) -> tuple[Count, Count]:
    late = Q(called_at__gt=F("due_at")) | (WAITING & Q(due_at__lt=moment))
    return Count("pk", filter=Q(called_at__lte=F("due_at"))), Count("pk", filter=late)


def promises_kept(*, actor: Actor, days: int = 30) -> Kept:
    """The promises of the last `days` in all, for a page that has other things to say as well. Raises NotAllowed."""
    actor.must(Right.SEE)
    now = timezone.now()
    kept, broken = _kept_and_broken(now)
    rows = Callback.objects.visible_to(actor).filter(asked_at__gt=now - dt.timedelta(days=days))
    return Kept("", **rows.aggregate(kept=kept, broken=broken))


def callback_duty(member: int) -> int:
    """How many callbacks wait that somebody has taken."""
    return Callback.objects.filter(WAITING, owner=member).count()


def hand_over_callbacks(*, member: int, to: int | None, by: Actor) -> int:
    """Give the callbacks that wait with somebody to another, or back to all."""
    by.must(Right.STAFF)
    return Callback.objects.filter(WAITING, owner=member).update(
        owner=to, taken_at=timezone.now() if to else None
    )
