"""Understanding rows in several processes, handed back in the order of the file."""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor

from .row import Plan, Raw, Understood
from .understanding import understand

_plan: Plan | None = None


def _set_plan(plan: Plan) -> None:
    global _plan  # noqa: PLW0603 (a process of the pool serves one plan)
    _plan = plan


def _understand_some(rows: list[Raw]) -> list[Understood]:
    assert _plan is not None
    return [understand(_plan, row, cells) for row, cells in rows]


def understood_in_order(
    plan: Plan, chunks: Iterable[list[Raw]], *, many: bool
) -> Iterator[tuple[list[Raw], list[Understood]]]:
    """Each chunk with what was understood of it. many: it is worth starting processes for."""
    if not many:
        for rows in chunks:
            yield rows, [understand(plan, row, cells) for row, cells in rows]
        return
    # Processes are started afresh: a forked one would share the open base.
    context = multiprocessing.get_context("spawn")
    workers = max(1, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, context, _set_plan, (plan,)) as pool:
        waiting: deque[tuple[list[Raw], Future[list[Understood]]]] = deque()
        try:
            for rows in chunks:
                waiting.append((rows, pool.submit(_understand_some, rows)))
                if len(waiting) > 2 * workers:
                    done, future = waiting.popleft()
                    yield done, future.result()
            while waiting:
                done, future = waiting.popleft()
                yield done, future.result()
        finally:
            for _rows, future in waiting:
                future.cancel()
