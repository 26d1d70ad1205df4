"""Set-based writes: many rows in one go, the same on SQLite and PostgreSQL.

Values go in as the database stores them: JSON as text, datetimes as aware datetimes. Column names are the model's own
attribute names, so a renamed field fails here and not in the data.
"""

import datetime as dt
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, groupby, islice
from typing import Any, TypeVar

import orjson
from django.db import connection, transaction
from django.db.models import DateTimeField, JSONField, Model, QuerySet
from django.db.models.expressions import RawSQL

from .jsontext import json as json

T = TypeVar("T")

_ROWS_AT_ONCE = 2000
_VALUES_AT_ONCE = 200


@lru_cache(maxsize=256)
def _columns(model: type[Model], names: tuple[str, ...]) -> tuple[str, str]:
    quote = connection.ops.quote_name
    fields = {field.attname: field for field in model._meta.concrete_fields}
    columns = [fields[name].column for name in names]
    assert all(columns)
    return quote(model._meta.db_table), ", ".join(quote(str(column)) for column in columns)


def _stored(moment: dt.datetime | None) -> str | None:
    """SQLite keeps datetimes as text in UTC, as Django writes them."""
    return None if moment is None else moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ")


def _moments(model: type[Model], names: Sequence[str]) -> list[int]:
    """The places in a row at which a moment stands that SQLite's driver does not take as it is."""
    if connection.vendor == "postgresql":
        return []
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return [place for place, name in enumerate(names) if isinstance(fields[name], DateTimeField)]


def _flat(rows: Iterable[Sequence[Any]], width: int, moments: Sequence[int]) -> list[Any]:
    """The values of the rows one behind the other, with moments as SQLite keeps them."""
    flat = list(chain.from_iterable(rows))
    stored = lru_cache(maxsize=64)(_stored)  # a batch knows few moments
    for place in moments:
        flat[place::width] = map(stored, flat[place::width])
    return flat


def _cut(flat: list[Any], size: int) -> Any:
    """The list in pieces of this size, for the database's driver."""
    return (flat[at : at + size] for at in range(0, len(flat), size))


