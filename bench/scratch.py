"""A base to measure on: in a folder of its own, thrown away afterwards."""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def base(folder: Path, *, keep: bool = False) -> Iterator[Path]:
    """An empty encrypted base in `folder`, Django set up on it. One a process. keep: as it lies there, and left there."""
    if not keep:
        shutil.rmtree(folder, ignore_errors=True)
    os.environ["KARTOTEKA_HOME"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kartoteka.project.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    try:
        yield folder
    finally:
        from django.db import connection

        connection.close()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def timed(
    work: Callable[[], object], *, times: int, clock: Callable[[], float] = time.perf_counter
) -> tuple[float, float]:
    """Milliseconds at the median and at the 95th percentile of `times` runs, after one to warm up.

    clock: `time.process_time` on a machine that others use as well.
    """
    work()
    taken = []
    for _ in range(times):
        start = clock()
        work()
        taken.append(1000 * (clock() - start))
    taken.sort()
    return statistics.median(taken), taken[int(0.95 * (len(taken) - 1))]
