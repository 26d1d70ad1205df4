"""Making what was deleted unreadable on the disk as well: the last step of forgetting somebody.

SQLite overwrites what it deletes (`secure_delete`, set by the connection), but the words of a full-text index stay in it
until its parts are written anew, and the log beside the file keeps old pages until it is emptied. PostgreSQL lets deleted
rows lie in their pages; only a table that is written anew is rid of them, and nobody can use it meanwhile.
"""

import datetime as dt
import time

from django.db import connection, transaction
from django.utils import timezone

# Tables up to this size are written anew at once; larger ones at night, by the business's own clock.
_SOON = 64 << 20  # bytes
NIGHT = (dt.time(1), dt.time(5))
_PAGES_AT_ONCE = 500
# How long the older transactions are waited for, in seconds; a page's are over in a moment.
_PATIENCE = 5.0
# "INSERT INTO t (t, rank) VALUES ('merge', N)" changes fewer rows than this where nothing is left to merge.
_NOTHING_LEFT = 2


def shred() -> bool:
    """Take away what deleted rows left on the disk; False where that must wait (for the night, for a reader).

    Outside of any transaction.
    """
    if connection.vendor == "postgresql":
        return _nobody_reads_older() and _written_anew()
    for table in _full_text():
        _merge(table)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return bool(cursor.fetchone()[0] == 0)


def _full_text() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE % USING fts5%'"
        )
        return [name for (name,) in cursor.fetchall()]


def _merge(table: str) -> None:
    """Write a full-text index anew as one part, without what was taken out, in steps that keep no writer waiting.

    https://sqlite.org/fts5.html#the_merge_command: a negative number begins, positive ones go on.
    """
    amount = -_PAGES_AT_ONCE
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT total_changes()")
            before = cursor.fetchone()[0]
            cursor.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', %s)", [amount])  # noqa: S608
            cursor.execute("SELECT total_changes()")
            if cursor.fetchone()[0] - before < _NOTHING_LEFT:
                return
        amount = _PAGES_AT_ONCE


def _nobody_reads_older() -> bool:
    """Wait until every transaction is over that began before now and for whose sake VACUUM would keep what was deleted.

    Who has written holds for all bases of the server (our own snapshot is as old as they are), who reads only for theirs:
    https://www.postgresql.org/docs/current/routine-vacuuming.html
    """
    older: set[object] | None = None
    waited_until = time.monotonic() + _PATIENCE
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid, xact_start FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND"
                " (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL AND datname = current_database())"
            )
            now = set(cursor.fetchall())
        older = now if older is None else older & now
        if not older:
            return True
        if time.monotonic() > waited_until:
            return False
        time.sleep(0.05)


def _written_anew() -> bool:
    night = NIGHT[0] <= timezone.localtime().time() < NIGHT[1]
    all_done = True
    with connection.cursor() as cursor:
        # What was deleted is counted a while after it was: a small table is not asked, but written anew.
        cursor.execute(
            "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables"
            " WHERE schemaname = current_schema() AND pg_relation_size(relid) > 0"
            " AND (pg_total_relation_size(relid) <= %s OR n_dead_tup > 0 OR n_tup_del > 0 OR n_tup_upd > 0)",
            [_SOON],
        )
        for table, size in cursor.fetchall():
            if size <= _SOON or night:
                cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(table)}")
            else:
                cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")
                all_done = False
    return all_done
