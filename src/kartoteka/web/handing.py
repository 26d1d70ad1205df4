"""What the form for handing over can choose from, and what the reasons for a reveal are called."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kartoteka.trust.actor import STAGE_NAMES, Actor, Right, Stage
from kartoteka.trust.teams import colleagues, teams_to_choose

# The usual reasons; those of the owner's own are called as they were written.
REASONS: dict[str, str | Promise] = {
    "call": _("to call"),
    "write": _("to write"),
    "check": _("to check it"),
    "complaint": _("a complaint"),
    "other": _("something else"),
}


def reason_name(reason: str) -> str:
    """A reason in the reader's language."""
    return str(REASONS.get(reason, reason))


def handing_form(actor: Actor) -> dict[str, Any] | None:
    """Stages, teams and colleagues to choose from; None where the actor hands nobody over or there are no teams."""
    if not actor.may(Right.HAND_OVER):
        return None
    teams = teams_to_choose()
    if not teams:
        return None
    return {
        "stages": [(stage.value, STAGE_NAMES[stage]) for stage in Stage],
        "teams": teams,
        "people": colleagues(),
    }
