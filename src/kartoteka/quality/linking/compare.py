"""The levels of every pair, by one SQL query over the table `card`; and what Splink learns of strangers."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .comparisons import ALL

CHUNK = 200_000
"""Pairs compared at a time: bounds the memory."""

LEARN_FROM = 300
"""Customers below which random pairs teach nothing and the starting weights stand."""

SEED = 1

RANDOM_PAIRS = 400_000

DRAWN = 20_000
"""Customers among whom the random pairs are drawn."""

Ints = NDArray[np.int32]
Levels = NDArray[np.int8]


@dataclass(frozen=True)
class Compared:
    """Pairs (positions in the table) and, a row each, the level of every comparison in the order of ALL.

    A level is -1 when it cannot be told, otherwise its place in `Comparison.levels`.
    """

    left: Ints
    right: Ints
    levels: Levels

    def __len__(self) -> int:
        return len(self.left)

    def take(self, which: NDArray[np.bool_]) -> Compared:
        """The pairs where `which` is true."""
        return Compared(self.left[which], self.right[which], self.levels[which])

    def at(self, which: NDArray[np.integer]) -> Compared:
        """The pairs at these places."""
        return Compared(self.left[which], self.right[which], self.levels[which])

    @staticmethod
    def together(parts: list[Compared]) -> Compared:
        """All pairs of one or more parts."""
        return Compared(
            np.concatenate([part.left for part in parts]),
            np.concatenate([part.right for part in parts]),
            np.concatenate([part.levels for part in parts]),
        )


class Pile:
    """Pairs gathered part by part in one place: at a million customers a second copy would not fit."""

    def __init__(self, most: int) -> None:
        """Room for `most` pairs, of which only what is filled takes memory."""
        self._all = Compared(
            np.empty(most, np.int32), np.empty(most, np.int32), np.empty((most, len(ALL)), np.int8)
        )
        self._size = 0

    def add(self, part: Compared) -> None:
        """Puts `part` behind what is there."""
        start, self._size = self._size, self._size + len(part)
        self._all.left[start : self._size] = part.left
        self._all.right[start : self._size] = part.right
        self._all.levels[start : self._size] = part.levels

    def compared(self) -> Compared:
        """All pairs gathered."""
        filled = slice(self._size)
        return Compared(self._all.left[filled], self._all.right[filled], self._all.levels[filled])


def compared(con: duckdb.DuckDBPyConnection, left: Ints, right: Ints) -> Iterator[Compared]:
    """The pairs with their levels in the order given, a chunk at a time, at least one chunk; quickest where neighbours
    are of one part of `card`."""
    for start in range(0, max(len(left), 1), CHUNK):
        ours, theirs = left[start : start + CHUNK], right[start : start + CHUNK]
        yield Compared(ours, theirs, _levels(con, ours, theirs))


def _levels(con: duckdb.DuckDBPyConnection, left: Ints, right: Ints) -> Levels:
    """The levels of these pairs, a row each; DuckDB gives them in any order, so each row says whose it is."""
    levels = np.empty((len(left), len(ALL)), np.int8)
    if len(left):
        at = np.arange(len(left), dtype=np.int32)
        con.register("pair", pa.table({"at": at, "l": left, "r": right}))
        ends = {"low": left.min(), "high": left.max(), "r_low": right.min(), "r_high": right.max()}
        found = con.execute(_QUERY.format(**ends)).fetchnumpy()
        con.unregister("pair")
        levels[found["at"]] = np.stack([found[comparison.name] for comparison in ALL], axis=1)
    return levels


def _sided(side: str) -> str:
    return f"select columns(*) as '\\0_{side}' from card"


_LEVELS = ",\n".join(
    f"(case when {comparison.unknown} then -1 "
    + " ".join(f"when {level.sql} then {at}" for at, level in enumerate(comparison.levels[:-1]))
    + f" else {len(comparison.levels) - 1} end)::tinyint as {comparison.name}"
    for comparison in ALL
)
_QUERY = f"""
select "at", {_LEVELS}
from pair
join ({_sided("l")} where unique_id between {{low}} and {{high}}) on l = unique_id_l
join ({_sided("r")} where unique_id between {{r_low}} and {{r_high}}) on r = unique_id_r
"""


def chance(con: duckdb.DuckDBPyConnection, size: int) -> list[list[float]] | None:
    """How often two strangers of this base come out at each level of each comparison.

    Splink estimates it from random pairs of `card`. None for a base too small to learn it from.
    """
    if size < LEARN_FROM:
        return None
    from splink import DuckDBAPI, Linker, SettingsCreator

    logging.getLogger("splink").setLevel(logging.ERROR)
    settings = SettingsCreator(
        link_type="dedupe_only", comparisons=[comparison.splink() for comparison in ALL], linker_uid="linking"
    )
    # Splink goes through the whole table to draw a few hundred: it is given some twenty thousand.
    con.execute(
        f"create table drawn as select * from card where hash(unique_id) % {max(1, size // DRAWN)} = 0"
    )
    linker = Linker(DuckDBAPI(con).register("drawn"), settings, log_level=None, validate_settings=False)
    # One base gives one answer: the sample is drawn by a seed, which DuckDB keeps to on one thread only.
    threads = con.execute("select current_setting('threads')").fetchone()
    con.execute("set threads = 1")
    linker.training.estimate_u_using_random_sampling(
        max_pairs=min(RANDOM_PAIRS, size * (size - 1) / 2), seed=SEED, num_chunks=1, min_count_per_level=None
    )
    con.execute(f"set threads = {threads[0] if threads else 1}")
    model = linker.misc.save_model_to_json()
    learned = []
    for comparison, trained in zip(ALL, model["comparisons"], strict=True):
        levels = [level for level in trained["comparison_levels"] if not level.get("is_null_level")]
        found = [level.get("u_probability") for level in levels]
        learned.append([value if isinstance(value, float) else 0.0 for value in found])
        assert len(learned[-1]) == len(comparison.levels)
    linker.table_management.delete_tables_created_by_splink_from_db()
    con.execute("drop table drawn")
    return learned
