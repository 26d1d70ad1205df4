"""What a telephone system says of a call, checked and taken down; the calls of this moment; a dealing when one ends."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kartoteka.activity.dealings import Said, take_in
from kartoteka.intake.connection_models import Connection, Delivery
from kartoteka.intake.connections import live, note_delivery, secret_of
from kartoteka.intake.whose import whose
from kartoteka.people.models import Customer
from kartoteka.people.veil import veil_phone, veiled
from kartoteka.standard import phones
from kartoteka.trust.actor import SYSTEM, Actor
from kartoteka.trust.models import Staff

from . import KIND
from .models import Ringing

RINGS = dt.timedelta(minutes=2)  # so long a call stands on the page that nobody answers
TALKS = dt.timedelta(hours=4)
_OLD = 300  # seconds: a signature is no longer good
_KEPT = dt.timedelta(days=1)
MOST_BYTES = 20_000
EVENTS = ("ringing", "answered", "ended")


class NotSigned(PermissionError):
    """Nobody we know sent this, or it was changed or sent again on its way."""


class BadCall(ValueError):
    """This does not say of a call what we need to know."""


def signature(secret: str, body: bytes, *, at: int) -> str:
    """The header with which a telephone system signs what it sends. at: seconds since the epoch."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


def take_call(*, token: str, body: bytes, signed: str, now: dt.datetime | None = None) -> Ringing:
    """Take down what a telephone system says of a call. Raises NotSigned, BadCall; both are noted for the owner, but for
    an address that was never ours to give: anybody could fill the list with those."""
    moment = now or timezone.now()
    connection = live(KIND, token)
    if connection is None:
        raise NotSigned
    # What is noted is read by staff, not by the system whose language this request may ask for.
    with translation.override(settings.LANGUAGE_CODE):
        return _taken(connection, body, signed, moment)


def _taken(connection: Connection, body: bytes, signed: str, moment: dt.datetime) -> Ringing:
    if not _is_signed(connection, body, signed, moment):
        note_delivery(
            connection=connection,
            state=Delivery.State.REFUSED,
            topic="call",
            problem=_("The signature is wrong or too old."),
        )
        raise NotSigned
    try:
        told = _read(body)
    except BadCall as error:
        note_delivery(
            connection=connection, state=Delivery.State.REFUSED, topic="call", problem=str(error), body=body
        )
        raise
    with transaction.atomic():
        row = _noted(connection, told, moment)
        Ringing.objects.filter(at__lt=moment - _KEPT).delete()
    return row


def _is_signed(connection: Connection, body: bytes, signed: str, now: dt.datetime) -> bool:
    stamp = dict(part.partition("=")[::2] for part in signed.split(",")).get("t", "")
    if (
        not (stamp.isascii() and stamp.isdigit() and len(stamp) < 15)
        or abs(now.timestamp() - int(stamp)) > _OLD
    ):
        return False
    return hmac.compare_digest(signature(secret_of(connection), body, at=int(stamp)), signed.replace(" ", ""))


@dataclass(frozen=True)
class _Told:
    call: str
    event: str
    number: str
    extension: str
    direction: str
    seconds: int


def _read(body: bytes) -> _Told:
    try:
        said: Any = json.loads(body)
    except ValueError as error:
        raise BadCall(_("The body is no JSON.")) from error
    if not isinstance(said, dict):
        raise BadCall(_("The body is no JSON object."))
    call, event = said.get("call"), said.get("event")
    if not isinstance(call, str | int) or not 0 < len(str(call)) <= 100 or "\x00" in str(call):
        raise BadCall(_("“call” must name the call."))
    if event not in EVENTS:
        raise BadCall(_("“event” must be ringing, answered or ended."))
    seconds = said.get("seconds")
    typed = str(said.get("number") or "")[:60].replace("\x00", "")
    found = [
        each.value.value
        for each in phones.standardise(typed, country=settings.KARTOTEKA.country)
        if each.value
    ]
    return _Told(
        call=str(call),
        event=event,
        number=found[0] if len(found) == 1 else "",  # "anonymous" is nobody's number
        extension=str(said.get("extension") or "")[:20].replace("\x00", ""),
        direction="out" if said.get("direction") == "out" else "in",
        seconds=seconds if isinstance(seconds, int) and 0 <= seconds <= 86_400 else 0,
    )


def _noted(connection: Connection, told: _Told, now: dt.datetime) -> Ringing:
    row, _new = Ringing.objects.select_for_update().get_or_create(
        connection=connection,
        call=told.call,
        defaults={"number": told.number, "extension": told.extension, "direction": told.direction, "at": now},
    )
    if told.event == "answered" and row.answered_at is None:
        row.answered_at = now
    if told.event == "ended" and row.ended_at is None:
        row.ended_at = now
        if row.answered_at is not None or told.seconds:
            _dealing(row, told)
        row.number = ""  # it stands in the dealing, where there is one; what rang in vain is nobody's business any more
    row.extension = told.extension or row.extension
    row.save()
    return row


def _dealing(row: Ringing, told: _Told) -> None:
    """A talk is a dealing, which owes its note; it is noted even if nobody knows who rang."""
    talked = row.ended_at - row.answered_at if row.ended_at and row.answered_at else dt.timedelta()
    said = Said(
        way="call",
        direction=row.direction,
        at=row.answered_at or row.at,
        seconds=told.seconds or round(talked.total_seconds()),
        counterpart=row.number,
        owner=row.owner_id,
        key=f"{row.connection_id}:{row.call}",
    )
    take_in(
        customer=whose(phones=[row.number]) if row.number else None, said=said, by=_system(row.connection)
    )


def _system(connection: Connection) -> Actor:
    """Who stands behind what a telephone system tells: the system itself, by the name it was given."""
    return replace(SYSTEM, name=connection.name)


@dataclass(frozen=True)
class Call:
    """A call of this moment as an actor is shown it. customer: whose number it is, where the actor may see them."""

    row: Ringing
    number: str
    customer: Customer | None

    @property
    def rings(self) -> bool:
        """Whether nobody has answered yet."""
        return self.row.answered_at is None


def calls_now(*, actor: Actor, now: dt.datetime | None = None) -> Sequence[Call]:
    """The calls that ring or are talked on now, the newest first. Raises NotAllowed."""
    actor.must_open_cards()
    moment = now or timezone.now()
    rows = (
        Ringing.objects.filter(ended_at=None, at__gt=moment - TALKS)
        .select_related("owner")
        .order_by("-at")[:30]
    )
    found = []
    for row in rows:
        if row.answered_at is None and row.at < moment - RINGS:
            continue
        customer = whose(phones=[row.number]) if row.number else None
        if customer and not Customer.objects.open_to(actor).filter(pk=customer.pk).exists():
            customer = None
        number = veil_phone(row.number) if actor.veiled else row.number
        found.append(Call(row, number, veiled(customer, actor) if customer else None))
    return found


def have_call(*, call: int, by: Actor) -> Ringing | None:
    """This member of staff has the call: its dealing will be theirs. None where it is not there any more."""
    by.must_open_cards()
    if by.kind == "staff" and Staff.objects.working().filter(pk=by.key).exists():
        Ringing.objects.filter(pk=call, owner=None).update(owner=by.key)
    return Ringing.objects.filter(pk=call).first()
