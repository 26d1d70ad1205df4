"""The places of the rail. A screen joins by its url name; one without an address yet is not shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kartoteka.trust.actor import Actor, Right


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
    # Another right that leads there as well.
    or_right: Right | None = None

    def is_for(self, actor: Actor) -> bool:
        """Whether this actor goes there."""
        return actor.may(self.right) or (self.or_right is not None and actor.may(self.or_right))


PLACES = (
    Place("home", _("Home"), "home", "g h", Right.SEE, or_right=Right.COUNTS),
    Place("today", _("Today"), "sun", "g j", Right.SEE, ("new_task", "task", "calendar")),
    Place("customers", _("Customers"), "users", "g c", Right.SEE, ("customer", "new_customer")),
    Place("orders", _("Orders"), "file-text", "g p", Right.SEE, ("order",)),
    Place(
        "worth",
        _("Worth"),
        "chart-bar",
        "g w",
        Right.SEE,
        ("worth_base", "silent", "baskets", "worth_rates", "report_mail"),
        or_right=Right.COUNTS,
    ),
    Place("telephone", _("Telephone"), "phone", "g q", Right.SEE, or_right=Right.LOOK_UP),
    Place("dealings", _("Dealings"), "message", "g x", Right.SEE, ("dealing",)),
    Place(
        "groups",
        _("Groups"),
        "users-group",
        "g u",
        Right.SEE,
        ("group", "new_group", "change_group", "traits", "group_why"),
        or_right=Right.COUNTS,
    ),
    Place("look_up", _("Look up"), "search", "g l", Right.LOOK_UP),
    Place("pasted_order", _("Order from a message"), "message", "g v", Right.CHANGE),
    Place("imports", _("Imports"), "file-import", "g i", Right.IMPORT, ("import_file",)),
    Place(
        "doubles",
        _("Doubles"),
        "versions",
        "g d",
        Right.MERGE,
        ("mergers", "merge_customer", "split_customer"),
    ),
    Place("requests", _("Requests"), "shield", "g r", Right.PRIVACY, ("request", "forgotten")),
    Place(
        "exports",
        _("Exports"),
        "download",
        "g e",
        Right.EXPORT,
        ("new_export",),
        or_right=Right.APPROVE_EXPORT,
    ),
    Place("fields", _("Fields"), "forms", "g f", Right.SET_UP, ("new_field", "own_field"), daily=False),
    Place("site", _("Site"), "world", "g z", Right.SET_UP, daily=False),
    Place("hours", _("Hours and talks"), "clock", "g 1", Right.SET_UP, daily=False),
    Place("consent", _("Consent"), "checklist", "g o", Right.SET_UP, ("new_purpose", "purpose"), daily=False),
    Place("retention", _("Retention"), "hourglass", "g k", Right.PRIVACY, ("retention_rule",), daily=False),
    Place("policy", _("Privacy policy"), "file-text", "g 2", Right.PRIVACY, ("policy_version",), daily=False),
    Place("partners", _("Partners"), "arrows-join", "g b", Right.EXPORT, ("partner_exchange",), daily=False),
    Place(
        "connections",
        _("Connections"),
        "building-store",
        "g n",
        Right.SET_UP,
        ("new_connection", "connection"),
        daily=False,
    ),
    Place(
        "staff",
        _("Staff"),
        "id",
        "g s",
        Right.STAFF,
        ("invite_staff", "link_staff", "add_token", "leaving"),
        daily=False,
    ),
    Place("roles", _("Roles"), "lock", "g g", Right.STAFF, ("save_role", "save_limits"), daily=False),
    Place("teams", _("Teams"), "users-group", "g t", Right.STAFF, ("save_team",), daily=False),
    Place("alarms", _("Alarms"), "bell", "g m", Right.AUDIT, daily=False),
    Place("audit", _("Audit"), "shield-check", "g a", Right.AUDIT, daily=False),
    Place("safety", _("Safety"), "lock", "g y", Right.SET_UP, daily=False),
)
