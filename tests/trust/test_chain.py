"""The audit's chain: whatever is done behind it is found, to the row; and who writes an entry waits for nobody."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from kartoteka.people.models import Claim
from kartoteka.people.recording import forget_customers, forget_identities
from kartoteka.trust import chain, guards
from kartoteka.trust.actor import SHELL, Actor, NotAllowed
from kartoteka.trust.audit import note, note_each
from kartoteka.trust.models import AuditEntry, AuditLink, AuditSeal
from kartoteka.trust.verifying import Verdict, verify
from tests import make


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Any) -> None:
    """The end of the chain is written beside a base of its own."""
    given = settings.KARTOTEKA
    key = given.key_path.read_text().strip() if given.key_path.exists() else "ab" * 32
    settings.KARTOTEKA = dataclasses.replace(given, home=tmp_path, key=given.key or key)


@pytest.fixture
def audit(db: None) -> list[int]:
    """Ten linked entries in two seals; their numbers."""
    first = {"fields": ["birth", "ż"], "rows": 3, "size": 1e3, "share": 0.25}
    for number in range(5):
        note(by=SHELL, action="viewed", matter="customer", key=number, detail=first)
    assert chain.link() == 5
    note_each(by=SHELL, action="exported", matter="customer", keys=range(5))
    assert chain.link() == 5
    return list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))


def looked() -> Verdict:
    return verify(actor=SHELL)


def by_hand(*statements: str) -> None:
    """As somebody would who has the database and no key."""
    guards.take_down()
    with connection.cursor() as cursor:
        for each in statements:
            cursor.execute(each)
    guards.put_up()


def test_a_whole_chain(audit: list[int]) -> None:
    note(by=SHELL, action="viewed", matter="customer", key=7)
    found = looked()
    assert found.whole, found.faults
    assert (found.entries, found.linked, found.waiting, found.seals) == (11, 10, 1, 2)
    assert found.head == chain.head()
    assert json.loads(json.dumps(found.as_data()))["head"] == str(chain.head())
    assert verify(actor=SHELL, known=chain.head()).whole


# What somebody does behind our back to ten entries, and what must be told first: its kind, and about which entry.
TAMPERED: dict[str, tuple[Callable[[list[int]], tuple[str, ...]], str, int | None]] = {
    "who": (lambda ids: (f"UPDATE trust_auditentry SET actor_name = 'Ola' WHERE id = {ids[3]}",), "changed", 3),
    "when": (lambda ids: (f"UPDATE trust_auditentry SET at = '2020-01-01' WHERE id = {ids[2]}",), "changed", 2),
    "what": (lambda ids: (f"UPDATE trust_auditentry SET detail = '{{}}' WHERE id = {ids[4]}",), "changed", 4),
    "unmarked": (
        lambda ids: (f"UPDATE trust_auditentry SET action = 'x', mark = '' WHERE id = {ids[4]}",), "inserted", 4,
    ),
    "removed": (lambda ids: (f"DELETE FROM trust_auditentry WHERE id = {ids[6]}",), "missing", 6),
    "removed with its link": (
        lambda ids: (
            f"DELETE FROM trust_auditentry WHERE id = {ids[6]}", f"DELETE FROM trust_auditlink WHERE entry = {ids[6]}",
        ), "missing", None,
    ),
    "removed and renumbered": (
        lambda ids: (
            f"DELETE FROM trust_auditentry WHERE id = {ids[6]}", f"DELETE FROM trust_auditlink WHERE entry = {ids[6]}",
            "UPDATE trust_auditlink SET sequence = -sequence WHERE sequence > 7",
            "UPDATE trust_auditlink SET sequence = -sequence - 1 WHERE sequence < 0",
        ), "order", 7,
    ),
    "brought in": (
        lambda ids: (
            "INSERT INTO trust_auditentry (at, actor_kind, actor_key, actor_name, action, matter, matter_key, detail, mark)"
            " VALUES ('2026-01-01', 'staff', 1, 'Ola', 'exported', 'base', '', '{}', '')",
        ), "inserted", None,
    ),
    "told twice": (
        lambda ids: (
            "INSERT INTO trust_auditentry (at, actor_kind, actor_key, actor_name, action, matter, matter_key, detail, mark)"
            " SELECT at, actor_kind, actor_key, actor_name, action, matter, matter_key, detail, mark FROM trust_auditentry"
            f" WHERE id = {ids[1]}",
        ), "twice", None,
    ),
    "exchanged": (
        lambda ids: (
            f"UPDATE trust_auditentry SET id = -1 WHERE id = {ids[2]}",
            f"UPDATE trust_auditentry SET id = {ids[2]} WHERE id = {ids[3]}",
            f"UPDATE trust_auditentry SET id = {ids[3]} WHERE id = -1",
        ), "order", 2,
    ),
    "links exchanged": (
        lambda ids: (
            f"UPDATE trust_auditlink SET entry = -1 WHERE entry = {ids[2]}",
            f"UPDATE trust_auditlink SET entry = {ids[2]} WHERE entry = {ids[3]}",
            f"UPDATE trust_auditlink SET entry = {ids[3]} WHERE entry = -1",
        ), "order", 3,
    ),
    "the end cut off": (
        lambda ids: (
            f"DELETE FROM trust_auditentry WHERE id >= {ids[5]}", "DELETE FROM trust_auditlink WHERE sequence > 5",
            "DELETE FROM trust_auditseal WHERE sequence > 5",
        ), "cut", None,
    ),
    "everything": (
        lambda ids: ("DELETE FROM trust_auditentry", "DELETE FROM trust_auditlink", "DELETE FROM trust_auditseal"),
        "cut", None,
    ),
    "a forged seal": (lambda ids: ("UPDATE trust_auditseal SET hash = 'x' WHERE sequence = 5",), "rewritten", None),
}  # fmt: skip


@pytest.mark.parametrize("deed", TAMPERED)
def test_what_was_tampered_with_is_named(audit: list[int], deed: str) -> None:
    do, kind, place = TAMPERED[deed]
    by_hand(*do(audit))
    note(by=SHELL, action="viewed")
    chain.link()  # nor is it healed by going on
    found = looked()
    assert not found.whole
    first = found.faults[0]
    assert first.kind == kind, found.faults
    if place is not None:
        assert first.entry == audit[place], found.faults
        assert str(audit[place]) in str(first.what)


def test_a_chain_made_anew_without_the_key_is_told(audit: list[int]) -> None:
    """Every hash right, one entry gone, the seals with the right hashes: only the marks are wrong."""
    by_hand(f"DELETE FROM trust_auditentry WHERE id = {audit[2]}", "DELETE FROM trust_auditlink")
    with connection.cursor() as cursor:
        guards.take_down()
        kept = dict(AuditSeal.objects.values_list("sequence", "mark"))
        cursor.execute("DELETE FROM trust_auditseal")
        guards.put_up()
    chain.link()  # our own code, by way of a forger's
    made_anew = chain.head()
    by_hand(
        f"UPDATE trust_auditseal SET mark = '{kept[10]}'",
        f"INSERT INTO trust_auditseal (sequence, hash, at, mark) VALUES (5, 'x', '2026-01-01', '{kept[5]}')",
    )
    chain.head_file().unlink()
    found = looked()
    assert made_anew.sequence == 9
    assert [each.kind for each in found.faults] == ["rewritten", "rewritten"]


def test_a_cut_is_told_by_an_end_known_elsewhere(audit: list[int]) -> None:
    end = chain.head()
    by_hand("DELETE FROM trust_auditentry", "DELETE FROM trust_auditlink", "DELETE FROM trust_auditseal")
    chain.head_file().unlink()
    assert looked().whole, "without any end known outside nobody can tell"
    assert [each.kind for each in verify(actor=SHELL, known=end).faults] == ["cut"]
    assert chain.head_of(f" {end} ") == end
    for wrong in ("", "5", "x:y", f"5:{'A' * 64}"):
        with pytest.raises(chain.NoHead):
            chain.head_of(wrong)


@pytest.mark.parametrize("table", guards.GUARDED)
@pytest.mark.parametrize("deed", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_itself_refuses(audit: list[int], table: str, deed: str) -> None:
    if deed.startswith("TRUNCATE") and connection.vendor == "sqlite":
        deed = "DELETE FROM {}"
    column = {"trust_auditentry": "action", "trust_auditlink": "entry", "trust_auditseal": "hash"}[table]
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        connection.cursor().execute(deed.format(table, column, column))
    assert looked().whole


def test_a_guard_taken_down_is_told(audit: list[int]) -> None:
    guards.take_down()
    assert {each.kind for each in looked().faults} == {"unguarded"}
    guards.put_up()
    assert looked().whole


def test_who_may_not_read_the_audit_may_not_check_it(db: None) -> None:
    with pytest.raises(NotAllowed):
        verify(actor=Actor("staff", 1, "clerk", frozenset()))


def test_an_empty_chain_is_whole(db: None) -> None:
    assert chain.link() == 0
    assert looked().whole
    assert chain.head() == chain.Head(0, chain.START)


def test_linking_gathers_for_a_moment(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    note(by=SHELL, action="viewed")
    assert not chain.link_due()
    monkeypatch.setattr(chain, "GATHER", chain.GATHER * 0)
    assert chain.link_due()
    assert not chain.link_due()
    assert AuditLink.objects.count() == 1


def test_who_is_forgotten_does_not_break_it(db: None) -> None:
    anna = make.person("Anna", "Wyjątkowska", phone="+48600100299")
    note(by=SHELL, action="viewed", matter="customer", key=anna.pk)
    chain.link()
    identities = list(anna.identities.values_list("pk", flat=True))
    Claim.objects.filter(identity__in=identities).delete()
    forget_identities(identities)
    forget_customers([anna.pk])
    assert looked().whole
    assert "Wyjątkowska" not in repr(list(AuditEntry.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_many_write_while_two_link(settings: Any) -> None:
    stop = threading.Event()

    def write(name: str) -> None:
        for number in range(40):
            with transaction.atomic():
                note(by=SHELL, action="viewed", matter="customer", key=f"{name}{number}")
        connections.close_all()

    def link() -> None:
        while not stop.is_set():
            chain.link()
        connections.close_all()

    linkers = [threading.Thread(target=link) for _ in range(2)]
    writers = [threading.Thread(target=write, args=[name]) for name in "abc"]
    for each in [*linkers, *writers]:
        each.start()
    for each in writers:
        each.join()
    stop.set()
    for each in linkers:
        each.join()
    chain.link()
    found = looked()
    assert found.whole, found.faults
    assert (found.linked, found.waiting) == (120, 0)
