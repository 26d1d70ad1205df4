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
from kartoteka.kit.duck import in_memory

from .asking import Asked

_MEMORY = "2GB"
_TRIES = 5
_AT_ONCE = 50_000


class Counting:
    """See `counting`."""

    def __init__(self, base: duckdb.DuckDBPyConnection) -> None:
        self._base = base
        self._words: dict[str, dict[str, int]] = {}

    def bring(
        self,
        table: Table,
        columns: Sequence[str],
        asked: Asked,
        *,
        first: dt.date | None = None,
        last: dt.date | None = None,
        only: tuple[str, Collection[str]] | None = None,
        coded: bool = False,
    ) -> None:
        """Have a table of the days of `asked` (or from `first`, or until `last`), of its site and device.

        coded: texts among `columns` are numbers, which count several times as fast; `word_COLUMN` (code, word) has what
        they stand for, and `code` tells the one of a text.
        """
        narrowed = [name for name, value in (("source", asked.source), ("device", asked.device)) if value]
        found = _read(
            table,
            first or asked.first,
            last or asked.last,
            columns=[*dict.fromkeys([*columns, *narrowed])],
            only=only,
        )
        if coded:
            found = self._coded(found, columns)
        self._base.register(f"all_{table.value}", found)
        tests = " AND ".join(f"{name} = ${name}" for name in narrowed) or "true"
        given = {name: getattr(asked, name) for name in narrowed}
        relation = self._base.sql(f"SELECT * FROM all_{table.value} WHERE {tests}", params=given or None)  # noqa: S608
        relation.create_view(table.value, replace=True)

    def _coded(self, table: pa.Table, columns: Sequence[str]) -> pa.Table:
        table = table.unify_dictionaries()  # every day has words of its own
        for name in columns:
            place = table.schema.get_field_index(name)
            if not pa.types.is_dictionary(table.schema.field(place).type):
                continue
            days = table.column(place).chunks
            words = days[0].dictionary if days else pa.array([], pa.string())
            codes = pa.array(np.arange(len(words), dtype=np.int32))
            self._words[name] = {word: code for code, word in enumerate(words.to_pylist())}
            self._base.register(f"word_{name}", pa.table({"code": codes, "word": words}))
            numbers = pa.chunked_array([each.indices for each in days], pa.int32())
            table = table.set_column(place, name, numbers)
        return table

    def code(self, column: str, text: str) -> int:
        """What stands for a text in a coded column; -1 where it does not stand there."""
        return self._words[column].get(text, -1)

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
    with in_memory(memory_limit=_MEMORY) as base:
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
