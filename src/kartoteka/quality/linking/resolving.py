"""From scored pairs to what is joined and what is put before a person."""

from __future__ import annotations

import math

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .clusters import Agglomeration, agreed, components, weighed
from .compare import Compared, compared
from .counterparts import Known, counterparts
from .model import Floats, Model, Rarity
from .namesakes import Namesakes, alike, personal
from .outcome import Linkage

Ints = NDArray[np.int32]

LEFT_OVER = 0.0
"""Log2 odds from which two who are left over in two sources of the same people are joined."""

WHOLE = 100
"""Groups up to this size are compared all with all; in larger ones only the pairs that blocking found."""


def bits(probability: float) -> float:
    """A probability as log2 odds."""
    probability = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log2(probability / (1 - probability))


class Resolver:
    """Settles the pairs of one base."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        first: Model,
        model: Model,
        rarity: Rarity,
        people: pa.Table,
        never: set[tuple[int, int]],
    ) -> None:
        self._con, self._first, self._model, self._rarity = con, first, model, rarity
        self._people, self._never = people, never

    def resolve(self, pairs: Compared, join_at: float, doubt_at: float) -> Linkage:
        """`join_at`, `doubt_at`: log2 odds from which a pair is joined by itself, and from which it is a doubt."""
        size = self._people.num_rows
        odds = self._model.log_odds(pairs, self._rarity)
        self._namesakes = Namesakes(
            self._model,
            pairs,
            odds,
            suffixed=self._where("suffix is not null"),
            reached=self._where("has_phone or has_mail"),
            women=self._where("woman"),
        )
        odds = self._namesakes.heeded(pairs, odds)
        strong = odds >= join_at
        component = components(pairs.left[strong], pairs.right[strong], size)
        pairs, odds = self._all_with_all(pairs, odds, component)
        groups = self._groups(pairs, odds, component, join_at)
        owner = np.arange(size, dtype=np.int32)
        for group in groups:
            owner[group] = group[0]
        left_over = counterparts(pairs, odds, owner, Known.of(self._people["sources"]), LEFT_OVER)
        for couple in left_over:
            if (couple[0], couple[1]) not in self._never:
                groups.append(couple)
                owner[couple] = couple[0]
        groups.sort()
        told = self._strongest(pairs, odds, owner)
        doubtful = self._doubtful(pairs, odds, owner, doubt_at)
        return Linkage(
            self._people, groups, *self._scored(pairs, odds, told), *self._scored(pairs, odds, doubtful)
        )

    def _where(self, condition: str) -> NDArray[np.bool_]:
        """Of every customer, whether the SQL condition holds for the card."""
        found = self._con.execute(f"select unique_id from card where {condition}").fetchnumpy()
        holds = np.zeros(self._people.num_rows, np.bool_)
        holds[found["unique_id"]] = True
        return holds

    def _scored(self, pairs: Compared, odds: Floats, which: Ints) -> tuple[Compared, Floats]:
        probability: Floats = 1 / (1 + np.exp2(-np.clip(odds[which], -60, 60)))
        return pairs.at(which), probability.round(6)

    def _strongest(self, pairs: Compared, odds: Floats, owner: Ints) -> Ints:
        """The pairs that made the groups: of every customer that was joined, the likeliest it takes part in.

        In the order of their groups.
        """
        inside = np.flatnonzero(owner[pairs.left] == owner[pairs.right])
        inside = inside[np.argsort(-odds[inside], kind="stable")]
        ends = np.concatenate([pairs.left[inside], pairs.right[inside]])
        order = np.concatenate([np.arange(len(inside))] * 2)
        first = np.full(len(owner), len(inside))
        np.minimum.at(first, ends, order)
        kept = inside[np.unique(first[first < len(inside)])]
        by_group: Ints = kept[np.argsort(owner[pairs.left[kept]], kind="stable")]
        return by_group

    def _all_with_all(self, pairs: Compared, odds: Floats, component: Ints) -> tuple[Compared, Floats]:
        """Adds the pairs inside a component that blocking did not bring together: they may contradict."""
        every = _couples(component)
        same = component[pairs.left] == component[pairs.right]
        size = len(component)
        known = _keys(pairs.left[same], pairs.right[same], size)
        missing = np.setdiff1d(every, known)
        if not len(missing):
            return pairs, odds
        left, right = (part.astype(np.int32) for part in (missing // size, missing % size))
        more = Compared.together(list(compared(self._con, left, right)))
        return Compared.together([pairs, more]), np.concatenate(
            [odds, self._namesakes.heeded(more, self._model.log_odds(more, self._rarity))]
        )

    def _groups(self, pairs: Compared, odds: Floats, component: Ints, join_at: float) -> list[list[int]]:
        """The members of every cluster of two or more."""
        never = [pair for pair in self._never if component[pair[0]] == component[pair[1]]]
        counts = np.bincount(component, minlength=len(component))
        within = component[pairs.left] == component[pairs.right]
        inside, odds = pairs.take(within), odds[within]
        weights = weighed(odds, self._odds_inside(inside), self._model.against(inside), join_at)
        whole = agreed(component[inside.left], weights, counts)
        whole[[component[a] for a, _ in never]] = False
        unsettled = ~whole[component[inside.left]]
        left, right = inside.left[unsettled], inside.right[unsettled]
        agglomeration = Agglomeration(
            left, right, odds[unsettled], weights[unsettled], personal(inside.take(unsettled)), join_at, never
        )
        return sorted(_members(component, whole) + agglomeration.groups())

    def _odds_inside(self, pairs: Compared) -> Floats:
        """The odds among those who at least are of one home, or else, if of one name, strangers of that name."""
        odds = self._model.odds_at_home(pairs, self._rarity)
        named = np.flatnonzero(alike(pairs))
        odds[named] = np.minimum(odds[named], self._model.odds_of_namesakes(pairs.at(named)))
        return odds

    def _doubtful(self, pairs: Compared, odds: Floats, owner: Ints, doubt_at: float) -> Ints:
        """Of every two clusters that may be one, the likeliest pair; the likeliest doubts first."""
        likely = np.flatnonzero((odds >= doubt_at) & (owner[pairs.left] != owner[pairs.right]))
        likely = likely[np.argsort(-odds[likely], kind="stable")]
        both = _keys(owner[pairs.left[likely]], owner[pairs.right[likely]], len(owner))
        held_apart = [_keys(owner[a : a + 1], owner[b : b + 1], len(owner))[0] for a, b in self._never]
        _, first = np.unique(both, return_index=True)
        first = np.sort(first)
        kept: Ints = likely[first[~np.isin(both[first], held_apart)]].astype(np.int32)
        return kept


def _keys(one: Ints, other: Ints, size: int) -> NDArray[np.int64]:
    """One number for each two of `size`, whichever comes first."""
    return np.minimum(one, other).astype(np.int64) * size + np.maximum(one, other)


def _members(component: Ints, which: NDArray[np.bool_]) -> list[list[int]]:
    """The members of those components, sorted."""
    inside = np.flatnonzero(which[component])
    inside = inside[np.argsort(component[inside], kind="stable")]
    borders = np.flatnonzero(np.diff(component[inside])) + 1
    return [some.tolist() for some in np.split(inside, borders) if len(some)]


def _couples(component: Ints) -> NDArray[np.int64]:
    """All couples in components of 3 to WHOLE, each as left * size + right, left below right."""
    size = len(component)
    counts = np.bincount(component)
    of = counts[component]
    inside = np.flatnonzero((of > 2) & (of <= WHOLE))
    inside = inside[np.lexsort((inside, component[inside], of[inside]))]
    found = [np.zeros(0, np.int64)]
    for many in np.unique(of[inside]).tolist():
        members = inside[of[inside] == many].reshape(-1, many).astype(np.int64)
        left, right = np.triu_indices(many, 1)
        found.append((members[:, left] * size + members[:, right]).ravel())
    return np.concatenate(found)
