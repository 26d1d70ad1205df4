"""The linking of a whole base, and the comparison of one pair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from kartoteka.kit.duck import in_memory

from .blocking import block
from .compare import CHUNK, Compared, Pile, chance, compared
from .derive import complete, derive
from .model import SAMPLE, starting, train
from .outcome import Linkage, nothing
from .rarity import rarities
from .reasons import Reason, reasons
from .resolving import Resolver, bits

JOIN_AT = 0.9
DOUBT_AT = 0.5

HOPELESS = -8.0
"""Log2 odds by the starting weights below which a pair is dropped. The model is trained on a sample of all, these too:
else it would know of a home only those who are nearly one."""

THREADS = 2


def link(
    people: pa.Table,
    *,
    never: pa.Table | None = None,
    join_at: float = JOIN_AT,
    doubt_at: float = DOUBT_AT,
    progress: Callable[[str, float], None] | None = None,
) -> Linkage:
    """Finds which customers are one and the same.

    `people` has one row per customer (see `derive.SCHEMA`; missing columns are taken as empty), `never` the
    columns a and b: ids of customers held apart by hand. From `join_at` (a probability) on, two are joined by
    themselves; from `doubt_at` on they are put before a person. `progress` hears the step ("read", "block",
    "compare", "learn", "join") and the share of the whole done, 0 to 1.
    Raises ValueError when `people` has no id column.
    """
    tell = progress or _nobody_listens
    people = complete(people)
    size = people.num_rows
    if size < 2:
        return nothing(people)
    with _workshop() as con:
        tell("read", 0.0)
        derive(con, people)
        tell("block", 0.3)
        left, right = block(con, size)
        count = len(left)
        rarity = rarities(con, size)
        tell("learn", 0.45)
        first = starting(chance(con, size), size)
        kept, learned_from, draw = Pile(count), [], np.random.default_rng(1)
        share = min(1.0, SAMPLE / max(count, 1))
        for chunk in compared(con, left, right):
            learned_from.append(chunk.take(draw.random(len(chunk)) < share))
            kept.add(chunk.take(first.log_odds(chunk, rarity) > HOPELESS))
            tell("compare", 0.5 + 0.3 * min(1.0, len(learned_from) * CHUNK / max(count, 1)))
        pairs = kept.compared()
        del left, right
        tell("learn", 0.8)
        model = train(first, Compared.together(learned_from), rarity, size, share)
        tell("join", 0.85)
        resolver = Resolver(con, first, model, rarity, people, _positions(people, never))
        linkage = resolver.resolve(pairs, bits(join_at), bits(doubt_at))
        tell("join", 1.0)
        return linkage


def compare(a: dict[str, Any], b: dict[str, Any]) -> tuple[float, list[Reason]]:
    """The probability that two rows of `people` are one by the starting weights, and the reasons for and against.

    For a pair looked at by itself, as when two are joined by hand: no base is needed.
    """
    people = complete(pa.Table.from_pylist([{"id": 0, **a}, {"id": 1, **b}]))
    with _workshop() as con:
        derive(con, people)
        (pair,) = compared(con, np.array([0], np.int32), np.array([1], np.int32))
        odds = starting(None, 2).log_odds(pair, rarities(con, 2))
        return float(1 / (1 + 2.0 ** -odds[0])), reasons(people, pair)[0]


def _nobody_listens(step: str, share: float) -> None:
    """The progress of which nobody wants to hear."""


@contextmanager
def _workshop() -> Iterator[duckdb.DuckDBPyConnection]:
    """A base in memory whose tables are packed, and which gives memory back soon after it was used."""
    with in_memory(
        threads=THREADS, preserve_insertion_order="false", allocator_background_threads="true"
    ) as con:
        con.execute("attach ':memory:' as base (compress)")
        con.execute("use base")
        yield con


def _positions(people: pa.Table, never: pa.Table | None) -> set[tuple[int, int]]:
    """The pairs of `never` as positions in `people`, the smaller first."""
    if never is None or never.num_rows == 0:
        return set()
    at = {one: position for position, one in enumerate(people["id"].to_pylist())}
    pairs = zip(never["a"].to_pylist(), never["b"].to_pylist(), strict=True)
    both = [(at[a], at[b]) for a, b in pairs if a in at and b in at]
    return {(min(a, b), max(a, b)) for a, b in both}
