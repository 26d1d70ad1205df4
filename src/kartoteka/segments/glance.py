"""How the business stands, for its home page: growth, worth, promises kept, risks. Read from kept counts (quality.kept)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from kartoteka.activity.models import Order
from kartoteka.agenda.callbacks import Kept, promises_kept
from kartoteka.people.models import Customer
from kartoteka.quality.kept import Matter, kept
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.check import tally_of_findings

from .worth.figures import revenue_of
from .worth.periods import Against, Period
from .worth.queries import last_run

WEEKS = 12
LATELY, RISKS = "lately", "risks"


@dataclass(frozen=True)
class Month:
    """Revenue of the month that runs, beside the same days of the month before, as they were last counted."""

    period: Period
    against: Period
    now: Decimal
    then: Decimal


@dataclass(frozen=True)
class Silent:
    """Customers gone silent by their own rhythm, and the money a year that is at stake, as it is kept."""

    customers: int
    stake: float


@dataclass(frozen=True)
class Glance:
    """What the actor may know; None of what they may not, or of what there is nothing to tell.

    weeks: customers new in each of the last WEEKS weeks, the oldest first. risks: what the self-check found, by level.
    """

    weeks: tuple[int, ...] | None
    month: Month | None
    silent: Silent | None
    promises: Kept | None
    risks: dict[str, int] | None


def at_a_glance(*, actor: Actor) -> Glance:
    """How things stand, for who may see numbers of the whole base, promises for who sees
    customers, risks for who sets up."""
    weeks, month, silent = None, None, None
    if actor.may(Right.COUNTS):
        lately = kept(LATELY).values
        weeks = tuple(lately["weeks"])
        month = _month(lately)
        run = last_run()
        silent = Silent(run.shape.get("silent", 0), run.shape.get("stake", 0.0)) if run else None
    return Glance(
        weeks=weeks,
        month=month,
        silent=silent,
        promises=promises_kept(actor=actor) if actor.may(Right.SEE) else None,
        risks=kept(RISKS).values if actor.may(Right.SET_UP) else None,
    )


def _month(lately: dict[str, Any]) -> Month | None:
    if not lately["sells"]:
        return None
    last = dt.date.fromisoformat(lately["day"])
    period = Period(last.replace(day=1), last)
    then = period.compared_with(Against.MONTH)
    return Month(period, then, Decimal(lately["month"]), Decimal(lately["then"]))


def _lately() -> dict[str, Any]:
    today = timezone.localdate()
    month = Period(today.replace(day=1), today)
    return {
        "sells": Order.objects.exists(),
        "day": today.isoformat(),
        "month": str(revenue_of(month)),
        "then": str(revenue_of(month.compared_with(Against.MONTH))),
        "weeks": _new_by_week(),
    }


def _new_by_week() -> list[int]:
    """One query over the index of when customers were made."""
    now = timezone.now()
    ends = [now - dt.timedelta(weeks=ago) for ago in range(WEEKS, -1, -1)]
    counts = {
        f"week{place}": Count("pk", filter=Q(made_at__gte=since, made_at__lt=until))
        for place, (since, until) in enumerate(pairwise(ends))
    }
    found = Customer.objects.filter(merged_into=None, made_at__gte=ends[0]).aggregate(**counts)
    return [found[name] for name in counts]


MATTERS = (
    Matter(LATELY, _lately, frozenset({"sells", "day", "month", "then", "weeks"})),
    Matter(RISKS, tally_of_findings, frozenset({"error", "warning"})),
)
