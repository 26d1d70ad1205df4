"""Counting completeness and due days of all customers anew, when the owner has changed what counts or what grows stale;
and giving a stage to those who have none, once the business works in teams.

Done by the worker, chunk by chunk along the keys: each chunk is one transaction that also moves the place in the row of the
recount, so a killed worker's is gone on with. Nothing but the customers' own columns is read: no claim is looked at again.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kartoteka.kit import bulk
from kartoteka.kit.news import announce
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.news import TeamsChanged
from kartoteka.trust.teams import walls_stand

from .completeness import completeness_of
from .freshness import day_of, due_days
from .models import Customer, Recount
from .news import Recounted
from .placing import place_first
from .rows import ROOM, Rules
from .rules import rules_now

CHUNK = 5000
# A recount whose heartbeat is older than this was left by a worker that died.
LEFT_AFTER = timedelta(seconds=60)
_READ = ("id", "kind", *ROOM, "more", "heard_at", "told", "completeness", "due_on", "stage")


def ask_for_recount() -> Recount:
    """Put a recount in line for the worker, in the place of one that is under way by the rules of before."""
    with transaction.atomic():
        Recount.objects.filter(ended_at=None).update(ended_at=timezone.now())
        return Recount.objects.create(
            asked_at=timezone.now(), customers=Customer.objects.filter(merged_into=None).count()
        )


def place_all(_news: TeamsChanged) -> None:
    """Have whoever stands nowhere put in a stage, if anybody does. Noted with the team, so that it is not lost."""
    if Customer.objects.filter(merged_into=None, stage="").exists():
        ask_for_recount()


def recount_under_way(*, actor: Actor) -> Recount | None:
    """The recount that waits or is under way, if one is. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    return Recount.objects.filter(ended_at=None).order_by("-pk").first()


def run_due_recount() -> bool:
    """Do one recount that waits or was left; whether there was one."""
    waits = Q(heartbeat=None) | Q(heartbeat__lt=timezone.now() - LEFT_AFTER)
    due = Recount.objects.filter(waits, ended_at=None).order_by("-pk").first()
    if due is None:
        return False
    while _one_chunk(due):
        pass
    return True


def _one_chunk(recount: Recount) -> bool:
    """Count the next customers anew; whether there may be more to do. One that another has taken over is let go."""
    with transaction.atomic():
        bulk.be_the_writer()
        rules = rules_now()
        some = list(
            Customer.objects.filter(merged_into=None, pk__gt=recount.reached)
            .order_by("pk")
            .values_list(*_READ)[:CHUNK]
        )
        now = timezone.now()
        reached = some[-1][0] if some else recount.reached
        ours = Recount.objects.filter(pk=recount.pk, ended_at=None, reached=recount.reached).update(
            heartbeat=now,
            reached=reached,
            done=recount.done + len(some),
            ended_at=None if some else now,
        )
        if not ours:
            return False
        bulk.update(Customer, ("completeness", "due_on"), filter(None, (_anew(row, rules) for row in some)))
        nowhere = [row[0] for row in some if not row[-1]]
        if nowhere and walls_stand():
            place_first(nowhere)
        recount.reached, recount.done = reached, recount.done + len(some)
        if not some:
            announce(Recounted())
        return bool(some)


def _anew(row: tuple[Any, ...], rules: Rules) -> tuple[int, str | None, int] | None:
    """What to write of a customer, or nothing where all stays as it is."""
    known: dict[str, Any] = dict(zip(_READ, row, strict=True))
    values = {**known["more"], **{name: known[name] for name in ROOM}}
    completeness = completeness_of(values, rules.weights, kind=known["kind"])
    due = due_days(values, rules.ages, heard=day_of(known["heard_at"]), told=known["told"])
    due_on = min(due.values(), default=None)
    if (completeness, due_on) == (known["completeness"], known["due_on"]):
        return None
    return completeness, due_on.isoformat() if due_on else None, known["id"]
