"""Long work: the truth is a row with a state in the main database; a worker looks for rows that are due and does them.

There is no queue beside the database: a killed worker loses nothing, because its row is still there, and its claim on
the row runs out when its heartbeat stops. `kartoteka work` runs `work_forever`; `kartoteka serve` starts one.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections

log = logging.getLogger("kartoteka.jobs")


class NotNow(Exception):
    """What is due must wait for something else; it is asked for again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Job:
    """A kind of long work.

    run_due: does one due row to its end and says whether there was one; raises NotNow. under_way: whether somebody is at
    a row now.
    """

    name: str
    run_due: Callable[[], bool]
    under_way: Callable[[], bool] = lambda: False


_jobs: dict[str, Job] = {}


def register(job: Job) -> None:
    """Make a kind of work known to the worker. Called from an app's `ready()`."""
    _jobs[job.name] = job


def run_all_due() -> int:
    """Do all that is due now and what falls due by it, and say how many rows were done.

    One that fails does not keep the others waiting.
    """
    return _run_due(resting={})


def _run_due(*, resting: dict[str, float]) -> int:
    """resting: until when (monotonic seconds) which jobs are let alone; added to."""
    done = 0
    while passed := _one_round(resting):
        done += passed
    return done


def _one_round(resting: dict[str, float]) -> int:
    done = 0
    for job in _jobs.values():
        if resting.get(job.name, 0.0) > time.monotonic():
            continue
        try:
            while job.run_due():
                done += 1
        except NotNow as wait:
            resting[job.name] = time.monotonic() + wait.seconds
        except Exception:
            log.exception("job failed", extra={"job": job.name})
    return done


def under_way() -> list[str]:
    """The kinds of work somebody is at now."""
    return [job.name for job in _jobs.values() if job.under_way()]


def work_forever(*, stop: threading.Event, pause: float = 0.5) -> None:
    """Look for due work until `stop` is set, resting `pause` seconds when there is none."""
    resting: dict[str, float] = {}
    while not stop.is_set():
        close_old_connections()
        if not _run_due(resting=resting):
            stop.wait(pause)


def now() -> float:
    """Seconds since the epoch, for heartbeats."""
    return time.time()
