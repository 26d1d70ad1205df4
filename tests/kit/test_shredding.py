"""What was deleted is not said to be gone while somebody else may still read it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from kartoteka.kit import shredding


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_whoever_began_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shredding, "_PATIENCE", 0.0)
    other: Any = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT count(*) FROM people_customer")
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_current_xact_id()")
            else:
                with connection.cursor() as ours:
                    ours.execute("PRAGMA busy_timeout = 50")
                    # something that the other reader does not see yet
                    ours.execute(
                        "INSERT INTO people_source (name, kind, trust, stage, made_at) VALUES ('x', '', 1, '', '')"
                    )
            assert not shredding.shred()
            cursor.execute("ROLLBACK")
    finally:
        other.close()
        connection.close()  # the next one has its patience again
    monkeypatch.setattr(shredding, "_PATIENCE", 60.0)
    assert shredding.shred()
