"""A query that may take only so long: what is not there by then is not waited for."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, connection, transaction

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
