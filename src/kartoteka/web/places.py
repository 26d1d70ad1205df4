"""The places of the rail. A screen joins by its url name; one without an address yet is not shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kartoteka.trust.actor import Right


@dataclass(frozen=True)
class Place:
    """One entry: its url name and those of the pages below it, its icon, its keys, who may go there."""

    url: str
    label: str | Promise
    icon: str
    keys: str
    right: Right
    also: tuple[str, ...] = ()
    daily: bool = True


PLACES = (
    Place("home", _("Home"), "home", "g h", Right.SEE),
    Place("customers", _("Customers"), "users", "g c", Right.SEE, ("customer", "new_customer")),
    Place("imports", _("Imports"), "file-import", "g i", Right.IMPORT, ("import_file",)),
    Place(
        "doubles",
        _("Doubles"),
        "versions",
        "g d",
        Right.MERGE,
        ("mergers", "merge_customer", "split_customer"),
    ),
    Place("fields", _("Fields"), "forms", "g f", Right.SET_UP, ("new_field", "own_field"), daily=False),
    Place(
        "staff",
        _("Staff"),
        "id",
        "g s",
        Right.STAFF,
        ("invite_staff", "link_staff", "add_token"),
        daily=False,
    ),
    Place("audit", _("Audit"), "shield-check", "g a", Right.AUDIT, daily=False),
    Place("safety", _("Safety"), "lock", "g y", Right.SET_UP, daily=False),
)
