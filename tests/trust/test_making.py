"""A base made at once is the base that walking through every migration leads to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

NAME = "kartoteka_walked"
WALK = """
import django; django.setup()
from django.core.management import call_command
from django.core.management.commands.migrate import Command
call_command(Command(), verbosity=0)
import json
from tests.trust.test_making import shape
print(json.dumps(shape()))
"""
# Django's own, unused by us: its key has four bytes by its models, eight by its migrations.
_NOT_OURS = "auth_group_permissions"
# Whatever names an index or a rule, with all that it says.
_SAID = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL"
    " SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal UNION ALL"
    " SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
}


def shape() -> dict[str, Any]:
    """The tables of the base in use with their columns, and its indexes, rules and triggers."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        columns = {
            table: sorted(map(list, _columns(cursor, table)), key=str)
            for table in tables
            if "_search" not in table and table != _NOT_OURS
        }
        cursor.execute(_SAID[connection.vendor])
        return {"tables": sorted(tables), "columns": columns, "said": sorted(map(list, cursor.fetchall()))}


def _columns(cursor: Any, table: str) -> Iterator[tuple[Any, ...]]:
    rules = connection.introspection.get_constraints(cursor, table)
    for each in connection.introspection.get_table_description(cursor, table):
        yield each.name, str(each.type_code), each.display_size, each.null_ok, each.default
    for rule in rules.values():
        if rule["check"] or rule["foreign_key"] or rule["unique"]:
            yield "", rule["columns"], rule["unique"], rule["foreign_key"], rule["check"]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an empty base beside the suite's own, on the same database."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("KARTOTEKA_", "DJANGO_"))
    }
    home = {"KARTOTEKA_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "kartoteka.project.settings"}
    if not (url := os.environ.get("KARTOTEKA_TEST_POSTGRES_URL", "")):
        yield {**kept, **home}
        return
    with psycopg.connect(url, dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {NAME}")
        try:
            yield {**kept, **home, "KARTOTEKA_DATABASE_URL": urlsplit(url)._replace(path=f"/{NAME}").geturl()}
        finally:
            server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


@pytest.mark.slow
@pytest.mark.django_db
def test_both_ways_lead_to_the_same_base(elsewhere: dict[str, str]) -> None:
    walked = subprocess.run(
        [sys.executable, "-c", WALK],
        env={**elsewhere, "PYTHONPATH": "src:."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert walked.returncode == 0, walked.stderr
    there, here = json.loads(walked.stdout), json.loads(json.dumps(shape()))
    assert here["tables"] == there["tables"]
    assert here["columns"] == there["columns"]
    assert here["said"] == there["said"]
