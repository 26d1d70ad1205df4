"""Whom figures are counted of: the groups that worth itself knows (service level, frequency, RFM cell, the silent), and
every group that was made."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor, NotAllowed, Right

from ..looking import group_choices
from ..models import Member
from ..reaching import FEWEST_TOLD, NoSuchGroup, sees_persons
from ..reaching import group_of as made_group
from .models import CustomerWorth

MADE = "group"
SILENT = "silent:yes"
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


class TooFew(ValueError):
    """Figures of so few customers would tell of a person to somebody who sees numbers only; the message says so."""

    def __init__(self) -> None:
        super().__init__(
            gettext("This group has fewer than %(least)s customers, so its figures would tell of a person.")
            % {"least": FEWEST_TOLD}
        )


@dataclass(frozen=True)
class Group:
    """Customers with one value in one column of CustomerWorth, or (column "group") those of a group that was made.

    label: in words, for who asked.
    """

    column: str
    value: str
    label: str | Promise

    @property
    def key(self) -> str:
        """As it stands in an address: "level:A", "group:12"."""
        return f"{self.column}:{self.value}"

    def among(self, rows: QuerySet[Customer]) -> QuerySet[Customer]:
        """Those of these customers who are in it."""
        if self.column == MADE:
            return rows.filter(pk__in=Member.objects.filter(segment=int(self.value)).values("customer"))
        return rows.filter(**{f"worth__{self.column}": True if self.column == "silent" else self.value})


def own_choices() -> list[tuple[str, str | Promise]]:
    """The groups that worth knows, by key, in words."""
    return [
        *(
            (f"level:{value}", _("service level %(level)s") % {"level": value})
            for value in CustomerWorth.Level.values
        ),
        *((f"frequency:{value}", label) for value, label in CustomerWorth.Frequency.choices),
        (SILENT, _("silent by their own rhythm")),
        *((f"cell:{value}", label) for value, label in CELL_NAMES.items()),
    ]


def made_choices(actor: Actor) -> list[tuple[str, str | Promise]]:
    """The groups that were made and that `actor` may see."""
    try:
        return [(f"{MADE}:{key}", name) for key, name in group_choices(actor)]
    except NotAllowed:
        return []


def group_of(key: str, *, actor: Actor) -> Group | None:
    """The group of a key; None for "", which is everybody. Raises NoSuchGroup, NotAllowed."""
    if not key:
        return None
    column, _colon, value = key.partition(":")
    if column == MADE and value.isascii() and value.isdigit() and len(value) < 18:
        return Group(MADE, value, made_group(actor, int(value))[0].name)
    if (found := own_group(key)) is None:
        raise NoSuchGroup
    return found


def own_group(key: str) -> Group | None:
    """The group of a key, of those that worth itself knows."""
    column, _colon, value = key.partition(":")
    label = dict(own_choices()).get(key)
    return None if label is None else Group(column, value, label)


def members(actor: Actor, group: Group | None) -> QuerySet[Customer] | None:
    """The customers of a group whom `actor` counts: all of the base for who may count it, else whom they see.

    None: everybody, sales to nobody with them. Raises TooFew, NoSuchGroup, NotAllowed.
    """
    whole = actor.may(Right.COUNTS) or (actor.may(Right.SEE) and not actor.walled)
    if whole and group is None:
        return None
    rows: QuerySet[Customer] = (
        Customer.objects.filter(merged_into=None) if whole else Customer.objects.visible_to(actor)
    )
    if group is None:
        return rows
    if group.column == MADE:
        made_group(actor, int(group.value))
    rows = group.among(rows)
    if not sees_persons(actor) and rows.order_by()[:FEWEST_TOLD].count() < FEWEST_TOLD:
        raise TooFew
    return rows


__all__ = [
    "CELL_NAMES",
    "MADE",
    "SILENT",
    "Group",
    "NoSuchGroup",
    "TooFew",
    "group_of",
    "made_choices",
    "members",
    "own_choices",
    "own_group",
]
