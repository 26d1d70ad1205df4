"""Writing the ledger: what customers chose, by whom and how it was taken down. Lines are only ever added."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.kit.news import announce
from kartoteka.people.editing import own_identity
from kartoteka.people.models import Contact, ContactPoint, Customer, Identity
from kartoteka.trust import keeping
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from . import proofs
from .models import Asking, Channel, Choice, Purpose, Settling, Suppression, Wording
from .news import MayHaveChanged

POINT_KIND = {Channel.EMAIL: "email", Channel.SMS: "phone", Channel.PHONE: "phone"}
_LONGEST_PROOF = 2000


class BadChoice(ValueError):
    """A choice cannot be written so. `field` names what to change, the message says why."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)

    @classmethod
    def channel(cls) -> "BadChoice":
        """There is no such channel."""
        return cls("channel", _("Say by which way: %(all)s.") % {"all": ", ".join(Channel.values)})


@dataclass(frozen=True)
class Taken:
    """How a choice was taken down.

    how: one of Choice.How. place: the form, the page, the counter. at: when it was made, now by default; never in
    the future.
    wording: the very words that were shown. point: the contact point it is about. evidence: facts that show it
    (ip, page).
    confirmed: it was made through the contact point itself. guardian: the parent's or guardian's name, where one of them
    said it for a child. proof: a signature or recording, kept sealed.
    """

    how: str
    place: str = ""
    at: dt.datetime | None = None
    wording: Wording | None = None
    language: str = ""
    point: int | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    confirmed: bool = False
    guardian: str = ""
    proof: IO[bytes] | None = None


def give(*, customer: Customer, purpose: Purpose, channel: str, taken: Taken, by: Actor) -> Choice:
    """The customer agrees. It takes the place of whatever they had said before under any of their identities.

    Raises BadChoice, NotAllowed.
    """
    return _write(
        customer=customer, purpose=purpose, channel=channel, what=Choice.What.GIVEN, taken=taken, by=by
    )


def withdraw(*, customer: Customer, purpose: Purpose, channel: str, taken: Taken, by: Actor) -> Choice:
    """The customer says no, or no more. It is written for each of their identities: after a split it holds for both.

    Raises BadChoice, NotAllowed.
    """
    return _write(
        customer=customer, purpose=purpose, channel=channel, what=Choice.What.WITHDRAWN, taken=taken, by=by
    )


def asked(*, customer: Customer, purpose: Purpose, channel: str, taken: Taken, by: Actor) -> Choice:
    """A link was sent to confirm with. That changes nothing in what stands. Raises BadChoice, NotAllowed."""
    return _write(
        customer=customer, purpose=purpose, channel=channel, what=Choice.What.ASKED, taken=taken, by=by
    )


def was_not_asked(choice: Choice) -> None:
    """Take back an asking whose mail could not be sent."""
    with transaction.atomic():
        _take_out([choice.pk])


def _write(
    *, customer: Customer, purpose: Purpose, channel: str, what: str, taken: Taken, by: Actor
) -> Choice:
    by.must(Right.CHANGE)
    _check(customer, purpose, channel, what, taken)
    now = timezone.now()
    at = min(taken.at or now, now)
    evidence = dict(taken.evidence)
    with transaction.atomic():
        bulk.be_the_writer()
        anchor = _anchor(customer)
        if taken.proof is not None:
            try:
                evidence |= proofs.keep(taken.proof, identity=anchor)
            except proofs.BadProof as error:
                raise BadChoice("proof", str(error)) from error
        identities = [anchor]
        if what == Choice.What.WITHDRAWN:
            others = bulk.fetch(Identity, ("id",), by="customer_id", among=[customer.pk])
            identities += sorted({row[0] for row in others} - {anchor})
        lines = [
            Choice(
                identity_id=identity,
                point_id=taken.point,
                purpose=purpose,
                channel=channel,
                what=what,
                at=at,
                how=taken.how,
                place=taken.place[:255],
                confirmed=taken.confirmed,
                guardian=" ".join(taken.guardian.split())[:150],
                wording=taken.wording,
                language=taken.language or (taken.wording.language if taken.wording else ""),
                evidence=evidence,
                **by.as_columns,
                written_at=now,
            )
            for identity in identities
        ]
        Choice.objects.bulk_create(lines)
        announce(MayHaveChanged(identities=tuple(identities)))
        if what == Choice.What.GIVEN:
            _settle(lines[0], customer)
        note(
            by=by,
            action=f"consent {what}",
            matter="customer",
            key=customer.pk,
            detail={"purpose": purpose.key, "channel": channel, "how": taken.how},
        )
    return lines[0]


def _anchor(customer: Customer) -> int:
    """The identity that a choice made here hangs on: as staff know this customer."""
    own = own_identity(customer)
    if own.customer_id == customer.pk:
        return own.pk
    # Somebody took the staff's identity out of this customer; another of theirs stands for them.
    first = Identity.objects.filter(customer=customer).order_by("pk").values_list("pk", flat=True).first()
    if first is None:
        raise BadChoice("customer", _("Nobody is behind this card any more."))
    return first


