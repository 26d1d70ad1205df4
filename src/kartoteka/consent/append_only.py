"""The base itself refuses to change what the ledger says, by triggers.

Not in a migration: SQLite remakes a table that is altered, and forgets its triggers.
"""

from typing import Any

from django.db import connections

TABLES = ("consent_choice", "consent_wording")
_SAID = "the ledger of consent is only added to"


def put_up(*, using: str = "default", **_of_the_signal: Any) -> None:
    """Refuse every update of the ledger and of the words people were shown. Called whenever the tables were brought up to
    date; twice is once."""
    connection = connections[using]
    there = [table for table in TABLES if table in connection.introspection.table_names()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and there:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION consent_unchanged() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$"
            )
        for table in there:
            if connection.vendor == "postgresql":
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {table}_unchanged BEFORE UPDATE ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION consent_unchanged()"
                )
            else:
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {table}_unchanged BEFORE UPDATE ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
                )
