"""When somebody stops working here: one step ends their way in and gives their customers to a colleague; what they saw and
took out in the last days is told."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from kartoteka.trust import staff as work
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.models import AuditEntry, Staff

from .catalogue import Text
from .models import Customer, Export, Reveal
from .placing import hand_over_all_of
from .queries import named

DAYS = 90
SHOWN = 500


class HandOver(Protocol):
    """Gives what somebody has to a colleague (None: to nobody in particular); how much that was."""

    def __call__(self, *, member: int, to: int | None, by: Actor) -> int: ...


class Waits(NamedTuple):
    """One thing that waits with somebody: with which customer (their key), what, since when."""

    customer: int | None
    what: str
    at: dt.datetime


@dataclass(frozen=True)
class Duty:
    """Work that hangs on a person beside their customers, and goes along when they leave: how much, and how it is given.

    named: what it is one by one, the oldest first, at most so many; where that is worth a look before they go.
    """

    name: str
    label: Text
    count: Callable[[int], int]
    hand_over: HandOver
    named: Callable[[int, int], Sequence[Waits]] | None = None


_duties: dict[str, Duty] = {}


def goes_along(duty: Duty) -> None:
    """Have a kind of work handed over with the customers. Called from an app's `ready()`."""
    _duties[duty.name] = duty


@dataclass(frozen=True)
class Seen:
    """A customer whose card was opened: how often, and when last. customer: None where they are no longer there."""

    customer: Customer | None
    times: int
    last_at: dt.datetime


@dataclass(frozen=True)
class LastDays:
    """What somebody did with customers in the last `days` days. cards, reveals: the newest SHOWN; the counts are of all."""

    staff: Staff
    days: int
    cards: tuple[Seen, ...]
    card_count: int
    reveals: tuple[Reveal, ...]
    reveal_count: int
    exports: tuple[Export, ...]
    looked_up: int
    theirs: int
    others: tuple[Staff, ...]
    # What else waits with them: a label and how many; and of some each one, with its customer where they can be seen.
    duties: tuple[tuple[Text, int], ...] = ()
    waits: tuple[tuple[Customer | None, Waits], ...] = ()


def last_days_of(*, actor: Actor, staff: Staff, days: int = DAYS) -> LastDays:
    """What this person saw, revealed and took out. Raises NotAllowed without the rights to manage staff."""
    actor.must(Right.STAFF)
    since = timezone.now() - dt.timedelta(days=days)
    own = AuditEntry.objects.filter(actor_kind="staff", actor_key=staff.pk, at__gt=since)
    viewed = own.filter(action="viewed", matter="customer").order_by().values_list("matter_key")
    grouped = viewed.annotate(times=Count("pk"), last=Max("at")).order_by("-last")
    rows = list(grouped[:SHOWN])
    waits = [one for each in _duties.values() if each.named for one in each.named(staff.pk, SHOWN)]
    keys = [int(key) for key, _times, _last in rows] + [each.customer for each in waits if each.customer]
    people: Mapping[int, Customer] = named(actor=actor, keys=keys)
    reveals = Reveal.objects.filter(by_kind="staff", by_key=staff.pk, at__gt=since)
    return LastDays(
        staff=staff,
        days=days,
        cards=tuple(Seen(people.get(int(key)), times, last) for key, times, last in rows),
        card_count=grouped.count(),
        reveals=tuple(reveals.select_related("customer")[:SHOWN]),
        reveal_count=reveals.count(),
        exports=tuple(Export.objects.filter(by_key=staff.pk, asked_at__gt=since)),
        looked_up=own.filter(action="looked up").count(),
        theirs=Customer.objects.filter(member=staff.pk, merged_into=None).count(),
        others=tuple(Staff.objects.working().exclude(pk=staff.pk)),
        duties=tuple((each.label, each.count(staff.pk)) for each in _duties.values()),
        waits=tuple((people.get(each.customer or 0), each) for each in waits),
    )


def let_go(*, staff: Staff, to: int | None, by: Actor) -> int:
    """End somebody's work: sessions, links and tokens end, their customers go to a colleague; how many those were.

    So does what else waits with them (goes_along): tasks, dealings without a note, open questions.

    All or nothing. Raises CannotChangeStaff for the last owner, CannotHandOver, NotAllowed.
    """
    with transaction.atomic():
        work.leave(staff=staff, by=by)
        moved = hand_over_all_of(member=staff.pk, to=to, by=by, why=str(staff))
        for each in _duties.values():
            each.hand_over(member=staff.pk, to=to, by=by)
        return moved
