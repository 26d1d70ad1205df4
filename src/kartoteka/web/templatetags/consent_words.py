"""The gate's answers as chips: colour, icon, and a word short enough for a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kartoteka.consent.reasons import ALLOWING, Reason

register = template.Library()

_SHORT: dict[Reason, str | Promise] = {
    Reason.GONE: _("gone"),
    Reason.HELD: _("on hold"),
    Reason.ENDED: _("ended"),
    Reason.NO_GROUND: _("no ground"),
    Reason.NO_POINT: _("nothing to reach"),
    Reason.SUPPRESSED: _("stopped"),
    Reason.CHILD: _("too young"),
    Reason.WITHDRAWN: _("no"),
    Reason.NOT_ASKED: _("not asked"),
    Reason.WAITING: _("waiting"),
    Reason.EXPIRED: _("too old"),
    Reason.UNCONFIRMED: _("to confirm"),
    Reason.GIVEN: _("yes"),
    Reason.GROUND: _("no need to ask"),
    Reason.EXISTING: _("customer"),
    Reason.NOT_OBJECTED: _("not objected"),
    Reason.LISTED: _("in a register"),
    Reason.REGISTER_OLD: _("register too old"),
    Reason.QUIET_DAY: _("not today"),
    Reason.QUIET_HOUR: _("not now"),
    Reason.THEIR_HOURS: _("not in their hours"),
}
_EVIDENCE = {
    "ip": _("IP address"),
    "page": _("page"),
    "agent": _("browser"),
    "column": _("column"),
    "row": _("row"),
    "typed": _("typed"),
}
_UNSETTLED = frozenset({
    Reason.WAITING, Reason.EXPIRED, Reason.UNCONFIRMED, Reason.REGISTER_OLD, Reason.QUIET_DAY, Reason.QUIET_HOUR,
    Reason.THEIR_HOURS,
})  # fmt: skip
_QUIET = frozenset({Reason.NOT_ASKED, Reason.NO_POINT, Reason.ENDED})


@register.filter
def reason_short(reason: Reason) -> str | Promise:
    """A word or two."""
    return _SHORT[reason]


@register.filter
def reason_look(reason: Reason) -> str:
    """The chip's class: good, warn, bad, or none where nothing is decided."""
    if reason in ALLOWING:
        return "chip-good"
    if reason in _UNSETTLED:
        return "chip-warn"
    return "" if reason in _QUIET else "chip-bad"


@register.filter
def evidence_shown(evidence: Mapping[str, Any]) -> str:
    """What shows a choice beside a file: the page, the address it came from, the cell of a file."""
    told = (f"{name}: {evidence[key]}" for key, name in _EVIDENCE.items() if evidence.get(key))
    return ", ".join(told)


@register.filter
def reason_icon(reason: Reason) -> str:
    """The chip's icon, so that colour is not all that tells."""
    if reason in ALLOWING:
        return "check"
    if reason in _UNSETTLED:
        return "clock"
    return "dots" if reason in _QUIET else "ban"
