"""How good our talks are: a manager listens, goes through the owner's list of points, and the figures show over time."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Avg, Count
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note as write_down
from kartoteka.trust.models import Staff

from .dealing_models import Dealing, Point, Score
from .dealings import BadDealing, must_reach_dealing

MOST_POINTS = 20


def points() -> Sequence[Point]:
    """The points that a talk is scored by now, in the owner's order."""
    return list(Point.objects.filter(ended_at=None))


def save_points(*, texts: Sequence[str], by: Actor) -> None:
    """Set the list of points, in this order. Those no longer in it end; old scores keep them. Raises BadDealing."""
    by.must(Right.SET_UP)
    wanted = list(dict.fromkeys(" ".join(each.split())[:200] for each in texts if each.strip()))
    if len(wanted) > MOST_POINTS:
        raise BadDealing("points", _("Keep it to %(most)s points.") % {"most": MOST_POINTS})
    with transaction.atomic():
        now = {each.text: each for each in points()}
        gone = [each.pk for text, each in now.items() if text not in wanted]
        Point.objects.filter(pk__in=gone).update(ended_at=timezone.now())
        for place, text in enumerate(wanted):
            if text in now:
                Point.objects.filter(pk=now[text].pk).update(position=place)
            else:
                Point.objects.create(text=text, position=place)
        write_down(by=by, action="changed the score list", matter="base", detail={"count": len(wanted)})


def score(*, dealing: Dealing, had: Collection[int], said: str = "", by: Actor) -> Score:
    """Score a talk by the points it had; a later score replaces it. Nobody scores their own. Raises BadDealing."""
    by.must(Right.SEE)
    by.must(Right.AUDIT)
    must_reach_dealing(by, dealing)
    asked = points()
    if not asked:
        raise BadDealing("points", _("There is no list to score by yet. The owner writes it under Talks."))
    if dealing.owner_id is None:
        raise BadDealing("owner", _("Say first whose talk this was."))
    if by.kind == "staff" and dealing.owner_id == by.key:
        raise BadDealing("owner", _("This was your own talk. Let a colleague score it."))
    marks = [[each.pk, each.pk in had] for each in asked]
    values = {
        "member_id": dealing.owner_id,
        "at": timezone.now(),
        "points": marks,
        "percent": round(100 * sum(1 for _key, has in marks if has) / len(marks)),
        "said": said.strip()[:5000],
        **by.as_columns,
    }
    with transaction.atomic():
        made, _new = Score.objects.update_or_create(dealing=dealing, defaults=values)
        customer = dealing.identity.customer_id if dealing.identity else ""
        write_down(
            by=by, action="scored a talk", matter="customer", key=customer, detail={"dealing": dealing.pk}
        )
    return made


@dataclass(frozen=True)
class Quality:
    """How a member's talks were found in a month: the mean of their percents, and of how many talks."""

    member: str
    month: dt.date
    percent: int
    talks: int


def quality(*, actor: Actor, months: int = 12) -> Sequence[Quality]:
    """The quality of talks by member and month, newest month first; who manages sees all, others their own."""
    actor.must(Right.SEE)
    rows = Score.objects.filter(at__gt=timezone.now() - dt.timedelta(days=31 * months))
    if not actor.may(Right.AUDIT):
        rows = rows.filter(member=actor.key if actor.kind == "staff" else 0)
    names = {each.pk: str(each) for each in Staff.objects.all()}
    grouped = rows.annotate(month=TruncMonth("at")).values("member", "month")
    return [
        Quality(names[each["member"]], each["month"].date(), round(each["mean"]), each["talks"])
        for each in grouped.annotate(mean=Avg("percent"), talks=Count("pk")).order_by("-month", "member")
    ]
