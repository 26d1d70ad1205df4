"""What linking hands back. Reasons are made while it is read: for a million customers they would fill the memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import pyarrow as pa

from .compare import Compared
from .model import Floats
from .reasons import Reason, reasons

_AT_A_TIME = 20_000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two customers (ids of `people`), the probability that they are one, and why."""

    a: int
    b: int
    probability: float
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class Join:
    """Customers that are one, and the pairs that say so: of each of them at least the likeliest."""

    ids: list[int]
    pairs: list[Pair]


class Pairs(Sequence[Pair]):
    """Pairs with their reasons, made in batches as they are read."""

    def __init__(self, people: pa.Table, compared: Compared, probability: Floats) -> None:
        self._people, self._compared, self._probability = people, compared, probability

    def __len__(self) -> int:
        return len(self._compared)

    @overload
    def __getitem__(self, at: int) -> Pair: ...
    @overload
    def __getitem__(self, at: slice) -> list[Pair]: ...
    def __getitem__(self, at: int | slice) -> Pair | list[Pair]:
        if isinstance(at, int):
            at = range(len(self))[at]  # raises IndexError past the end
            return self._made(at, at + 1)[0]
        return [self[one] for one in range(*at.indices(len(self)))]

    def __iter__(self) -> Iterator[Pair]:
        for start in range(0, len(self), _AT_A_TIME):
            yield from self._made(start, start + _AT_A_TIME)

    def _made(self, start: int, end: int) -> list[Pair]:
        some = self._compared.at(np.arange(start, min(end, len(self))))
        ours, theirs = (
            self._people["id"].take(pa.array(side)).to_pylist() for side in (some.left, some.right)
        )
        why = reasons(self._people, some)
        return [
            Pair(*one) for one in zip(ours, theirs, self._probability[start:end].tolist(), why, strict=True)
        ]


class Joins(Sequence[Join]):
    """Groups with their pairs; the pairs come in the order of the groups."""

    def __init__(self, people: pa.Table, groups: list[list[int]], pairs: Pairs, starts: list[int]) -> None:
        self._every = people["id"].to_numpy()
        self._groups, self._pairs, self._starts = groups, pairs, starts

    def __len__(self) -> int:
        return len(self._groups)

    @overload
    def __getitem__(self, at: int) -> Join: ...
    @overload
    def __getitem__(self, at: slice) -> list[Join]: ...
    def __getitem__(self, at: int | slice) -> Join | list[Join]:
        if isinstance(at, int):
            at = range(len(self))[at]
            return Join(self._ids(at), self._pairs[self._starts[at] : self._starts[at + 1]])
        return [self[one] for one in range(*at.indices(len(self)))]

    def __iter__(self) -> Iterator[Join]:
        pairs = iter(self._pairs)
        for at in range(len(self)):
            count = self._starts[at + 1] - self._starts[at]
            yield Join(self._ids(at), [next(pairs) for _ in range(count)])

    def _ids(self, at: int) -> list[int]:
        ids: list[int] = self._every[self._groups[at]].tolist()
        return ids


class Linkage:
    """`joins`: groups to be merged, disjoint. `doubts`: pairs for a person to settle, the likeliest first."""

    joins: Sequence[Join]
    doubts: Sequence[Pair]

    def __init__(
        self,
        people: pa.Table,
        groups: list[list[int]],
        joined: Compared,
        joined_probability: Floats,
        doubtful: Compared,
        doubtful_probability: Floats,
    ) -> None:
        """`groups` are sorted lists of positions in `people`, in order; `joined` their pairs in the same order."""
        group_of = {one: at for at, group in enumerate(groups) for one in group}
        counts = np.bincount([group_of[one] for one in joined.left.tolist()], minlength=len(groups))
        starts = [0, *np.cumsum(counts).tolist()]
        self.joins = Joins(people, groups, Pairs(people, joined, joined_probability), starts)
        self.doubts = Pairs(people, doubtful, doubtful_probability)


def nothing(people: pa.Table) -> Linkage:
    """The linkage of a base in which there is nothing to join."""
    none = np.zeros(0, np.int32)
    empty = Compared(none, none, np.zeros((0, 0), np.int8))
    return Linkage(people, [], empty, np.zeros(0), empty, np.zeros(0))
