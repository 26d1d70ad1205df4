"""What the law of each country asks, as data. Where a law leaves room, the cautious reading is taken and said so.

Sources, by country:
- PL: GDPR (Regulation 2016/679); electronic marketing: Prawo komunikacji elektronicznej of 2024, art. 398 (in force since
  10 November 2024), which asks for consent before marketing by e-mail, SMS or call; no exception for existing customers.
- FI: GDPR; Data Protection Act 1050/2018 s. 5 (age 13); Act on Electronic Communications Services 917/2014 s. 200:
  consent for e-mail and SMS, existing customers excepted for the like (s. 200(3)); calls by a person are free until
  objected to (s. 200(2)), but for those that sell mobile subscriptions (s. 201), which we do not know of.
- GB: UK GDPR; Data Protection Act 2018 s. 9 (age 13); PECR 2003 reg. 22: consent for e-mail and SMS, soft opt-in in
  22(3). Calls by a person (reg. 21) are free unless they were objected to, or the number has stood in the TPS or CTPS for
  28 days (reg. 21(1), (3)); the ICO's guidance on live calls has callers ask both. So they are free while the files of both
  are young enough (register_presets.py), and ask for consent while they are not. Calls about claims management and
  pensions (reg. 21A, 21B) always ask for it: give such a purpose the ground of consent.
- ZA: POPIA 4 of 2013, s. 69: consent for electronic marketing, existing customers excepted for the like (s. 69(3)); by the
  Regulator's guidance note of 2024 a call counts as electronic. A child is under 18 (s. 1, 34, 35). Answer: 30 days,
  as in PAIA.
- PH: Data Privacy Act of 2012 (RA 10173). Commercial SMS and MMS ask for consent (NTC Memorandum Circular 03-03-2005, as
  amended by 04-07-2009). For the rest the NPC lets direct marketing be a legitimate interest that was assessed (Circular
  2023-04): cautious, consent for all that reaches a screen or a phone. Age 18. Breach: 72 hours (NPC Circular 16-03).
  Answer: 15 working days, as the NPC's practice is.
- MY: PDPA 2010 (Act 709, amended 2024). Processing asks for consent unless one of s. 6(2) holds, and our legitimate
  interest is none of these; s. 43 lets anybody stop marketing. Answer: 21 days (s. 31). Breach: 72 hours (s. 12B).
  Age 18 (Act 21).
"""

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kartoteka.people.models import Ground

from .models import Channel

Text = str | Promise


class Unit(StrEnum):
    """In what a period of law is counted."""

    MONTHS = "months"
    DAYS = "days"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True)
class Period:
    """A period of law."""

    count: int
    unit: Unit

    def after(self, day: dt.date) -> dt.date:
        """The last day of the period that begins on `day`.

        A month ends on the day of the same number, or on the month's last. Working days are Monday to Friday;
        public holidays
        are not left out, so that the day is rather too early than too late.
        """
        if self.unit is Unit.DAYS:
            return day + dt.timedelta(days=self.count)
        if self.unit is Unit.MONTHS:
            year, month = divmod(day.year * 12 + day.month - 1 + self.count, 12)
            return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
        left = self.count
        while left:
            day += dt.timedelta(days=1)
            left -= day.weekday() < 5
        return day


_MONTH = Period(1, Unit.MONTHS)
_SCREENS = frozenset({Channel.EMAIL, Channel.SMS, Channel.MESSENGER, Channel.ADS})
_CALLS = frozenset({Channel.PHONE})
_MAIL_AND_TEXT = frozenset({Channel.EMAIL, Channel.SMS, Channel.MESSENGER})

_WHO = _("who we are and how to reach us")
_WHY = _("what we use the data for, and on what ground")
_WHOM = _("to whom we pass it on, and to which countries")
_HOW_LONG = _("how long we keep it")
_RIGHTS = _("that they may see, correct, erase, take along and object")
_STOP = _("that they may withdraw what they agreed to at any time")
_COMPLAIN = _("to which authority they may complain")
_DUTY = _("whether they must give it, and what follows if they do not")
_WHERE_FROM = _("where we have it from, if not from them")
_AUTOMATIC = _("whether machines decide about them, and how")
_CHOICES = _("what choices they have to limit how it is used")
_GDPR_TOLD = (
    _WHO, _WHY, _WHOM, _HOW_LONG, _RIGHTS, _STOP, _COMPLAIN, _DUTY, _WHERE_FROM, _AUTOMATIC,
)  # fmt: skip


