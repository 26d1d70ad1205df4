"""Imports as work for the worker."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from kartoteka.quality.jobs import ask_for_matching
from kartoteka.trust.actor import SYSTEM

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
    due = Import.objects.filter(_due()).order_by("pk").first()
    if due is None:
        return False
    if take(due):
        from .running import carry_on

        carry_on(due)
        _look_for_doubles(due)
    return True


def take(file_import: Import) -> bool:
    """Take an import that waits or was left, for this process to do; False when another was quicker or is at it."""
    now = timezone.now()
    same = Import.objects.filter(pk=file_import.pk, state=file_import.state, heartbeat=file_import.heartbeat)
    if not same.filter(_due()).update(heartbeat=now):
        return False
    file_import.heartbeat = now
    return True


def _due() -> Q:
    """That an import waits for a worker, or had one whose heartbeat stopped."""
    state = Import.State
    to_do = Q(state__in=[state.CHECK_QUEUED, state.CHECKING, state.QUEUED, state.RUNNING, state.UNDO_QUEUED])
    return to_do & (Q(heartbeat=None) | Q(heartbeat__lt=timezone.now() - LEFT_AFTER))


def _look_for_doubles(file_import: Import) -> None:
    """Once the last of the waiting imports is in the base, or out of it, the matching looks at the whole."""
    state = Import.State
    file_import.refresh_from_db(fields=["state"])
    waiting = (state.QUEUED, state.RUNNING, state.UNDO_QUEUED)
    if (
        file_import.state in (state.DONE, state.UNDONE)
        and not Import.objects.filter(state__in=waiting).exists()
    ):
        ask_for_matching(by=SYSTEM)
