"""Asking a shop for what it sent no word of: a webhook was off, the shop was moved, our machine was down.

What it answers is put in the inbox as if it had been sent, each under a key that its id and its last change make: what came
already in that state is not taken twice.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit.outgoing import NotReached, fetch
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from ..connection_models import Connection, Delivery
from ..connection_secrets import options_of
from ..connections import note_delivery
from . import SHOPS

_MOST_PAGES = 500
_USUAL = dt.timedelta(days=30)


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
    for page in range(1, _MOST_PAGES + 1):
        asking = shop.missed(since=since, page=page, options=options)
        if asking is None:
            raise NotReached(_("Type in the shop's address and the key of its REST API first."))
        answer = fetch(asking.url, headers=asking.headers, limit=64 << 20, seconds=60)
        if answer.status != 200:
            text = _("The shop answered %(status)s. Look whether the address and the key are right and may read.")
            raise NotReached(text % {"status": answer.status})
        found = shop.found(answer.body, received_at=timezone.now())
        for mark, body in found:
            _delivery, fresh = note_delivery(
                connection=connection, state=Delivery.State.WAITING, topic=mark.topic, key=mark.key, body=body
            )
            new += fresh
        told += len(found)
        if len(found) < asking.full:
            break
    note(by=by, action="asked shop", matter="connection", key=connection.pk, detail={"told": told, "new": new})
    return Asked(told, new)
