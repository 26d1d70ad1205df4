"""The database's own refusal to change or take away what is only ever added to.

Whoever owns the database can take a guard down; the chain (chain.py) then tells that they did something behind it. The
guards keep everybody else, and ourselves, from doing it by mistake.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

GUARDED = ("trust_auditentry", "trust_auditlink", "trust_auditseal")
_SAID = "The audit is only added to: nothing in it is changed or taken away."
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION kartoteka_only_added_to() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{_SAID}' USING ERRCODE = 'restrict_violation'; END $$
"""


def put_up(*, using: str = "default", **_of_the_signal: Any) -> None:
    """Guard the tables that are there. Called whenever the tables were brought up to date; twice is once."""
    connection = connections[using]
    there = set(connection.introspection.table_names()) & set(GUARDED)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and there:
            cursor.execute(_FUNCTION)
        for table in sorted(there):
            for name, event, level in _guards(connection.vendor, table):
                if connection.vendor == "postgresql":
                    cursor.execute(
                        f"CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {table} "
                        f"FOR EACH {level} EXECUTE FUNCTION kartoteka_only_added_to()"
                    )
                else:
                    cursor.execute(
                        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON {table} "
                        f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
                    )


def take_down(*, using: str = "default") -> None:
    """Take the guards away, to empty or remake the whole base; `put_up` brings them back."""
    connection = connections[using]
    there = set(connection.introspection.table_names()) & set(GUARDED)
    with connection.cursor() as cursor:
        for table in sorted(there):
            for name, _event, _level in _guards(connection.vendor, table):
                where = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


def missing(*, using: str = "default") -> set[str]:
    """The guards that should be there and are not."""
    connection = connections[using]
    asked = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        found = {row[0] for row in cursor.fetchall()}
    return {name for table in GUARDED for name, _e, _l in _guards(connection.vendor, table)} - found


def _guards(vendor: str, table: str) -> list[tuple[str, str, str]]:
    guards = [(f"{table}_not_changed", "UPDATE", "ROW"), (f"{table}_not_removed", "DELETE", "ROW")]
    if vendor == "postgresql":
        guards.append((f"{table}_not_emptied", "TRUNCATE", "STATEMENT"))
    return guards
