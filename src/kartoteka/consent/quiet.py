"""Quiet times: whether this is a moment to disturb somebody at all, by their country, its holidays, and their own wish.

It is the last question of the gate, and only where somebody is to be reached at that very moment. One way for a single
customer and for a million: what is asked of the calendar is asked once for each country (and part of it).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from django.conf import settings
from django.db.models.fields.json import KT

from kartoteka.kit import bulk
from kartoteka.people.models import Contact, Customer, Ground
from kartoteka.standard import callhours
from kartoteka.standard.names import fold

from .models import Channel, QuietRule
from .quiet_presets import PRESETS
from .reasons import Reason

if TYPE_CHECKING:
    from .gate import Asked

# Whoever is warned of a danger, or told what a law has us tell, is told at once.
_AT_ANY_TIME = frozenset({Ground.VITAL, Ground.LEGAL_DUTY})
_BY_PHONE = frozenset({Channel.PHONE, Channel.SMS})
_STEP = dt.timedelta(minutes=15)
_FAR = dt.timedelta(days=21)

# A customer who may be reached: their country ("" where it is not known), and the contact point.
Reached = tuple[str, int | None]


@dataclass(frozen=True)
class Rule:
    """When people of a country may be disturbed."""

    country: str
    week: callhours.Week
    channels: frozenset[str]
    holidays: bool
    off: frozenset[str]

    def says(self, at: dt.datetime, zone: ZoneInfo, part: str = "") -> Reason | None:
        """Why nobody is to be disturbed at this moment in this zone; None where they may be."""
        day = at.astimezone(zone).date()
        if day.isoformat() in self.off or (self.holidays and is_holiday(day, self.country, part)):
            return Reason.QUIET_DAY
        if not self.week[day.weekday()]:
            return Reason.QUIET_DAY
        return None if callhours.holds(self.week, at, zone) else Reason.QUIET_HOUR


def rules_now() -> dict[str, Rule]:
    """By country, "" for all others: the owner's rules, else the presets."""
    found = {
        key: _rule(key, each.hours, each.channels, holidays=each.holidays) for key, each in PRESETS.items()
    }
    for row in QuietRule.objects.all():
        found[row.country] = _rule(row.country, row.hours, row.channels, holidays=row.holidays, off=row.off)
    return found


def _rule(
    country: str, hours: str, channels: Sequence[str] | frozenset[Channel], *, holidays: bool,
    off: Sequence[str] = (),
) -> Rule:  # fmt: skip
    week = callhours.read(hours)
    assert week is not None, "checked when it was written"
    return Rule(country, week, frozenset(map(str, channels)), holidays, frozenset(off))


def quiet(reached: Mapping[int, Reached], asked: Asked) -> dict[int, Reason]:
    """Of these customers those who are not to be disturbed at the moment that is asked of, each with the reason."""
    found: dict[int, Reason] = {}
    if asked.refusable:
        rules = rules_now()
        of_country: dict[str, _Land] = {}
        parted: dict[int, _Land] = {}
        for customer, (country, _point) in reached.items():
            land = of_country.get(country)
            if land is None:
                land = of_country[country] = _Land.of(country, rules, asked)
            if land.by_part:
                parted[customer] = land
            elif land.reason is not None:
                found[customer] = land.reason
        for customer, part in _parts_of(list(parted)).items():
            reason = parted[customer].says(part)
            if reason is not None:
                found[customer] = reason
    if asked.channel in _BY_PHONE and asked.purpose.ground not in _AT_ANY_TIME:
        for customer in _at_other_hours(reached, asked.at):
            found.setdefault(customer, Reason.THEIR_HOURS)
    return found


@dataclass(frozen=True)
class _Land:
    """A country at a moment. by_part: the answer is another in some part of it, by the part's code."""

    rule: Rule
    asked: Asked
    zones: tuple[ZoneInfo, ...]
    by_part: Mapping[str, Reason | None]
    reason: Reason | None

    @classmethod
    def of(cls, country: str, rules: Mapping[str, Rule], asked: Asked) -> _Land:
        home: str = settings.KARTOTEKA.country
        its = country or home
        rule = replace(rules.get(its) or rules[""], country=its)
        zones = zones_of(country)
        if asked.channel not in rule.channels:
            return cls(rule, asked, zones, {}, None)
        whole = cls._in_all(rule, asked, zones, "")
        days = {asked.at.astimezone(zone).date() for zone in zones}
        parts = [part for day in days for part in parts_with_holiday(day, its)] if rule.holidays else []
        return cls(rule, asked, zones, {part: cls._in_all(rule, asked, zones, part) for part in parts}, whole)

    @staticmethod
    def _in_all(rule: Rule, asked: Asked, zones: tuple[ZoneInfo, ...], part: str) -> Reason | None:
        """Where a country has several zones nobody is disturbed unless it is no quiet time in any."""
        told = [reason for zone in zones if (reason := rule.says(asked.at, zone, part)) is not None]
        return told[0] if told else None

    def says(self, region: str) -> Reason | None:
        return self.by_part.get(part_called(region, self.rule.country), self.reason)


