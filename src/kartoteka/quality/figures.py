"""The figures of the home page, as they were last counted (kept.py)."""

from dataclasses import asdict, dataclass
from dataclasses import fields as parts_of
from datetime import datetime
from typing import Any

from django.utils import timezone

from kartoteka.people.catalogue import Field
from kartoteka.people.checking import fields
from kartoteka.people.tally import Tally, tally
from kartoteka.trust.actor import Actor, Right

from .kept import Matter, count_now, kept
from .models import Doubt, MatchRun
from .queries import within_view

BASE = "base"


@dataclass(frozen=True)
class Figures:
    """What the home page tells.

    doubts: None where the actor does not settle them. matched: the last run that came to its end, if any.
    """

    at: datetime
    tally: Tally
    gaps: tuple[tuple[Field, int], ...]
    doubts: int | None
    matched: MatchRun | None


def figures(*, actor: Actor) -> Figures:
    """The figures that `actor` may see."""
    if not actor.may(Right.COUNTS):
        actor.must(Right.SEE)
    at, found = _seen_by(actor)
    visible = fields()
    gaps = tuple(
        (visible[key], number)
        for key, number in found.gaps.items()
        if key in visible and (not visible[key].sensitive or actor.may(Right.SEE_SENSITIVE))
    )
    settles = actor.may(Right.MERGE)
    return Figures(
        at=at,
        tally=found,
        gaps=gaps,
        doubts=within_view(Doubt.objects.all(), actor).count() if settles else None,
        matched=MatchRun.objects.filter(state=MatchRun.State.DONE).first() if settles else None,
    )


def _seen_by(actor: Actor) -> tuple[datetime, Tally]:
    """The counts of the whole base for who sees it or sees numbers only; else of what they see of it."""
    if actor.walled and not actor.may(Right.COUNTS):
        return timezone.now(), tally(actor=actor)
    count = kept(BASE)
    if not count.values["customers"]:
        # Who has just brought in the first file is not told of an empty base.
        count = count_now(BASE)
    return count.at, Tally(**count.values)


def _counted() -> dict[str, Any]:
    return asdict(tally())


MATTER = Matter(BASE, _counted, frozenset(part.name for part in parts_of(Tally)))
