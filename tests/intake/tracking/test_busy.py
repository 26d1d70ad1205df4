"""While somebody else writes for long, a call is told to come again, in time for a client that would give up."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from kartoteka.intake.models import Connection, Parcel
from kartoteka.intake.tracking import receiving

CALL = {"type": "track", "event": "e", "userId": "7"}


# PostgreSQL lets both write.
@pytest.mark.any_base
@pytest.mark.django_db(transaction=True)
def test_a_busy_base_tells_to_come_again(
    site: Connection, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "_PATIENCE", 0.05)
    other: Any = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            refused = client.post(
                "/v1/track", {"writeKey": site.key, **CALL}, content_type="application/json"
            )
            assert (refused.status_code, refused["Retry-After"]) == (429, "5")
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    taken = client.post("/v1/track", {"writeKey": site.key, **CALL}, content_type="application/json")
    assert taken.status_code == 200
    assert Parcel.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (30_000,)
