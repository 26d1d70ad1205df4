"""From pairs to customers: a cluster is checked as a whole, not only pair by pair.

Pairs are joined from the surest down. Two clusters become one only if all their members together agree: the
log odds between the members are summed, and one flat contradiction (two sure birth dates, Jr and Sr, a "never
these two") forbids it. So a shared phone cannot chain a family together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

SURE = 12.0
"""Log odds (bits) counted at most for one pair, so that one sure pair cannot outvote many contradictions."""

FORBIDS = -6.0
"""Log odds at or below which a pair forbids its clusters to be joined."""

LARGEST = 60
"""Customers in one cluster at most: a person is not held under more."""


@dataclass
class Grouping:
    """Union-find with the members of each group."""

    leader: dict[int, int] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)

    def of(self, one: int) -> int:
        return self.leader.get(one, one)

    def group(self, leader: int) -> list[int]:
        return self.members.get(leader, [leader])

    def join(self, a: int, b: int) -> None:
        """Puts the groups led by `a` and `b` together."""
        if len(self.group(a)) < len(self.group(b)):
            a, b = b, a
        moved = self.group(b)
        self.members[a] = self.group(a) + moved
        self.members.pop(b, None)
        for one in moved:
            self.leader[one] = a
        self.leader[a] = a


def components(left: Ints, right: Ints, size: int) -> Ints:
    """The smallest position each position is connected with, itself if none: connected components by labels."""
    label = np.arange(size, dtype=np.int32)
    while True:
        low = np.minimum(label[left], label[right])
        before = label.copy()
        np.minimum.at(label, left, low)
        np.minimum.at(label, right, low)
        label = label[label]
        if np.array_equal(label, before):
            return label


def agglomerate(
    left: Ints, right: Ints, odds: Floats, *, join_at: float, never: Iterable[tuple[int, int]] = ()
) -> list[list[int]]:
    """Groups of two or more positions to be merged.

    `odds` are log2 odds of each pair, all pairs that are known among the members, also the bad ones;
    `join_at` is the log2 odds from which a pair may start a join.
    """
    known = {(int(a), int(b)): float(o) for a, b, o in zip(left, right, odds, strict=True)}
    known |= {(b, a): o for (a, b), o in known.items()}
    for a, b in never:
        known[a, b] = known[b, a] = -np.inf
    groups = Grouping()
    order = np.argsort(-odds, kind="stable")
    for at in order:
        if odds[at] < join_at:
            break
        a, b = groups.of(int(left[at])), groups.of(int(right[at]))
        if a != b and _agree(groups.group(a), groups.group(b), known):
            groups.join(a, b)
    return [sorted(members) for members in groups.members.values() if len(members) > 1]


def _agree(ours: list[int], theirs: list[int], known: dict[tuple[int, int], float]) -> bool:
    if len(ours) + len(theirs) > LARGEST:
        return False
    total = 0.0
    for a in ours:
        for b in theirs:
            odds = known.get((a, b))
            if odds is None:
                continue
            if odds <= FORBIDS:
                return False
            total += min(odds, SURE)
    return total > 0
