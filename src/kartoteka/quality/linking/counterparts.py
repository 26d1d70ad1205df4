"""Two sources that hold the same people: whoever is left over in both is likely left over by mistake.

Where nine in ten of each of two sources have met in the other, and none of them lists people twice, a row that met
nobody most likely has its counterpart among the few left over on the other side. Two that are each other's
likeliest by far are joined then on weaker evidence than anywhere else.
"""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

from .compare import Compared
from .model import Floats

Ints = NDArray[np.int32]

MET = 0.9
"""The share of each of two sources that has met in the other, from which on they hold the same people."""

FEW = 50
"""Rows of a source from which on such a share means something."""

AHEAD = 5.0
"""Log odds (bits) by which each must be the likeliest for the other."""


def counterparts(
    pairs: Compared, odds: Floats, owner: Ints, sources: list[list[str] | None], least: float
) -> list[list[int]]:
    """The couples left over in two sources of the same people, likely from `least` (bits) on.

    `owner` is the first of each customer's group (itself when alone), `sources` those of every customer.
    """
    alike = _same_people(owner, sources)
    if not alike:
        return []
    alone = np.bincount(owner, minlength=len(owner))[owner] == 1
    likely = np.flatnonzero((odds >= least - AHEAD) & alone[pairs.left] & alone[pairs.right])
    best: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for at in likely.tolist():
        one, other = int(pairs.left[at]), int(pairs.right[at])
        best[one].append((float(odds[at]), other))
        best[other].append((float(odds[at]), one))
    firm = {one: (max(found)[1], max(found)[0]) for one, found in best.items() if _is_ahead(found, least)}
    return [
        [one, other]
        for one, (other, _) in firm.items()
        if one < other
        and firm.get(other, (-1,))[0] == one
        and frozenset((_only(sources[one]), _only(sources[other]))) in alike
    ]


def _is_ahead(found: list[tuple[float, int]], least: float) -> bool:
    """Whether the likeliest is likely enough, and the next far behind."""
    ranked = sorted((odd for odd, _ in found), reverse=True)
    return ranked[0] >= least and (len(ranked) == 1 or ranked[0] - ranked[1] >= AHEAD)


def _only(sources: list[str] | None) -> str:
    return sources[0] if sources and len(sources) == 1 else ""


def _same_people(owner: Ints, sources: list[list[str] | None]) -> set[frozenset[str]]:
    """The couples of sources of the same people, either listing each but once."""
    members: dict[int, Counter[str]] = defaultdict(Counter)
    rows: Counter[str] = Counter()
    for leader, known in zip(owner.tolist(), sources, strict=True):
        for source in known or ():
            members[leader][source] += 1
            rows[source] += 1
    met: Counter[tuple[str, str]] = Counter()
    once: Counter[str] = Counter()
    for some in members.values():
        for source, count in some.items():
            once[source] += count == 1
            met.update((source, other) for other in some if other != source)
    return {
        frozenset((one, other))
        for one, other in met
        if min(rows[one], rows[other]) >= FEW
        and all(
            met[a, b] >= MET * rows[a] and once[a] >= 0.99 * rows[a] for a, b in ((one, other), (other, one))
        )
    }
