"""Understanding rows in several processes, handed back in the order of the file.

What crosses between the processes is packed: a piece of rows is a text of bytes, so that many can wait in little room, and
is unpacked only where somebody works on it.
"""

import marshal
import multiprocessing
import os
import pickle
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import islice

from kartoteka.kit.collecting import collect_seldom
from kartoteka.people.rows import Held, Ready, Rules
from kartoteka.standard.lore import given_names, surnames

from .row import Plan, Raw, Understood
from .understanding import understand

# So many rows are handed to a process at a time: few, so that all are at work at once and the first are soon there.
PIECE = 500
# Files of so many bytes hold so many rows that it is worth starting processes to understand them.
FOR_PROCESSES = 200_000


class Crew:
    """The processes that understand rows, or none where there is too little to do for them."""

    def __init__(self, pool: ProcessPoolExecutor | None, workers: int) -> None:
        self._pool, self._workers = pool, workers

    def understood(
        self, plan: Plan, rules: Rules, rows: Iterable[Raw], *, least: int, most: int
    ) -> Iterator[list[Understood]]:
        """The rows, understood, in their order: so many at once as are ready by then, between `least` and `most`."""
        if self._pool is None:
            for some in _pieces(rows, most):
                yield [understand(plan, rules, row, cells) for row, cells in some]
            return
        size = min(PIECE, most)
        source = _pieces(rows, size)
        by = pickle.dumps((plan, rules), -1)
        waiting: deque[Future[bytes]] = deque()
        try:
            while True:
                ready: list[Understood] = []
                while len(ready) < least or (len(ready) < most and waiting and waiting[0].done()):
                    # As much may wait as is written at once, so that nobody waits while it is written.
                    for some in islice(source, 2 * most // size + self._workers - len(waiting)):
                        waiting.append(self._pool.submit(_understand_some, by, pickle.dumps(some, -1)))
                    if not waiting:
                        break
                    ready += _unpacked(waiting.popleft().result())
                if not ready:
                    return
                yield ready
        finally:
            for future in waiting:
                future.cancel()


_at_hand: ContextVar[Crew | None] = ContextVar("crew", default=None)


@contextmanager
def crew(*, size: int) -> Iterator[Crew]:
    """Those who understand the rows of files of so many bytes; processes start while the caller goes on.

    Inside of it whoever asks for a crew gets this one: it starts before the first file is opened, and stays for the next.
    """
    if (there := _at_hand.get()) is not None:
        yield there
        return
    if size < FOR_PROCESSES:
        yield Crew(None, 0)
        return
    # Processes are started afresh: a forked one would share the open base.
    context = multiprocessing.get_context("spawn")
    workers = max(1, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, context, _get_ready) as pool:
        for _each in range(workers):
            pool.submit(_get_ready)
        found = Crew(pool, workers)
        token = _at_hand.set(found)
        try:
            yield found
        finally:
            _at_hand.reset(token)


def _pieces(rows: Iterable[Raw], size: int) -> Iterator[list[Raw]]:
    """As kit.bulk.chunks, which loads what the database needs: the processes start before that."""
    source = iter(rows)
    return iter(lambda: list(islice(source, size)), [])


def _get_ready() -> None:
    """Leave alone from now on what is there, and read the lists of names."""
    collect_seldom()
    given_names(), surnames()


@lru_cache(maxsize=4)
def _agreed(by: bytes) -> tuple[Plan, Rules]:
    """The plan and the rules, unpacked once for all pieces."""
    plan, rules = pickle.loads(by)  # noqa: S301 (our own)
    return plan, rules


def _understand_some(by: bytes, rows: bytes) -> bytes:
    plan, rules = _agreed(by)
    understood = (understand(plan, rules, row, cells) for row, cells in pickle.loads(rows))  # noqa: S301 (our own)
    # Version 2 does not look for objects that come twice, which takes longer than it saves.
    return marshal.dumps([(each[:-1], each.ready[:-1], tuple(each.ready.held)) for each in understood], 2)


def _unpacked(packed: bytes) -> list[Understood]:
    return [
        Understood._make((*row, Ready._make((*ready, Held._make(held)))))
        for row, ready, held in marshal.loads(packed)  # noqa: S302 (our own)
    ]
