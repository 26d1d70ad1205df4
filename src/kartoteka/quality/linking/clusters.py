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

FORBIDS = -4.0
"""Contradictions (bits) from which on a pair forbids its clusters to be joined."""

MARGIN = 5.0
"""Log odds (bits) by which the best must beat its rival, if the two cannot be one."""

RIVALS = 0.0
"""Odds (bits) up to which two, not being likely one, are rivals for a third."""

ROUNDS = 3
"""How often a refused pair is looked at again, as the clusters around it grow."""

_FAR = (0.0, False)

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


def weighed(odds: Floats, at_home: Floats, against: Floats, join_at: float) -> Floats:
    """What each pair says for the joining of its clusters: its odds if it could start a join, else those against two of
    one home; nothing outweighs a flat contradiction.

    `against` are the log2 odds of the contradictions alone.
    """
    weights: Floats = np.minimum(np.where(odds >= join_at, odds, at_home), SURE)
    weights[(odds < join_at) & (against <= FORBIDS)] = -np.inf
    return weights


def agreed(component: Ints, weights: Floats, counts: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Of every component whether all its pairs are known and speak for it: it is joined in any order, nobody rivals.

    `component` and `weights` are those of the pairs, `counts` the sizes of the components.
    """
    known = np.bincount(component, minlength=len(counts))
    least = np.full(len(counts), np.inf)
    np.minimum.at(least, component, weights)
    found: NDArray[np.bool_] = (
        (counts > 1) & (counts <= LARGEST) & (known == counts * (counts - 1) // 2) & (least > 0)
    )
    return found


class Agglomeration:
    """Joins what `pairs` speak for, from the surest down, unless the clusters as wholes speak against it.

    `odds` are the log2 odds of every pair known among the members, `weights` what they say for a join (`weighed`);
    `personal` tells which pairs share what is one person's own: those are joined before all others, so that it is
    known who is there when a row with little more than a name asks for its place. `join_at` is the log2 odds from
    which a pair may start a join.
    """

    def __init__(
        self,
        left: Ints,
        right: Ints,
        odds: Floats,
        weights: Floats,
        personal: NDArray[np.bool_],
        join_at: float,
        never: Iterable[tuple[int, int]],
    ) -> None:
        self._left, self._right, self._odds, self._join_at = left, right, odds, join_at
        self._personal = personal
        self._weight: dict[tuple[int, int], float] = {}
        self._near: dict[int, dict[int, tuple[float, bool]]] = defaultdict(dict)
        for a, b, weight, odd, own in zip(
            left.tolist(), right.tolist(), weights.tolist(), odds.tolist(), personal.tolist(), strict=True
        ):
            self._weight[a, b] = self._weight[b, a] = weight
            if odd > 0:
                self._near[a][b] = self._near[b][a] = (odd, own)
        for a, b in never:
            self._weight[a, b] = self._weight[b, a] = -np.inf
        self._groups = Grouping()

    def groups(self) -> list[list[int]]:
        """The groups of two or more positions to be merged."""
        strong = np.flatnonzero(self._odds >= self._join_at)
        waiting = strong[np.lexsort((-self._odds[strong], ~self._personal[strong]))].tolist()
        for _ in range(ROUNDS):
            refused = [at for at in waiting if not self._settled(at)]
            if len(refused) == len(waiting):
                break
            waiting = refused
        return [sorted(members) for members in self._groups.members.values() if len(members) > 1]

    def _settled(self, at: int) -> bool:
        """Whether the two of a pair are in one group, now if not before."""
        one, other = self._groups.of(int(self._left[at])), self._groups.of(int(self._right[at]))
        if one != other and self._may_join(one, other, at):
            self._groups.join(one, other)
            return True
        return one == other

    def _may_join(self, one: int, other: int, at: int) -> bool:
        ours, theirs = self._groups.group(one), self._groups.group(other)
        if len(ours) + len(theirs) > LARGEST or self._between(ours, theirs) <= 0:
            return False
        return not (self._has_rival(ours, theirs, at) or self._has_rival(theirs, ours, at))

    def _between(self, ours: Iterable[int], theirs: list[int]) -> float:
        return sum(self._weight.get((a, b), 0.0) for a in ours for b in theirs)

    def _tie(self, ours: list[int], theirs: list[int]) -> float:
        """How strongly ours lean on theirs: of each of ours the likeliest of theirs, summed."""
        return sum(
            max((self._near[one].get(other, _FAR)[0] for other in theirs), default=0.0) for one in ours
        )

    def _has_rival(self, ours: list[int], theirs: list[int], at: int) -> bool:
        """Whether ours could as well be somebody who is not theirs: a son beside his father of the same name.

        Who shares something of one's own is rivalled only by who does so too.
        """
        own_only, enough = bool(self._personal[at]), self._tie(ours, theirs) - MARGIN
        seen = {self._groups.of(ours[0]), self._groups.of(theirs[0])}
        for one in ours:
            for near, (_, own) in self._near[one].items():
                rival = self._groups.of(near)
                if rival in seen or (own_only and not own):
                    continue
                seen.add(rival)
                group = self._groups.group(rival)
                if self._tie(ours, group) >= enough and self._between(group, theirs) <= RIVALS:
                    return True
        return False
