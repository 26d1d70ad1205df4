"""How rare each customer's name, birth date or firm is in this base: a rare one shared says more."""

from __future__ import annotations

import duckdb
import numpy as np

from .blocking import FEW_OF_NAME, NAME_PAIR, bound
from .comparisons import ALL, TOLD
from .model import Rarity

FIRST = {
    "given": 0.006, "family": 0.001, "birth": 0.00006, "told": 0.001, "birth_place": 0.02,
    "profession": 0.05, "firm": 0.0005,
}  # fmt: skip
"""The frequency of a value never seen, before the base says otherwise."""

SMOOTHING = 200.0
"""A value's first frequency counts as so many customers seen, so that a tiny base calls nothing rare."""


def rarities(con: duckdb.DuckDBPyConnection, size: int) -> Rarity:
    """The frequency of each value in the table `card`, by comparison, in the order of the customers."""
    found = {}
    for comparison in ALL:
        if not comparison.rarity:
            continue
        first = FIRST[comparison.name]
        counts = con.execute(
            f"""select unique_id, count(*) over (partition by {comparison.rarity}) as n
                from card where {comparison.rarity} is not null"""
        ).fetchnumpy()
        frequency = np.zeros(size)
        seen = np.asarray(counts["n"], float)
        # Of two who share a value one is not counted: who is told by an e-mail only is not among those seen.
        others = seen if comparison is TOLD else seen - 1
        frequency[counts["unique_id"]] = (others + SMOOTHING * first) / (size + SMOOTHING)
        found[comparison.name] = frequency
    names = con.execute(
        f"""select unique_id from (select unique_id, count(*) over (partition by {NAME_PAIR}) as n
            from card where {NAME_PAIR} is not null) where n <= {bound(FEW_OF_NAME, size)}"""
    ).fetchnumpy()
    few_of_name = np.zeros(size, np.bool_)
    few_of_name[names["unique_id"]] = True
    return Rarity(found, few_of_name)
