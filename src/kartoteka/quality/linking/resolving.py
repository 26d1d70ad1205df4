"""From scored pairs to what is joined and what is put before a person."""

from __future__ import annotations

import math
from collections import defaultdict

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .clusters import Agglomeration, components
from .compare import Compared, compared
from .counterparts import counterparts
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
            women=self._where("sex = 'f'"),
        )
        odds = self._namesakes.heeded(pairs, odds)
        strong = odds >= join_at
        component = components(pairs.left[strong], pairs.right[strong], size)
        pairs, odds = self._all_with_all(pairs, odds, component)
        groups = self._groups(pairs, odds, component, join_at)
        owner = np.arange(size, dtype=np.int32)
        for group in groups:
            owner[group] = group[0]
        left_over = counterparts(pairs, odds, owner, self._people["sources"].to_pylist(), LEFT_OVER)
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
        counts = np.bincount(component)
        members: dict[int, list[int]] = defaultdict(list)
        inside = np.flatnonzero((counts[component] > 2) & (counts[component] <= WHOLE))
        for one in inside:
            members[int(component[one])].append(int(one))
        same = component[pairs.left] == component[pairs.right]
        known = set(zip(pairs.left[same].tolist(), pairs.right[same].tolist(), strict=True))
        missing = [
            (a, b)
            for group in members.values()
            for at, a in enumerate(group)
            for b in group[at + 1 :]
            if (a, b) not in known
        ]
        if not missing:
            return pairs, odds
        left, right = (pa.array(column, pa.int32()) for column in zip(*missing, strict=True))
        self._con.register("missing", pa.table([left, right], names=["l", "r"]))
        self._con.execute("create table missing_pair as select * from missing")
        self._con.unregister("missing")
        more = Compared.together(list(compared(self._con, "missing_pair")))
        self._con.execute("drop table missing_pair")
        return Compared.together([pairs, more]), np.concatenate(
            [odds, self._namesakes.heeded(more, self._model.log_odds(more, self._rarity))]
        )

    def _groups(self, pairs: Compared, odds: Floats, component: Ints, join_at: float) -> list[list[int]]:
        """The members of every cluster of two or more."""
        counts = np.bincount(component)
        inside = component[pairs.left] == component[pairs.right]
        twos = np.flatnonzero(inside & (counts[component[pairs.left]] == 2))
        groups = [
            [a, b]
            for a, b in zip(pairs.left[twos].tolist(), pairs.right[twos].tolist(), strict=True)
            if (a, b) not in self._never
        ]
        more = inside & (counts[component[pairs.left]] > 2)
        never = [pair for pair in self._never if component[pair[0]] == component[pair[1]]]
        agglomeration = Agglomeration(
            pairs.left[more],
            pairs.right[more],
            odds[more],
            self._odds_inside(pairs.take(more)),
            self._model.against(pairs.take(more)),
            personal(pairs.take(more)),
            join_at,
            never,
        )
        return sorted(groups + agglomeration.groups())

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
        held_apart = {tuple(sorted((int(owner[a]), int(owner[b])))) for a, b in self._never}
        seen: set[tuple[int, ...]] = set(held_apart)
        kept = []
        for at in likely.tolist():
            both = tuple(sorted((int(owner[pairs.left[at]]), int(owner[pairs.right[at]]))))
            if both not in seen:
                seen.add(both)
                kept.append(at)
        return np.array(kept, dtype=np.int64)
