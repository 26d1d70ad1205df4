"""Tokens with which programs call the API: made once, shown once, kept as a hash, ended at any time."""

import hashlib
import secrets
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from .actor import Actor, Right
from .audit import note
from .models import Staff, Token

PREFIX = "ktk_"


class UnknownRight(ValueError):
    """A right that does not exist was asked for."""


def make_token(*, name: str, rights: Sequence[str], by: Actor) -> str:
    """A new token with these rights; the secret is given back once and kept nowhere. Raises UnknownRight, NotAllowed.

    Nobody can give a token a right that they do not have.
    """
    by.must(Right.STAFF)
    known = {right.value for right in Right}
    wanted = [each.strip() for each in rights if each.strip()]
    if not wanted:
        raise UnknownRight(_("Choose what the program may do."))
    for each in wanted:
        if each not in known:
            raise UnknownRight(
                _("There is no right “%(right)s”. There are: %(all)s.")
                % {"right": each, "all": ", ".join(sorted(known))}
            )
        by.must(Right(each))
    if by.walled:
        raise UnknownRight(_("A program sees the whole base, and you do not; ask the owner for its token."))
    secret = PREFIX + secrets.token_urlsafe(32)
    made = Token.objects.create(
        name=name[:100],
        hash=_hash(secret),
        rights=wanted,
        made_by=Staff.objects.filter(pk=by.key).first() if by.kind == "staff" else None,
    )
    note(by=by, action="made token", matter="token", key=made.pk, detail={"rights": wanted})
    return secret


def actor_of(secret: str) -> Actor | None:
    """Who calls with this token, or None when it is unknown or ended."""
    found = Token.objects.filter(hash=_hash(secret), ended_at=None).first()
    if found is None:
        return None
    now = timezone.now()
    if found.used_at is None or (now - found.used_at).total_seconds() > 60:
        Token.objects.filter(pk=found.pk).update(used_at=now)
    return found.actor


def end_token(*, token: int, by: Actor) -> None:
    """End a token: whoever holds it is let in no more."""
    by.must(Right.STAFF)
    if Token.objects.filter(pk=token, ended_at=None).update(ended_at=timezone.now()):
        note(by=by, action="ended token", matter="token", key=token)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
