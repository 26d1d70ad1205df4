"""Funnels: how many do one thing, then the next, then the next, within so many days."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kartoteka.activity.warehouse.reading import page_named
from kartoteka.activity.warehouse.tables import EVENT, PAGE, Table
from kartoteka.trust.actor import Actor

from .asking import Asked, CannotAsk, may_ask
from .counting import counting

FEWEST, MOST_STEPS = 2, 8
LONGEST = 90
USUAL_DAYS = 7


@dataclass(frozen=True)
class Stage:
    """One step: how many persons came so far."""

    what: str
    people: int


@dataclass(frozen=True)
class Funnel:
    """The steps in their order."""

    stages: Sequence[Stage]

    def of_first(self, stage: Stage) -> float | None:
        """The share of those who took the first step."""
        return stage.people / self.stages[0].people if self.stages[0].people else None


def step_of(text: str) -> str:
    """A step as it is kept, from "/cart" (a page), "page:Home" (a screen) or "Order Completed" (an event). "" of ""."""
    bare = text.strip()
    if bare.startswith("/"):
        return PAGE + page_named(bare)
    if bare.startswith(PAGE):
        return PAGE + page_named(bare.removeprefix(PAGE))
    return EVENT + bare.removeprefix(EVENT) if bare else ""


def shown(step: str) -> str:
    """A step as a person reads and writes it: the way back from `step_of`."""
    if step.startswith(EVENT):
        return step.removeprefix(EVENT)
    return step.removeprefix(PAGE) if step.startswith(f"{PAGE}/") else step


def funnel(*, actor: Actor, asked: Asked, steps: Sequence[str], days: int = USUAL_DAYS) -> Funnel:
    """How many took these steps (step_of) in this order, each later than the one before, the last within `days` (of
    24 hours) of the first. The first must be in the days asked for, the others may come later. A person counts once,
    whatever browsers and accounts they use, at the furthest step they reached. Raises CannotAsk, NotAllowed.
    """
    may_ask(actor)
    if not FEWEST <= len(steps) <= MOST_STEPS or not all(steps):
        raise CannotAsk("step", _("Choose %(few)d to %(many)d steps.") % {"few": FEWEST, "many": MOST_STEPS})
    if not 1 <= days <= LONGEST:
        raise CannotAsk("days", _("Choose 1 to %(many)d days.") % {"many": LONGEST})
    with counting() as count:
        last = asked.last + dt.timedelta(days=days)
        wanted = ("what", set(steps))
        count.bring(Table.STEPS, ("what", "visitor", "at", "day"), asked, last=last, only=wanted, coded=True)
        count.bring_people()
        count.make(_DONE)
        # Of each way to a step the latest start is kept: whoever is too late from that one is too late from all.
        count.make(
            'CREATE TABLE stage0 AS SELECT person, "at", "at" AS start FROM done WHERE what = $what AND day <= $last',
            what=count.code("what", steps[0]),
            last=asked.last,
        )
        for place, step in enumerate(steps[1:]):
            count.make(
                f"CREATE TABLE stage{place + 1} AS "  # noqa: S608 (numbers of our own)
                f'SELECT done.person, done."at", past.start FROM done ASOF JOIN stage{place} past'
                ' ON done.person = past.person AND done."at" > past."at"'
                ' WHERE done.what = $what AND done."at" - past.start <= $within',
                what=count.code("what", step),
                within=days * 86400 * 1_000_000,
            )
        reached = [
            count.rows(f"SELECT count(DISTINCT person) FROM stage{place}")[0][0]  # noqa: S608
            for place in range(len(steps))
        ]
    return Funnel([Stage(step, people) for step, people in zip(steps, reached, strict=True)])


_DONE = """
CREATE TABLE done AS SELECT what, coalesce(known.customer, -visitor) AS person, "at", day
FROM steps LEFT JOIN known USING (visitor)
"""
