"""Rows of long work: who takes one, and what stands in it when it fails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kartoteka.kit import runs
from kartoteka.quality.models import MatchRun

pytestmark = pytest.mark.django_db


def a_run(**row: object) -> MatchRun:
    return MatchRun.objects.create(asked_at=timezone.now(), by_name="Anna", **row)


def test_the_oldest_that_waits_is_taken_once() -> None:
    first, second = a_run(), a_run()
    assert runs.take(MatchRun.objects.all()) == first
    assert runs.under_way(MatchRun.objects.all())
    assert runs.take(MatchRun.objects.all()) == second
    assert runs.take(MatchRun.objects.all()) is None


def test_what_a_dead_worker_left_is_taken_anew() -> None:
    dead = timezone.now() - runs.LEFT_AFTER - timedelta(seconds=1)
    left = a_run(state=MatchRun.State.RUNNING, heartbeat=dead)
    assert not runs.under_way(MatchRun.objects.all())
    taken = runs.take(MatchRun.objects.all())
    assert taken == left
    assert taken.heartbeat > dead
    assert runs.take(MatchRun.objects.all()) is None


def test_a_failure_stands_in_the_row_without_what_it_held() -> None:
    run = a_run(state=MatchRun.State.RUNNING)
    with pytest.raises(ValueError, match="Anna Nowak"), runs.failing(run):
        raise ValueError("Anna Nowak, 600 100 200")
    run.refresh_from_db()
    assert (run.state, run.problem) == (MatchRun.State.FAILED, "ValueError")
