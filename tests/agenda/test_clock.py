"""The clock of promises: laws over any week, and the days on which the clocks change."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartoteka.agenda.clock import BadHours, Clock, clock_now, hours_now, set_hours
from kartoteka.trust.actor import SHELL

WARSAW = ZoneInfo("Europe/Warsaw")
NINE, NOON, ONE, FIVE = dt.time(9), dt.time(12), dt.time(13), dt.time(17)
WEEK = ((((NINE, NOON), (ONE, FIVE)),) * 5) + ((), ())
CLOCK = Clock(WEEK, WARSAW, country="PL")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("start", "seconds", "end"),
    [
        ("2026-11-20 10:00", 900, "2026-11-20 10:15"),
        ("2026-11-20 11:50", 900, "2026-11-20 13:05"),  # over lunch
        ("2026-11-20 16:50", 900, "2026-11-23 09:05"),  # Friday evening to Monday
        ("2026-11-10 16:59:34", 26, "2026-11-10 17:00"),
        ("2026-11-10 16:59:35", 26, "2026-11-12 09:00:01"),  # 11 November is Independence Day
        ("2026-12-24 10:00", 60, "2026-12-28 09:01"),  # Christmas Eve is a holiday since 2025
    ],
)
def test_it_runs_in_working_hours(start: str, seconds: int, end: str) -> None:
    assert CLOCK.after(at(start), seconds) == at(end)
    assert CLOCK.between(at(start), at(end)) == seconds
    assert CLOCK.between(at(end), at(start)) == -seconds


def test_a_night_that_is_an_hour_longer_is_worked_an_hour_longer() -> None:
    night = Clock(((((dt.time(0), dt.time(0)),),) * 7), WARSAW)
    assert night.between(at("2026-10-25 00:00"), at("2026-10-26 00:00")) == 25 * 3600
    assert night.between(at("2026-03-29 00:00"), at("2026-03-30 00:00")) == 23 * 3600


def test_who_never_works_promises_by_the_wall() -> None:
    assert Clock(((),) * 7, WARSAW).after(at("2026-11-20 10:00"), 60) == at("2026-11-20 10:01")


MOMENTS = st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2027, 1, 1), timezones=st.just(dt.UTC))


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.integers(1, 200_000), st.integers(0, 200_000))
def test_what_is_added_is_what_has_gone_by(start: dt.datetime, seconds: int, more: int) -> None:
    end = CLOCK.after(start, seconds)
    assert end > start
    assert CLOCK.between(start, end) == seconds
    assert CLOCK.after(start, seconds + more) >= end
    assert CLOCK.between(start, CLOCK.after(end, more + 1)) == seconds + more + 1


@pytest.mark.django_db
def test_hours_are_the_owners() -> None:
    week = ["9-12, 13:00–17:00", "9:00-17:00", "", "22:00-24:00", "9-17", "", ""]
    set_hours(week=week, promise=26, country="fi", off=["2026-12-31"], by=SHELL)
    assert hours_now().promise == 26
    clock = clock_now()
    assert clock.week[0] == ((NINE, NOON), (ONE, FIVE))
    assert clock.week[3] == ((dt.time(22), dt.time(0)),)
    assert not clock.works_on(dt.date(2026, 12, 31))
    assert not clock.works_on(dt.date(2026, 12, 6))
    for bad in ("9", "17-9", "9-12, 11-17", "nine to five", "25-26", "9:61-10"):
        with pytest.raises(BadHours):
            set_hours(week=[bad, *[""] * 6], promise=900, country="", by=SHELL)
    for wrong in (
        {"country": "QQ"},
        {"promise": 0},
        {"off": ["yesterday"]},
        {"part": "nowhere", "country": "US"},
    ):
        with pytest.raises(BadHours):
            set_hours(**{"week": week, "promise": 900, "country": "", "by": SHELL, **wrong})
