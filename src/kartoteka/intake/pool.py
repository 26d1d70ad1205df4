"""Understanding rows in several processes, handed back in the order of the file.

What crosses between the processes is packed: a piece of rows is a text of bytes, so that many can wait in little room, and
is unpacked only where somebody works on it.
"""

import marshal
import multiprocessing
import os
import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from kartoteka.kit.collecting import collect_seldom
from kartoteka.people.rows import Held, Ready, Rules
from kartoteka.standard.lore import given_names, surnames

from .row import Plan, Raw, Understood
from .understanding import understand

# How many pieces the processes may be ahead of whoever writes them, so that neither waits for the other.
_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a file, understood and packed."""

    packed: bytes

    def rows(self) -> list[Understood]:
        """The rows, in the order of the file."""
        return [
            Understood._make((*row, Ready._make((*ready, Held._make(held)))))
            for row, ready, held in marshal.loads(self.packed)  # noqa: S302 (our own)
        ]


class Crew:
    """The processes that understand rows, or none where there is too little to do for them."""

    def __init__(self, pool: ProcessPoolExecutor | None, workers: int) -> None:
        self._pool, self._workers = pool, workers

    def understood(self, plan: Plan, rules: Rules, pieces: Iterable[Sequence[Raw]]) -> Iterator[Piece]:
        """Each piece of rows, understood, in their order."""
        if self._pool is None:
            for rows in pieces:
                yield Piece(_packed(plan, rules, rows))
            return
        by = pickle.dumps((plan, rules), -1)
        source = iter(pieces)
        waiting: deque[Future[bytes]] = deque()
        try:
            while True:
                for rows in islice(source, _AHEAD + self._workers - len(waiting)):
                    waiting.append(self._pool.submit(_understand_some, by, pickle.dumps(rows, -1)))
                if not waiting:
                    return
                yield Piece(waiting.popleft().result())
        finally:
            for future in waiting:
                future.cancel()


@contextmanager
def crew(*, many: bool) -> Iterator[Crew]:
    """Those who understand the rows. many: it is worth starting processes for; they start while the caller goes on."""
    if not many:
        yield Crew(None, 0)
        return
    # Processes are started afresh: a forked one would share the open base.
    context = multiprocessing.get_context("spawn")
    workers = max(1, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, context, _get_ready) as pool:
        for _each in range(workers):
            pool.submit(_get_ready)
        yield Crew(pool, workers)


def _get_ready() -> None:
    """Read the lists of names, and leave alone from now on what is there."""
    given_names(), surnames()
    collect_seldom()


@lru_cache(maxsize=4)
def _agreed(by: bytes) -> tuple[Plan, Rules]:
    """The plan and the rules, unpacked once for all pieces."""
    plan, rules = pickle.loads(by)  # noqa: S301 (our own)
    return plan, rules


def _understand_some(by: bytes, rows: bytes) -> bytes:
    return _packed(*_agreed(by), pickle.loads(rows))  # noqa: S301 (our own)


def _packed(plan: Plan, rules: Rules, rows: Iterable[Raw]) -> bytes:
    understood = (understand(plan, rules, row, cells) for row, cells in rows)
    # Version 2 does not look for objects that come twice, which takes longer than it saves.
    return marshal.dumps([(each[:-1], each.ready[:-1], tuple(each.ready.held)) for each in understood], 2)
