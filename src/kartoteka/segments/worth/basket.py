"""Baskets: what is bought with what, by support, confidence and lift. Pure: numpy and DuckDB, in memory only.

Measures as in R. Agrawal, T. Imielinski, A. Swami, "Mining Association Rules between Sets of Items in Large Databases"
(1993); lift (there: interest) as in S. Brin and others, "Dynamic Itemset Counting" (1997).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kartoteka.kit.duck import in_memory

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


def as_columns(why: str, rule: Rule) -> dict[str, Any]:
    """A rule as models.GoesWith keeps it."""
    return {
        "product_id": rule.one,
        "other_id": rule.other,
        "why": why,
        "both": rule.both,
        "of_product": rule.of_one,
        "of_other": rule.of_other,
        "all": rule.baskets,
        "confidence": rule.confidence,
        "lift": rule.lift,
    }


def rules(
    basket: Integers,
    item: Integers,
    *,
    least: int = LEAST_TOGETHER,
    sure: float = SURE,
    keep: int | None = None,
) -> list[Rule]:
    """The rules between two items, the highest confidence first.

    basket, item: one place per line; an item twice in a basket counts once. least: in so many baskets a pair must stand.
    sure: its lift stays above 1 when so many standard errors of its logarithm are taken off; 0 lets chance in. keep: at
    most so many rules for each item, its surest.
    """
    with in_memory(memory_limit=MEMORY, threads=1) as base:
        lines = {"basket": np.asarray(basket, dtype=np.int64), "item": np.asarray(item, dtype=np.int64)}
        base.register("given", lines)
        base.execute("CREATE TABLE line AS SELECT DISTINCT basket, item FROM given")
        return [Rule(*row) for row in base.execute(_RULES, [least, least, sure, keep or 2**31]).fetchall()]


_RULES = """
WITH often AS (SELECT item, count(*) AS n FROM line GROUP BY item HAVING count(*) >= ?),
kept AS (SELECT line.* FROM line JOIN often USING (item)),
pair AS (
    SELECT a.item AS low, b.item AS high, count(*) AS together
    FROM kept a JOIN kept b ON a.basket = b.basket AND a.item < b.item
    GROUP BY ALL HAVING count(*) >= ?
),
counted AS (
    SELECT low, high, together, x.n AS of_low, y.n AS of_high, (SELECT count(DISTINCT basket) FROM line) AS baskets
    FROM pair JOIN often x ON x.item = low JOIN often y ON y.item = high
),
rule AS (
    SELECT low AS one, high AS other, together, of_low AS of_one, of_high AS of_other, baskets FROM counted
    UNION ALL SELECT high, low, together, of_high, of_low, baskets FROM counted
)
SELECT * FROM rule
WHERE ln(together * baskets / (of_one * of_other))
    > ? * sqrt(greatest(1 / together - 1 / of_one + 1 / of_other - 1 / baskets, 0))
QUALIFY row_number() OVER (PARTITION BY one ORDER BY together / of_one DESC, of_other, other) <= ?
ORDER BY together / of_one DESC, of_other, one, other
"""
