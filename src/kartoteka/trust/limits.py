"""How far anybody goes before somebody is asked or told: the owner's numbers."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from .actor import Actor, Right
from .audit import note
from .models import Limits, Staff, Token

NUMBERS = {
    "reveals": 10_000,
    "reaches": 10_000,
    "look_ups": 10_000,
    "export_alone": 1_000_000,
    "views": 10_000,
}
HOURS = ("opens", "closes")
_MOST_REASONS = 5
_HOST = re.compile(r"(?=.{4,200}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


class BadLimit(ValueError):
    """A limit that cannot be so. `field` names which, the message says what to write."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def limits_now(*, actor: Actor) -> Limits:
    """The limits as they stand. Raises NotAllowed."""
    actor.must(Right.STAFF)
    return Limits.now()


def one_at_a_time(by: Actor) -> None:
    """Let who counts what this actor did in the last hour count alone, until the transaction ends: of two at once only one
    may take the last that is left."""
    model, key = (Token, by.key) if by.kind == "token" else (Staff, by.key if by.kind == "staff" else 0)
    list(model._default_manager.select_for_update().filter(pk=key).values_list("pk"))


def set_limits(*, given: Mapping[str, str], by: Actor) -> None:
    """Set those numbers that are given, the hours of work, the reasons (one a line, five at most), and the host under which
    invented customers of exports have their e-mails ("" for a reserved one).

    Raises BadLimit, NotAllowed.
    """
    by.must(Right.STAFF)
    limits = Limits.now()
    for name, most in {**NUMBERS, **dict.fromkeys(HOURS, 24)}.items():
        text = str(given.get(name, getattr(limits, name))).strip()
        if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) <= most):
            raise BadLimit(name, _("Write a whole number up to %(most)s.") % {"most": most})
        setattr(limits, name, int(text))
    if "reasons" in given:
        lines = [" ".join(line.split())[:100] for line in given["reasons"].splitlines()]
        reasons = list(dict.fromkeys(filter(None, lines)))[:_MOST_REASONS]
        if not reasons:
            raise BadLimit("reasons", _("Write at least one reason for which a contact point may be seen."))
        limits.reasons = reasons
    if "canary_host" in given:
        limits.canary_host = _host(given["canary_host"])
    limits.save()
    numbers = {name: getattr(limits, name) for name in (*NUMBERS, *HOURS)}
    note(by=by, action="changed limits", matter="base", detail=numbers)


def _host(text: str) -> str:
    """A host as it stands behind the @ of an address. Raises BadLimit."""
    host = text.strip().lower().rpartition("@")[2].rstrip(".")
    try:
        host = host.encode("idna").decode() if host else ""
    except UnicodeError:
        host = "-"
    if host and not _HOST.fullmatch(host):
        raise BadLimit(
            "canary_host", _("Write a host that is yours, such as lists.example.com, or leave it empty.")
        )
    return host
