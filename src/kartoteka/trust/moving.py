"""Moving a base between SQLite and PostgreSQL: every row copied, then counted and compared on both sides.

Nobody can write to the old base meanwhile, and the new one is filled in one transaction: it ends up whole or empty. The
old base is never changed; the settings say from when on the new one is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from graphlib import TopologicalSorter
from itertools import chain
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connections, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from kartoteka.kit import derived, jobs
from kartoteka.kit.otherbase import USE, connection_to, in_use

from .actor import SHELL, Actor, Right
from .audit import note
from .digests import Digest, Normal

Progress = Callable[[float, str], None]
Connection = Any
_ROWS_AT_ONCE = 2000
# Filled by the migrations themselves, and told apart by key from those of the base that is moved.
_MADE_BY_MIGRATING = frozenset({"django_content_type", "auth_permission"})


class CannotMove(Exception):
    """The base cannot be moved there, or not now; the message says why and what to do."""


def move_base(*, to: str, progress: Progress, by: Actor = SHELL) -> dict[str, int]:
    """Copy the base in use to another, empty one, and say how many rows each table has.

    to: the address of a PostgreSQL base (postgres://...), or "sqlite" for the encrypted file in KARTOTEKA_HOME.
    progress: told the share done (0 to 1) and the table at hand. Raises CannotMove, NotAllowed.
    """
    by.must(Right.EXPORT)
    by.must(Right.SET_UP)
    source, target = connections[USE], _target(to)
    models = _models()
    try:
        with _nobody_writing(source, models), in_use(target):
            _make_ready(models)
            with transaction.atomic(using=USE):
                rows = _Move(source, target, models, progress).run()
                progress(0.95, "search")
                derived.make_all()
                note(by=by, action="moved here", matter="base", detail={"rows": sum(rows.values())})
    finally:
        target.close()
    progress(1.0, "")
    return rows


class _Move:
    """One move on its way."""

    def __init__(
        self, source: Connection, target: Connection, models: Sequence[type[Model]], progress: Progress
    ) -> None:
        self.source = source
        self.target = target
        self.models = models
        self.progress = progress

    def run(self) -> dict[str, int]:
        """Copy table by table, then read each back and compare."""
        expected = {model: _count(self.source, model) for model in self.models}
        steps = 2 * sum(expected.values()) or 1
        done = 0
        sent: dict[type[Model], Digest] = {}
        for model in self.models:
            self.progress(0.94 * done / steps, model._meta.db_table)
            sent[model] = self._copy(model)
            self._set_next_key(model)
            done += expected[model]
        for model in self.models:
            self.progress(0.94 * done / steps, model._meta.db_table)
            arrived = Digest(Normal(model))
            for row in _rows(self.target, model):
                arrived.add(row)
            if not sent[model] == arrived or sent[model].rows != expected[model]:
                raise CannotMove(
                    _("%(table)s did not arrive as it was sent. The new base was left empty; try again.")
                    % {"table": model._meta.db_table}
                )
            done += expected[model]
        return {model._meta.db_table: sent[model].rows for model in self.models}

    def _copy(self, model: type[Model]) -> Digest:
        sent = Digest(Normal(model))
        fields = model._meta.concrete_fields

        def ready() -> Iterator[list[Any]]:
            for row in _rows(self.source, model):
                sent.add(row)
                yield [
                    field.get_db_prep_save(value, connection=self.target)
                    for field, value in zip(fields, row, strict=True)
                ]

        try:
            _insert(self.target, model, ready())
        except DatabaseError as error:
            raise CannotMove(
                _("%(table)s has something in it that the new base cannot hold: %(why)s")
                % {"table": model._meta.db_table, "why": str(error).splitlines()[0]}
            ) from error
        return sent

    def _set_next_key(self, model: type[Model]) -> None:
        """A key is never given twice, not even one whose row is gone: the new base counts on where the old one was."""
        key = model._meta.pk
        if key is not None and key.get_internal_type() in ("AutoField", "BigAutoField", "SmallAutoField"):
            highest = _last_key(self.source, model)
            if highest:
                _set_last_key(self.target, model, highest)


# ---- the two bases


def _target(to: str) -> Connection:
    """A connection to the base at `to`, not yet opened."""
    here = connections[USE].vendor
    if to == "sqlite":
        if here == "sqlite":
            raise CannotMove(
                _("The base is in SQLite already. To move it to PostgreSQL, say its address: postgres://…")
            )
        entry = settings.ENCRYPTED_SQLITE
    else:
        try:
            entry = settings.POSTGRES(to)
        except Exception as error:
            raise CannotMove(
                _("Say where to: sqlite, or postgres://user:password@host:5432/name.")
            ) from error
    return connection_to(entry)


@contextmanager
def _nobody_writing(source: Connection, models: Sequence[type[Model]]) -> Iterator[None]:
    """Hold the old base as it is, so that what is read of it is one moment's state and nothing is lost after it."""
    if busy := jobs.under_way():
        raise CannotMove(
            _("There is work under way (%(work)s). Wait for its end or stop the worker.")
            % {"work": ", ".join(busy)}
        )
    try:
        with transaction.atomic(using=USE):  # on SQLite this is the only writer until its end
            if source.vendor == "postgresql":
                quote = source.ops.quote_name
                tables = ", ".join(quote(model._meta.db_table) for model in models)
                with source.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '10s'")
                    cursor.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
            yield
    except OperationalError as error:
        raise CannotMove(
            _("A base is being written to or cannot be reached: %(why)s. Stop the server and try again.")
            % {"why": str(error).splitlines()[0]}
        ) from error


def _make_ready(models: Sequence[type[Model]]) -> None:
    """Make the tables of the base in use where they are missing. Raises CannotMove where there is anything in them."""
    target = connections[USE]
    call_command("migrate", verbosity=0, interactive=False)
    for model in models:
        if model._meta.db_table not in _MADE_BY_MIGRATING and _count(target, model):
            raise CannotMove(
                _(
                    "The base you move to, %(where)s, is not empty: it has %(table)s. "
                    "Put its file aside or name an empty one, and try again."
                )
                % {"where": target.settings_dict["NAME"], "table": model._meta.db_table}
            )
    with transaction.atomic(using=USE), target.cursor() as cursor:
        for table in sorted(_MADE_BY_MIGRATING):  # the permissions, then the types they hang on
            cursor.execute(f"DELETE FROM {target.ops.quote_name(table)}")  # noqa: S608 - a table of ours


# ---- rows


def _models() -> list[type[Model]]:
    """Every table there is a model for, those first that others point at."""
    known = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    ]
    points_at = {
        model: {
            field.remote_field.model
            for field in model._meta.concrete_fields
            if field.remote_field and field.remote_field.model is not model
        }
        for model in known
    }
    return list(TopologicalSorter(points_at).static_order())


