"""Asking a shop for what it sent no word of: a webhook was off, the shop was moved, our machine was down.

What it answers is put in the inbox as if it had been sent, each under a key that its id and its last change make: what came
already in that state is not taken twice.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kartoteka.kit.outgoing import NotReached, fetch
from kartoteka.trust.actor import SYSTEM, Actor, Right
from kartoteka.trust.audit import note
from kartoteka.trust.sealed_text import SecretGone

from ..connection_models import Connection, Delivery
from ..connection_secrets import options_of
from ..connections import note_delivery
from . import SHOPS
from .shop import NotUnderstood

_MOST_PAGES = 500
_USUAL = dt.timedelta(days=30)
# How often a shop that can be asked is asked, and how far back beyond the last time.
_EVERY, _OVERLAP = dt.timedelta(hours=1), dt.timedelta(hours=2)
# In `Connection.more`: up to when the shop has answered, and before when it is not asked again.
_UNTIL, _NOT_BEFORE = "asked until", "ask after"


@dataclass(frozen=True)
class Asked:
    """What came of asking. told: how many orders the shop answered; new: how many of them wait to be taken in."""

    told: int
    new: int


def ask_for_missed(*, connection: Connection, by: Actor, since: dt.datetime | None = None) -> Asked:
    """Ask for all that was changed since a moment (30 days ago by default), page by page, before it is taken in.

    Raises NotReached where the shop cannot be asked or does not answer, NotUnderstood, SecretGone, NotAllowed.
    """
    by.must(Right.SET_UP)
    shop = SHOPS[connection.kind]
    options = options_of(connection)
    since = since or timezone.now() - _USUAL
    told = new = 0
    after = ""
    for page in range(1, _MOST_PAGES + 1):
        asking = shop.missed(since=since, page=page, after=after, options=options)
        if asking is None:
            raise NotReached(_("Type in the shop's address and the key of its REST API first."))
        answer = fetch(asking.url, headers=asking.headers, limit=64 << 20, seconds=60)
        if answer.status != 200:
            text = _(
                "The shop answered %(status)s. Look whether the address and the key are right and may read."
            )
            raise NotReached(text % {"status": answer.status})
        found = shop.found(answer)
        for mark, body in found.messages:
            _delivery, fresh = note_delivery(
                connection=connection, state=Delivery.State.WAITING, topic=mark.topic, key=mark.key, body=body
            )
            new += fresh
        told += len(found.messages)
        after = found.after
        if not found.more:
            break
    note(
        by=by, action="asked shop", matter="connection", key=connection.pk, detail={"told": told, "new": new}
    )
    return Asked(told, new)


def ask_soon(*, connection: Connection, by: Actor) -> None:
    """Have the worker ask for what was missed at once. Raises NotReached where the shop cannot be asked, NotAllowed."""
    by.must(Right.SET_UP)
    if not can_be_asked(connection):
        raise NotReached(_("Type in the shop's address and the key of its REST API first."))
    _remember(connection, {_NOT_BEFORE: ""})


def can_be_asked(connection: Connection) -> bool:
    """Whether all is known that it takes to ask this shop. Raises SecretGone."""
    shop = SHOPS.get(connection.kind)
    known = shop and shop.missed(since=timezone.now(), page=1, after="", options=options_of(connection))
    return bool(known) and connection.ended_at is None


def ask_due() -> bool:
    """Ask one shop that is due, and note what was wrong where it does not answer; whether there was one. For the worker."""
    now = timezone.now()
    for connection in Connection.objects.filter(kind__in=SHOPS, ended_at=None).order_by("pk"):
        if connection.more.get(_NOT_BEFORE, "") > now.isoformat():
            continue
        _remember(connection, {_NOT_BEFORE: (now + _EVERY).isoformat()})
        with translation.override(settings.LANGUAGE_CODE):
            if _asked(connection, now):
                return True
    return False


def _asked(connection: Connection, now: dt.datetime) -> bool:
    try:
        if not can_be_asked(connection):
            return False
        until = connection.more.get(_UNTIL)
        since = dt.datetime.fromisoformat(until) - _OVERLAP if until else now - _USUAL
        ask_for_missed(connection=connection, since=since, by=SYSTEM)
    except (NotReached, NotUnderstood, SecretGone) as problem:
        note_delivery(
            connection=connection, state=Delivery.State.FAILED, topic="missed", problem=str(problem)
        )
    else:
        _remember(connection, {_UNTIL: now.isoformat()})
    return True


def _remember(connection: Connection, what: dict[str, str]) -> None:
    with transaction.atomic():
        held = Connection.objects.select_for_update().get(pk=connection.pk)
        held.more = held.more | what
        held.save(update_fields=["more"])
    connection.more = held.more
