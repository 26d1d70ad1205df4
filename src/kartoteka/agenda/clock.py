"""The clock of promises: it runs in working hours only, and stands still at night, on days off and on public holidays."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .models import WorkingHours

_FAR = 400  # days: who works on none of these works on no day


class BadHours(ValueError):
    """These are no working hours. `field` names what to change, the message says how."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Clock:
    """When we work. week: for each weekday from Monday the spans (opens, closes), apart and in order; closes after midnight
    is written as two. zone: in which the hours are told."""

    week: tuple[tuple[tuple[dt.time, dt.time], ...], ...]
    zone: ZoneInfo
    country: str = ""
    part: str = ""
    off: frozenset[dt.date] = frozenset()

    def works_on(self, day: dt.date) -> bool:
        """Whether this is no public holiday and no day off."""
        return day not in self.off and day not in _holidays(self.country, self.part, day.year)

    def spans(self, start: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The working time from `start` on, span by span, in UTC: a change of the clocks makes a day longer or shorter."""
        first = start.astimezone(self.zone).date()
        for number in range(_FAR):
            day = first + dt.timedelta(days=number)
            if not self.works_on(day):
                continue
            for opens, closes in self.week[day.weekday()]:
                begins, ends = self._at(day, opens), self._at(day, closes)
                if closes == dt.time(0):
                    ends = self._at(day + dt.timedelta(days=1), closes)
                if ends > start and ends > begins:
                    yield max(begins, start), ends

    def _at(self, day: dt.date, time: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, time, self.zone).astimezone(dt.UTC)

    def after(self, start: dt.datetime, seconds: int) -> dt.datetime:
        """The moment at which `seconds` of working time are over. Where nobody ever works, the clock runs as any other."""
        left = dt.timedelta(seconds=seconds)
        for begins, ends in self.spans(start):
            if ends - begins >= left:
                return begins + left
            left -= ends - begins
        return start + dt.timedelta(seconds=seconds)

    def between(self, start: dt.datetime, end: dt.datetime) -> int:
        """Seconds of working time from `start` to `end`; negative where `end` was before."""
        if end < start:
            return -self.between(end, start)
        total = dt.timedelta()
        for begins, ends in self.spans(start):
            if begins >= end:
                break
            total += min(ends, end) - begins
        return round(total.total_seconds())

    def is_running(self, at: dt.datetime) -> bool:
        """Whether we work at this moment."""
        first = next(self.spans(at), None)
        return first is not None and first[0] <= at


@lru_cache(maxsize=64)
def _holidays(country: str, part: str, year: int) -> frozenset[dt.date]:
    if not country:
        return frozenset()
    import holidays  # its calendars take a while to load, and few commands ask

    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))


def hours_now() -> WorkingHours:
    """As the owner has set them; the usual ones of the business's own country until then."""
    return WorkingHours.objects.filter(pk=1).first() or WorkingHours(
        pk=1, country=_known(settings.KARTOTEKA.country)
    )


def clock_now(hours: WorkingHours | None = None) -> Clock:
    """The clock by the working hours as they are now."""
    its = hours or hours_now()
    return Clock(
        week=tuple(tuple((_time(a), _time(b)) for a, b in day) for day in its.week),
        zone=ZoneInfo(settings.KARTOTEKA.time_zone),
        country=its.country,
        part=its.part,
        off=frozenset(map(dt.date.fromisoformat, its.off)),
    )


def set_hours(
    *, week: Sequence[str], promise: int, country: str, part: str = "", off: Sequence[str] = (), by: Actor
) -> None:
    """Set when we work and what is promised. week: seven texts such as "9:00-12:00, 13:00-17:00", "" for a day off.

    promise: seconds of working time. off: days as 2026-12-24. Promises given before stand. Raises BadHours, NotAllowed.
    """
    by.must(Right.SET_UP)
    if len(week) != 7:
        raise BadHours("week", _("Say the hours of all seven days."))
    if not 1 <= promise <= 7 * 86_400:
        raise BadHours("promise", _("Promise something between a second and a week."))
    country = country.strip().upper()
    if country and not _known(country):
        raise BadHours(
            "country", _("We do not know the holidays of this country. Leave it empty and write days off.")
        )
    if part and part not in _countries()[country]:
        raise BadHours("part", _("We do not know this part of the country."))
    try:
        days = sorted({dt.date.fromisoformat(each.strip()).isoformat() for each in off if each.strip()})
    except ValueError as error:
        raise BadHours("off", _("Write days off as 2026-12-24, one a line.")) from error
    with transaction.atomic():
        WorkingHours.objects.update_or_create(
            pk=1,
            defaults={
                "week": [_spans(each, day) for day, each in enumerate(week)],
                "country": country,
                "part": part,
                "off": days,
                "promise": promise,
            },
        )
        note(by=by, action="changed working hours", matter="base", detail={"seconds": promise})


def spans_shown(day: Sequence[Sequence[str]]) -> str:
    """A day's hours as they are typed."""
    return ", ".join(f"{opens}-{closes}" for opens, closes in day)


def _known(country: str) -> str:
    return country if country in _countries() else ""


def _countries() -> dict[str, list[str]]:
    """The countries whose holidays are known, with their parts."""
    import holidays

    known: dict[str, list[str]] = holidays.list_supported_countries()
    return known


def _spans(text: str, day: int) -> list[list[str]]:
    """ "9-12, 13:00-17:00" as spans, in order and apart. day: 0 for Monday. Raises BadHours."""
    told = _("%(day)s: write hours as 9:00-17:00; with a break as 9:00-12:00, 13:00-17:00.")
    wrong = BadHours("week", told % {"day": str(WEEKDAYS[day]).capitalize()})
    found = []
    try:
        for part in text.replace("–", "-").replace(";", ",").split(","):
            if part.strip():
                opens, closes = (_time(each.strip()) for each in part.split("-"))
                found.append([opens, closes])
    except ValueError as error:
        raise wrong from error
    found.sort()
    for place, (opens, closes) in enumerate(found):
        last = place == len(found) - 1
        if (closes <= opens and closes != dt.time(0)) or not (last or closes <= found[place + 1][0]):
            raise wrong
    return [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in found]


def _time(text: str) -> dt.time:
    hour, _sep, minute = text.replace(".", ":").partition(":")
    return dt.time(int(hour) % 24 if int(hour) == 24 else int(hour), int(minute or 0))
