"""The secrets of a connection: the one that deliveries are signed with, what the other side is asked with, and a new one.

After a rotation the secret before still holds for a day, so that nothing is refused while it is being typed in over there.
"""

import datetime as dt
import secrets as random
from collections.abc import Mapping

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note
from kartoteka.trust.sealed_text import open_text, seal_text

from .connection_models import Connection

BOTH_HOLD = dt.timedelta(hours=24)
_FORMER, _UNTIL = "former secret", "former until"


class NoSecret(ValueError):
    """This secret cannot be changed so; the message says what to do."""


def seal_further(further: Mapping[str, str]) -> str:
    """Further secrets by name, sealed for the column; "" for none."""
    return seal_text(orjson.dumps(dict(further)).decode()) if further else ""


def _further(connection: Connection) -> dict[str, str]:
    text = open_text(connection.further)
    return dict(orjson.loads(text)) if text else {}


def options_of(connection: Connection) -> dict[str, str]:
    """All that was typed in for a connection, by its key, with `secret`. Raises SecretGone."""
    further = {key: value for key, value in _further(connection).items() if key not in (_FORMER, _UNTIL)}
    return {**connection.more, **further, "secret": open_text(connection.secret)}


def secrets_of(connection: Connection) -> list[str]:
    """The secrets that a signature may be made with now, the newest first. Raises SecretGone."""
    further = _further(connection)
    found = [open_text(connection.secret)]
    if further.get(_UNTIL, "") > timezone.now().isoformat():
        found.append(further[_FORMER])
    return [each for each in found if each]


def rotate_secret(*, connection: Connection, by: Actor, secret: str = "") -> str:
    """A new secret: drawn, or the one that the other side drew. It is given back, to be shown this once.

    Raises NoSecret, NotAllowed, SecretGone.
    """
    by.must(Right.SET_UP)
    if connection.ended_at is not None:
        raise NoSecret(_("This connection has been ended."))
    fresh = secret.strip() or random.token_urlsafe(32)
    with transaction.atomic():
        held = Connection.objects.select_for_update().get(pk=connection.pk)
        further = _further(held) | {
            _FORMER: open_text(held.secret),
            _UNTIL: (timezone.now() + BOTH_HOLD).isoformat(),
        }
        held.secret, held.further = seal_text(fresh), seal_further(further)
        held.save(update_fields=["secret", "further"])
        note(by=by, action="rotated secret", matter="connection", key=held.pk)
    connection.secret, connection.further = held.secret, held.further
    return fresh


def type_in(*, connection: Connection, given: Mapping[str, str], by: Actor) -> None:
    """Change what else was typed in: addresses and further secrets by their keys; an empty one leaves it as it is.

    Raises NotAllowed, SecretGone.
    """
    from .connections import kind_of

    by.must(Right.SET_UP)
    asked = {each.key: each.secret for each in kind_of(connection).asks}
    said = {key: value.strip()[:500] for key, value in given.items() if key in asked and value.strip()}
    with transaction.atomic():
        held = Connection.objects.select_for_update().get(pk=connection.pk)
        further = _further(held) | {key: value for key, value in said.items() if asked[key]}
        held.further = seal_further(further)
        held.more = held.more | {key: value for key, value in said.items() if not asked[key]}
        held.save(update_fields=["further", "more"])
        note(
            by=by,
            action="changed connection",
            matter="connection",
            key=held.pk,
            detail={"fields": sorted(said)},
        )
    connection.more, connection.further = held.more, held.further
