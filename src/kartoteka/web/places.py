"""The places of the rail, in parts. A screen joins by its url name; one without an address yet is not shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kartoteka.trust.actor import Actor, Right


class Part(StrEnum):
    """What a place is for. Those that are seldom gone to are folded away."""

    SERVE = "serve"
    KNOW = "know"
    TIDY = "tidy"
    SET_UP = "set up"
    WATCH = "watch"


PART_NAMES: dict[Part, str | Promise] = {
    Part.SERVE: "",
    Part.KNOW: _("Know them"),
    Part.TIDY: _("Keep in order"),
    Part.SET_UP: _("Set up"),
    Part.WATCH: _("Watch over"),
}
FOLDED = frozenset({Part.SET_UP, Part.WATCH})
# Who has no more than so many places sees them all at once.
FEW = 14


@dataclass(frozen=True)
class Place:
    """One entry: its url name and those of the pages below it, its icon, its keys, who may go there.

    or_right: another right that leads there as well. with_right: one without which there is nothing to do there.
    narrow: only for those whom the list of customers does not show everybody.
    """

    url: str
    label: str | Promise
    icon: str
    keys: str
    right: Right
    also: tuple[str, ...] = ()
    part: Part = Part.SERVE
    or_right: Right | None = None
    with_right: Right | None = None
    narrow: bool = False

    def is_for(self, actor: Actor) -> bool:
        """Whether this actor goes there."""
        if self.narrow and actor.may(Right.SEE) and not actor.walled:
            return False
        if self.with_right is not None and not actor.may(self.with_right):
            return False
        return actor.may(self.right) or (self.or_right is not None and actor.may(self.or_right))


_REPORTS = ("paths", "exits", "time", "sharing", "origins", "funnel", "cohorts")
PLACES = (
    Place("home", _("Home"), "home", "g h", Right.SEE, or_right=Right.COUNTS),
    Place(
        "today",
        _("Today"),
        "sun",
        "g j",
        Right.SEE,
        ("new_task", "task", "calendar"),
        with_right=Right.CHANGE,
    ),
    Place("customers", _("Customers"), "users", "g c", Right.SEE, ("customer", "new_customer")),
    Place("look_up", _("Look up"), "search", "g l", Right.LOOK_UP, narrow=True),
    Place("orders", _("Orders"), "file-text", "g p", Right.SEE, ("order", "exchange_rates")),
    Place("pasted_order", _("Order from a message"), "message", "g v", Right.CHANGE),
    Place("dealings", _("Dealings"), "message", "g x", Right.SEE, ("dealing",)),
    Place(
        "telephone",
        _("Telephone"),
        "phone",
        "g q",
        Right.SEE,
        or_right=Right.LOOK_UP,
        with_right=Right.CHANGE,
    ),
    Place(
        "worth",
        _("Worth"),
        "chart-bar",
        "g w",
        Right.SEE,
        ("worth_base", "silent", "baskets", "worth_rates", "report_mail", "products"),
        or_right=Right.COUNTS,
        part=Part.KNOW,
    ),
    Place(
        "groups",
        _("Groups"),
        "users-group",
        "g u",
        Right.SEE,
        ("group", "new_group", "change_group", "traits", "group_why"),
        or_right=Right.COUNTS,
        part=Part.KNOW,
    ),
    Place(
        "reports",
        _("Site reports"),
        "arrows-split",
        "g 3",
        Right.COUNTS,
        tuple(f"report_{name}" for name in _REPORTS),
        part=Part.KNOW,
    ),
    Place("site", _("Site"), "world", "g z", Right.SET_UP, part=Part.KNOW),
    Place("imports", _("Imports"), "file-import", "g i", Right.IMPORT, ("import_file",), part=Part.TIDY),
    Place(
        "doubles",
        _("Doubles"),
        "versions",
        "g d",
        Right.MERGE,
        ("mergers", "merge_customer", "split_customer"),
        part=Part.TIDY,
    ),
    Place(
        "requests", _("Requests"), "shield", "g r", Right.PRIVACY, ("request", "forgotten"), part=Part.TIDY
    ),
    Place(
        "exports",
        _("Exports"),
        "download",
        "g e",
        Right.EXPORT,
        ("new_export",),
        or_right=Right.APPROVE_EXPORT,
        part=Part.TIDY,
    ),
    Place("fields", _("Fields"), "forms", "g f", Right.SET_UP, ("new_field", "own_field"), part=Part.SET_UP),
    Place("hours", _("Hours and talks"), "clock", "g 1", Right.SET_UP, part=Part.SET_UP),
    Place(
        "consent",
        _("Consent"),
        "checklist",
        "g o",
        Right.SET_UP,
        ("new_purpose", "purpose", "registers", "quiet_times"),
        part=Part.SET_UP,
    ),
    Place(
        "retention", _("Retention"), "hourglass", "g k", Right.PRIVACY, ("retention_rule",), part=Part.SET_UP
    ),
    Place(
        "policy",
        _("Privacy policy"),
        "file-text",
        "g 2",
        Right.PRIVACY,
        ("policy_version",),
        part=Part.SET_UP,
    ),
    Place(
        "partners", _("Partners"), "arrows-join", "g b", Right.EXPORT, ("partner_exchange",), part=Part.SET_UP
    ),
    Place(
        "connections",
        _("Connections"),
        "building-store",
        "g n",
        Right.SET_UP,
        ("new_connection", "connection"),
        part=Part.SET_UP,
    ),
    Place(
        "staff",
        _("Staff"),
        "id",
        "g s",
        Right.STAFF,
        ("invite_staff", "link_staff", "add_token", "leaving"),
        part=Part.SET_UP,
    ),
    Place("roles", _("Roles"), "lock", "g g", Right.STAFF, ("save_role", "save_limits"), part=Part.SET_UP),
    Place("teams", _("Teams"), "users-group", "g t", Right.STAFF, ("save_team",), part=Part.SET_UP),
    Place("alarms", _("Alarms"), "bell", "g m", Right.AUDIT, part=Part.WATCH),
    Place("audit", _("Audit"), "shield-check", "g a", Right.AUDIT, part=Part.WATCH),
    Place("safety", _("Safety"), "lock", "g y", Right.SET_UP, part=Part.WATCH),
)

# Those at a thumb's reach on a phone, the first four that there are: for who serves, and for who looks after the base.
AT_HAND = ("home", "today", "customers", "look_up", "orders", "telephone", "pasted_order")
AT_HAND_ELSE = ("home", "requests", "audit", "worth", "groups", "alarms", "customers", "exports")


def at_hand(actor: Actor) -> tuple[str, ...]:
    """The url names of the places this actor needs most, the first first."""
    return AT_HAND if actor.may(Right.CHANGE) else AT_HAND_ELSE
