"""What may take only so long: what is not there, or cannot be written, by then is not waited for."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import DatabaseError, connection, transaction

from .sqlcipher.base import PATIENCE

T = TypeVar("T")
_STEPS = 5000


def within(seconds: float, ask: Callable[[], T]) -> T | None:
    """What `ask` finds, or None where the database needs longer than so many seconds."""
    if connection.vendor == "postgresql":
        return _within_postgres(seconds, ask)
    connection.ensure_connection()
    until = time.monotonic() + seconds
    handle = connection.connection
    handle.set_progress_handler(lambda: int(time.monotonic() > until), _STEPS)
    try:
        return ask()
    except DatabaseError as error:
        if "interrupted" in str(error):
            return None
        raise
    finally:
        handle.set_progress_handler(None, _STEPS)


def _within_postgres(seconds: float, ask: Callable[[], T]) -> T | None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, TRUE)", [str(int(seconds * 1000))])
            found = ask()
            cursor.execute("SELECT set_config('statement_timeout', '0', TRUE)")
            return found
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == "57014":  # query_canceled
            return None
        raise


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """Within it a write waits only so long for another writer of SQLite's one file, and raises OperationalError then.

    On PostgreSQL rows that are only added wait for nobody.
    """
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    connection.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
    try:
        yield
    finally:
        connection.connection.execute(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}")
