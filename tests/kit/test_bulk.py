"""Many rows in one go are the rows one by one, and all or none of them."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from kartoteka.kit import bulk
from kartoteka.people.models import ContactPoint

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 29, 12, 0, 0, 250_000, tzinfo=dt.timezone(dt.timedelta(hours=2)))
COLUMNS = ("kind", "value", "verified_at")


def rows(count: int) -> list[tuple[str, str, dt.datetime | None]]:
    return [("email", f"a{number}@example.com", NOON if number % 3 else None) for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, 65, 66, 67, 1000])  # around what goes into one statement, too
def test_every_row_is_written_with_its_moments(count: int) -> None:
    bulk.insert(ContactPoint, COLUMNS, rows(count))
    assert set(ContactPoint.objects.values_list(*COLUMNS)) == set(rows(count))


def test_a_row_that_cannot_be_takes_all_with_it() -> None:
    # COPY on PostgreSQL tells it with the driver's own error.
    with pytest.raises((IntegrityError, psycopg.IntegrityError)), transaction.atomic():
        bulk.insert(ContactPoint, COLUMNS, [*rows(100), rows(51)[50]])
    assert not ContactPoint.objects.exists()


def test_rows_that_are_there_are_passed_over_where_that_is_asked() -> None:
    bulk.insert(ContactPoint, COLUMNS, rows(50))
    bulk.insert(ContactPoint, COLUMNS, rows(100), ignore=True)
    assert ContactPoint.objects.count() == 100


def test_updating_sets_each_row_its_own_value() -> None:
    bulk.insert(ContactPoint, COLUMNS, rows(5))
    some = list(ContactPoint.objects.order_by("value"))
    bulk.update(
        ContactPoint, ("value", "verified_at"), [(f"b{each.value}", None, each.pk) for each in some[:3]]
    )
    assert set(ContactPoint.objects.values_list("value", "verified_at")) == {
        *((f"b{each.value}", None) for each in some[:3]),
        *((each.value, each.verified_at) for each in some[3:]),
    }


@pytest.mark.django_db(transaction=True)
def test_what_holds_while_writing_much_holds_no_longer_afterwards() -> None:
    if connection.vendor != "sqlite":
        with bulk.writing_much():
            return

    def settings() -> tuple[int, int]:
        with connection.cursor() as cursor:
            return (
                cursor.execute("PRAGMA cache_size").fetchone()[0],
                cursor.execute("PRAGMA wal_autocheckpoint").fetchone()[0],
            )

    def fail_inside() -> None:
        with bulk.writing_much():
            assert settings() != before
            raise ZeroDivisionError

    before = settings()
    with pytest.raises(ZeroDivisionError):
        fail_inside()
    assert settings() == before


@pytest.mark.parametrize("seconds", [0.01, 3.0])
def test_behind_a_long_transaction_those_come_in_who_wait(
    seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Begun and ended; what is done in the twentieth of a second until the next one counts.
    moments = iter([100.0, 100.0 + seconds, 100.05 + seconds, 200.0])
    left_free: list[float] = []
    clock = SimpleNamespace(monotonic=lambda: next(moments), sleep=left_free.append)
    monkeypatch.setattr(bulk, "time", clock)
    turns = bulk.Turns()
    for some in (rows(2)[:1], rows(2)[1:]):
        with turns.next():
            bulk.insert(ContactPoint, COLUMNS, some)
    assert ContactPoint.objects.count() == 2
    expected = connection.vendor == "sqlite" and seconds > 1
    # Everybody looks again after a tenth of a second at most.
    assert [pause > 0.05 for pause in left_free] == [True] * expected
