"""Understanding rows in several processes, handed back in the order of the file.

What crosses between the processes is plain tuples of texts and numbers: everything else is slow to hand over.
"""

import marshal
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor

from kartoteka.kit.collecting import collect_seldom
from kartoteka.people.rows import Held, Ready, Rules

from .row import Plan, Raw, Understood
from .understanding import understand

_by: tuple[Plan, Rules] | None = None


def _set_plan(plan: Plan, rules: Rules) -> None:
    global _by  # noqa: PLW0603 (a process of the pool serves one plan)
    _by = plan, rules
    collect_seldom()


def _understand_some(rows: list[Raw]) -> bytes:
    assert _by is not None
    plan, rules = _by
    return _packed(understand(plan, rules, row, cells) for row, cells in rows)


def _packed(rows: Iterable[Understood]) -> bytes:
    # Version 2 does not look for objects that come twice, which takes longer than it saves.
    return marshal.dumps([(*each[:-1], *each.ready[:-1], *each.ready.held) for each in rows], 2)


def _unpacked(packed: bytes) -> list[Understood]:
    rows = marshal.loads(packed)  # noqa: S302 (our own)
    return [
        Understood(row, key, card, refused, problems, own, consents, Ready(text, typed, private, Held(*held)))
        for row, key, card, refused, problems, own, consents, text, typed, private, *held in rows
    ]


def understood_in_order(
    plan: Plan, rules: Rules, chunks: Iterable[list[Raw]], *, many: bool
) -> Iterator[tuple[list[Raw], list[Understood]]]:
    """Each chunk with what was understood of it. many: it is worth starting processes for."""
    if not many:
        for rows in chunks:
            yield rows, [understand(plan, rules, row, cells) for row, cells in rows]
        return
    # Processes are started afresh: a forked one would share the open base.
    context = multiprocessing.get_context("spawn")
    workers = max(1, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, context, _set_plan, (plan, rules)) as pool:
        waiting: deque[tuple[list[Raw], Future[bytes]]] = deque()
        try:
            for rows in chunks:
                waiting.append((rows, pool.submit(_understand_some, rows)))
                if len(waiting) > 2 * workers:
                    done, future = waiting.popleft()
                    yield done, _unpacked(future.result())
            while waiting:
                done, future = waiting.popleft()
                yield done, _unpacked(future.result())
        finally:
            for _rows, future in waiting:
                future.cancel()
