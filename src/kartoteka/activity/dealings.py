"""Dealings: written down, given to somebody, settled; those that owe their note, and questions that wait for an answer."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit.news import announce
from kartoteka.people.editing import own_identity
from kartoteka.people.leaving import Waits
from kartoteka.people.models import Customer
from kartoteka.people.veil import veil_text
from kartoteka.people.view import has_before_them, must_reach
from kartoteka.trust.actor import Actor, NotAllowed, Right, Scope
from kartoteka.trust.audit import note as write_down
from kartoteka.trust.models import Staff
from kartoteka.trust.teams import colleague

from .dealing_models import OPEN, OWED, Dealing
from .news import ActivityChanged

DUE = dt.timedelta(days=2)  # for a question or complaint where nobody said when
SHOWN = 200
_LONGEST = 100_000
# Years beyond these are slips of the keyboard.
_FIRST, _LAST = 1900, 2200


class BadDealing(ValueError):
    """A dealing cannot be written down so. `field` names what to change, the message says how."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Said:
    """What is written down of a dealing. at: when it was (now, where nothing is said); seconds: how long.

    about: "question", "complaint" or "". owner: the key of the member of staff who answers for it; who writes it down, by
    default. due_at: until when a question or complaint is to be settled; in two days by default.
    """

    way: str
    direction: str = "in"
    note: str = ""
    subject: str = ""
    about: str = ""
    at: dt.datetime | None = None
    seconds: int = 0
    owner: int | None = None
    due_at: dt.datetime | None = None
    counterpart: str = ""
    key: str = ""


def record_dealing(*, customer: Customer, said: Said, by: Actor) -> Dealing:
    """Write down a dealing with a customer. Raises BadDealing, NotAllowed.

    A call of the same telephone system's key is one dealing, however often it is told.
    """
    by.must(Right.CHANGE)
    must_reach(by, customer)
    now = timezone.now()
    if said.way not in Dealing.Way.values:
        raise BadDealing("way", _("Choose how you dealt with them."))
    if said.direction not in Dealing.Direction.values:
        raise BadDealing("direction", _("Choose from whom it came."))
    if said.about not in Dealing.About.values:
        raise BadDealing("about", _("Choose whether it is a question or a complaint."))
    at = said.at or now
    if at > now + dt.timedelta(minutes=5):
        raise BadDealing("at", _("This has not happened yet. Plan it in the agenda instead."))
    if at.year < _FIRST or (said.due_at and said.due_at.year > _LAST):
        raise BadDealing("at" if at.year < _FIRST else "due_at", _("Look at the year: this cannot be."))
    if said.about and said.due_at and said.due_at < at:
        raise BadDealing("due_at", _("It cannot be due before it came."))
    if said.about and not (said.note.strip() or said.subject.strip()):
        raise BadDealing("note", _("Write down what they ask or complain about."))
    with transaction.atomic():
        if said.key and (known := Dealing.objects.filter(key=said.key[:255], way=said.way).first()):
            return known
        own = own_identity(customer)
        made = Dealing.objects.create(
            identity=own,
            way=said.way,
            direction=said.direction,
            at=at,
            seconds=min(max(said.seconds, 0), 86_400),
            subject=" ".join(said.subject.split())[:300],
            note=_text(said.note),
            counterpart=said.counterpart[:320],
            owner_id=_owner(said.owner, by=by),
            about=said.about,
            due_at=(said.due_at or at + DUE) if said.about else None,
            key=said.key[:255],
            **by.as_columns,
        )
        announce(ActivityChanged((own.pk,)))
        _tell(made, "noted a dealing", by=by, way=made.way)
    return made


def take_in(
    *, customer: Customer | None, said: Said, by: Actor, thread: Dealing | None = None
) -> tuple[Dealing, bool]:
    """Keep a dealing that a machine told of (a mail, a call), and whether it is new.

    customer: None where nobody knows whose it is: then it waits until somebody says so. thread: one of the same thread.
    """
    by.must(Right.CHANGE)
    if customer is not None:
        must_reach(by, customer)
    with transaction.atomic():
        made, new = Dealing.objects.get_or_create(
            key=said.key[:255],
            way=said.way,
            defaults={
                "identity": own_identity(customer) if customer else None,
                "direction": said.direction,
                "at": min(said.at or timezone.now(), timezone.now()),
                "seconds": min(max(said.seconds, 0), 86_400),
                "subject": " ".join(said.subject.replace("\x00", "").split())[:300],
                "note": _text(said.note),
                "counterpart": said.counterpart[:320],
                "owner_id": said.owner,
                "thread_id": (thread.thread_id or thread.pk) if thread else None,
                **by.as_columns,
            },
        )
    return made, new


