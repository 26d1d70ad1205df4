"""The timeline: one contract for every stream, and the order, filters, veil and walls of all together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kartoteka.kit.paging import BadCursor
from kartoteka.people import timeline as lines
from kartoteka.people.editing import change_customer
from kartoteka.people.models import Claim, Customer, Identity
from kartoteka.people.timeline import Asked, Entry, Mark, Stream, entry_kinds, newest, streams, timeline
from kartoteka.quality.merging import merge, split
from kartoteka.trust.actor import SHELL, Actor, NotAllowed, Right, Scope
from tests import make

pytestmark = pytest.mark.django_db
ANYONE = Actor("staff", 1, "somebody", frozenset({Right.SEE, Right.REVEAL}))
VEILED = Actor("staff", 1, "somebody", frozenset({Right.SEE}))


@pytest.fixture
def anna() -> Customer:
    """Somebody with entries of every stream that this floor and quality make, many of them of one moment."""
    anna = make.person("Anna", "Kowalska", phone="+48600100299", email="kotka@example.com", income="high")
    moment = timezone.now() - dt.timedelta(days=1)
    identity = anna.identities.get()
    batch = make.batch("newsletter")
    Claim.objects.bulk_create(
        Claim(
            identity=identity,
            batch=batch,
            at=moment - dt.timedelta(minutes=n // 3),
            row=n,
            values={"nickname": f"N{n}"},
        )
        for n in range(120)
    )
    change_customer(customer=anna, changes={"note": "Zadzwonić: Żółty płaszcz, 600 100 299"}, by=SHELL)
    change_customer(customer=anna, changes={"tags": ["regular"]}, by=SHELL)
    split(merger=merge(kept=anna, gone=make.person("Ania", "Kowalska"), by=SHELL), by=SHELL)
    merge(kept=anna, gone=make.person("Anka", "Kowalska"), by=SHELL)
    return Customer.objects.get(pk=anna.pk)


def walk(anna: Customer, *, limit: int, actor: Actor = ANYONE, **asked: object) -> list[Entry]:
    found: list[Entry] = []
    before: Mark | None = None
    while True:
        page = timeline(anna, actor=actor, before=before, limit=limit, **asked)  # type: ignore[arg-type]
        assert len(page.entries) <= limit
        found += page.entries
        if not page.before:
            return found
        before = Mark.read(page.before)


@pytest.mark.parametrize("its", streams(), ids=lambda each: each.name)
def test_every_stream_keeps_the_contract(anna: Customer, its: Stream) -> None:
    identities = list(Identity.objects.filter(customer=anna).values_list("pk", flat=True))

    def some(before: Mark | None = None, kinds: Sequence[str] = (), limit: int = 1000) -> list[Entry]:
        return list(its.entries(Asked(identities, ANYONE, before, kinds, limit)))

    everything = some()
    ranks = [each.mark.rank for each in everything]
    assert ranks == sorted(set(ranks), reverse=True)
    assert {each.stream for each in everything} <= {its.name}
    assert {each.kind for each in everything} <= {kind.key for kind in its.kinds}
    for place in range(0, len(everything), max(1, len(everything) // 7)):
        assert some(everything[place].mark, limit=5) == everything[place + 1 : place + 6]
    for kind in its.kinds:
        assert some(kinds=[kind.key]) == [each for each in everything if each.kind == kind.key]
    if everything:
        at = everything[len(everything) // 2].at
        assert some(Mark(at, its.name + "~", "1")) == [each for each in everything if each.at <= at]
        assert some(Mark(at, " ", "1")) == [each for each in everything if each.at < at]
    assert not its.entries(Asked([], ANYONE, None, (), 9))


def test_kinds_have_one_owner() -> None:
    keys = [kind.key for each in streams() for kind in each.kinds]
    assert len(keys) == len(set(keys))
    assert all(entry_kinds()[key].label for key in keys)


def test_pages_are_the_whole_cut_up(anna: Customer) -> None:
    whole = walk(anna, limit=1000)
    assert len(whole) > 120
    assert walk(anna, limit=7) == whole
    assert {"told", "note", "matters", "joined", "separated"} <= {each.kind for each in whole}
    notes = walk(anna, limit=3, kinds=["note"])
    assert [each.kind for each in notes] == ["note"]


def test_words_are_found_whatever_their_accents(anna: Customer) -> None:
    assert [each.kind for each in walk(anna, limit=5, words="zolty PLASZCZ")] == ["note"]
    assert len(walk(anna, limit=5, words="n11")) == 11  # N11, N110 to N119
    assert walk(anna, limit=5, words="neverthere") == []


def test_a_search_that_looks_far_says_how_far(anna: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_LOOKED", 30)
    first = timeline(anna, actor=ANYONE, words="n119")
    assert (first.entries, bool(first.before), bool(first.looked_to)) == ((), True, True)
    assert [each.detail for each in walk(anna, limit=5, words="n119")] == ["N119"]


def test_what_is_hidden_is_neither_shown_nor_found(anna: Customer) -> None:
    text = repr(walk(anna, limit=500, actor=VEILED))
    assert "600100299" not in text.replace(" ", "")
    assert "kotka@" not in text
    assert "income" not in repr(walk(anna, limit=500)).lower()
    for word in ("600", "100299", "kotka", "example", "zadzwonic 600"):
        assert walk(anna, limit=5, actor=VEILED, words=word) == []
    assert walk(anna, limit=5, words="kotka")
    outside = Actor("staff", 2, "seller", frozenset({Right.SEE}), Scope.STAGE, frozenset({"sell"}))
    with pytest.raises(NotAllowed):
        timeline(anna, actor=outside)


def test_cursors_are_ours() -> None:
    for bad in ("x", "W10", "WzEsMiwzXQ", "é", "W10=" * 9):
        with pytest.raises(BadCursor):
            Mark.read(bad)
    mark = Mark(timezone.now(), "told", "12")
    assert Mark.read(mark.cursor) == mark


def test_a_page_costs_the_same_however_many_lie_below(anna: Customer) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            timeline(anna, actor=ANYONE, limit=20)
        return len(counted)

    before = queries()
    batch, identity = make.batch("more"), anna.identities.first()
    Claim.objects.bulk_create(
        Claim(identity=identity, batch=batch, at=timezone.now(), row=n, values={"nickname": f"M{n}"})
        for n in range(300)
    )
    assert queries() <= before
    with CaptureQueriesContext(connection) as counted:
        identities = list(anna.identities.values_list("pk", flat=True))
        newest(Claim.objects.all(), Asked(identities, ANYONE, None, (), 20), stream="told")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + counted[-2]["sql"])
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
        assert "claim_of" in plan
        assert "SCAN people_claim" not in plan