def next_moment(customer: Customer, point: int | None, asked: Asked) -> dt.datetime | None:
    """The next moment, in steps of a quarter of an hour, that is no quiet time for them; None if none comes soon."""
    region = _parts_of([customer.pk]).get(customer.pk, "")
    rules = rules_now()
    hours = Contact.objects.filter(customer=customer, point=point).exclude(hours="")
    said = hours.values_list("hours", "point__value").first() if asked.channel in _BY_PHONE else None
    at = asked.at.replace(minute=asked.at.minute // 15 * 15, second=0, microsecond=0)
    while at < asked.at + _FAR:
        at += _STEP
        land = _Land.of(customer.country, rules, replace(asked, at=at))
        if asked.refusable and land.says(region) is not None:
            continue
        if said is None or not _is_other_hour(*said, at):
            return at
    return None


def _parts_of(customers: Sequence[int]) -> dict[int, str]:
    """The region of each of these customers, as it is written in their first address."""
    if not customers:
        return {}
    rows = Customer.objects.filter(pk__in=bulk.these(customers)).annotate(
        region=KT("more__addresses__0__region")
    )
    return {key: region or "" for key, region in rows.values_list("pk", "region")}


def _at_other_hours(reached: Mapping[int, Reached], at: dt.datetime) -> list[int]:
    """Those who said of the contact point to be used at which hours they may be called, and it is another hour."""
    points = {point: customer for customer, (_country, point) in reached.items() if point is not None}
    rows = Contact.objects.filter(point__in=bulk.these(points)).exclude(hours="")
    told = rows.values_list("customer_id", "point_id", "hours", "point__value")
    return [
        customer
        for customer, point, hours, value in told
        if customer in reached and reached[customer][1] == point and _is_other_hour(hours, value, at)
    ]


def _is_other_hour(hours: str, number: str, at: dt.datetime) -> bool:
    """Whether the hours of a number are told so that they can be read, and the moment lies outside."""
    week = _week(hours)
    zone = callhours.zone_of(number, default=settings.KARTOTEKA.time_zone)
    return week is not None and not callhours.holds(week, at, zone)


_week = lru_cache(maxsize=1024)(callhours.read)


@lru_cache(maxsize=512)
def zones_of(country: str) -> tuple[ZoneInfo, ...]:
    """The time zones of a country; of an unknown one, that of the business."""
    names = get_global("territory_zones").get(country, ())
    known = sorted(each for each in names if each in available_timezones())
    return tuple(map(ZoneInfo, known or [settings.KARTOTEKA.time_zone]))


def _calendar() -> Any:
    """The calendars of holidays: they take a while to load, and few commands ask them."""
    import holidays

    return holidays


@lru_cache(maxsize=512)
def _holidays(country: str, part: str, year: int) -> frozenset[dt.date]:
    calendar = _calendar()
    known = calendar.list_supported_countries()
    if country not in known or (part and part not in known[country]):
        return frozenset()
    return frozenset(calendar.country_holidays(country, subdiv=part or None, years=year))


def is_holiday(day: dt.date, country: str, part: str = "") -> bool:
    """Whether it is a public holiday in the country, or in a part of it."""
    return day in _holidays(country, part, day.year) or day in _holidays(country, "", day.year)


@lru_cache(maxsize=512)
def parts_with_holiday(day: dt.date, country: str) -> tuple[str, ...]:
    """The parts of a country in which it is a public holiday, but not in the whole of it."""
    if is_holiday(day, country):
        return ()
    parts = _calendar().list_supported_countries().get(country, ())
    return tuple(part for part in parts if day in _holidays(country, part, day.year))


def part_called(region: str, country: str) -> str:
    """The code of the part of the country that is written so; "" where there is none."""
    return _parts(country).get(fold(region), "")


@lru_cache(maxsize=64)
def _parts(country: str) -> Mapping[str, str]:
    kind = getattr(_calendar(), country, None) if country else None
    if kind is None:
        return {}
    named = {fold(name): code for name, code in getattr(kind, "subdivisions_aliases", {}).items()}
    return named | {fold(code): code for code in getattr(kind, "subdivisions", ())}
