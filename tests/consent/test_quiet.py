"""Quiet times: nights, Sundays, holidays of the customer's country and region, and the hours they asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from kartoteka.consent import purposes
from kartoteka.consent.asdata import may_as_data
from kartoteka.consent.gate import Asked, may
from kartoteka.consent.ledger import Taken, give
from kartoteka.consent.models import Channel, Purpose
from kartoteka.consent.passing import may_all
from kartoteka.consent.quiet import next_moment, part_called
from kartoteka.consent.quieting import BadQuiet, quiet_times, set_quiet, unset_quiet
from kartoteka.consent.reasons import Reason
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db
TUESDAY = dt.datetime(2026, 5, 12, 12, tzinfo=ZoneInfo("Europe/Warsaw"))


@pytest.fixture
def news(db: None) -> Purpose:
    return purposes.add(names={"en": "News"}, key="calls", ground="consent", marketing=True, by=SHELL)


def willing(news: Purpose, country: str, region: str = "", **phone: str) -> Customer:
    """Somebody of that country who agreed to calls and messages."""
    where = {"country": country, "city": "X", **({"region": region} if region else {})}
    phones = [{"value": "+48600100200", **phone}]
    made = make.person("Anna", "Lis", phones=phones, email="anna@example.com", addresses=[where])
    for channel in ("phone", "sms", "email"):
        at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        give(customer=made, purpose=news, channel=channel, taken=Taken(how="counter", at=at), by=SHELL)
    return made


def said(customer: Customer, purpose: Purpose, at: dt.datetime, channel: str = "phone") -> Reason:
    """What the gate says to who would reach them at that moment; its set-based twin must say the same."""
    asked: Any = {"purpose": purpose, "channel": channel, "at": at, "by": SHELL, "at_once": True}
    one = may(customer=customer, **asked)
    every = may_all(customers=[customer.pk], **asked)
    assert dict(every.reasons) == {one.reason: 1}
    assert bool(every.points) is one.allowed
    return one.reason


def on(day: str, clock: str, zone: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("country", "region", "day", "clock", "zone", "reason"),
    [
        ("PL", "", "2026-05-12", "12:00", "Europe/Warsaw", Reason.GIVEN),
        ("PL", "", "2026-05-12", "21:00", "Europe/Warsaw", Reason.QUIET_HOUR),
        ("PL", "", "2026-05-10", "12:00", "Europe/Warsaw", Reason.QUIET_DAY),  # a Sunday
        ("PL", "", "2026-06-04", "12:00", "Europe/Warsaw", Reason.QUIET_DAY),  # Corpus Christi
        ("ZA", "", "2026-05-09", "12:59", "Africa/Johannesburg", Reason.GIVEN),  # a Saturday
        ("ZA", "", "2026-05-09", "13:00", "Africa/Johannesburg", Reason.QUIET_HOUR),
        ("PH", "", "2026-05-12", "04:00", "Europe/Warsaw", Reason.GIVEN),  # ten in the morning there
        ("GB", "Scotland", "2026-11-30", "12:00", "Europe/London", Reason.QUIET_DAY),  # St Andrew's Day
        ("GB", "England", "2026-11-30", "12:00", "Europe/London", Reason.GIVEN),
        ("US", "", "2026-05-12", "09:00", "America/New_York", Reason.QUIET_HOUR),  # three in Honolulu
        (
            "JP",
            "",
            "2026-05-12",
            "23:00",
            "Asia/Tokyo",
            Reason.QUIET_HOUR,
        ),  # a country without a rule of its own
    ],
)
def test_by_the_place_of_the_customer(
    country: str, region: str, day: str, clock: str, zone: str, reason: Reason, news: Purpose
) -> None:
    anna = willing(news, country, region)
    assert said(anna, news, on(day, clock, zone)) is reason


def test_a_mail_may_lie_overnight_unless_a_law_says_no(news: Purpose) -> None:
    sunday = on("2026-05-10", "12:00", "Europe/Warsaw")
    assert said(willing(news, "PL"), news, sunday, "email") is Reason.GIVEN
    assert said(willing(news, "ZA"), news, sunday, "email") is Reason.QUIET_DAY


def test_what_they_cannot_refuse_does_not_wait(news: Purpose) -> None:
    anna, service = willing(news, "PL"), purposes.preset("service", by=SHELL)
    assert said(anna, service, on("2026-05-10", "12:00", "Europe/Warsaw")) is Reason.GROUND


def test_their_own_hours_are_kept_by_service_too(news: Purpose) -> None:
    anna, service = willing(news, "PL", hours="Mon-Fri after 17"), purposes.preset("service", by=SHELL)
    assert said(anna, news, TUESDAY) is Reason.THEIR_HOURS
    assert said(anna, service, TUESDAY) is Reason.THEIR_HOURS
    assert said(anna, news, TUESDAY, "email") is Reason.GIVEN
    later = next_moment(
        anna, anna.contacts.get(point__kind="phone").point_id, Asked(news, Channel.PHONE, TUESDAY)
    )
    assert later == TUESDAY.replace(hour=17)
    assert said(anna, news, later) is Reason.GIVEN


def test_the_next_moment_is_told(news: Purpose) -> None:
    anna = willing(news, "PL")
    set_quiet(country="PL", hours="Mon-Sun 0-24", channels=["phone"], by=SHELL)
    told = may_as_data(actor=SHELL, customer=anna, purpose="calls", channel="sms")
    assert (told["allowed"], told["later"]) == (True, None), "messages are never quiet by this rule"
    set_quiet(
        country="PL", hours="Mon-Fri 9-20", channels=["phone"], off=["2026-05-11"], holidays=False, by=SHELL
    )
    saturday = on("2026-05-09", "12:00", "Europe/Warsaw")
    assert next_moment(anna, None, Asked(news, Channel.PHONE, saturday)) == on(
        "2026-05-12", "09:00", "Europe/Warsaw"
    )


def test_the_owner_sets_them_and_takes_them_back(news: Purpose) -> None:
    anna = willing(news, "PL")
    set_quiet(country="pl", hours="Mon-Fri 9-11", channels=["phone", "nonsense"], by=SHELL)
    assert said(anna, news, TUESDAY) is Reason.QUIET_HOUR
    assert said(anna, news, TUESDAY, "sms") is Reason.GIVEN
    assert [(each.country, each.channels) for each in quiet_times(actor=SHELL) if each.ours] == [
        ("PL", ("phone",))
    ]
    unset_quiet(country="PL", by=SHELL)
    assert said(anna, news, TUESDAY) is Reason.GIVEN
    for wrong in ({"hours": "whenever"}, {"country": "Poland"}, {"off": ["tomorrow"]}):
        with pytest.raises(BadQuiet) as problem:
            set_quiet(
                **{"country": "PL", "hours": "Mon-Fri 9-20", "channels": ["phone"], "by": SHELL, **wrong}
            )
        assert problem.value.field in wrong


def test_regions_are_known_by_name() -> None:
    assert part_called("SCOTLAND", "GB") == "SCT"
    assert part_called("Śląskie", "PL") == "24"
    assert part_called("nowhere", "GB") == ""


def test_a_list_that_is_kept_heeds_no_clock(news: Purpose) -> None:
    anna = willing(news, "PL")
    night = on("2026-05-12", "02:00", "Europe/Warsaw")
    kept = may_all(customers=[anna.pk], purpose=news, channel="phone", at=night, by=SHELL)
    assert set(kept.points) == {anna.pk}


def test_programs_are_told_both_whether_and_whether_now(news: Purpose) -> None:
    """Whatever the hour: first nothing is quiet, then everything but one hour a week."""
    anna = willing(news, "PL")
    hour = timezone.localtime(timezone.now(), ZoneInfo("Europe/Warsaw")) + dt.timedelta(days=2)
    for hours, now in (("Mon-Sun 0-24", True), (f"{hour:%a} 12-13", False)):
        set_quiet(country="PL", hours=hours, channels=["phone"], holidays=False, by=SHELL)
        told = may_as_data(actor=SHELL, customer=anna, purpose="calls", channel="phone")
        assert (told["allowed"], told["reason"], told["now"]) == (True, "given", now)
        assert (bool(told["not_now"]), told["later"] is None) == (not now, now)
