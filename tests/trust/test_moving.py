"""A base moved to the other kind of database and back is the base it was; what is not the same is found."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.intake.models import Import, RowProblem
from kartoteka.kit import bulk
from kartoteka.kit.otherbase import in_use
from kartoteka.people.models import Claim, Customer, OwnField, Source
from kartoteka.people.search.find import find
from kartoteka.quality.merging import merge
from kartoteka.trust import moving
from kartoteka.trust.actor import SHELL, Actor, NotAllowed
from kartoteka.trust.digests import Digest, Normal
from kartoteka.trust.models import AuditEntry, Staff
from kartoteka.trust.moving import CannotMove, move_base
from tests import make
from tools.postgres import cluster

ODD = {
    "given": "Zażółć", "family": "Ωmega 𐍈", "name": "Zażółć Ωmega 𐍈", "note": "line\nbreak\ttab \\N \\. \"quoted\" 'so'",
    "x.size": 38.5, "x.big": 1e14, "x.many": 12345678901234567, "x.yes": True, "x.none": None,
    "phones": [{"value": "+48600100200", "label": ""}],
}  # fmt: skip


MOVED = f"moved_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a PostgreSQL without bases of its own."""
    with ExitStack() as running:
        yield os.environ.get("KARTOTEKA_TEST_POSTGRES_URL") or running.enter_context(cluster())


@pytest.fixture
def postgres(server: str) -> Iterator[str]:
    """The address of an empty PostgreSQL base."""
    admin = server.replace("@/kartoteka?", "@/postgres?")
    with psycopg.connect(admin, autocommit=True) as asked:
        asked.execute(f"CREATE DATABASE {MOVED}")
        yield server.replace("@/kartoteka?", f"@/{MOVED}?")
        asked.execute(f"DROP DATABASE {MOVED} WITH (FORCE)")


@pytest.fixture
def there(postgres: str, tmp_path: Path, settings: Any) -> tuple[str, str]:
    """Where to move: first to the other kind of base, then back to this one's."""
    settings.ENCRYPTED_SQLITE = {**settings.ENCRYPTED_SQLITE, "NAME": str(tmp_path / "kartoteka.db")}
    return (postgres, "sqlite") if connection.vendor == "sqlite" else ("sqlite", postgres)


@pytest.fixture
def filled(db: None) -> Customer:
    """A base in which every kind of value occurs."""
    kept, gone = make.customer(**ODD), make.person("Jan", "Lis", email="jan@example.com")
    merge(kept=kept, gone=gone, by=SHELL, why="the same")
    make.csv_import("first name,phone\nOla,600 100 300\n,\n")
    OwnField.objects.create(key="size", label="Size", type="number", least="20.5", most=None)
    Staff.objects.create_user("owner@example.com", role="owner")
    AuditEntry.objects.create(
        at=dt.datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC),
        actor_kind="shell", actor_name="x", action="viewed", detail={"size": 1e3, "name": "Ωmega"},
    )  # fmt: skip
    for name in ("gone", "also gone"):
        Source.objects.create(name=name)
    Source.objects.filter(name__endswith="gone").delete()
    return kept


def content() -> dict[str, tuple[int, int]]:
    """Every table of the base in use as its digest, but for the audit, in which each move is noted."""
    found = {}
    for model in moving._models():
        if model is not AuditEntry:
            digest = Digest(Normal(model))
            for row in moving._rows(connections["default"], model):
                digest.add(row)
            found[model._meta.db_table] = (digest.rows, digest.sum)
    return found


def quiet(_share: float, _word: str) -> None:
    """Nobody looks."""


def test_there_and_back_again(filled: Customer, there: tuple[str, str]) -> None:
    assert [hit.customer for hit in find("jan lsi", actor=SHELL)] == [filled.pk]
    before, base, entries = content(), make.base(), AuditEntry.objects.count()
    shares: list[float] = []
    moved = move_base(to=there[0], progress=lambda share, _word: shares.append(share))
    assert moved["people_customer"] == 3
    assert shares == sorted(shares)
    assert shares[-1] == 1
    with in_use(moving._target(there[0])):
        assert (content(), make.base()) == (before, base)
        assert AuditEntry.objects.filter(action="moved here").count() == 1
        assert [hit.customer for hit in find("jan lsi", actor=SHELL)] == [filled.pk]
        assert move_base(to=there[1], progress=quiet)["trust_auditentry"] == entries + 1
        with in_use(moving._target(there[1])):
            assert (content(), make.base()) == (before, base)
            assert Customer.objects.get(pk=filled.pk).more["x.big"] == 1e14
            assert [hit.customer for hit in find("jan lsi", actor=SHELL)] == [filled.pk]
            fresh = Source.objects.create(name="fresh").pk
            connections["default"].close()
        connections["default"].close()
    highest = Source.objects.create(name="fresh").pk
    assert fresh == highest, "a key that was given once is given again"
    assert next(iter(bulk.take_ids(Customer, 1))) > max(Customer.objects.values_list("pk", flat=True))


def test_only_an_empty_base_is_moved_to(filled: Customer, there: tuple[str, str]) -> None:
    move_base(to=there[0], progress=quiet)
    with pytest.raises(CannotMove, match="is not empty"):
        move_base(to=there[0], progress=quiet)


def test_what_did_not_arrive_is_found(
    filled: Customer, there: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = moving._insert

    def spoiling(target: Any, model: Any, rows: Any) -> None:
        insert(target, model, rows)
        if model is Claim:
            with target.cursor() as cursor:
                cursor.execute("UPDATE people_claim SET standing = 'derived' WHERE row = 2")

    monkeypatch.setattr(moving, "_insert", spoiling)
    with pytest.raises(CannotMove, match="people_claim"):
        move_base(to=there[0], progress=quiet)
    monkeypatch.undo()
    assert move_base(to=there[0], progress=quiet)["people_claim"] == Claim.objects.count()


@pytest.mark.parametrize("to", ["moon", "postgres://", "mysql://here/base"])
def test_where_to_must_be_said(db: None, to: str) -> None:
    with pytest.raises(CannotMove, match="Say where to"):
        move_base(to=to, progress=quiet)


def test_not_while_work_is_under_way(filled: Customer, there: tuple[str, str]) -> None:
    Import.objects.update(state="running", heartbeat=timezone.now())
    with pytest.raises(CannotMove, match="imports"):
        move_base(to=there[0], progress=quiet)
    Import.objects.update(heartbeat=timezone.now() - dt.timedelta(hours=1))  # left by a worker that died
    assert move_base(to=there[0], progress=quiet)["intake_rowproblem"] == RowProblem.objects.count()


def test_who_may_not_export_may_not_move(db: None) -> None:
    with pytest.raises(NotAllowed):
        move_base(to="sqlite", progress=quiet, by=Actor("staff", 1, "clerk", frozenset()))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=3), some, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.text(max_size=3), VALUES, max_size=3), max_size=4), st.randoms())
def test_a_digest_knows_no_order_and_every_change(rows: list[dict[str, Any]], chance: Any) -> None:
    def digest(values: list[dict[str, Any]]) -> Digest:
        found = Digest(Normal(RowProblem))
        for each in values:
            found.add((1, 2, "", 3, False, each, []))
        return found

    mixed = chance.sample(rows, len(rows))
    assert digest(rows) == digest(mixed)
    assert digest(rows) != digest([*rows, {}])
    if rows:
        assert digest(rows) != digest([{**rows[0], "new": 1}, *rows[1:]])