@dataclass(frozen=True)
class Law:
    """What one country asks.

    child: below this age (in years) a child's own consent to online services does not count. consent_for: channels for
    which marketing asks for consent, whatever its ground. soft_opt_in: those of them by which existing customers
    may be told
    of the like without it. grounds: those that the law knows. answer: until when a request is answered.
    breach_hours: until
    when a breach is told to the authority. told: what people must be told. languages: in which they must be told,
    where the law says it.
    """

    country: str
    name: Text
    authority: str
    child: int
    consent_for: frozenset[Channel]
    soft_opt_in: frozenset[Channel]
    answer: Period
    told: tuple[Text, ...]
    grounds: frozenset[str] = frozenset(Ground.values)
    breach_hours: int = 72
    languages: tuple[str, ...] = field(default=())
    # By channel the registers that must have been asked lately, so that it needs no consent.
    registers: Mapping[Channel, tuple[str, ...]] = field(default_factory=dict)
    claims_months: int = 36
    claims_law: str = ""
    limit: str = "GDPR, art. 5(1)(e)"


LAWS: Mapping[str, Law] = {
    each.country: each
    for each in (
        Law(
            "PL", _("GDPR, as it holds in Poland"), "Prezes Urzędu Ochrony Danych Osobowych (UODO)", 16,
            _SCREENS | _CALLS, frozenset(), _MONTH, _GDPR_TOLD,
            claims_months=72, claims_law="Kodeks cywilny, art. 118",
        ),
        Law(
            "FI", _("GDPR, as it holds in Finland"), "Tietosuojavaltuutetun toimisto", 13,
            _SCREENS, frozenset({Channel.EMAIL, Channel.SMS}), _MONTH, _GDPR_TOLD,
            claims_months=36, claims_law="Laki velan vanhentumisesta 728/2003, 4 §",
        ),
        Law(
            "GB", _("UK GDPR and PECR"), "Information Commissioner's Office (ICO)", 13,
            _SCREENS | _CALLS, frozenset({Channel.EMAIL, Channel.SMS}), _MONTH, _GDPR_TOLD,
            registers={Channel.PHONE: ("tps", "ctps")},
            claims_months=72, claims_law="Limitation Act 1980, s. 5", limit="UK GDPR, art. 5(1)(e)",
        ),
        Law(
            "ZA", _("POPIA"), "Information Regulator (South Africa)", 18,
            _SCREENS | _CALLS, frozenset({Channel.EMAIL, Channel.SMS, Channel.PHONE}), Period(30, Unit.DAYS),
            (_WHO, _WHY, _WHOM, _RIGHTS, _COMPLAIN, _DUTY, _WHERE_FROM),
            claims_months=36, claims_law="Prescription Act 68 of 1969, s. 11(d)", limit="POPIA, s. 14",
        ),
        Law(
            "PH", _("the Data Privacy Act of 2012"), "National Privacy Commission (NPC)", 18,
            _SCREENS | _CALLS, frozenset(), Period(15, Unit.WORKING_DAYS),
            (_WHO, _WHY, _WHOM, _HOW_LONG, _RIGHTS, _COMPLAIN, _AUTOMATIC),
            claims_months=120, claims_law="Civil Code, art. 1144", limit="IRR of RA 10173, s. 19(d)",
        ),
        Law(
            "MY", _("PDPA 2010"), "Jabatan Perlindungan Data Peribadi (JPDP)", 18,
            _SCREENS | _CALLS, frozenset(), Period(21, Unit.DAYS),
            (_WHO, _WHY, _WHOM, _RIGHTS, _CHOICES, _DUTY, _WHERE_FROM),
            grounds=frozenset(Ground.values) - {Ground.LEGITIMATE_INTEREST},
            languages=("ms", "en"),  # s. 7(3)
            claims_months=72, claims_law="Limitation Act 1953, s. 6", limit="PDPA 2010, s. 10",
        ),
    )
}  # fmt: skip

# For a country whose law we do not hold: the strictest of each.
ELSEWHERE = Law(
    "", _("the strictest of the laws we know"), "", 18, _SCREENS | _CALLS, frozenset(), Period(21, Unit.DAYS), _GDPR_TOLD
)  # fmt: skip


def law_of(country: str) -> Law:
    """The law for a customer of this country (ISO alpha-2); where none is known, that of the business's own country."""
    home: str = settings.KARTOTEKA.country
    return LAWS.get(country or home, ELSEWHERE)
