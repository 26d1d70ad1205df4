"""Rows that stand for runs of long work: each waits, is taken by one worker, and is taken again where that worker died.

A model of runs has a `state` with at least the four below, a `heartbeat` (aware, or None) that whoever is at it renews, and
a `problem` (text). Its job in kit.jobs is `take`, then the work within `failing`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
# A run whose heartbeat is older than this was left by a worker that died.
LEFT_AFTER = timedelta(minutes=10)

Run = TypeVar("Run", bound=Model)


def under_way(runs: QuerySet[Run]) -> bool:
    """Whether a worker is at one of these now."""
    return runs.filter(state=RUNNING, heartbeat__gte=timezone.now() - LEFT_AFTER).exists()


def take(runs: QuerySet[Run]) -> Run | None:
    """The oldest of these that waits or was left, now this worker's; None where there is none."""
    left = Q(state=RUNNING, heartbeat__lt=timezone.now() - LEFT_AFTER)
    while run := runs.filter(Q(state=QUEUED) | left).order_by("pk").first():
        as_seen = {name: getattr(run, name) for name in ("state", "heartbeat")}
        now = timezone.now()
        if runs.filter(pk=run.pk, **as_seen).update(state=RUNNING, heartbeat=now):
            run.state, run.heartbeat = RUNNING, now  # type: ignore[attr-defined]
            return run  # else another worker was quicker
    return None


@contextmanager
def failing(run: Model) -> Iterator[None]:
    """Work on a run whose failure is told in its row, by the error's kind alone; then raised further."""
    try:
        yield
    except Exception as error:
        type(run)._default_manager.filter(pk=run.pk).update(state=FAILED, problem=type(error).__name__)
        raise
