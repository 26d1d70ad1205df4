"""The actor: on whose behalf something is read or done. Every verb takes one, every read starts with one."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Right(StrEnum):
    """What an actor may do. Roles are bundles of these; a token of the API has a few of its own."""

    SEE = "see"  # customers, their cards, lists, search
    LOOK_UP = "look_up"  # one customer at a time by phone, e-mail or card number; no lists
    COUNTS = "counts"  # how many there are, without anybody's card
    REVEAL = "reveal"  # contact points whole, without asking for each
    SEE_SENSITIVE = "see_sensitive"  # income, children, health and own fields marked so
    CHANGE = "change"  # add and edit customers
    MERGE = "merge"  # settle doubles, merge and split
    IMPORT = "import"  # bring in files, undo them
    EXPORT = "export"  # take data out
    APPROVE_EXPORT = "approve_export"  # let somebody else's large export go
    HAND_OVER = "hand_over"  # give customers to another stage, team or colleague
    PRIVACY = "privacy"  # consents, requests of the persons themselves
    SET_UP = "set_up"  # fields, sources, weights
    STAFF = "staff"  # staff accounts, roles, teams and tokens
    AUDIT = "audit"  # who saw and did what, alarms


RIGHT_NAMES = {
    Right.SEE: _("see customers"),
    Right.LOOK_UP: _("look up one customer at a time by phone, e-mail or card number"),
    Right.COUNTS: _("see how many customers there are, without persons"),
    Right.REVEAL: _("see phones, e-mails and streets whole"),
    Right.SEE_SENSITIVE: _("see sensitive fields"),
    Right.CHANGE: _("add and edit customers"),
    Right.MERGE: _("join and separate customers"),
    Right.IMPORT: _("import files"),
    Right.EXPORT: _("take data out"),
    Right.APPROVE_EXPORT: _("approve large exports of others"),
    Right.HAND_OVER: _("hand customers over"),
    Right.PRIVACY: _("look after privacy"),
    Right.SET_UP: _("set up fields and sources"),
    Right.STAFF: _("manage staff, roles and teams"),
    Right.AUDIT: _("read the audit and the alarms"),
}


class Scope(StrEnum):
    """Whom an actor's rights reach."""

    ALL = "all"  # the whole base
    STAGE = "stage"  # the stages of their teams, and whoever was given to them
    ONE = "one"  # whom they look up, one at a time
    COUNTS = "counts"  # nobody; numbers only


SCOPE_NAMES = {
    Scope.ALL: _("the whole base"),
    Scope.STAGE: _("their teams' stages, and customers given to them"),
    Scope.ONE: _("one customer at a time"),
    Scope.COUNTS: _("numbers only"),
}


class Stage(StrEnum):
    """Where a customer is on their way with the business; the later one is the stricter."""

    ATTRACT = "attract"
    SELL = "sell"
    ACCOUNT = "account"


STAGE_NAMES = {
    Stage.ATTRACT: _("attract"),
    Stage.SELL: _("sell"),
    Stage.ACCOUNT: _("look after"),
}


class NotAllowed(PermissionError):
    """The actor has no right to do this. The message names the right that is missing."""

    def __init__(self, right: Right) -> None:
        self.right = right
        message = gettext("You may not do this: it needs the right to %(right)s.")
        super().__init__(message % {"right": RIGHT_NAMES[right]})


@dataclass(frozen=True)
class Actor:
    """Who stands behind a call.

    kind: "staff", "token" (the API), "shell" (the command line) or "system" (the worker).
    key: the primary key of the staff member or token, 0 where there is none.
    name: shown in histories, e.g. "Anna at the counter".
    scope: whom the rights reach. stages, teams: where the scope is the stages of their teams, which those are.
    """

    kind: str
    key: int
    name: str
    rights: frozenset[Right]
    scope: Scope = Scope.ALL
    stages: frozenset[str] = frozenset()
    teams: frozenset[int] = frozenset()

    @property
    def as_columns(self) -> dict[str, Any]:
        """What a row (trust.by.ByActor) keeps of this actor."""
        return {"by_kind": self.kind, "by_key": self.key, "by_name": self.name}

    @property
    def veiled(self) -> bool:
        """Whether contact points are shown to this actor with their middle left out."""
        return Right.REVEAL not in self.rights

    @property
    def walled(self) -> bool:
        """Whether there are customers whom this actor may not see."""
        return self.scope is not Scope.ALL

    def may(self, right: Right) -> bool:
        """Whether this actor has the right."""
        return right in self.rights

    def must(self, right: Right) -> None:
        """Raise NotAllowed unless this actor has the right."""
        if right not in self.rights:
            raise NotAllowed(right)

    def must_one_of(self, *rights: Right) -> None:
        """Raise NotAllowed, which names the first, unless this actor has one of these rights."""
        if self.rights.isdisjoint(rights):
            raise NotAllowed(rights[0])

    def also(self, right: Right) -> "Actor":
        """The same actor with one right more, for what follows of itself from something they may do."""
        return replace(self, rights=self.rights | {right})

    def must_open_cards(self) -> None:
        """Raise NotAllowed unless this actor may see customers, or look one up."""
        if Right.LOOK_UP not in self.rights:
            self.must(Right.SEE)


SHELL = Actor(kind="shell", key=0, name="command line", rights=frozenset(Right))
SYSTEM = Actor(kind="system", key=0, name="Kartoteka", rights=frozenset(Right))
