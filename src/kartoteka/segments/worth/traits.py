"""What rules can speak of in worth, as it was last counted; groups of it are brought up to date with each counting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from kartoteka.activity.currencies import home
from kartoteka.kit.trait_kinds import Valued, YesNo, number
from kartoteka.kit.traits import Op, Test, Text, Trait, Type, register

from .groups import CELL_NAMES
from .models import CustomerWorth

DOMAIN = _("Worth")
_HOME = lazy(home, str)()
Choices = Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class Percent(Valued):
    """A share that is kept as 0 to 1 and asked in percent."""

    def _number(self, test: Test, _at: Any) -> Q:
        asked = test.value
        value = tuple(each / 100 for each in asked) if test.op == Op.BETWEEN else asked / 100
        return self._known & number(self.of, test.op, value)


def register_all() -> None:
    """Make the traits of worth known."""
    for each in _all():
        register(each)


def _same(choices: Choices) -> Choices:
    return choices


def _all() -> Iterator[Trait]:
    levels = tuple(CustomerWorth.Level.choices)
    frequencies = tuple(CustomerWorth.Frequency.choices)
    cells = tuple(CELL_NAMES.items())
    for key, label, choices in (
        ("level", _("Service level"), levels),
        ("frequency", _("How often they buy"), frequencies),
        ("cell", _("RFM cell"), cells),
    ):
        yield Valued(
            f"worth.{key}",
            label,
            Type.CHOICE,
            DOMAIN,
            offered=partial(_same, choices),
            of=f"worth__{key}",
        )
    yield YesNo(
        "worth.silent",
        _("Silent by their own rhythm"),
        Type.YESNO,
        DOMAIN,
        holds=lambda _at: Q(worth__silent=True),
    )
    for key, label, unit in (
        ("r", _("Recency, in fifths (5: lately)"), ""),
        ("f", _("Frequency, in fifths (5: often)"), ""),
        ("m", _("Money, in fifths (5: most)"), ""),
        ("revenue", _("Revenue, all time"), _HOME),
        ("profit", _("Profit of the last year"), _HOME),
        ("served", _("Cost to serve in the last year"), _HOME),
        ("lifetime", _("Revenue expected in the coming year"), _HOME),
        ("at_stake", _("Revenue at stake if they are gone"), _HOME),
        ("expected", _("Purchases expected in the coming year"), _("times")),
        ("rhythm", _("Days between their purchases"), _("days")),
    ):
        yield Valued(f"worth.{key}", label, Type.NUMBER, DOMAIN, unit, of=f"worth__{key}")
    due = Coalesce(Cast("worth__next_on", CharField(max_length=10)), Value(""))
    yield Valued("worth.next_on", _("Next purchase by"), Type.DATE, DOMAIN, of=due)
    yield Percent("worth.alive", _("Still a customer"), Type.NUMBER, DOMAIN, "%", of="worth__alive")


def keys() -> set[str]:
    """The keys of these traits."""
    return {each.key for each in _all()}
