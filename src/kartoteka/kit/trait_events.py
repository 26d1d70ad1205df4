"""Traits of what happened: counts and sums within a window, sequences, and silence by somebody's own rhythm."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    FloatField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast

from .open_values import has
from .sql_time import DAY, After, Seconds
from .textlike import contains, starts
from .trait_kinds import compared, negated, next_of, nought_passes, number
from .traits import Called, Narrow, Op, Part, Test, Type, all_traits

# With fewer there is no rhythm.
FEWEST = 3
COUNT = "count"


@dataclass(frozen=True)
class Events(Called):
    """Rows of something that happened to customers.

    rows: all of them. customer, moment: the columns, from the row. added: what can be added up: measure -> column or
    expression, kept as so many times what it is (scale; kit.fixed).
    """

    rows: Callable[[], "QuerySet[Any]"] = QuerySet
    customer: str = "identity__customer"
    moment: str = "at"
    added: Mapping[str, Any] = field(default_factory=dict)
    scale: float = 1.0

    def condition(self, test: Test, at: dt.datetime) -> Q:
        """The customers to whom it happened so often, added up to so much, was followed, or not since."""
        if test.op in (Op.FOLLOWED, Op.NOT_FOLLOWED):
            return self._of(self._sequence(test, at))
        if test.op == Op.SILENT:
            grouped = self._rhythm(test)
            return self._of(grouped.filter(until__lt=at.timestamp()))
        passes = _measured(test)
        if test.among is None and test.measure == COUNT and (once := _once(test)) is not None:
            return self._ever(test, at) if once else negated(self._ever(test, at))
        # Who has none has nought.
        if not nought_passes(test):
            return self._of(self._added(test, at).filter(passes))
        return negated(self._of(self._added(test, at).exclude(passes)))

    def _of(self, rows: "QuerySet[Any]") -> Q:
        return Q(pk__in=rows.order_by().values(self.customer))

    def _ever(self, test: Test, at: dt.datetime) -> Q:
        """The customers to whom it happened at all: first whose rows those are, each once, and then whose customers."""
        first, _through, rest = self.customer.partition("__")
        rows = self._within(self._fitting(test.where), test, at).order_by().values(first)
        if not rest:
            return Q(pk__in=rows)
        owner = rows.model._meta.get_field(first).related_model
        theirs = owner._base_manager.filter(pk__in=rows, **{f"{rest}__isnull": False})
        return Q(pk__in=theirs.order_by().values(rest))

    def narrowed(self, where: Sequence[Narrow]) -> "QuerySet[Any]":
        """The rows of customers that fit these."""
        return self._fitting(where).filter(**{f"{self.customer}__isnull": False})

    def _fitting(self, where: Sequence[Narrow]) -> "QuerySet[Any]":
        parts = {each.key: each for each in self.parts}
        rows = self.rows()
        for each in where:
            rows = rows.filter(_narrow(parts[each.part], each))
        return rows

    def _within(self, rows: "QuerySet[Any]", test: Test, at: dt.datetime) -> "QuerySet[Any]":
        rows = rows.filter(**{f"{self.moment}__lte": at})
        if test.days:
            rows = rows.filter(**{f"{self.moment}__gte": at - dt.timedelta(days=test.days)})
        return rows

    def _rows(self, test: Test, at: dt.datetime) -> "QuerySet[Any]":
        """What counts: narrowed, and within the window."""
        return self._asked(self._within(self.narrowed(test.where), test, at), test)

    def _asked(self, rows: "QuerySet[Any]", test: Test) -> "QuerySet[Any]":
        return rows if test.among is None else rows.filter(**{f"{self.customer}__in": test.among})

    def _added(self, test: Test, at: dt.datetime) -> "QuerySet[Any]":
        what: Any = Count("pk")
        if test.measure != COUNT:
            what = Cast(Sum(self.added[test.measure]), FloatField()) / Value(self.scale, FloatField())
        grouped: QuerySet[Any] = self._rows(test, at).order_by().values(self.customer)
        return grouped.annotate(measured=what)  # type: ignore[no-any-return]

    def _sequence(self, test: Test, at: dt.datetime) -> "QuerySet[Any]":
        other = all_traits()[test.by]
        assert isinstance(other, Events)
        after = After(OuterRef(self.moment), test.within * DAY)
        followed = Exists(
            other.narrowed(test.by_where).filter(**{
                other.customer: OuterRef(self.customer),
                f"{other.moment}__gt": OuterRef(self.moment),
                f"{other.moment}__lte": after,
            }).filter(**{f"{other.moment}__lte": at})
        )  # fmt: skip
        if test.op == Op.FOLLOWED:
            return self._rows(test, at).filter(followed)
        over = at - dt.timedelta(days=test.within)
        return self._rows(test, at).filter(~followed, **{f"{self.moment}__lt": over})

    def _rhythm(self, test: Test) -> "QuerySet[Any]":
        """By customer, until when (seconds since the epoch) silence is nothing unusual."""
        rows = self._asked(self.narrowed(test.where), test).order_by().values(self.customer)
        grouped = rows.annotate(
            times=Count("pk"), first=Seconds(Min(self.moment)), last=Seconds(Max(self.moment))
        )
        usual = (F("last") - F("first")) * float(test.value) / (F("times") - 1.0)
        found: QuerySet[Any] = grouped.filter(times__gte=FEWEST, last__gt=F("first"))
        return found.annotate(until=F("last") + usual)  # type: ignore[no-any-return]

    def turns(self, test: Test, at: dt.datetime) -> Any:
        """When the oldest of them leaves the window, a wait is over, or silence becomes unusual."""
        if test.op == Op.SILENT:
            return self._silent_from(test, at)
        mature = test.op == Op.NOT_FOLLOWED
        if not test.days and not mature:
            return None
        flips = []
        if mature:
            waiting = self.narrowed(test.where).filter(
                **{f"{self.moment}__gte": at - dt.timedelta(days=test.within)}
            )
            flips.append(self._first(self._asked(waiting, test), test.within))
        if test.days:
            flips.append(self._first(self._rows(test, at), test.days))
        return flips[0] if len(flips) == 1 else _earlier(*flips)

    def soonest(
        self, test: Test, at: dt.datetime, *, until: dt.datetime, customers: "QuerySet[Any]"
    ) -> "Sequence[QuerySet[Any]] | None":
        """By groups of the rows in reach, instead of one customer after the other."""
        del customers  # whoever has rows is one
        if test.op == Op.SILENT:
            due = self._rhythm(test).filter(until__gte=at.timestamp(), until__lt=until.timestamp())
            moment = After(Max(self.moment), F("until") - F("last"))
            return [due.annotate(turning=moment).values_list(self.customer, "turning")]
        found = []
        if test.op == Op.NOT_FOLLOWED:
            waiting = self.narrowed(test.where)
            found.append(self._firsts(waiting, at - dt.timedelta(days=test.within), until, test.within))
        if test.days:
            rows = self._rows(test, at)
            found.append(self._firsts(rows, at - dt.timedelta(days=test.days), until, test.days))
        return found

    def _firsts(
        self, rows: "QuerySet[Any]", since: dt.datetime, until: dt.datetime, days: int
    ) -> "QuerySet[Any]":
        """By customer, so many days after the first of these rows since then, where that is before `until`."""
        reach = {f"{self.moment}__gte": since, f"{self.moment}__lt": until - dt.timedelta(days=days)}
        grouped: QuerySet[Any] = rows.filter(**reach).order_by().values(self.customer)
        moment = After(Min(self.moment), days * DAY)
        return grouped.annotate(turning=moment).values_list(self.customer, "turning")  # type: ignore[no-any-return]

    def _first(self, rows: "QuerySet[Any]", days: int) -> Any:
        """So many days after the first of these rows, for who has any."""
        its = rows.filter(**{self.customer: OuterRef("pk")}).order_by().values(self.customer)
        first = its.annotate(first=Min(self.moment)).values("first")[:1]
        return next_of((self._of(rows), After(Subquery(first), days * DAY)))

    def _silent_from(self, test: Test, at: dt.datetime) -> Any:
        due = self._rhythm(test).filter(until__gte=at.timestamp())
        its = due.filter(**{self.customer: OuterRef("pk")})
        last = its.annotate(newest=Max(self.moment)).values("newest")[:1]
        wait = its.annotate(wait=F("until") - F("last")).values("wait")[:1]
        return next_of((self._of(due), After(Subquery(last), Subquery(wait, output_field=FloatField()))))


def _earlier(one: Any, other: Any) -> Any:
    from django.db.models.functions import Least

    return Least(one, other)


def _once(test: Test) -> bool | None:
    """Whether a count asks only for having happened (True), or for never (False); None where it asks how often."""
    asks: dict[tuple[Op, Any], bool] = {
        (Op.AT_LEAST, 1): True, (Op.MORE, 0): True,
        (Op.LESS, 1): False, (Op.AT_MOST, 0): False, (Op.EQUAL, 0): False,
    }  # fmt: skip
    return None if test.op == Op.BETWEEN else asks.get((test.op, test.value))


def _measured(test: Test) -> Q:
    value = test.value
    if test.measure != COUNT:
        value = [float(each) for each in value] if test.op == Op.BETWEEN else float(value)
    return number("measured", test.op, value)


def _narrow(part: Part, test: Narrow) -> Q:
    if part.type == Type.OPEN:
        return has(part.path, test.key, test.op, test.value)
    if part.keys:
        some = Q(**{f"{part.path}__has_any_keys": list(test.value)})
        return some if test.op == Op.ANY_OF else negated(some)
    if part.type in (Type.NUMBER, Type.MONEY):
        return number(part.path, test.op, test.value)
    if test.op == Op.ANY_OF:
        return compared(part.path, "in", list(test.value))
    if test.op == Op.NONE_OF:
        return negated(compared(part.path, "in", list(test.value)))
    return (contains if test.op == Op.CONTAINS else starts)(part.path, test.value)
