"""The worker: what cannot be done now rests, and keeps nobody else waiting."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from kartoteka.kit import jobs


@pytest.fixture(autouse=True)
def own_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """No jobs but this test's."""
    monkeypatch.setattr(jobs, "_jobs", {})


def test_what_must_wait_is_not_asked_again_at_once(db: Any) -> None:
    asked: list[str] = []
    stop = threading.Event()

    def waits() -> bool:
        asked.append("waits")
        raise jobs.NotNow(3600)

    def works() -> bool:
        asked.append("works")
        if len(asked) > 6:
            stop.set()
        return not stop.is_set() and len(asked) % 2 == 0

    jobs.register(jobs.Job(name="waits", run_due=waits))
    jobs.register(jobs.Job(name="works", run_due=works))
    jobs.work_forever(stop=stop, pause=0)
    assert asked.count("waits") == 1
    assert asked.count("works") > 4


def test_whoever_runs_all_that_is_due_asks_everything_once_more(db: Any) -> None:
    asked: list[int] = []

    def waits() -> bool:
        asked.append(1)
        raise jobs.NotNow(3600)

    jobs.register(jobs.Job(name="waits", run_due=waits))
    jobs.run_all_due()
    jobs.run_all_due()
    assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
def test_an_idle_worker_looks_when_something_was_written_and_by_the_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It asks all jobs once; then only whether anybody has written, until somebody has or the clock says so."""
    asked: list[str] = []
    stop = threading.Event()
    jobs.register(jobs.Job(name="looks", run_due=lambda: bool(asked.append("looked"))))

    def until(times: int) -> bool:
        for _ in range(1000):
            if len(asked) >= times:
                return True
            time.sleep(0.01)
        return False

    monkeypatch.setattr(jobs, "BY_THE_CLOCK", 3600.0)
    worker = threading.Thread(target=_work, args=(stop,))
    worker.start()
    try:
        assert until(1)
        time.sleep(0.1)  # many rounds
        if connection.vendor == "sqlite":  # on PostgreSQL writes to the server's other bases count as well
            assert asked == ["looked"]
        before = len(asked)
        Group.objects.create(name="written")
        assert until(before + 1)
        monkeypatch.setattr(jobs, "BY_THE_CLOCK", 0.0)
        assert until(len(asked) + 3)
    finally:
        stop.set()
        worker.join()


def _work(stop: threading.Event) -> None:
    try:
        jobs.work_forever(stop=stop, pause=0.001)
    finally:
        connection.close()
