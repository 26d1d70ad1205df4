"""When worth is counted: once a day, and when somebody asks."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kartoteka.activity.models import Order
from kartoteka.activity.revaluing import revalued_since, revaluing
from kartoteka.kit import runs
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from ..keeping import rebuild_of
from .models import WorthRun
from .traits import keys

EVERY = timedelta(hours=24)
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
    return runs.under_way(WorthRun.objects.all())


def run_due_count() -> bool:
    """Do one run that waits, was left, or is due by the clock or by another currency; whether there was one."""
    if revaluing():
        return False  # it would add up what is in two currencies
    if _due_by_the_clock():
        WorthRun.objects.create()
    run = runs.take(WorthRun.objects.all())
    if run is None:
        return False
    from .counting import count_worth  # scipy takes its time to import: only where it is needed

    with runs.failing(run):
        count_worth(run)
    _drop_old()
    rebuild_of(keys())
    return True


def _due_by_the_clock() -> bool:
    last = WorthRun.objects.order_by("-pk").first()
    if last is not None and last.asked_at > timezone.now() - EVERY and not revalued_since(last.asked_at):
        return False
    return Order.objects.filter(identity__isnull=False).exists()


def _drop_old() -> None:
    """What the parameters were stays readable for two months of days."""
    kept = WorthRun.objects.order_by("-pk").values_list("pk", flat=True)[:KEPT_RUNS]
    WorthRun.objects.exclude(pk__in=list(kept)).delete()
