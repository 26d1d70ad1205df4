"""Long work: the truth is a row with a state in the main database; a worker looks for rows that are due and does them.

There is no queue beside the database: a killed worker loses nothing, because its row is still there, and its claim on
the row runs out when its heartbeat stops. `kartoteka work` runs `work_forever`; `kartoteka serve` starts one.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError, close_old_connections, connection

log = logging.getLogger("kartoteka.jobs")

# So often, in seconds, an idle worker looks for what falls due by the clock, where nobody has written anything.
BY_THE_CLOCK = 5.0


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
    """Look for due work until `stop` is set, resting `pause` seconds when there is none.

    Where nobody has written to the base since, only the clock can have made something due: then it looks more seldom, as
    to ask every job takes far longer than to ask whether anything was written.
    """
    resting: dict[str, float] = {}
    known: object = None
    looked = float("-inf")
    while not stop.is_set():
        close_old_connections()
        state = _state()  # from before we look, so that what is written meanwhile is looked for next time
        if state != known or time.monotonic() - looked >= BY_THE_CLOCK:
            known, looked = state, time.monotonic()
            _run_due(resting=resting)
        stop.wait(pause)


def _state() -> object:
    """Something that is another once anybody else has written to the base; on PostgreSQL, to any base of its server."""
    asked = "PRAGMA data_version" if connection.vendor == "sqlite" else "SELECT pg_current_snapshot()::text"
    try:
        with connection.cursor() as cursor:
            cursor.execute(asked)
            return cursor.fetchone()
    except DatabaseError:
        return object()  # each job tells in the log what is wrong


def now() -> float:
    """Seconds since the epoch, for heartbeats."""
    return time.time()
