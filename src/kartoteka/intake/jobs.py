"""Imports as work for the worker."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from .models import Import

# An import whose heartbeat is older than this was left by a worker that died.
LEFT_AFTER = timedelta(seconds=30)


def import_under_way() -> bool:
    """Whether a worker is at an import now."""
    state = Import.State
    alive = Q(heartbeat__gte=timezone.now() - LEFT_AFTER)
    return Import.objects.filter(alive, state__in=[state.CHECKING, state.RUNNING, state.UNDO_QUEUED]).exists()


def run_due_import() -> bool:
    """Do one import that waits or was left: check it, run it or undo it; whether there was one."""
    state = Import.State
    left = Q(state__in=[state.CHECKING, state.RUNNING], heartbeat__lt=timezone.now() - LEFT_AFTER)
    waiting = Q(state__in=[state.CHECK_QUEUED, state.QUEUED, state.UNDO_QUEUED])
    due = Import.objects.filter(waiting | left).order_by("pk").first()
    if due is None:
        return False
    now = timezone.now()
    taken = Import.objects.filter(pk=due.pk, state=due.state, heartbeat=due.heartbeat).update(heartbeat=now)
    if not taken:
        return True  # another worker was quicker
    due.heartbeat = now
    from .running import carry_on

    carry_on(due)
    return True
