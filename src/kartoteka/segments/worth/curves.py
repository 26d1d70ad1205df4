"""The curves of the base: Pareto (who brings the revenue) and whale (who brings and who costs profit). Pure: numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .history import Numbers

POINTS = 100


@dataclass(frozen=True)
class Curve:
    """Customers from the best down: at share x of them, share y of the whole.

    points: (x, y) pairs, 0 to 1, from (0, 0) to (1, 1); y of a whale curve passes 1 and comes down again. total: the whole,
    in the values' unit; peak: the highest y; half: the smallest share of customers that brings half of the whole.
    """

    points: tuple[tuple[float, float], ...]
    total: float
    peak: float
    half: float
    losing: int

    def share_of_best(self, part: float) -> float:
        """What share the best `part` (0.2 for a fifth) of customers brings."""
        xs, ys = zip(*self.points, strict=True)
        return float(np.interp(part, xs, ys))


def curve(values: Numbers) -> Curve | None:
    """The curve of what each customer brings; None where all together bring nothing."""
    total = float(values.sum())
    if not len(values) or total <= 0:
        return None
    heap = np.cumsum(np.sort(values)[::-1]) / total
    size = len(values)
    at = np.unique(np.ceil(np.linspace(0, size, POINTS + 1)).astype(np.int64))
    points = tuple((int(n) / size, float(heap[n - 1]) if n else 0.0) for n in at)
    half = (int(np.argmax(heap >= 0.5)) + 1) / size
    return Curve(points, total, float(heap.max()), half, int(np.count_nonzero(values < 0)))
