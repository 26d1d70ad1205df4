"""Periods of the business's calendar, their days, weeks and months, and what they are compared with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

# A period of so many days is drawn day by day, of so many week by week; a longer one by months.
DAILY, WEEKLY = 62, 366


class Against(StrEnum):
    """What a period is compared with: the one right before, or the same days of the month or of the year before."""

    BEFORE = "before"
    MONTH = "month"
    YEAR = "year"


AGAINST_NAMES = {
    Against.BEFORE: _("the period before"),
    Against.MONTH: _("the same days of the month before"),
    Against.YEAR: _("the same days of the year before"),
}


class BadPeriod(ValueError):
    """A period that cannot be; the message says why."""


@dataclass(frozen=True)
class Period:
    """Days of the business's calendar, both ends in it."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadPeriod(_now("The period ends before it begins."))
        if self.first.year < 1900 or self.last.year > 2200:
            raise BadPeriod(_now("Write years between 1900 and 2200."))
        if self.days > 366 * 30:
            raise BadPeriod(_now("The period is longer than thirty years."))

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """The period of the same length right before."""
        return Period(self.first - dt.timedelta(days=self.days), self.first - dt.timedelta(days=1))

    def compared_with(self, against: Against) -> Period:
        """What it is compared with."""
        if against == Against.BEFORE:
            return self.before
        months = 1 if against == Against.MONTH else 12
        return Period(
            _months_back(self.first, months), _months_back(self.last, months, whole=self.first.day == 1)
        )

    @property
    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        """The first moment in it, and the first after it."""
        return midnight(self.first), midnight(self.last + dt.timedelta(days=1))

    def steps(self, *, like: Period | None = None) -> list[Period]:
        """Its days, weeks (from Monday) or months, in order; the ones at the ends are cut off where it ends. like: the
        period beside which it stands, which says how long a step is."""
        length = (like or self).days
        found, day = [], self.first
        while day <= self.last:
            end = _end_of_step(day, length)
            found.append(Period(day, min(end, self.last)))
            day = end + dt.timedelta(days=1)
        return found


def _end_of_step(day: dt.date, length: int) -> dt.date:
    if length <= DAILY:
        return day
    if length <= WEEKLY:
        return day + dt.timedelta(days=6 - day.weekday())
    return _end_of_month(day)


def _end_of_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def _months_back(day: dt.date, months: int, *, whole: bool = False) -> dt.date:
    """The same day so many months before, or the last one of a shorter month. whole: the end of a month stays one."""
    total = day.year * 12 + day.month - 1 - months
    first = dt.date(total // 12, total % 12 + 1, 1)
    last = _end_of_month(first).day
    return first.replace(day=last if whole and day == _end_of_month(day) else min(day.day, last))


def midnight(day: dt.date) -> dt.datetime:
    """When this day begins for the business."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
