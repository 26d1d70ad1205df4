"""Making and removing a base for tests."""

from __future__ import annotations

from pathlib import Path

from django.db.backends.sqlite3.creation import DatabaseCreation as SQLiteCreation


class DatabaseCreation(SQLiteCreation):
    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        super()._destroy_test_db(test_database_name, verbosity)  # type: ignore[misc]
        if not self.is_in_memory_db(test_database_name):
            # A journal left by a killed test run belongs to another base of the same name.
            for tail in ("-wal", "-shm"):
                Path(test_database_name + tail).unlink(missing_ok=True)
