"""Copies of a base with people and photos in it: made while others write, unreadable, proven, restored."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections

from kartoteka.trust import backups
from kartoteka.trust.actor import SHELL, Actor, NotAllowed
from kartoteka.trust.backups import CopyError
from kartoteka.trust.models import Staff
from kartoteka.trust.vault import open_vault

pytestmark = pytest.mark.django_db(transaction=True)
PHOTO = b"\x89PNG a photo of Halina"


@pytest.fixture
def home(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    """A home of its own beside the suite's base, with a photo in it and the suite's key."""
    folder = tmp_path / "home"
    (folder / "media" / "photos").mkdir(parents=True)
    (folder / "media" / "photos" / "1.png").write_bytes(PHOTO)
    return use(settings, folder, folder.parent / "copies")


def use(settings: object, home: Path, copies: Path) -> Path:
    given = settings.KARTOTEKA  # type: ignore[attr-defined]
    key = given.key_path.read_text() if given.key_path.exists() else ""
    settings.KARTOTEKA = dataclasses.replace(  # type: ignore[attr-defined]
        given, home=home, key=given.key or key.strip(), backups=copies
    )
    return home


@pytest.fixture
def empty_base(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Points Django at a base with nothing in it, of the same kind, until the test is over."""
    before = connection.settings_dict["NAME"]
    made = f"{before}_restored"

    def switch() -> None:
        connection.close()
        if connection.vendor == "postgresql":
            run_sql(f'CREATE DATABASE "{made}"')
            connection.settings_dict["NAME"] = made
        else:
            connection.settings_dict["NAME"] = str(tmp_path / "new" / "kartoteka.db")

    yield switch
    connection.close()
    connection.settings_dict["NAME"] = before
    if connection.vendor == "postgresql":
        run_sql(f'DROP DATABASE IF EXISTS "{made}"')


def run_sql(statement: str) -> None:
    given = connection.settings_dict
    with psycopg.connect(
        host=given["HOST"], user=given["USER"], dbname="postgres", autocommit=True
    ) as server:
        server.execute(statement)  # type: ignore[call-overload]


def hire(*names: str) -> None:
    for name in names:
        Staff.objects.create_user(email=f"{name}@example.org", name=name)


def test_a_copy_is_proven_and_restored(
    home: Path, tmp_path: Path, empty_base: Callable[[], None], settings: pytest.FixtureRequest
) -> None:
    hire("halina", "aino", "sipho")
    copy = backups.backup(to=tmp_path / "copies", by=SHELL)
    assert copy.rows["trust_staff"] == 3
    assert copy.files == 1
    names = {path.name for path in (tmp_path / "copies").iterdir()}
    assert names == {copy.path.name, f"{copy.path.stem}.ktkkeys"}
    assert copy.path.stat().st_mode & 0o077 == 0
    assert backups.last_backup() == copy.made_at
    sealed = copy.path.read_bytes()
    assert b"halina" not in sealed
    assert b"Halina" not in sealed
    assert b"SQLite" not in sealed

    hire("latecomer")
    new = tmp_path / "new"
    use(settings, new, new / "backups")
    empty_base()
    restored = backups.restore(source=copy.path, by=SHELL)
    assert restored.rows == copy.rows
    assert sorted(Staff.objects.values_list("name", flat=True)) == ["aino", "halina", "sipho"]
    assert (new / "media" / "photos" / "1.png").read_bytes() == PHOTO
    assert not [path for path in new.iterdir() if path.name.startswith(".")], "halves were left behind"

    with pytest.raises(CopyError, match="already"):
        backups.restore(source=copy.path, by=SHELL)
    assert Staff.objects.count() == 3


def test_it_is_one_moment_while_others_write(home: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            hire(f"clerk{number}")
            number += 1
        connections.close_all()

    clerk = threading.Thread(target=work)
    clerk.start()
    try:
        copies = []
        for _ in range(3):
            copies.append(backups.backup(to=tmp_path / "copies", by=SHELL))
            copies[-1].path.rename(tmp_path / f"{len(copies)}.ktk")
    finally:
        stop.set()
        clerk.join()
    counts = [copy.rows["trust_staff"] for copy in copies]
    assert counts == sorted(counts)
    assert counts[-1] <= Staff.objects.count()
    assert backups.verify(tmp_path / "3.ktk").rows == copies[2].rows


@pytest.mark.parametrize("spoil", ["cut", "changed", "swapped", "foreign", "empty"])
def test_a_spoilt_copy_is_refused_and_nothing_is_laid_in_place(
    home: Path, tmp_path: Path, settings: pytest.FixtureRequest, empty_base: Callable[[], None], spoil: str
) -> None:
    hire("halina")
    path = backups.backup(to=tmp_path / "copies", by=SHELL).path
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(
        {
            "cut": whole[:-1],
            "changed": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
            "swapped": whole[:16] + whole[16:][::-1],
            "foreign": b"PK\x03\x04" + whole[4:],
            "empty": b"",
        }[spoil]
    )
    new = tmp_path / "new"
    use(settings, new, new / "backups")
    empty_base()
    with pytest.raises(CopyError, match="cannot be opened"):
        backups.restore(source=path, by=SHELL)
    assert list(new.iterdir()) == []


def test_another_installations_copy_is_refused(
    home: Path, tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    path = backups.backup(to=tmp_path / "copies", by=SHELL).path
    with pytest.raises(CopyError, match="another key"):
        backups.verify(path, vault=open_vault(home=tmp_path / "elsewhere"))


def test_no_room_is_said_before_anything_is_written(home: Path, tmp_path: Path) -> None:
    (home / "media" / "film.bin").touch()
    with (home / "media" / "film.bin").open("r+b") as file:
        file.truncate(1 << 43)  # sparse: eight terabytes that take no room itself
    with pytest.raises(CopyError, match="MB are needed"):
        backups.backup(to=tmp_path / "copies", by=SHELL)
    assert list((tmp_path / "copies").iterdir()) == []


def test_who_may_not_export_may_not_copy(home: Path, tmp_path: Path) -> None:
    clerk = Actor(kind="staff", key=1, name="clerk", rights=frozenset())
    with pytest.raises(NotAllowed):
        backups.backup(to=tmp_path, by=clerk)
    with pytest.raises(NotAllowed):
        backups.restore(source=tmp_path, by=clerk)


def test_a_missing_key_is_asked_for(home: Path, tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    path = backups.backup(to=tmp_path / "copies", by=SHELL).path
    given = settings.KARTOTEKA  # type: ignore[attr-defined]
    settings.KARTOTEKA = dataclasses.replace(given, key="", key_file=None, home=tmp_path / "x")  # type: ignore[attr-defined]
    with pytest.raises(CopyError, match="The key is missing"):
        backups.restore(source=path, by=SHELL)
    assert not (tmp_path / "x").exists()
