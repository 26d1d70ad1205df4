"""Days of the site in the event store: due when anything changes, whole or not at all, gone with who is forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kartoteka.activity.reports.asking import Asked, known
from kartoteka.activity.reports.pages import pages
from kartoteka.activity.warehouse import days
from kartoteka.activity.warehouse.models import SiteDay
from kartoteka.activity.warehouse.parquet import ParquetStore
from kartoteka.activity.warehouse.store import Gone, store
from kartoteka.activity.warehouse.tables import SCHEMAS, Table
from kartoteka.consent.erasure import forget
from kartoteka.kit import jobs
from kartoteka.trust import rotation, vault
from kartoteka.trust.actor import SHELL
from tests import make, raw

from .site import Did, at, happen, is_whose

pytestmark = pytest.mark.django_db
MAY = Asked(dt.date(2026, 5, 1), dt.date(2026, 5, 31))


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> Path:
    settings.EVENTS_ROOT = tmp_path / "events"
    return settings.EVENTS_ROOT


def views() -> dict[str, int]:
    return {each.page: each.views for each in pages(actor=SHELL, asked=MAY)}


def work() -> int:
    """The worker, once every day that is due has rested."""
    SiteDay.objects.update(rests_until=None)
    done = 0
    while days.run_due_day():
        done += 1
    return done


def opened(table: Table = Table.STEPS) -> bytes:
    """What lies in the store, opened: every value of every row."""
    kept = store()
    found = kept.read(table, sorted(kept.kept()), columns=SCHEMAS[table].names)
    return str(found.to_pylist()).encode()


def test_what_comes_late_has_its_day_written_again() -> None:
    happen(
        [Did("a", at(2), page="/"), Did("a", at(3), page="/"), Did("robot", at(3), page="/bots", bot=True)]
    )
    assert work() == 2
    assert not days.run_due_day()
    assert views() == {"/": 2}
    happen([Did("late", at(2, 18), page="/late")])
    assert list(SiteDay.objects.filter(changed__gt=1).values_list("day", flat=True)) == [dt.date(2026, 5, 2)]
    assert known(actor=SHELL).waiting
    assert not days.run_due_day(), "it rests for a while"
    assert work() == 1
    assert views() == {"/": 2, "/late": 1}
    assert len(store().kept()) == 2, "the former writing is thrown away"
    told = known(actor=SHELL)
    assert (told.first, told.events, told.waiting) == (dt.date(2026, 5, 2), 3, False)


def test_the_worker_writes_days_as_one_of_its_jobs() -> None:
    happen([Did("a", at(2), page="/")])
    jobs.run_all_due()
    assert views() == {"/": 1}


def test_a_killed_worker_leaves_no_half_day(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    happen([Did("a", at(2), page="/")])
    work()
    happen([Did("a", at(2, 13), page="/tea")])
    draft = own_store / ".draft-2026-05-02.killed"

    class Killed(BaseException):
        pass

    def dies(_from: Path, _to: Path) -> Path:
        draft.mkdir()
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", dies)
        with pytest.raises(Killed):
            work()
    assert views() == {"/": 1}, "the former writing holds"
    days._looked.clear()  # another process
    assert work() == 1
    assert views() == {"/": 1, "/tea": 1}
    assert [each.name for each in own_store.iterdir()] == list(store().kept())


def test_killed_between_the_file_and_its_row(own_store: Path) -> None:
    happen([Did("a", at(2), page="/")])
    work()
    row = SiteDay.objects.get()
    orphan = store().keep(row.day, {table: schema.empty_table() for table, schema in SCHEMAS.items()})
    SiteDay.objects.update(taken_until=timezone.now() - dt.timedelta(seconds=1), changed=5)
    days._looked.clear()
    assert work() == 1
    assert orphan not in store().kept()
    assert views() == {"/": 1}


def test_the_files_can_be_lost(own_store: Path) -> None:
    happen([Did("a", at(day), page="/") for day in (2, 3, 4)])
    work()
    for table in Table:
        next(own_store.glob("2026-05-03*")).joinpath(table).write_bytes(b"spoilt")
    store().throw_away(each for each in store().kept() if each.startswith("2026-05-04"))
    assert views() == {"/": 1}, "what can be read is counted"
    assert known(actor=SHELL).waiting
    assert work() == 2
    assert views() == {"/": 3}
    assert days.rebuild() == 3
    SiteDay.objects.all().delete()  # a base from before there were reports, or restored from a copy
    days._looked.clear()
    assert work() == 3
    assert views() == {"/": 3}
    assert len(store().kept()) == 3


def test_whoever_is_forgotten_is_in_no_file() -> None:
    hers = ("tajemnicza", "letter-for-anna")
    happen(
        [
            Did("anna", at(2), page="/for/tajemnicza", campaign=("letter-for-anna", "", "")),
            Did("anna", at(3), page="/for/tajemnicza", event="tajemnicza"),
            Did("jan", at(2), page="/jan"),
        ]
    )
    her = make.person("Anna", "Lis")
    is_whose("anna", her)
    work()
    every = b"".join(opened(table) for table in Table)
    assert raw.found_in(every, hers) == list(hers)
    forget(customer=her, by=SHELL, why="asked")
    assert days.write_forgotten()
    every = b"".join(opened(table) for table in Table)
    assert raw.found_in(every, hers) == []
    assert b"/jan" in every
    assert views() == {"/jan": 1}
    assert len(store().kept()) == 1, "a day on which only she came is kept no more"


def test_the_files_are_unreadable_without_the_key(own_store: Path) -> None:
    happen([Did("a", at(2), page="/for/tajemnicza")])
    work()
    files = [each for each in own_store.rglob("*") if each.is_file()]
    assert [each.read_bytes()[:4] for each in files] == [b"PARE"] * 3  # an encrypted footer, by the format
    assert (
        raw.found_in(b"".join(each.read_bytes() for each in files), ("tajemnicza", "visitor", "campaign"))
        == []
    )
    assert b"/for/tajemnicza" in opened()


def test_a_new_key_opens_what_was_kept_and_has_it_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    happen([Did("a", at(2), page="/")])
    work()
    (former,) = store().kept()
    ours = vault.current()
    new = ours.begun(b"n" * 32)
    monkeypatch.setattr(vault, "current", lambda: new)
    assert views() == {"/": 1}
    assert work() == 1
    (now,) = store().kept()
    assert now.split(".")[2] == new.name != former.split(".")[2]
    other = vault.Vault(b"o" * 32)
    monkeypatch.setattr(vault, "current", lambda: other)
    with pytest.raises(Gone):
        store().read(Table.STEPS, [now], columns=["what"])
    assert not [each for each in rotation.sealed_files() if former in str(each)]


def test_one_question_more_to_take_events_in() -> None:
    happen([Did("a", at(2), page="/")])
    for some in (1, 40):
        with CaptureQueriesContext(connection) as asked:
            happen([Did("a", at(4, 10 + n / 100), page="/") for n in range(some)])
        assert sum("activity_siteday" in each["sql"] for each in asked) == 1


def tables(*whats: str) -> Mapping[Table, pa.Table]:
    """A day with these steps only."""
    steps = [
        {"what": each, "visitor": 1, "at": n, "source": 1, "device": "", "day": dt.date(2026, 5, 2)}
        for n, each in enumerate(whats)
    ]
    found = {table: schema.empty_table() for table, schema in SCHEMAS.items()}
    return {**found, Table.STEPS: pa.Table.from_pylist(steps, SCHEMAS[Table.STEPS])}


def test_what_every_store_keeps_to(tmp_path: Path) -> None:
    kept = ParquetStore(tmp_path)
    many = [f"page:/{n:06}" for n in range(20_000)]
    one, other = (kept.keep(dt.date(2026, 5, 2), tables(*each)) for each in (["event:a", "event:b"], many))
    assert kept.kept() == {one, other}
    assert kept.is_current(one)
    assert kept.read(Table.STEPS, [one], columns=["what", "at"]).to_pylist() == [
        {"what": "event:a", "at": 0},
        {"what": "event:b", "at": 1},
    ]
    only = ("what", {"event:b", many[19_999], "nothing"})
    assert kept.read(Table.STEPS, [one, other], columns=["at"], only=only)["at"].to_pylist() == [1, 19_999]
    assert kept.read(Table.VISITS, [], columns=["p1"]).num_rows == 0
    kept.throw_away([one, "no such"])
    assert kept.kept() == {other}
    with pytest.raises(Gone) as lost:
        kept.read(Table.STEPS, [other, one], columns=["what"])
    assert lost.value.name == one
