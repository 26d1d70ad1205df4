"""A DuckDB to count in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb


@contextmanager
def in_memory(**settings: Any) -> Iterator[duckdb.DuckDBPyConnection]:
    """A base in memory only, gone afterwards, with no folder to spill to: personal data never reaches the disk.

    settings: DuckDB's own, such as memory_limit ("2GB") and threads.
    """
    with duckdb.connect(":memory:", config={"temp_directory": "", **settings}) as base:
        base.execute("SET enable_progress_bar = false")  # else it is written into the worker's log
        yield base
