"""Copies by themselves: at the owner's hour, in a folder or an S3-like store, restored to be sure, removed by rule."""

from __future__ import annotations

import dataclasses
import datetime as dt
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from kartoteka.trust import backup_plan, backups, chain
from kartoteka.trust.actor import SHELL, Actor, NotAllowed
from kartoteka.trust.backup_plan import BadPlan, kept_by_rule
from kartoteka.trust.models import BackupCopy, BackupPlan
from kartoteka.trust.stores import S3, Folder, Store, StoreError, digest, fetch
from tests import make

NIGHT = dt.datetime(2026, 3, 10, 3, 10, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    """A server of its own that speaks S3, with an empty bucket; its host and port."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    asked = urllib.request.Request(f"http://{host}:{port}/copies", method="PUT")
    urllib.request.urlopen(asked).close()
    yield f"{host}:{port}"
    server.stop()


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    given_ = settings.KARTOTEKA
    key = given_.key_path.read_text().strip() if given_.key_path.exists() else "ab" * 32
    settings.KARTOTEKA = dataclasses.replace(
        given_, home=tmp_path / "home", key=given_.key or key, backups=tmp_path / "copies"
    )
    return tmp_path


@pytest.fixture
def bucket(home: Path, settings: Any, s3_server: str) -> str:
    address = f"s3://key:se%2Fcret@{s3_server}/copies/{home.name}?region=us-east-1&tls=0"
    settings.KARTOTEKA = dataclasses.replace(settings.KARTOTEKA, backups_s3=address)
    return address


class Clock:
    """The time as the test sets it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NIGHT - dt.timedelta(hours=12)
        monkeypatch.setattr(timezone, "now", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.mark.django_db(transaction=True)
def test_a_night_in_the_house(home: Path, clock: Clock) -> None:
    make.person("Anna", "Nowak")
    make.person("Jan", "Lis")
    assert not backup_plan.make_due_copy(), "nothing is due before its first night"
    clock.now = NIGHT + dt.timedelta(minutes=1)
    assert backup_plan.make_due_copy()
    assert not backup_plan.make_due_copy(), "one a night"
    seen = backup_plan.copies_kept(actor=SHELL)
    assert seen.last is not None
    assert (seen.last.state, seen.last.place) == ("checked", str(home / "copies"))
    assert seen.last.counted["customers"] == 2
    assert seen.last.counted["claims"] == 2
    assert seen.last.counted["audit"] >= 0
    path = home / "copies" / seen.last.name
    assert path.stat().st_size == seen.last.size
    assert backups.verify(path).head == str(chain.head())
    for _ in range(10):
        clock.now += dt.timedelta(days=1)
        assert backup_plan.make_due_copy()
    left = Folder(home / "copies").names()
    assert len(left) == BackupCopy.objects.filter(state="checked").count() < 11
    assert BackupCopy.objects.filter(state="removed").count() == 11 - len(left)
    assert not list((home / "copies").glob(".*"))


@pytest.mark.django_db(transaction=True)
def test_a_night_in_a_store(home: Path, bucket: str, clock: Clock) -> None:
    make.person("Anna", "Nowak")
    backup_plan.plan()
    clock.now = NIGHT
    assert backup_plan.make_due_copy()
    row = backup_plan.last_good()
    assert row is not None, BackupCopy.objects.first().problem  # type: ignore[union-attr]
    assert row.place.startswith("s3://")
    assert "cret" not in row.place
    store = S3(bucket)
    assert store.names() == [row.name]
    assert digest(store, row.name) == row.digest
    assert not list((home / "home" / "tmp").glob("*.ktk")), "nothing stays behind here"
    back = fetch(store, row.name, into=home)
    assert backups.verify(back).counted["customers"] == 1
    store.remove(row.name)
    store.remove(row.name)
    assert store.names() == []


@pytest.mark.django_db(transaction=True)
def test_what_failed_is_told_and_tried_again(
    home: Path, bucket: str, clock: Clock, settings: Any, s3_server: str
) -> None:
    settings.KARTOTEKA = dataclasses.replace(
        settings.KARTOTEKA, backups_s3=f"s3://k:s@{s3_server}/no-such-bucket?tls=0&region=us-east-1"
    )
    backup_plan.plan()
    clock.now = NIGHT
    assert backup_plan.make_due_copy()
    row = BackupCopy.objects.get()
    assert row.state == "failed"
    assert "NoSuchBucket" in row.problem
    assert not backup_plan.make_due_copy()
    settings.KARTOTEKA = dataclasses.replace(settings.KARTOTEKA, backups_s3=bucket)
    clock.now += dt.timedelta(hours=1)
    assert backup_plan.make_due_copy()
    row.refresh_from_db()
    assert (row.state, row.problem) == ("checked", "")


@pytest.mark.django_db(transaction=True)
def test_a_copy_left_by_a_dead_worker_is_made_again(home: Path, clock: Clock) -> None:
    backup_plan.plan()
    clock.now = NIGHT
    BackupCopy.objects.create(due_at=NIGHT, begun_at=NIGHT)
    assert not backup_plan.make_due_copy()
    assert backup_plan.under_way()
    clock.now += backup_plan.GIVEN_UP + dt.timedelta(minutes=1)
    assert backup_plan.make_due_copy()
    assert BackupCopy.objects.get().state == "checked"


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_every_store_keeps_its_word(home: Path, s3_server: str, kind: str, tmp_path: Path) -> None:
    store: Store = Folder(tmp_path / "kept")
    if kind == "s3":
        store = S3(f"s3://k:s@{s3_server}/copies/contract?tls=0&region=us-east-1")
    file = tmp_path / "a.ktk"
    file.write_bytes(bytes(range(256)) * 5000)
    assert store.names() == []
    store.put(file)
    store.put(file)
    assert store.names() == ["a.ktk"]
    assert b"".join(store.pieces("a.ktk")) == file.read_bytes()
    with pytest.raises(StoreError, match="There is no copy nobody"):
        list(store.pieces("nobody.ktk"))
    store.remove("a.ktk")
    store.remove("a.ktk")
    assert store.names() == []


def test_a_store_out_of_reach_is_told() -> None:
    store = S3("s3://k:s@127.0.0.1:9/copies?tls=0&region=us-east-1")
    with pytest.raises(StoreError, match="cannot be reached") as told:
        store.names()
    assert "k:s" not in str(told.value)
    for wrong in ("", "http://x/y", "s3://host", "s3:///bucket"):
        with pytest.raises(StoreError, match="must look like"):
            S3(wrong)


@pytest.mark.django_db
def test_the_plan_is_the_owners(home: Path) -> None:
    before = backup_plan.plan()
    backup_plan.set_plan(on=True, at="23:05", daily="3", weekly="0", monthly="2", by=SHELL)
    its = BackupPlan.objects.get()
    assert (its.at, its.daily, its.weekly, its.monthly, its.since) == (dt.time(23, 5), 3, 0, 2, before.since)
    for wrong in ({"at": "25:00"}, {"daily": "0"}, {"weekly": "-1"}, {"monthly": "many"}, {"daily": "٣"}):
        given_ = {"on": True, "at": "1:00", "daily": "1", "weekly": "1", "monthly": "1", **wrong}
        given_["at"] = wrong.get("at", "01:00")
        with pytest.raises(BadPlan) as told:
            backup_plan.set_plan(**given_, by=SHELL)  # type: ignore[arg-type]
        assert told.value.field in wrong
    with pytest.raises(NotAllowed):
        backup_plan.copies_kept(actor=Actor("staff", 1, "clerk", frozenset()))
    assert connection.vendor


def test_due_by_the_clock_on_the_wall(settings: Any) -> None:
    its = BackupPlan(at=dt.time(3, 10), since=NIGHT - dt.timedelta(days=30))
    with timezone.override("Asia/Manila"):  # whoever looks, it is the business's own hour
        assert backup_plan.due_at(its, NIGHT) == NIGHT
    assert backup_plan.due_at(its, NIGHT - dt.timedelta(seconds=1)) == NIGHT - dt.timedelta(days=1)
    settings.TIME_ZONE = "Europe/Warsaw"
    assert backup_plan.due_at(its, NIGHT) == NIGHT - dt.timedelta(hours=1)


MOMENTS = st.lists(
    st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2026, 12, 31)).map(
        lambda at: at.replace(tzinfo=dt.UTC)
    ),
    max_size=60,
)


@given(MOMENTS, st.integers(1, 10), st.integers(0, 6), st.integers(0, 12))
def test_the_rule(made: list[dt.datetime], daily: int, weekly: int, monthly: int) -> None:
    zone = ZoneInfo("Europe/Warsaw")
    kept = kept_by_rule(made, daily=daily, weekly=weekly, monthly=monthly, zone=zone)
    assert kept <= set(made)
    assert len(kept) <= daily + weekly + monthly
    assert not made or max(made) in kept
    days = sorted({each.astimezone(zone).date() for each in made}, reverse=True)[:daily]
    for day in days:
        assert max(each for each in made if each.astimezone(zone).date() == day) in kept
    # Removing by rule, then again, removes no more.
    assert kept_by_rule(kept, daily=daily, weekly=weekly, monthly=monthly, zone=zone) == kept
