"""From pairs to customers: a cluster is checked as a whole, not only pair by pair.

Pairs are joined from the surest down. Two clusters become one only if all their members together agree: the
log odds between the members are summed, and one flat contradiction (two sure birth dates, Jr and Sr, a "never
these two") forbids it. So a shared phone cannot chain a family together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

SURE = 12.0
"""Log odds (bits) counted at most for one pair, so that one sure pair cannot outvote many contradictions."""

FORBIDS = -4.5
"""Contradictions (bits) from which on a pair forbids its clusters to be joined."""

MARGIN = 5.0
"""Log odds (bits) by which the best must beat its rival, if the two cannot be one."""

RIVALS = -2.5
"""Contradictions (bits) from which on two are rivals for a third."""

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


class Agglomeration:
    """Joins what `pairs` speak for, from the surest down, unless the clusters as wholes speak against it.

    `odds` are the log2 odds of every pair known among the members, `at_home` those against two people of one
    home (which the members of two clusters at hand at least are), `against` those of its contradictions alone;
    `join_at` is the log2 odds from which a pair may start a join.
    """

    def __init__(
        self,
        left: Ints,
        right: Ints,
        odds: Floats,
        at_home: Floats,
        against: Floats,
        join_at: float,
        never: Iterable[tuple[int, int]],
    ) -> None:
        self._left, self._right, self._odds, self._join_at = left, right, odds, join_at
        weights = np.minimum(np.where(odds >= join_at, odds, at_home), SURE)
        weights[(odds < join_at) & (against <= FORBIDS)] = -np.inf
        self._weight: dict[tuple[int, int], float] = {}
        self._near: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for a, b, weight, odd in zip(
            left.tolist(), right.tolist(), weights.tolist(), odds.tolist(), strict=True
        ):
            self._weight[a, b] = self._weight[b, a] = weight
            if odd > 0:
                self._near[a].append((b, odd))
                self._near[b].append((a, odd))
        for a, b in never:
            self._weight[a, b] = self._weight[b, a] = -np.inf
        self._groups = Grouping()

    def groups(self) -> list[list[int]]:
        """The groups of two or more positions to be merged."""
        for at in np.argsort(-self._odds, kind="stable"):
            if self._odds[at] < self._join_at:
                break
            one, other = self._groups.of(int(self._left[at])), self._groups.of(int(self._right[at]))
            if one != other and self._may_join(one, other, float(self._odds[at])):
                self._groups.join(one, other)
        return [sorted(members) for members in self._groups.members.values() if len(members) > 1]

    def _may_join(self, one: int, other: int, odds: float) -> bool:
        ours, theirs = self._groups.group(one), self._groups.group(other)
        if len(ours) + len(theirs) > LARGEST or self._between(ours, theirs) <= 0:
            return False
        return not (self._has_rival(ours, theirs, odds) or self._has_rival(theirs, ours, odds))

    def _between(self, ours: Iterable[int], theirs: list[int]) -> float:
        return sum(self._weight.get((a, b), 0.0) for a in ours for b in theirs)

    def _has_rival(self, ours: list[int], theirs: list[int], odds: float) -> bool:
        """Whether ours could as well be somebody who is not theirs: a son beside his father of the same name."""
        inside = {*ours, *theirs}
        return any(
            near >= odds - MARGIN and self._between([rival], theirs) <= RIVALS
            for one in ours
            for rival, near in self._near[one]
            if rival not in inside
        )