def _rows(connection: Connection, model: type[Model]) -> Iterator[tuple[Any, ...]]:
    """All rows of a table as Python values, a chunk at a time."""
    names = [field.attname for field in model._meta.concrete_fields]
    query = model._base_manager.order_by().values_list(*names).query
    return query.get_compiler(connection=connection).results_iter(  # type: ignore[no-any-return]
        tuple_expected=True, chunked_fetch=True, chunk_size=_ROWS_AT_ONCE
    )


def _count(connection: Connection, model: type[Model]) -> int:
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - a table of ours
        return int(cursor.fetchone()[0])


def _insert(connection: Connection, model: type[Model], rows: Iterator[list[Any]]) -> None:
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(quote(field.column) for field in model._meta.concrete_fields)
    first = next(rows, None)
    if first is None:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in chain([first], rows):
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(first))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - a table of ours
        cursor.executemany(sql, chain([first], rows))


def _last_key(connection: Connection, model: type[Model]) -> int:
    """The highest key ever given; 0 if none was."""
    table, key = model._meta.db_table, model._meta.pk
    assert key is not None
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', key.column])
            cursor.execute(
                f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {cursor.fetchone()[0]}"  # noqa: S608 - a table of ours
            )
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        cursor.execute(f"SELECT max({key.column}) FROM {connection.ops.quote_name(table)}")  # noqa: S608
        return max(found[0] if found else 0, cursor.fetchone()[0] or 0)


def _set_last_key(connection: Connection, model: type[Model], highest: int) -> None:
    table, key = model._meta.db_table, model._meta.pk
    assert key is not None
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [f'"{table}"', key.column, highest]
            )
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, highest])