def insert(
    model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]], *, ignore: bool = False
) -> None:
    """Insert `rows` (values in the order of `names`). With `ignore`, rows that break a unique rule are passed over."""
    table, columns = _columns(model, tuple(names))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not ignore:
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        width = len(names)
        flat = _flat(rows, width, _moments(model, names))
        step = _rows_a_statement(model, width) * width
        row = f"({', '.join(['%s'] * width)})"
        clash = " ON CONFLICT DO NOTHING" if ignore else ""
        how = "OR FAIL " if connection.vendor == "sqlite" and not ignore else ""
        for size, some in groupby(_cut(flat, step), key=len):
            marks = ", ".join([row] * (size // width))
            sql = f"INSERT {how}INTO {table} ({columns}) VALUES {marks}{clash}"  # noqa: S608 (our models' names)
            cursor.executemany(sql, some)  # type: ignore[arg-type]


def _rows_a_statement(model: type[Model], width: int) -> int:
    """How many rows share one statement, which has a price of its own, about that of a narrow row.

    SQLite must not have to keep what such a statement changed so as to take it back alone: inside a savepoint that takes
    longer with every statement. Hence OR FAIL (the transaction is lost anyway), and one row where a check calls a
    function, as those of JSON do.
    """
    if any(isinstance(field, JSONField) for field in model._meta.concrete_fields):
        return 1
    return max(1, _VALUES_AT_ONCE // width)


def update(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set the columns `names` by primary key; each row holds the new values and, last, the key."""
    table, _ = _columns(model, tuple(names))
    quote = connection.ops.quote_name
    fields = {field.attname: field for field in model._meta.concrete_fields}
    parts = ", ".join(f"{quote(str(fields[name].column))} = %s" for name in names)
    key = quote(str(model._meta.pk.column)) if model._meta.pk else "id"
    with connection.cursor() as cursor:
        width = len(names) + 1
        flat = _flat(rows, width, _moments(model, names))
        cursor.executemany(f"UPDATE {table} SET {parts} WHERE {key} = %s", _cut(flat, width))  # noqa: S608


def take_ids(model: type[Model], count: int) -> range | list[int]:
    """`count` fresh primary keys to insert rows with, so that rows that point at them are made in the same go.

    Call it inside the transaction that inserts them: on SQLite that transaction is the only writer.
    """
    if count == 0:
        return range(0)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [model._meta.db_table, count],
            )
            return [row[0] for row in cursor.fetchall()]
        # AUTOINCREMENT keeps the highest key ever given, so that a key is never given twice.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        found = cursor.fetchone()
        first = (found[0] if found else 0) + 1
        return range(first, first + count)


_WRITING = 0x6B61_7274  # an advisory lock's number, ours alone


def be_the_writer() -> None:
    """Wait until nobody else changes who is whom, and let nobody until this transaction ends.

    SQLite has one writer at a time by itself; on PostgreSQL two would make the same contact point or identity twice, or
    write to a customer who is being joined away.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITING])


# So often, in seconds, SQLite looks whether the base is free for somebody who waits to write.
_LOOKED_AGAIN = 0.1


class Turns:
    """The many transactions of one writer. Behind a long one those come in who wait: on SQLite nobody is told that the base
    is free, so it is left free for as long as it takes until everybody has looked again. What the writer does meanwhile
    counts as waiting."""

    def __init__(self) -> None:
        self._others_until = 0.0

    @contextmanager
    def next(self) -> Iterator[None]:
        """The next transaction."""
        began = time.monotonic()
        if began < self._others_until:
            time.sleep(self._others_until - began)
            began = self._others_until
        with transaction.atomic():
            be_the_writer()
            yield
        ended = time.monotonic()
        if connection.vendor == "sqlite" and ended - began > _LOOKED_AGAIN:
            self._others_until = ended + 1.2 * _LOOKED_AGAIN


@contextmanager
def writing_much() -> Iterator[None]:
    """For a program that writes for a while: pages that many rows touch are kept until the rows are in, and go from
    SQLite's journal into its file less often. What is committed is as safe as ever.

    Enter it outside a transaction.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = [(name, cursor.execute(f"PRAGMA {name}").fetchone()[0]) for name in _WHILE_WRITING]
        for name, value in _WHILE_WRITING.items():
            cursor.execute(f"PRAGMA {name} = {value}")
    try:
        yield
    finally:
        # Not the cursor from before: the base may have been opened anew since.
        with connection.cursor() as cursor:
            for name, value in before:
                cursor.execute(f"PRAGMA {name} = {value}")
        let_pages_go()


def let_pages_go() -> None:
    """Give back the memory of the pages that were read, before other work that needs much of it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA shrink_memory")


# The cache in kilobytes (so the sign), the journal in pages of 8 kilobytes.
_WHILE_WRITING = {"cache_size": -256 * 1024, "wal_autocheckpoint": 8_000}


def chunks(rows: Iterable[T], size: int = _ROWS_AT_ONCE) -> Iterator[list[T]]:
    """The rows in lists of at most `size`."""
    source = iter(rows)
    while chunk := list(islice(source, size)):
        yield chunk


def _among(names: Sequence[Any]) -> tuple[str, Any]:
    """SQL for `IN (these)` with one parameter, however many there are."""
    if connection.vendor == "postgresql":
        return "= ANY(%s)", list(names)
    return "IN (SELECT value FROM json_each(%s))", orjson.dumps(list(names)).decode()


def these(keys: Iterable[int]) -> RawSQL:
    """Whole numbers for the right side of `__in`, handed over as one parameter however many there are."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])
    return RawSQL("SELECT value FROM json_each(%s)", [orjson.dumps(list(keys)).decode()])


def rows_of(rows: "QuerySet[Any, Any]") -> list[tuple[Any, ...]]:
    """The rows of a `values_list` as the database's driver gives them, all at once: whole numbers and texts only."""
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def fetch(
    model: type[Model],
    names: Sequence[str],
    *,
    by: str,
    among: Sequence[Any],
    also: Mapping[str, Any] | None = None,
) -> list[tuple[Any, ...]]:
    """The columns `names` of the rows whose column `by` is one of `among`, and whose columns in `also` are equal to it."""
    if not among:
        return []
    table, columns = _columns(model, tuple(names))
    _, key = _columns(model, (by,))
    test, values = _among(among)
    sql = f"SELECT {columns} FROM {table} WHERE {key} {test}"  # noqa: S608
    params = [values]
    for name, value in (also or {}).items():
        sql += f" AND {_columns(model, (name,))[1]} = %s"
        params.append(value)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def ends(rows: "QuerySet[Any]") -> tuple[int, int] | None:
    """The lowest and the highest key among these rows; None where there is none.

    Asked one by one: for both at once SQLite reads all of the table.
    """
    low, high = (rows.order_by(end).values_list("pk", flat=True).first() for end in ("pk", "-pk"))
    return None if low is None or high is None else (low, high)


def delete(model: type[Model], *, by: str, among: Sequence[Any]) -> int:
    """Delete the rows whose column `by` is one of `among`, and say how many there were. No cascades."""
    if not among:
        return 0
    table, key = _columns(model, (by,))
    test, values = _among(among)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {key} {test}", [values])  # noqa: S608
        return int(cursor.rowcount)


def set_to(model: type[Model], name: str, value: Any, *, by: str, among: Sequence[Any]) -> int:
    """Set the column `name` to `value` in the rows whose column `by` is one of `among`; how many there were."""
    if not among:
        return 0
    table, column = _columns(model, (name,))
    _, key = _columns(model, (by,))
    test, values = _among(among)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} {test}", [value, values])  # noqa: S608
        return int(cursor.rowcount)


def look_over(*models: type[Model]) -> None:
    """Have the database look its tables over after many rows came in, so that it goes on choosing the right index."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # So many rows of each index tell enough, and it takes no longer in a large base than in a small one.
            cursor.execute("PRAGMA analysis_limit = 1000")
        for model in models:
            cursor.execute(f"ANALYZE {_columns(model, ())[0]}")
