"""The base itself refuses to change what the ledger says: triggers, made by the migrations."""

from typing import Any

TABLES = ("consent_choice", "consent_wording")


def guard(cursor: Any, vendor: str) -> None:
    """Refuse every update of the ledger and of the words people were shown."""
    if vendor == "postgresql":
        cursor.execute(
            "CREATE OR REPLACE FUNCTION consent_unchanged() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the ledger of consent is only added to'; END $$"
        )
    for table in TABLES:
        if vendor == "postgresql":
            cursor.execute(
                f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION consent_unchanged()"
            )
        else:
            cursor.execute(
                f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the ledger of consent is only added to'); END"
            )


def unguard(cursor: Any, vendor: str) -> None:
    """Take the triggers away, for a migration that makes one of the tables anew."""
    for table in TABLES:
        cursor.execute(
            f"DROP TRIGGER IF EXISTS {table}_unchanged" + (f" ON {table}" if vendor == "postgresql" else "")
        )
