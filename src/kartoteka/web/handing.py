"""What the form for handing over can choose from, and what a reason for a reveal is called."""

from __future__ import annotations

from typing import Any

from kartoteka.people.revealing import REASONS
from kartoteka.trust.actor import STAGE_NAMES, Actor, Right, Stage
from kartoteka.trust.teams import colleagues, teams_to_choose


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
