"""The encrypted backend on real files: unreadable without its key, whole after kill -9, patient."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, IntegrityError, OperationalError, models
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from kartoteka.kit.sqlcipher.base import DatabaseWrapper, NotEncrypted, WrongKey, key_pragma

pytestmark = pytest.mark.any_base

KEY = "0f" * 32


def base(path: Path | str, key: str = KEY, **options: object) -> DatabaseWrapper:
    handler = ConnectionHandler(
        {
            "default": {
                "ENGINE": "kartoteka.kit.sqlcipher",
                "NAME": str(path),
                "OPTIONS": {"key": lambda: key, **options},
            }
        }
    )
    return handler["default"]  # type: ignore[return-value]


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """These tests open files of their own and never touch the suite's base."""
    with django_db_blocker.unblock():
        yield


class Note(models.Model):  # noqa: DJ008 - only its table is of interest
    text = models.CharField(max_length=20, unique=True)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    day = models.DateField()
    hour = models.TimeField()
    written = models.DateTimeField()
    done = models.BooleanField()
    extra = models.JSONField()

    class Meta:
        app_label = "sqlcipher_tests"


def with_table(path: Path) -> DatabaseWrapper:
    connection = base(path)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (id integer PRIMARY KEY, word text UNIQUE)")
    return connection


def words(connection: DatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM t ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_the_files_tell_nothing(tmp_path: Path) -> None:
    connection = with_table(tmp_path / "a.db")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO t (word) VALUES (%s)", ["Wiśniewska"])
    raw = (tmp_path / "a.db").read_bytes() + (tmp_path / "a.db-wal").read_bytes()
    assert not raw.startswith(b"SQLite format 3")
    assert "Wiśniewska".encode() not in raw
    assert b"CREATE TABLE" not in raw
    assert words(connection) == ["Wiśniewska"]


def test_another_key_is_refused_in_plain_words(tmp_path: Path) -> None:
    with_table(tmp_path / "a.db").close()
    with pytest.raises(WrongKey, match="Put back the key"):
        base(tmp_path / "a.db", key="aa" * 32).ensure_connection()
    assert words(base(tmp_path / "a.db")) == []


def test_a_plain_sqlite_file_is_named_as_such(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "plain.db") as plain:
        plain.execute("CREATE TABLE t (word text)")
    with pytest.raises(NotEncrypted, match="not encrypted"):
        base(tmp_path / "plain.db").ensure_connection()


@pytest.mark.parametrize("key", ["", "abc", "zz" * 32, "0f" * 32 + '"; DROP TABLE t; --'])
def test_a_key_of_the_wrong_form_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        key_pragma(key)
    assert not key or key not in str(refusal.value)


def test_what_makes_it_safe_and_fast_is_set(tmp_path: Path) -> None:
    connection = base(tmp_path / "new folder" / "a.db", cache_mb=8)
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "cache_size": -8192,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
        "temp_store": 2,  # memory
        "cipher_page_size": "8192",
        "cipher_hmac_algorithm": "HMAC_SHA256",
    }
    with connection.cursor() as cursor:
        assert {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in expected} == expected
    assert (tmp_path / "new folder" / "a.db").stat().st_mode & 0o077 == 0


def test_trigrams_find_the_middle_of_a_word(tmp_path: Path) -> None:
    with base(tmp_path / "a.db").cursor() as cursor:
        cursor.execute("CREATE VIRTUAL TABLE words USING fts5(word, tokenize='trigram')")
        cursor.execute("INSERT INTO words (word) VALUES (%s), (%s)", ["kowalska", "nieminen"])
        cursor.execute("SELECT word FROM words WHERE words MATCH %s", ["wals"])
        assert cursor.fetchall() == [("kowalska",)]


