"""The actor: on whose behalf something is read or done. Every verb takes one, every read starts with one."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Right(StrEnum):
    """What an actor may do. Roles are bundles of these; a token of the API has a few of its own."""

    SEE = "see"  # customers, their cards, lists, search
    SEE_SENSITIVE = "see_sensitive"  # income, children, health and own fields marked so
    CHANGE = "change"  # add and edit customers
    MERGE = "merge"  # settle doubles, merge and split
    IMPORT = "import"  # bring in files, undo them
    EXPORT = "export"  # take data out
    PRIVACY = "privacy"  # consents, requests of the persons themselves
    SET_UP = "set_up"  # fields, sources, weights
    STAFF = "staff"  # staff accounts and tokens
    AUDIT = "audit"  # who saw and did what


ROLE_RIGHTS: dict[str, frozenset[Right]] = {
    "owner": frozenset(Right),
    "manager": frozenset(Right) - {Right.STAFF},
    "staff": frozenset({Right.SEE, Right.CHANGE}),
}

RIGHT_NAMES = {
    Right.SEE: _("see customers"),
    Right.SEE_SENSITIVE: _("see sensitive fields"),
    Right.CHANGE: _("add and edit customers"),
    Right.MERGE: _("join and separate customers"),
    Right.IMPORT: _("import files"),
    Right.EXPORT: _("take data out"),
    Right.PRIVACY: _("look after privacy"),
    Right.SET_UP: _("set up fields and sources"),
    Right.STAFF: _("manage staff"),
    Right.AUDIT: _("read the audit"),
}


class NotAllowed(PermissionError):
    """The actor has no right to do this. The message names the right that is missing."""

    def __init__(self, right: Right) -> None:
        self.right = right
        super().__init__(f"You may not do this: it needs the right to {RIGHT_NAMES[right]}.")


@dataclass(frozen=True)
class Actor:
    """Who stands behind a call.

    kind: "staff", "token" (the API), "shell" (the command line) or "system" (the worker).
    key: the primary key of the staff member or token, 0 where there is none.
    name: shown in histories, e.g. "Anna at the counter".
    """

    kind: str
    key: int
    name: str
    rights: frozenset[Right]

    def may(self, right: Right) -> bool:
        """Whether this actor has the right."""
        return right in self.rights

    def must(self, right: Right) -> None:
        """Raise NotAllowed unless this actor has the right."""
        if right not in self.rights:
            raise NotAllowed(right)


SHELL = Actor(kind="shell", key=0, name="command line", rights=frozenset(Right))
SYSTEM = Actor(kind="system", key=0, name="Kartoteka", rights=frozenset(Right))