def a_dealing(*, actor: Actor, key: int) -> Dealing | None:
    """A dealing by its number; None where there is none that `actor` may see."""
    actor.must_open_cards()
    row = Dealing.objects.select_related("identity__customer", "owner", "thread").filter(pk=key).first()
    return row if row and _reaches(actor, row) else None


def _reaches(actor: Actor, dealing: Dealing) -> bool:
    if not actor.walled:
        return True
    if actor.scope is Scope.ONE:
        theirs = actor.kind == "staff" and dealing.owner_id == actor.key
        customer = dealing.identity.customer_id if dealing.identity else None
        return theirs or (customer is not None and has_before_them(actor, customer))
    seen = Customer.objects.open_to(actor)
    return dealing.identity is not None and seen.filter(pk=dealing.identity.customer_id).exists()


def must_reach_dealing(actor: Actor, dealing: Dealing) -> None:
    """Raise NotAllowed unless `actor` may see the customer whose dealing it is."""
    actor.must_open_cards()
    if not _reaches(actor, dealing):
        raise NotAllowed(Right.SEE)


def write_note(*, dealing: Dealing, note: str, by: Actor) -> None:
    """Write down what was said; a later note replaces it. Raises BadDealing for an empty one, NotAllowed."""
    by.must(Right.CHANGE)
    must_reach_dealing(by, dealing)
    text = _text(note)
    if not text:
        raise BadDealing("note", _("Write down what was said; one sentence is enough."))
    if by.veiled and "•" in text:
        raise BadDealing(
            "note",
            _("Part of this is hidden from you. Write the whole of it anew, or ask somebody who sees it."),
        )
    with transaction.atomic():
        Dealing.objects.filter(pk=dealing.pk).update(note=text)
        _tell(dealing, "wrote a note", by=by)


def give_dealing(*, dealing: Dealing, owner: int | None, due_at: dt.datetime | None, by: Actor) -> None:
    """Let somebody else answer for it, or until another day. Raises BadDealing, NotAllowed."""
    by.must(Right.CHANGE)
    must_reach_dealing(by, dealing)
    with transaction.atomic():
        if due_at and not _FIRST <= due_at.year <= _LAST:
            raise BadDealing("due_at", _("Look at the year: this cannot be."))
        due = (due_at or dealing.due_at) if dealing.about else None
        Dealing.objects.filter(pk=dealing.pk).update(owner=_owner(owner, by=by), due_at=due)
        _tell(dealing, "gave a dealing", by=by, staff=owner)


def settle(*, dealing: Dealing, outcome: str, cause: str = "", by: Actor) -> None:
    """A question was answered, a complaint settled: how, and where it came from. Raises BadDealing, NotAllowed."""
    by.must(Right.CHANGE)
    must_reach_dealing(by, dealing)
    if not outcome.strip():
        raise BadDealing("outcome", _("Write how it was settled; one sentence is enough."))
    with transaction.atomic():
        done = Dealing.objects.filter(OPEN, pk=dealing.pk).update(
            outcome=_text(outcome),
            cause=" ".join(cause.split())[:100],
            settled_at=timezone.now(),
            settled_by=by.name[:150],
        )
        if not done:
            raise BadDealing("outcome", _("This is settled already."))
        _tell(dealing, "settled a dealing", by=by)


def change_dealing(*, dealing: Dealing, changes: Mapping[str, Any], by: Actor) -> None:
    """Do several of these at once, all or none: `note`, `owner` (a colleague's e-mail) and `due_at`, `outcome` with
    `cause`, `open` (it was not settled after all). Raises BadDealing, NotAllowed."""
    with transaction.atomic():
        if "note" in changes:
            write_note(dealing=dealing, note=changes["note"], by=by)
        if "owner" in changes or "due_at" in changes:
            owner = owner_by_email(changes.get("owner", "")) or dealing.owner_id
            give_dealing(dealing=dealing, owner=owner, due_at=changes.get("due_at"), by=by)
        if changes.get("open"):
            reopen(dealing=dealing, by=by)
        if "outcome" in changes:
            settle(dealing=dealing, outcome=changes["outcome"], cause=changes.get("cause", ""), by=by)


def owner_by_email(email: str) -> int | None:
    """The key of the colleague with this e-mail; None for "". Raises BadDealing where nobody has it."""
    if not email:
        return None
    found = colleague(email)
    if found is None:
        raise BadDealing("owner", _("Choose a colleague who works here."))
    return found


def reopen(*, dealing: Dealing, by: Actor) -> None:
    """It was not settled after all; its outcome so far stays to be read until it is settled again."""
    by.must(Right.CHANGE)
    must_reach_dealing(by, dealing)
    if Dealing.objects.filter(pk=dealing.pk).exclude(settled_at=None).update(settled_at=None, settled_by=""):
        _tell(dealing, "reopened a dealing", by=by)


