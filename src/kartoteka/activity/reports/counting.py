"""A DuckDB that holds the days of a question for as long as it is counted."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from django.db import connection

from kartoteka.activity.warehouse.days import gone
from kartoteka.activity.warehouse.models import SiteDay
from kartoteka.activity.warehouse.store import Gone, store
from kartoteka.activity.warehouse.tables import Table

from .asking import Asked

_MEMORY = "2GB"
_TRIES = 5
_AT_ONCE = 50_000


class Counting:
    """See `counting`."""

    def __init__(self, base: duckdb.DuckDBPyConnection) -> None:
        self._base = base

    def bring(
        self,
        table: Table,
        columns: Sequence[str],
        asked: Asked,
        *,
        first: dt.date | None = None,
        last: dt.date | None = None,
        only: tuple[str, Collection[str]] | None = None,
    ) -> None:
        """Have a table of the days of `asked` (or from `first`, or until `last`), of its site and device."""
        narrowed = [name for name, value in (("source", asked.source), ("device", asked.device)) if value]
        found = _read(
            table,
            first or asked.first,
            last or asked.last,
            columns=[*dict.fromkeys([*columns, *narrowed])],
            only=only,
        )
        self._base.register(f"all_{table.value}", found)
        tests = " AND ".join(f"{name} = ${name}" for name in narrowed) or "true"
        given = {name: getattr(asked, name) for name in narrowed}
        relation = self._base.sql(f"SELECT * FROM all_{table.value} WHERE {tests}", params=given or None)  # noqa: S608
        relation.create_view(table.value, replace=True)

    def bring_people(self) -> None:
        """Have `known` (visitor, customer): whose the visitors are now."""
        self._base.register("known", _people())

    def bring_rows(self, name: str, rows: pa.Table) -> None:
        """Have another table."""
        self._base.register(name, rows)

    def rows(self, sql: str, **given: Any) -> list[tuple[Any, ...]]:
        """What this says."""
        return self._base.execute(sql, given or None).fetchall()

    def make(self, sql: str, **given: Any) -> None:
        """Run a statement."""
        self._base.execute(sql, given or None)


@contextmanager
def counting() -> Iterator[Counting]:
    """Somewhere to count, gone afterwards."""
    with duckdb.connect(":memory:") as base:
        base.execute(
            f"SET memory_limit = '{_MEMORY}'; SET temp_directory = ''; SET enable_progress_bar = false"
        )
        yield Counting(base)


def _read(
    table: Table,
    first: dt.date,
    last: dt.date,
    *,
    columns: Sequence[str],
    only: tuple[str, Collection[str]] | None,
) -> pa.Table:
    """The columns of these days; one that is written anew in this moment is asked for again, one that is lost is left
    out."""
    for _try in range(_TRIES):
        rows = SiteDay.objects.filter(day__gte=first, day__lte=last).exclude(kept_as="").order_by("day")
        try:
            return store().read(
                table, list(rows.values_list("kept_as", flat=True)), columns=columns, only=only
            )
        except Gone as lost:
            gone(lost.name)
    return store().read(table, [], columns=columns)


def _people() -> pa.Table:
    sql = "SELECT v.id, i.customer_id FROM activity_visitor v JOIN people_identity i ON i.id = v.identity_id"
    found = []
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while some := cursor.fetchmany(_AT_ONCE):
            found.append(np.array(some, dtype=np.int64))
    both = np.concatenate(found) if found else np.empty((0, 2), dtype=np.int64)
    return pa.table(
        {"visitor": np.ascontiguousarray(both[:, 0]), "customer": np.ascontiguousarray(both[:, 1])}
    )
