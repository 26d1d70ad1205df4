"""How customers bought, as the models want to know it: repeats, recency, age and mean value, a number per customer each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class History:
    """One place per customer, all in one unit of time (the published fits: weeks; ours: days).

    repeats: purchases after the first (x). recency: from the first to the last purchase (t_x). age: from the first purchase
    until now (T). mean_value: of the repeats, 0 where there were none.
    """

    repeats: Numbers
    recency: Numbers
    age: Numbers
    mean_value: Numbers

    def __len__(self) -> int:
        return len(self.repeats)

    def some(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> History:
        """Only these customers."""
        return History(self.repeats[which], self.recency[which], self.age[which], self.mean_value[which])

    def sample(self, most: int, *, seed: int = 1) -> History:
        """At most so many of them, drawn by a fixed seed, so that the same base gives the same fit."""
        if len(self) <= most:
            return self
        return self.some(np.sort(np.random.default_rng(seed).choice(len(self), size=most, replace=False)))


def history(repeats: object, recency: object, age: object, mean_value: object | None = None) -> History:
    """A History out of anything that numpy takes as columns of equal length. Raises ValueError where they cannot be so."""
    x, t_x, total = (np.atleast_1d(np.asarray(each, dtype=np.float64)) for each in (repeats, recency, age))
    value = (
        np.zeros_like(x) if mean_value is None else np.atleast_1d(np.asarray(mean_value, dtype=np.float64))
    )
    if not len(x) == len(t_x) == len(total) == len(value):
        raise ValueError("The columns of a history must be of one length.")
    if np.any(x < 0) or np.any(t_x < 0) or np.any(t_x > total) or not np.all(np.isfinite(x + total)):
        raise ValueError("Somebody's last purchase lies before their first, or after now.")
    return History(x, t_x, total, value)
