"""Hours in which somebody may be called, as people write them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from kartoteka.standard.callhours import DAY, holds, next_open, read, zone_of


@pytest.mark.parametrize(
    ("text", "days", "span"),
    [
        ("9-17", range(7), (540, 1020)),
        ("9:00–17:30", range(7), (540, 1050)),
        ("Mon-Fri 9-17", range(5), (540, 1020)),
        ("pn-pt 9:00-17:00", range(5), (540, 1020)),
        ("Ma-Pe 9.00-17.00", range(5), (540, 1020)),
        ("poniedziałek 10-12", range(1), (600, 720)),
        ("Fri-Mon 10-12", (4, 5, 6, 0), (600, 720)),
        ("after 18", range(7), (1080, DAY)),
        ("po 18:00", range(7), (1080, DAY)),
        ("before 12", range(7), (0, 720)),
        ("2-5 pm", range(7), (840, 1020)),
        ("weekdays 9am - 5pm", range(5), (540, 1020)),
        ("weekends", range(5, 7), (0, DAY)),
        ("Sat", (5,), (0, DAY)),
    ],
)
def test_read(text: str, days: object, span: tuple[int, int]) -> None:
    week = read(text)
    assert week == tuple((span,) if day in days else () for day in range(7))  # type: ignore[operator]


def test_several_spans() -> None:
    week = read("Mon-Fri 9-12, 13-17; Sat 10:00-12:00")
    assert week is not None
    assert week[0] == ((540, 720), (780, 1020))
    assert week[5] == ((600, 720),)
    assert week[6] == ()


@pytest.mark.parametrize(
    "text",
    ["", "whenever", "not in the morning", "17-9", "25-26", "9", "after work", "call first 9-17 please"],
)
def test_what_is_not_clear_is_not_guessed(text: str) -> None:
    assert read(text) is None


def test_when_they_may_be_called() -> None:
    week = read("Mon-Fri 17-20")
    assert week is not None
    zone = zone_of("+48600100200", default="UTC")
    assert zone == ZoneInfo("Europe/Warsaw")
    assert zone_of("+12125550100", default="UTC") in (ZoneInfo("America/New_York"), ZoneInfo("UTC"))
    assert zone_of("no", default="UTC") == ZoneInfo("UTC")
    friday = dt.datetime(2026, 11, 20, 19, tzinfo=zone)
    assert holds(week, friday, zone)
    assert next_open(week, friday + dt.timedelta(hours=2), zone) == dt.datetime(2026, 11, 23, 17, tzinfo=zone)
    assert next_open(tuple(() for _ in range(7)), friday, zone) is None
