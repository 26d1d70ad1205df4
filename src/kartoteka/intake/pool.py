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
from dataclasses import dataclass
from itertools import islice

from kartoteka.kit.collecting import collect_seldom
from kartoteka.people.rows import Held, Ready, Rules

from .row import Plan, Raw, Understood
from .understanding import understand

_by: tuple[Plan, Rules] | None = None


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


def _set_plan(plan: Plan, rules: Rules) -> None:
    global _by  # noqa: PLW0603 (a process of the pool serves one plan)
    _by = plan, rules
    collect_seldom()


def _understand_some(rows: bytes) -> bytes:
    assert _by is not None
    return _packed(*_by, pickle.loads(rows))  # noqa: S301 (our own)


def _packed(plan: Plan, rules: Rules, rows: Iterable[Raw]) -> bytes:
    understood = (understand(plan, rules, row, cells) for row, cells in rows)
    # Version 2 does not look for objects that come twice, which takes longer than it saves.
    return marshal.dumps([(each[:-1], each.ready[:-1], tuple(each.ready.held)) for each in understood], 2)


def understood_in_order(
    plan: Plan, rules: Rules, pieces: Iterable[Sequence[Raw]], *, many: bool, ahead: int
) -> Iterator[Piece]:
    """Each piece of rows, understood. many: it is worth starting processes for; ahead: how many pieces these may be ahead
    of whoever asks for them."""
    if not many:
        for rows in pieces:
            yield Piece(_packed(plan, rules, rows))
        return
    # Processes are started afresh: a forked one would share the open base.
    context = multiprocessing.get_context("spawn")
    workers = max(1, os.cpu_count() or 1)
    source = iter(pieces)
    with ProcessPoolExecutor(workers, context, _set_plan, (plan, rules)) as pool:
        waiting: deque[Future[bytes]] = deque()
        try:
            while True:
                for rows in islice(source, ahead + workers - len(waiting)):
                    waiting.append(pool.submit(_understand_some, pickle.dumps(rows, -1)))
                if not waiting:
                    return
                yield Piece(waiting.popleft().result())
        finally:
            for future in waiting:
                future.cancel()
