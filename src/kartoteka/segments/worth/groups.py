"""The groups that worth itself knows: by service level, frequency and RFM cell, and whoever is silent."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor, Right

from .models import CustomerWorth

CELL_NAMES = {
    "champions": _("champions"),
    "loyal": _("loyal"),
    "promising": _("promising"),
    "new": _("new"),
    "attention": _("in need of attention"),
    "passing": _("passing through"),
    "risk": _("at risk"),
    "lose": _("not to be lost"),
    "asleep": _("asleep"),
}


@dataclass(frozen=True)
class Group:
    """Customers with one value in one column of CustomerWorth."""

    column: str
    value: str

    @property
    def key(self) -> str:
        """As it stands in an address: "level:A"."""
        return f"{self.column}:{self.value}"

    @property
    def label(self) -> str | Promise:
        """In words."""
        return dict(choices())[self.key]


def choices() -> list[tuple[str, str | Promise]]:
    """Every group, by key, in words."""
    return [
        *(
            (f"level:{value}", _("service level %(level)s") % {"level": value})
            for value in CustomerWorth.Level.values
        ),
        *((f"frequency:{value}", label) for value, label in CustomerWorth.Frequency.choices),
        ("silent:yes", _("silent by their own rhythm")),
        *((f"cell:{value}", label) for value, label in CELL_NAMES.items()),
    ]


def group_of(key: str) -> Group | None:
    """The group of a key; None for "" and for what is none."""
    if key not in dict(choices()):
        return None
    column, _colon, value = key.partition(":")
    return Group(column, value)


def members(actor: Actor, group: Group | None) -> QuerySet[Customer] | None:
    """The customers of a group whom `actor` counts: all of the base for who may count it, else whom they see.

    None: everybody, sales to nobody with them.
    """
    whole = actor.may(Right.COUNTS) or (actor.may(Right.SEE) and not actor.walled)
    if whole and group is None:
        return None
    rows = Customer.objects.filter(merged_into=None) if whole else Customer.objects.visible_to(actor)
    if group is not None:
        value = True if group.column == "silent" else group.value
        rows = rows.filter(**{f"worth__{group.column}": value})
    return rows
