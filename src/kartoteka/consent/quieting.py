"""Quiet times as the owner sets them, by country; what is not set is as the presets have it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from babel import Locale
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kartoteka.standard import callhours
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .models import Channel, QuietRule
from .quiet_presets import PRESETS

# What disturbs somebody when it arrives.
CHANNELS = (Channel.PHONE, Channel.SMS, Channel.MESSENGER, Channel.EMAIL)
_MOST_DAYS = 400


class BadQuiet(ValueError):
    """Quiet times cannot be so. `field` names what to change, the message says why."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class QuietTimes:
    """The rule of a country, "" for all others. ours: the owner set it; law: what stands there until then is a law's."""

    country: str
    hours: str
    channels: tuple[str, ...]
    holidays: bool
    off: tuple[str, ...]
    ours: bool
    law: bool

    @property
    def name(self) -> str:
        """The country in the language of who reads it; "" for all others."""
        names = Locale.parse(get_language() or "en", sep="-").territories
        return str(names.get(self.country, self.country))

    @property
    def by(self) -> list[str]:
        """The channels in words."""
        return [str(Channel(each).label) for each in self.channels]


def quiet_times(*, actor: Actor) -> list[QuietTimes]:
    """The rule of every country that has one, and of all others, which stands last. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    found = {
        key: QuietTimes(key, each.hours, _in_order(each.channels), each.holidays, (), False, each.law)
        for key, each in PRESETS.items()
    }
    for row in QuietRule.objects.all():
        law = row.country in PRESETS and PRESETS[row.country].law
        found[row.country] = QuietTimes(
            row.country, row.hours, tuple(row.channels), row.holidays, tuple(row.off), True, law
        )
    return sorted(found.values(), key=lambda each: (not each.country, each.name))


def set_quiet(
    *,
    country: str,
    hours: str,
    channels: Iterable[str],
    by: Actor,
    holidays: bool = True,
    off: Iterable[str] = (),
) -> None:
    """Set in which hours people of a country ("" for all others) may be disturbed. Raises BadQuiet, NotAllowed.

    hours: as in "Mon-Fri 9-20, Sat 10-16", told in the customer's time; a day that is not named is quiet. off: further
    quiet days as 2026-12-24.
    """
    by.must(Right.SET_UP)
    country, hours = country.strip().upper(), " ".join(hours.split())
    if country and country not in Locale("en").territories:
        raise BadQuiet("country", _("Write the country as two letters, such as GB."))
    if len(hours) > 200 or callhours.read(hours) is None:
        raise BadQuiet("hours", _("Write hours as Mon-Fri 9-20, Sat 10-16."))
    try:
        days = sorted({dt.date.fromisoformat(each.strip()).isoformat() for each in off if each.strip()})
    except ValueError as error:
        raise BadQuiet("off", _("Write days as 2026-12-24, one a line.")) from error
    if len(days) > _MOST_DAYS:
        raise BadQuiet("off", _("These are too many days."))
    wanted = _in_order(channels)
    with transaction.atomic():
        QuietRule.objects.update_or_create(
            country=country,
            defaults={"hours": hours, "channels": list(wanted), "holidays": holidays, "off": days},
        )
        note(by=by, action="changed quiet times", matter="base", detail={"country": country})


def unset_quiet(*, country: str, by: Actor) -> None:
    """Take the owner's rule of a country away: the preset holds again. Raises NotAllowed."""
    by.must(Right.SET_UP)
    with transaction.atomic():
        if QuietRule.objects.filter(country=country).delete()[0]:
            note(by=by, action="changed quiet times", matter="base", detail={"country": country})


def _in_order(channels: Iterable[str]) -> tuple[str, ...]:
    wanted = set(channels)
    return tuple(each.value for each in CHANNELS if each in wanted)
