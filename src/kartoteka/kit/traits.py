"""Traits: whatever a rule can speak of. Each domain registers its own from `ready()`; rules are made of them one floor up.

A trait says what it is called, of which type it is, and turns a test of itself into a condition on customers (a `Q`). One
that changes with time also says when the answer for a customer may next be another one.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Type(StrEnum):
    """What a trait's value is, and so how it can be compared."""

    TEXT = "text"
    CHOICE = "choice"
    SET = "set"  # several of the choices, or words
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"  # a day
    MOMENT = "moment"  # in UTC
    BIRTHDAY = "birthday"  # may lack its day or its year
    YESNO = "yesno"
    EVENT = "event"  # what happened, any number of times
    GROUP = "group"
    OPEN = (
        "open"  # whatever a program sent along: text, a number, yes or no, a day; the comparison says which
    )


class Op(StrEnum):
    """The comparisons."""

    ANY_OF = "any_of"
    ALL_OF = "all_of"
    NONE_OF = "none_of"
    CONTAINS = "contains"
    STARTS = "starts"
    KNOWN = "known"
    UNKNOWN = "unknown"
    EQUAL = "equal"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE = "more"
    LESS = "less"
    BETWEEN = "between"
    SINCE = "since"  # on this day or later
    BEFORE = "before"  # before this day
    LAST = "last"  # in the last so many days
    NOT_LAST = "not_last"  # longer ago than so many days
    NEXT = "next"  # within the next so many days
    MONTH = "month"
    YES = "yes"
    NO = "no"
    FOLLOWED = "followed"  # one event by another
    NOT_FOLLOWED = "not_followed"
    SILENT = "silent"  # for longer than so many of their usual intervals


_NUMBERS = (Op.EQUAL, Op.AT_LEAST, Op.AT_MOST, Op.MORE, Op.LESS, Op.BETWEEN)
_DAYS = (Op.LAST, Op.NOT_LAST, Op.SINCE, Op.BEFORE, Op.BETWEEN)
_KNOWING = (Op.KNOWN, Op.UNKNOWN)
OPS: dict[Type, tuple[Op, ...]] = {
    Type.TEXT: (Op.ANY_OF, Op.NONE_OF, Op.CONTAINS, Op.STARTS, *_KNOWING),
    Type.CHOICE: (Op.ANY_OF, Op.NONE_OF, *_KNOWING),
    Type.SET: (Op.ANY_OF, Op.ALL_OF, Op.NONE_OF, *_KNOWING),
    Type.NUMBER: (*_NUMBERS, *_KNOWING),
    Type.MONEY: (*_NUMBERS, *_KNOWING),
    Type.DATE: (*_DAYS, Op.NEXT, *_KNOWING),
    Type.MOMENT: (*_DAYS, *_KNOWING),
    Type.BIRTHDAY: (Op.NEXT, Op.MONTH, *_KNOWING),
    Type.YESNO: (Op.YES, Op.NO),
    Type.EVENT: (*_NUMBERS, Op.FOLLOWED, Op.NOT_FOLLOWED, Op.SILENT),
    Type.GROUP: (Op.ANY_OF, Op.NONE_OF),
    Type.OPEN: (
        Op.ANY_OF, Op.NONE_OF, Op.CONTAINS, Op.STARTS, Op.EQUAL, Op.AT_LEAST, Op.AT_MOST, Op.MORE, Op.LESS,
        Op.SINCE, Op.BEFORE, Op.YES, Op.NO, *_KNOWING,
    ),
}  # fmt: skip
TYPE_NAMES: dict[Type, Text] = {
    Type.TEXT: _("text"),
    Type.CHOICE: _("one of several"),
    Type.SET: _("several words"),
    Type.NUMBER: _("number"),
    Type.MONEY: _("amount of money"),
    Type.DATE: _("day"),
    Type.MOMENT: _("date and time"),
    Type.BIRTHDAY: _("birthday"),
    Type.YESNO: _("yes or no"),
    Type.EVENT: _("what happened"),
    Type.GROUP: _("group"),
    Type.OPEN: _("anything"),
}


@dataclass(frozen=True)
class Narrow:
    """One test of a part of an event, such as its category. key: which property, of a part of Type.OPEN."""

    part: str
    op: Op
    value: Any = None
    key: str = ""