def _settle(choice: Choice, customer: Customer) -> None:
    """Note which lines of the customer's other identities this choice takes the place of: the newest of each, by point."""
    lines = bulk.fetch(Identity, ("id",), by="customer_id", among=[customer.pk])
    others = [row[0] for row in lines if row[0] != choice.identity_id]
    rows = Choice.objects.filter(
        identity__in=others, purpose=choice.purpose_id, channel=choice.channel, at__lte=choice.at
    ).exclude(what=Choice.What.ASKED)
    newest: dict[tuple[int, int | None], int] = {}
    for key, identity, what, point in rows.order_by("at", "pk").values_list(
        "pk", "identity", "what", "point"
    ):
        newest[identity, None if what == Choice.What.WITHDRAWN else point] = key
    Settling.objects.bulk_create(Settling(choice=choice, settled_id=key) for key in newest.values())


def _check(customer: Customer, purpose: Purpose, channel: str, what: str, taken: Taken) -> None:
    if customer.merged_into_id is not None:
        raise BadChoice("customer", _("This card has been joined with another. Open that one."))
    if purpose.ended_at is not None and what != Choice.What.WITHDRAWN:
        raise BadChoice("purpose", _("“%(purpose)s” is not used any more.") % {"purpose": purpose})
    if channel not in Channel.values:
        raise BadChoice.channel()
    if taken.how not in Choice.How.values:
        raise BadChoice("how", _("Say how it was said: %(all)s.") % {"all": ", ".join(Choice.How.values)})
    if taken.at is not None and timezone.is_naive(taken.at):
        raise BadChoice("at", _("Say the time with its zone, such as 2026-03-01T10:00:00+01:00."))
    if taken.wording is not None and taken.wording.purpose_id != purpose.pk:
        raise BadChoice("wording", _("These words are those of another purpose."))
    if len(repr(dict(taken.evidence))) > _LONGEST_PROOF:
        raise BadChoice("evidence", _("That is too much to keep as proof; keep it in a file."))
    if taken.point is not None:
        kind = POINT_KIND.get(Channel(channel))
        its = ContactPoint.objects.filter(pk=taken.point, contacts__customer=customer)
        if not (its.filter(kind=kind) if kind else its).exists():
            raise BadChoice("point", _("That is none of this customer's contact details."))


def point_of(customer: Customer, value: str) -> int:
    """The key of the customer's contact point with this value, as the record writes it. Raises BadChoice."""
    found = Contact.objects.filter(customer=customer, point__value=value.strip()).values_list(
        "point", flat=True
    )
    for key in found:
        return key
    raise BadChoice("point", _("That is none of this customer's contact details."))


# ---- what comes in with a file


@dataclass(frozen=True)
class Line:
    """A choice that a file says of somebody: the identity it hangs on, and what was in the row."""

    identity: int
    purpose: int
    channel: str
    what: str
    at: dt.datetime
    confirmed: bool = False
    evidence: Mapping[str, Any] = field(default_factory=dict)


def write_lines(lines: Sequence[Line], *, batch: Any, place: str, how: str = Choice.How.FILE) -> int:
    """Write the choices of a file's rows, or of a shop's message, set-based, inside the transaction that writes those; how
    many there were.

    They say what the source knows of its own identity, so they settle nothing that was said elsewhere: what somebody
    withdrew here is not given again by a file.
    """
    now = timezone.now()
    bulk.insert(
        Choice,
        ("identity_id", "point_id", "purpose_id", "channel", "what", "at", "how", "place", "confirmed",
         "guardian", "wording_id", "language", "evidence", "batch_id", "by_kind", "by_key", "by_name", "written_at"),
        (
            (each.identity, None, each.purpose, each.channel, each.what, min(each.at, now), how,
             place[:255], each.confirmed, "", None, "", bulk.json(each.evidence), batch.pk, batch.by_kind,
             batch.by_key, batch.by_name, now)
            for each in lines
        ),
    )  # fmt: skip
    announce(MayHaveChanged(identities=tuple({each.identity for each in lines})))
    return len(lines)


def drop_batch(batch: int) -> int:
    """Take the choices and suppressions that came in with a batch out of the ledger again.

    How many choices there were.
    """
    bulk.delete(Suppression, by="batch_id", among=[batch])
    return _take_out([row[0] for row in bulk.fetch(Choice, ("id",), by="batch_id", among=[batch])])


def drop_of(identities: Sequence[int]) -> int:
    """Take all that was said under these identities out of the ledger, and their proofs; how many lines there were."""
    rows = bulk.fetch(Choice, ("id", "evidence"), by="identity_id", among=identities)
    files = {file for _key, evidence in rows if (file := _file_in(evidence))}
    gone = _take_out([key for key, _evidence in rows])
    # A withdrawal is written for each identity: the proof goes with the last of them.
    for name in files:
        if not Choice.objects.filter(evidence__file=name).exists():
            keeping.throw_away(name, drawer=proofs.DRAWER)
    return gone


def _file_in(evidence: Any) -> str:
    told = orjson.loads(evidence) if isinstance(evidence, str) else evidence
    return str(told.get("file", ""))


def _take_out(choices: Sequence[int]) -> int:
    for model in (Settling, Asking):
        bulk.delete(model, by="choice_id", among=choices)
    bulk.delete(Settling, by="settled_id", among=choices)
    return bulk.delete(Choice, by="id", among=choices)
