"""Two sources that hold the same people: whoever is left over in both is likely left over by mistake.

Where nine in ten of each of two sources have met in the other, and none of them lists people twice, a row that met
nobody most likely has its counterpart among the few left over on the other side. Two that are each other's
likeliest by far are joined then on weaker evidence than anywhere else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import coo_array

from .compare import Compared
from .model import Floats

Ints = NDArray[np.int32]

MET = 0.9
"""The share of each of two sources that has met in the other, from which on they hold the same people."""

FEW = 50
"""Rows of a source from which on such a share means something."""

AHEAD = 5.0
"""Log odds (bits) by which each must be the likeliest for the other."""


@dataclass(frozen=True)
class Known:
    """By which sources the customers are known: customer `row[i]` by source `names[source[i]]`, in the order of rows."""

    row: Ints
    source: Ints
    names: list[str]

    @classmethod
    def of(cls, sources: pa.ChunkedArray) -> Known:
        """Read from a column of lists."""
        lists = sources.combine_chunks()
        codes = pc.list_flatten(lists).dictionary_encode()
        return cls(
            pc.list_parent_indices(lists).to_numpy(), codes.indices.to_numpy(), codes.dictionary.to_pylist()
        )

    def only_source(self, of: Iterable[int]) -> dict[int, str]:
        """The source of those customers who are known by one only."""
        asked = np.fromiter(of, np.int64)
        first, past = np.searchsorted(self.row, asked), np.searchsorted(self.row, asked, "right")
        one = past - first == 1
        return {
            customer: self.names[source]
            for customer, source in zip(asked[one].tolist(), self.source[first[one]].tolist(), strict=True)
        }


def counterparts(pairs: Compared, odds: Floats, owner: Ints, known: Known, least: float) -> list[list[int]]:
    """The couples left over in two sources of the same people, likely from `least` (bits) on.

    `owner` is the first of each customer's group (itself when alone).
    """
    alike = _same_people(owner, known)
    if not alike:
        return []
    alone = np.bincount(owner, minlength=len(owner))[owner] == 1
    likely = np.flatnonzero((odds >= least - AHEAD) & alone[pairs.left] & alone[pairs.right])
    best: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for at in likely.tolist():
        one, other = int(pairs.left[at]), int(pairs.right[at])
        best[one].append((float(odds[at]), other))
        best[other].append((float(odds[at]), one))
    only = known.only_source(best)
    firm = {one: (max(found)[1], max(found)[0]) for one, found in best.items() if _is_ahead(found, least)}
    return [
        [one, other]
        for one, (other, _) in firm.items()
        if one < other
        and firm.get(other, (-1,))[0] == one
        and frozenset((only.get(one, ""), only.get(other, ""))) in alike
    ]


def _is_ahead(found: list[tuple[float, int]], least: float) -> bool:
    """Whether the likeliest is likely enough, and the next far behind."""
    ranked = sorted((odd for odd, _ in found), reverse=True)
    return ranked[0] >= least and (len(ranked) == 1 or ranked[0] - ranked[1] >= AHEAD)


def _same_people(owner: Ints, known: Known) -> set[frozenset[str]]:
    """The couples of sources of the same people, either listing each but once."""
    count = len(known.names)
    held = coo_array(
        (np.ones(len(known.row), np.int32), (owner[known.row], known.source)), (len(owner), count)
    ).tocsr()
    rows, once = held.sum(axis=0), (held == 1).sum(axis=0)
    held.data[:] = 1
    met = (held.T @ held).toarray()
    return {
        frozenset((known.names[a], known.names[b]))
        for a, b in combinations(range(count), 2)
        if min(rows[a], rows[b]) >= FEW
        and met[a, b] >= MET * max(rows[a], rows[b])
        and once[a] >= 0.99 * rows[a]
        and once[b] >= 0.99 * rows[b]
    }
