"""The hours in which somebody may be called, as people write them ("Mon-Fri 9-17, Sat 10:00-12:00", "after 18"), read.

What cannot be read for sure is None, and is shown as it was written: nobody is called at night for a guess.
"""

import datetime as dt
import re
import unicodedata
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from babel import Locale
from phonenumbers import timezone as phone_zones

# For each weekday from Monday, the spans in minutes after midnight.
Week = tuple[tuple[tuple[int, int], ...], ...]
DAY = 24 * 60
_LANGUAGES = ("en", "af", "fi", "fil", "ms", "pl")
_AFTER = (
    "after",
    "from",
    "since",
    "na",
    "vanaf",
    "po",
    "od",
    "jalkeen",
    "alkaen",
    "selepas",
    "dari",
    "pagkatapos",
    "mula",
)
_BEFORE = (
    "before",
    "until",
    "till",
    "to",
    "voor",
    "tot",
    "przed",
    "do",
    "ennen",
    "asti",
    "sebelum",
    "hingga",
    "bago",
    "hanggang",
)
_ALL_DAYS = (
    "daily",
    "every day",
    "codziennie",
    "daagliks",
    "paivittain",
    "setiap hari",
    "araw-araw",
    "any day",
)
_WORKDAYS = ("weekdays", "workdays", "dni robocze", "weeksdae", "arkisin", "hari bekerja")
_WEEKEND = ("weekend", "weekends", "weekendy", "naweek", "viikonloppuisin", "hujung minggu")
_SHORTER = {"pn": 0, "wt": 1, "sr": 2, "cz": 3, "pt": 4, "sb": 5, "nd": 6}  # as they stand on Polish doors
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?"
_SPAN = re.compile(rf"^{_CLOCK}\s*(?:-|to|until|do|tot|hingga|hanggang)\s*{_CLOCK}$")
_ONE = re.compile(rf"^{_CLOCK}$")


def _plain(text: str) -> str:
    """Small letters without accents; points, colons and dashes stay."""
    parts = unicodedata.normalize(
        "NFKD", text.casefold().replace("ł", "l").replace("–", "-").replace("—", "-")
    )
    return " ".join("".join(each for each in parts if not unicodedata.combining(each)).split())


@cache
def _days() -> dict[str, int]:
    """The names of weekdays, whole and short, in the languages we speak."""
    found: dict[str, int] = {}
    for code in _LANGUAGES:
        names = Locale.parse(code).days
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated", "short"):
                for day, name in names[form].get(width, {}).items():
                    plain = _plain(str(name)).strip(". ")
                    if len(plain) > 1:
                        found.setdefault(plain, day)
    return _SHORTER | found


def read(text: str) -> Week | None:
    """The week that a text tells; None where it tells none or is not clear."""
    plain = _plain(text).strip(" .")
    if not plain:
        return None
    week: list[list[tuple[int, int]]] = [[] for _day in range(7)]
    days: list[int] = list(range(7))
    told = False
    for part in re.split(r"[,;/]| and | i | en | ja | dan | at ", plain):
        piece = part.strip(" .")
        if not piece:
            continue
        named, rest = _leading_days(piece)
        if named is not None:
            days = named
        if not rest:
            if named is None:
                return None
            for day in days:  # a day alone: all of it, unless hours follow
                week[day] = week[day] or [(0, DAY)]
            told = True
            continue
        span = _span(rest)
        if span is None:
            return None
        for day in days:
            week[day] = [each for each in week[day] if each != (0, DAY)] + [span]
        told = True
    return tuple(tuple(sorted(each)) for each in week) if told else None


def _leading_days(piece: str) -> tuple[list[int] | None, str]:
    """The days with which a piece begins, and what is left of it."""
    for words, days in ((_ALL_DAYS, range(7)), (_WORKDAYS, range(5)), (_WEEKEND, range(5, 7))):
        for word in sorted(words, key=len, reverse=True):
            if piece.startswith(word):
                return list(days), piece[len(word) :].strip(" :.")
    found = re.match(r"^([^\W\d_]+)\.?(?:\s*-\s*([^\W\d_]+)\.?)?[\s:]*(.*)$", piece)
    if not found or found[1] not in _days():
        return None, piece
    first = _days()[found[1]]
    if not found[2]:
        return [first], found[3]
    if found[2] not in _days():
        return None, piece
    last = _days()[found[2]]
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)], found[3]


def _span(text: str) -> tuple[int, int] | None:
    text = text.strip(" .")
    word, _space, rest = text.partition(" ")
    if word in _AFTER and (one := _ONE.match(rest.strip())):
        start = _minutes(one[1], one[2], one[3])
        return None if start is None or start >= DAY else (start, DAY)
    if word in _BEFORE and (one := _ONE.match(rest.strip())):
        end = _minutes(one[1], one[2], one[3])
        return None if not end else (0, end)
    if not (found := _SPAN.match(text)):
        return None
    start = _minutes(found[1], found[2], found[3] or (found[6] if _same_half(found) else ""))
    stop = _minutes(found[4], found[5], found[6])
    return (start, stop) if start is not None and stop is not None and start < stop else None


def _same_half(found: re.Match[str]) -> bool:
    """Whether "2-5 pm" means two in the afternoon: the first is not after the second on the dial."""
    return int(found[1]) % 12 < int(found[4]) % 12


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    count, rest = int(hour), int(minute or 0)
    if half:
        if not 1 <= count <= 12:
            return None
        count = count % 12 + (12 if half == "pm" else 0)
    total = count * 60 + rest
    return total if rest < 60 and total <= DAY else None


def zone_of(number: str, *, default: str) -> ZoneInfo:
    """The time zone in which a phone number (E.164) rings; `default` where its country has several and none is told."""
    try:
        zones = phone_zones.time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        zones = ()
    known = [each for each in zones if each in available_timezones()]
    return ZoneInfo(known[0] if len(known) == 1 else default)


def holds(week: Week, at: dt.datetime, zone: ZoneInfo) -> bool:
    """Whether the moment lies in the hours, told in their zone."""
    here = at.astimezone(zone)
    minute = here.hour * 60 + here.minute
    return any(opens <= minute < closes for opens, closes in week[here.weekday()])


def next_open(week: Week, at: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    """The next moment in the hours, `at` itself where it is in them; None where there is none."""
    if holds(week, at, zone):
        return at
    here = at.astimezone(zone)
    for number in range(8):
        day = here.date() + dt.timedelta(days=number)
        for opens, _closes in week[day.weekday()]:
            begins = dt.datetime.combine(day, dt.time(opens // 60, opens % 60), zone)
            if begins > at:
                return begins.astimezone(dt.UTC)
    return None
