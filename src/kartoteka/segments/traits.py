"""The traits that groups themselves are, and what is counted as worth."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kartoteka.kit.trait_kinds import Valued, YesNo
from kartoteka.kit.traits import Called, Op, Test, Text, Trait, Type, register

from .compiling import GROUP
from .models import CustomerWorth, Segment
from .worth.groups import CELL_NAMES

WORTH = _("Worth")


@dataclass(frozen=True)
class Group(Called):
    """Belonging to another group. A rule has that group's own rule put in its place before it is asked."""

    def condition(self, test: Test, at: dt.datetime) -> Q:
        """Never asked: compiling has put the group's rule in its place."""
        raise AssertionError(test, at)

    def turns(self, test: Test, at: dt.datetime) -> Any:
        """As little."""
        raise AssertionError(test, at)


def _groups() -> list[tuple[str, Text]]:
    return [(str(key), name) for key, name in Segment.objects.filter(ended_at=None).values_list("pk", "name")]


def register_all() -> None:
    """Make the traits known."""
    register(Group(GROUP, _("Group"), Type.GROUP, _("Groups"), offered=_groups))
    for each in _of_worth():
        register(each)


def _of_worth() -> Iterator[Trait]:
    """What was counted of each customer who has bought something; once a day, so time does not turn it in between."""
    levels = tuple((value, value) for value in CustomerWorth.Level.values)
    frequencies = tuple(CustomerWorth.Frequency.choices)
    yield Valued("level", _("Service level"), Type.CHOICE, WORTH, of="worth__level", offered=lambda: levels)
    yield Valued(
        "cell",
        _("Cell of RFM"),
        Type.CHOICE,
        WORTH,
        of="worth__cell",
        offered=lambda: tuple(CELL_NAMES.items()),
    )
    yield Valued("frequency", _("How often they buy"), Type.CHOICE, WORTH, of="worth__frequency",
                 offered=lambda: frequencies)  # fmt: skip
    yield YesNo(
        "silent", _("Silent by their own rhythm"), Type.YESNO, WORTH, holds=lambda _at: Q(worth__silent=True)
    )
    numbers: Mapping[str, tuple[Text, Text]] = {
        "rhythm": (_("Usual interval between purchases"), _("days")),
        "lifetime": (_("Revenue expected in the coming year"), _("in our currency")),
        "profit": (_("Profit of the last year"), _("in our currency")),
        "at_stake": (_("At stake"), _("in our currency")),
    }
    for key, (label, unit) in numbers.items():
        yield Valued(key, label, Type.NUMBER, WORTH, unit=unit, of=f"worth__{key}")
    yield Share("alive", _("Still a customer"), Type.NUMBER, WORTH, unit="%", of="worth__alive")


@dataclass(frozen=True)
class Share(Valued):
    """A part of one, asked in percent."""

    def condition(self, test: Test, at: dt.datetime) -> Q:
        """The customers of whom it is so much."""
        if test.op in (Op.KNOWN, Op.UNKNOWN):
            return super().condition(test, at)
        value = test.value
        part = tuple(each / 100 for each in value) if isinstance(value, tuple) else value / 100
        return super().condition(replace(test, value=part), at)


def of_worth() -> frozenset[str]:
    """The keys of the traits that a counting of worth changes."""
    return frozenset(each.key for each in _of_worth())
