"""Set-based writes: many rows in one go, the same on SQLite and PostgreSQL.

Values go in as the database stores them: JSON as text, datetimes as aware datetimes. Column names are the model's own
attribute names, so a renamed field fails here and not in the data.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

import orjson
from django.db import connection
from django.db.models import DateTimeField, Model

from .jsontext import json as json

T = TypeVar("T")

_ROWS_AT_ONCE = 2000


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


def _ready(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Any:
    """The rows as the database's driver takes them: SQLite's knows no datetimes."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    moments = [place for place, name in enumerate(names) if isinstance(fields[name], DateTimeField)]
    if connection.vendor == "postgresql" or not moments:
        return rows
    return _with_stored(moments, rows)


def _with_stored(moments: Sequence[int], rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    stored = lru_cache(maxsize=64)(_stored)  # a batch knows few moments
    for row in rows:
        ready = list(row)
        for place in moments:
            ready[place] = stored(ready[place])
        yield ready


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
        marks = ", ".join(["%s"] * len(names))
        clash = " ON CONFLICT DO NOTHING" if ignore else ""
        sql = f"INSERT INTO {table} ({columns}) VALUES ({marks}){clash}"  # noqa: S608 (names come from the model)
        cursor.executemany(sql, _ready(model, names, rows))


def update(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set the columns `names` by primary key; each row holds the new values and, last, the key."""
    table, _ = _columns(model, tuple(names))
    quote = connection.ops.quote_name
    fields = {field.attname: field for field in model._meta.concrete_fields}
    parts = ", ".join(f"{quote(str(fields[name].column))} = %s" for name in names)
    key = quote(str(model._meta.pk.column)) if model._meta.pk else "id"
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {parts} WHERE {key} = %s", _ready(model, names, rows))  # noqa: S608


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
        for model in models:
            cursor.execute(f"ANALYZE {_columns(model, ())[0]}")
