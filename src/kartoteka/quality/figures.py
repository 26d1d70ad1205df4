"""The figures of the home page. Counting a small base takes a blink and is done when asked; a large one is counted by the
worker, and the page shows the last count with its time."""

import time
from dataclasses import asdict, dataclass
from dataclasses import fields as parts_of
from datetime import datetime, timedelta

from django.utils import timezone

from kartoteka.people.catalogue import Field
from kartoteka.people.checking import fields
from kartoteka.people.tally import Tally, tally
from kartoteka.trust.actor import Actor, Right

from .models import Doubt, FigureCount, MatchRun
from .queries import within_view

# A count that took no longer is done again whenever the page is asked for.
QUICK = 0.03
# A slower one is good for so long before the worker is asked for another.
GOOD_FOR = timedelta(seconds=20)
# If nobody has counted for so long, there is no worker: the page counts itself.
NOBODY_WORKS = timedelta(minutes=5)
# What a kept count must hold: one of an earlier release may know other figures.
_COUNTED = {part.name for part in parts_of(Tally)}


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
    count = _count()
    return count.at, Tally(**count.values)


def _count() -> FigureCount:
    now = timezone.now()
    last = FigureCount.objects.first()
    if last is None or last.took < QUICK or last.at < now - NOBODY_WORKS or last.values.keys() != _COUNTED:
        return count_now()
    if last.at < now - GOOD_FOR and last.asked_at <= last.at:
        FigureCount.objects.filter(pk=last.pk).update(asked_at=now)
    return last


def count_now() -> FigureCount:
    """Count, and keep the count."""
    at, start = timezone.now(), time.perf_counter()
    values = asdict(tally())
    took = time.perf_counter() - start
    kept, _made = FigureCount.objects.update_or_create(
        pk=1, defaults={"at": at, "asked_at": at, "took": took, "values": values}
    )
    return kept
