"""The watchdog's question, on a base that answers and on one that does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client


@pytest.mark.django_db
def test_well_when_the_base_answers(client: Client) -> None:
    answer = client.get("/health")
    assert (answer.status_code, json.loads(answer.content)) == (200, {"status": "well"})
    assert "no-store" in answer.headers["Cache-Control"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.django_db(transaction=True)
def test_unwell_when_it_does_not(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    connection.connection.close()  # what a lost server looks like to whoever holds the connection
    if connection.vendor == "sqlite":  # and no file in its place, else it is opened once more
        monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path))
    try:
        answer = client.get("/health")
    finally:
        connection.connection = None
    assert (answer.status_code, json.loads(answer.content)) == (503, {"status": "unwell"})
