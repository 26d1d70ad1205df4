"""What rules can speak of in consent: who may be reached, for what and how; what they chose, and when."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Least
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kartoteka.kit.sql_time import DAY, After
from kartoteka.kit.trait_events import COUNT, Events
from kartoteka.kit.trait_kinds import NOBODY, Age, Several, local_day, next_of, soon
from kartoteka.kit.traits import Op, Part, Test, Text, Type, register
from kartoteka.people.models import Customer, Ground

from .filtering import may_choices
from .gate import Asked
from .models import Channel, Choice, Purpose
from .narrowing import allowed
from .purposes import all_purposes

DOMAIN = _("Consent")
# In no country anybody is a child for longer.
_OF_AGE = 21
_SHORTEST_MONTH = 28


def register_all() -> None:
    """Make the traits of consent known."""
    register(
        Several(
            "may", _("May be reached"), Type.SET, DOMAIN, offered=_offered, having=_may, turning=_turning,
            of_few=_passing,
        )
    )  # fmt: skip
    what = tuple((each.value, each.label) for each in Choice.What)
    channels = tuple((each.value, each.label) for each in Channel)
    register(
        Events(
            "choice", _("Said yes or no"), Type.EVENT, DOMAIN, rows=Choice.objects.all,
            measures=((COUNT, _("times")),),
            parts=(
                Part("purpose", _("Purpose"), Type.CHOICE, "purpose__key", _purposes),
                Part("channel", _("Channel"), Type.CHOICE, "channel", lambda: channels),
                Part("what", _("What they said"), Type.CHOICE, "what", lambda: what),
            ),
        )
    )  # fmt: skip


def _purposes() -> list[tuple[str, Text]]:
    return [(each.key, str(each)) for each in all_purposes()]


def _offered() -> list[tuple[str, Text]]:
    return [
        (key, _now("%(purpose)s: by %(channel)s") % {"purpose": purpose, "channel": channel})
        for key, purpose, channel in may_choices()
    ]


def _asked(some: Sequence[str] | None, at: dt.datetime) -> list[Asked]:
    wanted = [each[0] for each in may_choices()] if some is None else some
    purposes = {each.key: each for each in Purpose.objects.all()}
    pairs = [each.partition(":")[::2] for each in wanted]
    return [Asked(purposes[key], Channel(channel), at) for key, channel in pairs if key in purposes]


def _passing(some: Sequence[str] | None, at: dt.datetime) -> Q:
    """Who passes the gate, asked one by one."""
    found = NOBODY
    for each in _asked(some, at):
        found |= _passes(each)
    return found


def _passes(asked: Asked) -> Q:
    return Q(Exists(allowed(Customer.objects.filter(pk=OuterRef("pk")), asked)))


def _may(some: Sequence[str] | None, at: dt.datetime) -> Q:
    found = NOBODY
    for each in _asked(some, at):
        passes = _passes(each)
        if each.purpose.ground == Ground.CONSENT:
            # Who never said anything need not be looked at: of a purpose that rests on consent nobody passes unasked.
            said = Choice.objects.filter(purpose=each.purpose, channel=each.channel, what=Choice.What.GIVEN)
            passes = Q(pk__in=said.values("identity__customer")) & passes
        found |= passes
    return found


def _turning(some: Sequence[str], at: dt.datetime) -> Any:
    """When a choice grows too old, or a child grows up; looked at some days early and again until it is so."""
    flips = []
    for each in _asked(some or None, at):
        if each.purpose.months:
            days = each.purpose.months * 365 // 12 - 4 if each.purpose.months > 1 else _SHORTEST_MONTH
            rows = Choice.objects.filter(
                identity__customer=OuterRef("pk"),
                purpose=each.purpose,
                channel=each.channel,
                at__gte=each.not_before,
            )
            oldest = Subquery(rows.order_by("at").values("at")[:1])
            flips.append(next_of((Q(Exists(rows)), soon(After(oldest, days * DAY), at))))
    young = Q(birth__gt=str(local_day(at).year - _OF_AGE))
    growing = Age("", "", Type.NUMBER, "", of="birth").turns(Test(Op.AT_LEAST, 1), at)
    flips.append(next_of((young, growing)))
    return flips[0] if len(flips) == 1 else Least(*flips)
