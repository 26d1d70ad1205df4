"""The matching as work for the worker."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kartoteka.people.news import Recounted
from kartoteka.trust.actor import Actor, Right

from .figures import BASE
from .kept import count_now
from .models import MatchRun

# A run whose heartbeat is older than this was left by a worker that died.
LEFT_AFTER = timedelta(minutes=10)


def ask_for_matching(*, by: Actor) -> MatchRun:
    """Put a run of the matching in line for the worker; one that waits already is enough."""
    by.must(Right.MERGE)
    with transaction.atomic():
        waiting = MatchRun.objects.filter(state=MatchRun.State.QUEUED).first()
        return waiting or MatchRun.objects.create(asked_at=timezone.now(), by_name=by.name)


def matching_under_way() -> bool:
    """Whether a worker is at a run of the matching now."""
    alive = timezone.now() - LEFT_AFTER
    return MatchRun.objects.filter(state=MatchRun.State.RUNNING, heartbeat__gte=alive).exists()


def run_due_matching() -> bool:
    """Do one run that waits or was left; whether there was one."""
    left = Q(state=MatchRun.State.RUNNING, heartbeat__lt=timezone.now() - LEFT_AFTER)
    run = MatchRun.objects.filter(Q(state=MatchRun.State.QUEUED) | left).order_by("pk").first()
    if run is None:
        return False
    taken = MatchRun.objects.filter(pk=run.pk, state=run.state, heartbeat=run.heartbeat).update(
        state=MatchRun.State.RUNNING, heartbeat=timezone.now()
    )
    if not taken:
        return True  # another worker was quicker
    from .matching import carry_out  # Splink takes seconds to import: only where it is needed

    try:
        carry_out(run)
    except Exception as error:
        MatchRun.objects.filter(pk=run.pk).update(
            state=MatchRun.State.FAILED, problem=type(error).__name__, ended_at=timezone.now()
        )
        raise
    return True


def count_anew(_news: Recounted) -> None:
    """The figures follow what was counted anew."""
    count_now(BASE)