def test_django_types_come_back_as_they_went_in(tmp_path: Path) -> None:
    connection = base(tmp_path / "a.db")
    with connection.schema_editor() as editor:
        editor.create_model(Note)
    with connection.cursor() as cursor:
        columns = "text, price, day, hour, written, done, extra"
        written = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
        values = ("x", Decimal("12.50"), date(2026, 5, 1), "09:30:00", written, True, '{"a": 1}')
        cursor.execute(
            f"INSERT INTO sqlcipher_tests_note ({columns}) VALUES (%s, %s, %s, %s, %s, %s, %s)", values
        )
        cursor.execute(
            "SELECT day, hour, done, django_date_extract('year', day), json_extract(extra, '$.a') "
            "FROM sqlcipher_tests_note WHERE text REGEXP %(pattern)s AND text LIKE '%%x'",
            {"pattern": "^x$"},
        )
        assert cursor.fetchall() == [(date(2026, 5, 1), time(9, 30), True, 2026, 1)]
    with connection.schema_editor() as editor:  # what a migration does: SQLite rebuilds the table
        old, new = Note._meta.get_field("text"), models.CharField(max_length=40, null=True)
        new.set_attributes_from_name("text")
        new.model = Note
        editor.alter_field(Note, old, new)
    with connection.cursor() as cursor:
        assert cursor.execute("SELECT text FROM sqlcipher_tests_note").fetchall() == [("x",)]


def test_errors_are_djangos_own(tmp_path: Path) -> None:
    connection = with_table(tmp_path / "a.db")
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO t (word) VALUES (%s)", ((word,) for word in ["one", "two"]))
        cursor.executemany("INSERT INTO t (word) VALUES (%s)", [])
        with pytest.raises(IntegrityError):
            cursor.execute("INSERT INTO t (word) VALUES ('one')")
        with pytest.raises(OperationalError):
            cursor.execute("SELECT * FROM nowhere")
    assert words(connection) == ["one", "two"]


def test_a_failed_block_leaves_nothing(tmp_path: Path) -> None:
    connection = with_table(tmp_path / "a.db")
    with connection.cursor() as cursor:
        connection._start_transaction_under_autocommit()
        cursor.execute("INSERT INTO t (word) VALUES ('gone')")
        with pytest.raises(DatabaseError):
            cursor.execute("INSERT INTO nowhere VALUES (1)")
        cursor.execute("ROLLBACK")
    assert words(connection) == []


def test_writers_wait_for_one_another(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with_table(path)
    failures: list[BaseException] = []

    def write(name: str) -> None:
        connection = base(path)
        try:
            for count in range(25):
                with connection.cursor() as cursor:
                    cursor.execute("BEGIN IMMEDIATE")
                    seen = cursor.execute("SELECT count(*) FROM t").fetchone()[0]
                    cursor.execute("INSERT INTO t (word) VALUES (%s)", [f"{name} {count} after {seen}"])
                    cursor.execute("COMMIT")
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    seen = [int(word.rsplit(" ", 1)[1]) for word in words(base(path))]
    assert seen == list(range(100)), "a transaction that read and then wrote did not see every earlier one"


WRITER = """
import sys, django
from django.conf import settings
settings.configure(DATABASES={"default": {"ENGINE": "kartoteka.kit.sqlcipher", "NAME": sys.argv[1],
    "OPTIONS": {"key": sys.argv[2]}}})
django.setup()
from django.db import connection, transaction
for number in range(int(sys.argv[3]), 10**6):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO t (word) VALUES (%s)", [f"{number} first"])
        cursor.execute("INSERT INTO t (word) VALUES (%s)", [f"{number} second"])
    print(number, flush=True)
"""


def test_kill_9_loses_nothing_acknowledged_and_leaves_no_half(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with_table(path).close()
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, path, KEY, str(len(words(base(path))))],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": "src"},
        )
        assert writer.stdout
        acknowledged = [int(writer.stdout.readline()) for _ in range(40)]
        writer.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in writer.stdout if line.endswith("\n")]
        writer.wait()
        kept = words(base(path))
        assert {f"{number} first" for number in acknowledged} <= set(kept)
        assert {w.removesuffix(" first") for w in kept if w.endswith("first")} == {
            w.removesuffix(" second") for w in kept if w.endswith("second")
        }
        with base(path).cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert cursor.execute("PRAGMA cipher_integrity_check").fetchall() == []


def test_blocks_of_django_take_the_writers_place_at_once(tmp_path: Path) -> None:
    connection = with_table(tmp_path / "a.db")
    other = base(tmp_path / "a.db", timeout=0.1)
    assert connection.transaction_mode == "IMMEDIATE"
    connection._start_transaction_under_autocommit()
    with pytest.raises(OperationalError, match="locked"), other.cursor() as cursor:
        cursor.execute("INSERT INTO t (word) VALUES ('too soon')")
    with other.cursor() as cursor:  # but readers go on
        assert cursor.execute("SELECT count(*) FROM t").fetchone() == (0,)
    with connection.cursor() as cursor:
        cursor.execute("ROLLBACK")
