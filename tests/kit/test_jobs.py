"""The worker: what cannot be done now rests, and keeps nobody else waiting."""

from __future__ import annotations

import threading
from typing import Any

import pytest

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
