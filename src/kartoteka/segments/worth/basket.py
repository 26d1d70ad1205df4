"""Baskets: what is bought with what, by support, confidence and lift. Pure: numpy and DuckDB, in memory only.

Measures as in R. Agrawal, T. Imielinski, A. Swami, "Mining Association Rules between Sets of Items in Large Databases"
(1993); lift (there: interest) as in S. Brin and others, "Dynamic Itemset Counting" (1997).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log, sqrt

import duckdb
import numpy as np

from .ledger import Integers

# A pair seen less often than this is chance, however high its lift.
LEAST_TOGETHER = 5
# With thousands of pairs looked at, two standard errors would let dozens in by chance; at three and a half hardly one.
SURE = 3.5
MEMORY = "512MB"


@dataclass(frozen=True)
class Rule:
    """Who buys `one` also buys `other`. Counts are baskets: with both, with each, and all."""

    one: int
    other: int
    both: int
    of_one: int
    of_other: int
    baskets: int

    @property
    def support(self) -> float:
        """The share of baskets that hold both."""
        return self.both / self.baskets

    @property
    def confidence(self) -> float:
        """Of the baskets with `one`, the share that holds `other` as well."""
        return self.both / self.of_one

    @property
    def lift(self) -> float:
        """How many times as often as if they had nothing to do with one another."""
        return self.confidence / (self.of_other / self.baskets)

    @property
    def least_lift(self) -> float:
        """The lift, less what may be chance: its lower end at `SURE` standard errors of its logarithm."""
        error = sqrt(max(1 / self.both - 1 / self.of_one + 1 / self.of_other - 1 / self.baskets, 0.0))
        return exp(log(self.lift) - SURE * error)

    @property
    def turned(self) -> Rule:
        """The same pair, the other way round."""
        return Rule(self.other, self.one, self.both, self.of_other, self.of_one, self.baskets)


def rules(basket: Integers, item: Integers, *, least: int = LEAST_TOGETHER, sure: bool = True) -> list[Rule]:
    """The rules between two items, the highest confidence first.

    basket, item: one place per line; an item twice in a basket counts once. least: in so many baskets a pair must stand.
    sure: only what is bought together more often than chance explains (`least_lift` above 1).
    """
    found = [Rule(*each) for each in _pairs(basket, item, least)]
    both_ways = [way for each in found if not sure or each.least_lift > 1 for way in (each, each.turned)]
    return sorted(both_ways, key=lambda each: (-each.confidence, -each.lift, each.one, each.other))


def _pairs(basket: Integers, item: Integers, least: int) -> Iterable[tuple[int, ...]]:
    with duckdb.connect(":memory:") as base:
        base.execute(f"SET memory_limit = '{MEMORY}'; SET threads = 1; SET temp_directory = ''")
        lines = {"basket": np.asarray(basket, dtype=np.int64), "item": np.asarray(item, dtype=np.int64)}
        base.register("given", lines)
        base.execute("CREATE TABLE line AS SELECT DISTINCT basket, item FROM given")
        base.execute(
            "CREATE TABLE often AS SELECT item, count(*) AS n FROM line GROUP BY item HAVING n >= ?", [least]
        )
        base.execute("CREATE TABLE kept AS SELECT line.* FROM line JOIN often USING (item)")
        return base.execute(
            """
            WITH pair AS (
                SELECT a.item AS low, b.item AS high, count(*) AS together
                FROM kept a JOIN kept b ON a.basket = b.basket AND a.item < b.item
                GROUP BY ALL HAVING count(*) >= ?
            )
            SELECT low, high, together, x.n, y.n, (SELECT count(DISTINCT basket) FROM line)
            FROM pair JOIN often x ON x.item = low JOIN often y ON y.item = high
            """,
            [least],
        ).fetchall()
