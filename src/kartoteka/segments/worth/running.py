"""When worth is counted: once a day, and when somebody asks."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kartoteka.activity.models import Order
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from ..keeping import rebuild_of
from ..traits import of_worth
from .models import WorthRun

EVERY = timedelta(hours=24)
# A run whose heartbeat is older than this was left by a worker that died.
LEFT_AFTER = timedelta(minutes=10)
KEPT_RUNS = 60


def ask_for_count(*, by: Actor) -> WorthRun:
    """Put a counting in line for the worker; one that waits already is enough."""
    by.must(Right.SET_UP)
    with transaction.atomic():
        waiting = WorthRun.objects.filter(state=WorthRun.State.QUEUED).first()
        if waiting is None:
            waiting = WorthRun.objects.create(by_name=by.name)
            note(by=by, action="asked to count worth", matter="base")
    return waiting


def count_under_way() -> bool:
    """Whether a worker is at it now."""
    alive = timezone.now() - LEFT_AFTER
    return WorthRun.objects.filter(state=WorthRun.State.RUNNING, heartbeat__gte=alive).exists()


def run_due_count() -> bool:
    """Do one run that waits, was left, or is due by the clock; whether there was one."""
    now = timezone.now()
    left = Q(state=WorthRun.State.RUNNING, heartbeat__lt=now - LEFT_AFTER)
    run = WorthRun.objects.filter(Q(state=WorthRun.State.QUEUED) | left).order_by("pk").first()
    if run is None:
        if not _due_by_the_clock():
            return False
        run = WorthRun.objects.create()
    taken = WorthRun.objects.filter(pk=run.pk, state=run.state, heartbeat=run.heartbeat).update(
        state=WorthRun.State.RUNNING, heartbeat=now
    )
    if not taken:
        return True  # another worker was quicker
    from .counting import count_worth  # scipy takes its time to import: only where it is needed

    try:
        count_worth(run)
    except Exception as error:
        WorthRun.objects.filter(pk=run.pk).update(
            state=WorthRun.State.FAILED, problem=type(error).__name__, ended_at=timezone.now()
        )
        raise
    _drop_old()
    rebuild_of(of_worth())
    return True


def _due_by_the_clock() -> bool:
    last = WorthRun.objects.order_by("-pk").first()
    if last is not None and last.asked_at > timezone.now() - EVERY:
        return False
    return Order.objects.filter(identity__isnull=False).exists()


def _drop_old() -> None:
    """What the parameters were stays readable for two months of days."""
    kept = WorthRun.objects.order_by("-pk").values_list("pk", flat=True)[:KEPT_RUNS]
    WorthRun.objects.exclude(pk__in=list(kept)).delete()