@dataclass(frozen=True)
class Test:
    """One test of a trait.

    value: what is compared with; its shape follows from type and comparison. currency: of money. Of events also:
    measure: "count" or what is added up. days: only those of the last so many days. where: narrows the events.
    by, by_where, within: the event that follows, and within how many days.
    """

    __test__ = False  # no test of pytest's

    op: Op
    value: Any = None
    currency: str = ""
    measure: str = "count"
    days: int = 0
    where: tuple[Narrow, ...] = ()
    by: str = ""
    by_where: tuple[Narrow, ...] = ()
    within: int = 0
    # The keys of the customers whom it is asked of, where those are few; a trait may look at these only.
    among: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Part:
    """A part of an event by which it is narrowed: `path` is the column, from the event's row.

    choices: what there is to choose from; empty where anything can be written. suggested: what is often written there; of
    Type.OPEN, the properties seen lately. keys: the column is JSON, and it is asked which keys it has.
    """

    key: str
    label: Text
    type: Type
    path: str
    choices: Callable[[], Sequence[tuple[str, Text]]] = tuple
    suggested: Callable[[], Sequence[str]] = tuple
    keys: bool = False


class Trait(Protocol):
    """What a rule can speak of.

    sensitive: only for who sees sensitive fields. contact: tells of contact points, so only for who sees them whole.
    unit: what a number counts. parts, measures: of events.
    """

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> Text: ...
    @property
    def type(self) -> Type: ...
    @property
    def domain(self) -> Text: ...
    @property
    def unit(self) -> Text: ...
    @property
    def sensitive(self) -> bool: ...
    @property
    def contact(self) -> bool: ...
    @property
    def parts(self) -> tuple[Part, ...]: ...
    @property
    def measures(self) -> tuple[tuple[str, Text], ...]: ...

    def choices(self) -> Sequence[tuple[str, Text]]:
        """What can be chosen, as (value, label); empty where anything can be written."""

    def often(self) -> Sequence[str]:
        """What is often written, where anything can be."""

    def condition(self, test: Test, at: dt.datetime) -> Q:
        """The customers who pass the test at this moment (UTC)."""

    def turns(self, test: Test, at: dt.datetime) -> Any:
        """An expression for the next moment after `at` at which the answer for a customer may change by time alone, with
        `kit.trait_kinds.NEVER` for never; None where no time is in it."""

    def soonest(
        self, test: Test, at: dt.datetime, *, until: dt.datetime, customers: "QuerySet[Any]"
    ) -> "Sequence[QuerySet[Any]] | None":
        """Where `turns` need not be asked of everybody: rows of (customer's key, moment) that have the first moment of each
        of these customers whose answer may change before `until`; later moments may be among them. None: ask everybody."""


Many = Callable[[], Iterable[Trait]]
_traits: dict[str, Trait] = {}
_many: list[Many] = []


def register(trait: Trait) -> None:
    """Make a trait known. Called from an app's `ready()`."""
    _traits[trait.key] = trait


def register_many(some: Many) -> None:
    """Make known traits that come and go with the base, such as own fields: asked anew each time."""
    if some not in _many:
        _many.append(some)


def all_traits() -> dict[str, Trait]:
    """Every trait there is now, by key."""
    return {each.key: each for each in _walk()}


def _walk() -> Iterator[Trait]:
    yield from _traits.values()
    for some in _many:
        yield from some()


@dataclass(frozen=True)
class Called:
    """What all kinds of traits say of themselves."""

    key: str
    label: Text
    type: Type
    domain: Text
    unit: Text = ""
    sensitive: bool = False
    contact: bool = False
    parts: tuple[Part, ...] = ()
    measures: tuple[tuple[str, Text], ...] = field(default=())
    offered: Callable[[], Sequence[tuple[str, Text]]] | None = None
    suggested: Callable[[], Sequence[str]] = tuple

    def soonest(
        self, test: Test, at: dt.datetime, *, until: dt.datetime, customers: "QuerySet[Any]"
    ) -> "Sequence[QuerySet[Any]] | None":
        """Everybody is asked."""
        del test, at, until, customers
        return None

    def often(self) -> Sequence[str]:
        """What is often written, where anything can be."""
        return self.suggested()

    def choices(self) -> Sequence[tuple[str, Text]]:
        """What can be chosen; empty where anything can be written."""
        return self.offered() if self.offered else ()