@dataclass(frozen=True)
class Work:
    """What waits: questions and complaints that are not settled, the soonest due first; dealings that owe their note;
    mail whose sender nobody knows. late: how many of `open` are overdue."""

    open: tuple[Dealing, ...]
    owed: tuple[Dealing, ...]
    unknown: tuple[Dealing, ...] = field(default_factory=tuple)

    @property
    def late(self) -> int:
        """How many questions and complaints are overdue."""
        now = timezone.now()
        return sum(1 for each in self.open if each.due_at and each.due_at < now)


def waiting(*, actor: Actor, owner: int | None = None) -> Work:
    """What waits with the customers whom `actor` may see; of one member of staff, where `owner` is given."""
    actor.must(Right.SEE)
    rows = Dealing.objects.visible_to(actor).select_related("identity__customer", "owner")
    if owner is not None:
        rows = rows.filter(owner=owner)
    return Work(
        open=tuple(rows.filter(OPEN).order_by("due_at", "pk")[:SHOWN]),
        owed=tuple(rows.filter(OWED).order_by("at", "pk")[:SHOWN]),
        unknown=() if owner is not None else tuple(rows.filter(identity=None).order_by("-at", "-pk")[:SHOWN]),
    )


def say_whose(*, dealing: Dealing, customer: Customer, by: Actor) -> None:
    """Say whose dealing this is, where nobody knew; with it those of its thread and its sender. Raises BadDealing."""
    by.must(Right.CHANGE)
    must_reach(by, customer)
    if dealing.identity_id is not None:
        raise BadDealing("asked", _("This is somebody's already."))
    with transaction.atomic():
        identity = own_identity(customer)
        rows = Dealing.objects.filter(identity=None)
        rows = (
            rows.filter(counterpart=dealing.counterpart)
            if dealing.counterpart
            else rows.filter(pk=dealing.pk)
        )
        rows.update(identity=identity)
        dealing.refresh_from_db()
        _tell(dealing, "said whose a mail is", by=by)


def shown_note(dealing: Dealing, actor: Actor) -> str:
    """The note as `actor` is shown it."""
    return veil_text(dealing.note) if actor.veiled else dealing.note


def thread_of(*, actor: Actor, dealing: Dealing) -> tuple[Dealing, ...]:
    """The mails of its thread, the first first; it alone, where it has none."""
    root = dealing.thread_id or dealing.pk
    rows = Dealing.objects.filter(thread=root) | Dealing.objects.filter(pk=root)
    found = rows.select_related("identity__customer").order_by("at", "pk")[:SHOWN]
    return tuple(each for each in found if _reaches(actor, each))


def duty_count(member: int) -> int:
    """How many dealings of a member of staff wait for their note or for an answer."""
    return Dealing.objects.filter(OPEN | OWED, owner=member).count()


def duties_named(member: int, most: int) -> list[Waits]:
    """Those dealings one by one, the oldest first: whose, what it was, and what is lacking."""
    rows = Dealing.objects.filter(OPEN | OWED, owner=member).select_related("identity").order_by("at", "pk")
    return [
        Waits(
            each.identity.customer_id if each.identity else None,
            f"{each.get_way_display()}: {each.get_about_display() if each.about else _('no note yet')}",
            each.at,
        )
        for each in rows[:most]
    ]


def hand_over_dealings(*, member: int, to: int | None, by: Actor) -> int:
    """Give what waits with one member of staff to another (None: nobody in particular); how many that were."""
    by.must(Right.STAFF)
    done = Dealing.objects.filter(OPEN | OWED, owner=member).update(owner=to)
    if done:
        write_down(
            by=by, action="gave dealings", matter="staff", key=member, detail={"count": done, "staff": to}
        )
    return done


def causes() -> Sequence[str]:
    """The causes that were written so far, to choose from, the most frequent first."""
    from django.db.models import Count

    rows = Dealing.objects.exclude(cause="").values_list("cause").annotate(times=Count("pk"))
    return [cause for cause, _times in rows.order_by("-times", "cause")[:20]]


def _owner(owner: int | None, *, by: Actor) -> int | None:
    if owner is None:
        return by.key if by.kind == "staff" else None
    if not Staff.objects.working().filter(pk=owner).exists():
        raise BadDealing("owner", _("Choose a colleague who works here."))
    return owner


def _text(text: str) -> str:
    return text.replace("\x00", "").strip()[:_LONGEST]


def _tell(dealing: Dealing, action: str, *, by: Actor, **detail: object) -> None:
    customer = dealing.identity.customer_id if dealing.identity else ""
    write_down(
        by=by, action=action, matter="customer", key=customer, detail={"dealing": dealing.pk, **detail}
    )
