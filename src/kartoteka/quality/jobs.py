"""The matching as work for the worker."""

from django.db import transaction
from django.utils import timezone

from kartoteka.kit import runs
from kartoteka.people.news import Recounted
from kartoteka.trust.actor import Actor, Right

from .figures import BASE
from .kept import count_now
from .models import MatchRun


def ask_for_matching(*, by: Actor) -> MatchRun:
    """Put a run of the matching in line for the worker; one that waits already is enough."""
    by.must(Right.MERGE)
    with transaction.atomic():
        waiting = MatchRun.objects.filter(state=MatchRun.State.QUEUED).first()
        return waiting or MatchRun.objects.create(asked_at=timezone.now(), by_name=by.name)


def matching_under_way() -> bool:
    """Whether a worker is at a run of the matching now."""
    return runs.under_way(MatchRun.objects.all())


def run_due_matching() -> bool:
    """Do one run that waits or was left; whether there was one."""
    run = runs.take(MatchRun.objects.all())
    if run is None:
        return False
    from .matching import carry_out  # Splink takes seconds to import: only where it is needed

    with runs.failing(run):
        carry_out(run)
    return True


def count_anew(_news: Recounted) -> None:
    """The figures follow what was counted anew."""
    count_now(BASE)
