"""The usual kinds of traits, over columns, JSON and rows of events; what they ask is the same on SQLite and PostgreSQL."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateTimeField,
    F,
    Func,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Concat, Greatest, Length
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, In, LessThan, LessThanOrEqual
from django.utils import timezone

from .sql_time import DAY, After, LocalDay, MonthDay
from .textlike import contains, starts
from .traits import Called, Op, Test, Type

NEVER = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
_LOOKUPS = {
    "in": In, "exact": Exact, "gte": GreaterThanOrEqual, "gt": GreaterThan, "lte": LessThanOrEqual, "lt": LessThan,
}  # fmt: skip
_COMPARED = {Op.EQUAL: "exact", Op.AT_LEAST: "gte", Op.AT_MOST: "lte", Op.MORE: "gt", Op.LESS: "lt"}
_MOST_OF_YEAR = 180  # With so many days an index of birthdays saves nothing.
_ROUND = 1000  # A day of the clock's change is caught up within this many seconds.


def negated(condition: Q) -> Q:
    """Whoever does not fulfil it, also where the database knows neither yes nor no."""
    return Q(Case(When(condition, then=Value(False)), default=Value(True), output_field=BooleanField()))


NOBODY = Q(pk__in=[])


def compared(what: Any, lookup: str, value: Any) -> Q:
    """A condition on a column (by its name) or an expression."""
    if isinstance(what, str):
        return Q(**{f"{what}__{lookup}": value})
    return Q(_LOOKUPS[lookup](what, value))


def number(what: Any, op: Op, value: Any) -> Q:
    """A number against a number, or two for between."""
    if op == Op.BETWEEN:
        return compared(what, "gte", value[0]) & compared(what, "lte", value[1])
    return compared(what, _COMPARED[op], value)


def next_of(*flips: tuple[Any, Any]) -> Any:
    """The first of these (condition, moment) that fits; NEVER where none does."""
    never = Value(NEVER, output_field=DateTimeField())
    return Case(
        *(When(condition, then=moment) for condition, moment in flips),
        default=never,
        output_field=DateTimeField(),
    )


def local_day(at: dt.datetime) -> dt.date:
    """The business's own day of a moment."""
    return timezone.localtime(at, timezone.get_default_timezone()).date()


def start_of(day: dt.date) -> dt.datetime:
    """The first moment of a day of the business."""
    return dt.datetime.combine(day, dt.time(), tzinfo=timezone.get_default_timezone())


@dataclass(frozen=True)
class Valued(Called):
    """A trait with one value: `of` is a column's name or an expression.

    guard: holds for who has a value at all, where the database does not tell it by itself. Text and days are kept as text
    ("" for none), days in ISO.
    """

    of: Any = ""
    guard: Q | None = None

    @property
    def _known(self) -> Q:
        if self.guard is not None:
            return self.guard
        if self.type in (Type.NUMBER, Type.MONEY, Type.MOMENT):
            return negated(Q(**{f"{self.of}__isnull": True}))
        return compared(self.of, "gt", "")

    def condition(self, test: Test, at: dt.datetime) -> Q:
        """The customers who pass the test."""
        if test.op == Op.KNOWN:
            return self._known
        if test.op == Op.UNKNOWN:
            return negated(self._known)
        asked = {
            Type.NUMBER: self._number, Type.MONEY: self._number, Type.MOMENT: self._moment, Type.DATE: self._day,
        }.get(self.type, self._text)  # fmt: skip
        return asked(test, at)

    def _text(self, test: Test, _at: dt.datetime) -> Q:
        if test.op == Op.ANY_OF:
            return compared(self.of, "in", list(test.value))
        if test.op == Op.NONE_OF:
            return negated(compared(self.of, "in", list(test.value)))
        return (contains if test.op == Op.CONTAINS else starts)(self.of, test.value)

    def _number(self, test: Test, _at: dt.datetime) -> Q:
        return self._known & number(self.of, test.op, test.value)

    def _moment(self, test: Test, at: dt.datetime) -> Q:
        if test.op in (Op.LAST, Op.NOT_LAST):
            lookup = "gte" if test.op == Op.LAST else "lt"
            return compared(self.of, lookup, at - dt.timedelta(days=test.value))
        if test.op == Op.SINCE:
            return compared(self.of, "gte", start_of(test.value))
        if test.op == Op.BEFORE:
            return compared(self.of, "lt", start_of(test.value))
        first, last = test.value
        end = start_of(last + dt.timedelta(days=1))
        return compared(self.of, "gte", start_of(first)) & compared(self.of, "lt", end)

    def _day(self, test: Test, at: dt.datetime) -> Q:
        today = local_day(at)
        if test.op in (Op.LAST, Op.NOT_LAST, Op.NEXT):
            away = dt.timedelta(days=test.value)
            if test.op == Op.NOT_LAST:
                return self._known & compared(self.of, "lt", (today - away).isoformat())
            ends = (today, today + away) if test.op == Op.NEXT else (today - away, today)
        elif test.op == Op.BETWEEN:
            ends = test.value
        else:
            lookup = "gte" if test.op == Op.SINCE else "lt"
            return self._known & compared(self.of, lookup, test.value.isoformat())
        return compared(self.of, "gte", ends[0].isoformat()) & compared(self.of, "lte", ends[1].isoformat())

    def turns(self, test: Test, at: dt.datetime) -> Any:
        """When the edge of a window passes over the value."""
        if test.op not in (Op.LAST, Op.NOT_LAST, Op.NEXT):
            return None
        days = test.value
        if self.type == Type.MOMENT:
            gone = compared(self.of, "gte", at - dt.timedelta(days=days))
            what = F(self.of) if isinstance(self.of, str) else self.of
            return next_of((gone, After(what, days * DAY)))
        today = local_day(at)
        what = F(self.of) if isinstance(self.of, str) else self.of
        edges = (-days, 1) if test.op == Op.NEXT else (0, days + 1)
        return next_of(*(
            (
                self._known & compared(self.of, "gt", (today - dt.timedelta(days=edge)).isoformat()),
                soon(LocalDay(what, edge * DAY), at),
            )
            for edge in edges
        ))  # fmt: skip


def soon(moment: Any, at: dt.datetime) -> Any:
    """This moment, or a little later than now where it has passed while the day has not turned yet."""
    return Greatest(
        moment,
        Value(at + dt.timedelta(seconds=_ROUND), output_field=DateTimeField()),
        output_field=DateTimeField(),
    )


@dataclass(frozen=True)
class Counted(Called):
    """A number that stands in a row of its own beside the customer; who has no such row has nought.

    rows: these rows. of: the column, which is never empty. customer: the column of the customer's key.
    """

    rows: Callable[[], "QuerySet[Any]"] = QuerySet
    of: str = ""
    customer: str = "customer"

    def condition(self, test: Test, _at: dt.datetime) -> Q:
        """The customers whose number is so."""
        if test.op in (Op.KNOWN, Op.UNKNOWN):
            return ~NOBODY if test.op == Op.KNOWN else NOBODY
        passes = number(self.of, test.op, test.value)
        rows = (
            self.rows() if test.among is None else self.rows().filter(**{f"{self.customer}__in": test.among})
        )
        if not nought_passes(test):
            return Q(pk__in=rows.filter(passes).values(self.customer))
        return negated(Q(pk__in=rows.exclude(passes).values(self.customer)))

    def turns(self, _test: Test, _at: dt.datetime) -> Any:
        """Never by time."""
        return None


def nought_passes(test: Test) -> bool:
    """Whether who has none passes this test of a number."""
    value = test.value
    if test.op == Op.BETWEEN:
        return bool(value[0] <= 0 <= value[1])
    holds: dict[Op, bool] = {
        Op.EQUAL: value == 0, Op.AT_LEAST: value <= 0, Op.AT_MOST: value >= 0,
        Op.MORE: value < 0, Op.LESS: value > 0,
    }  # fmt: skip
    return holds[test.op]


@dataclass(frozen=True)
class YesNo(Called):
    """A trait that holds or not. holds: the condition at a moment. turning: when it next changes by itself."""

    holds: Callable[[dt.datetime], Q] = lambda _at: NOBODY
    turning: Callable[[dt.datetime], Any] = lambda _at: None

    def condition(self, test: Test, at: dt.datetime) -> Q:
        """The customers of whom it holds, or not."""
        return self.holds(at) if test.op == Op.YES else negated(self.holds(at))

    def turns(self, _test: Test, at: dt.datetime) -> Any:
        """When it next changes by itself."""
        return self.turning(at)


@dataclass(frozen=True)
class Several(Called):
    """A trait with several values. having: who has one of these; with nothing given, who has any at all.

    of_few: the same, where that is found more cheaply customer by customer, for when few are asked of.
    """

    having: Callable[[Sequence[str] | None, dt.datetime], Q] = lambda _some, _at: NOBODY
    turning: Callable[[Sequence[str], dt.datetime], Any] = lambda _some, _at: None
    of_few: Callable[[Sequence[str] | None, dt.datetime], Q] | None = None

    def condition(self, test: Test, at: dt.datetime) -> Q:
        """The customers who have any, all or none of them."""
        having = self.having if test.among is None or self.of_few is None else self.of_few
        if test.op in (Op.KNOWN, Op.UNKNOWN):
            some = having(None, at)
            return some if test.op == Op.KNOWN else negated(some)
        if test.op == Op.ALL_OF:
            found = Q()
            for each in test.value:
                found &= having([each], at)
            return found
        some = having(list(test.value), at)
        return some if test.op == Op.ANY_OF else negated(some)

    def turns(self, test: Test, at: dt.datetime) -> Any:
        """When one of them comes or goes by itself."""
        return self.turning(list(test.value or ()), at)


class Entries(Func):
    """Whether the list under a key of a JSON column has one of these texts."""

    output_field = BooleanField()

    def __init__(self, column: str, key: str, some: Sequence[str] | None) -> None:
        super().__init__(F(column))
        self.key, self.some = key, some

    def as_sqlite(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        """By json_each."""
        column, params = compiler.compile(self.source_expressions[0])
        path = f'$."{self.key}"'
        test = "" if self.some is None else f" WHERE value IN ({', '.join(['%s'] * len(self.some))})"
        sql = f"EXISTS(SELECT 1 FROM json_each({column}, %s){test})"  # noqa: S608 (marks only)
        return sql, (*params, path, *(self.some or ()))

    def as_postgresql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        """By the operators of jsonb."""
        column, params = compiler.compile(self.source_expressions[0])
        if self.some is None:
            return f"COALESCE({column} -> %s, '[]'::jsonb) <> '[]'::jsonb", (*params, self.key)
        sql = f"COALESCE(jsonb_exists_any({column} -> %s, %s::text[]), FALSE)"
        return sql, (*params, self.key, list(self.some))


@dataclass(frozen=True)
class Birthday(Called):
    """A birthday, of a partial ISO date in a column; 29 February is kept on the 28th in other years."""

    of: str = ""

    @property
    def _whole(self) -> Q:
        return Q(**{f"{self.of}__gt": ""}) & (
            Q(Exact(Length(self.of), 10)) | Q(**{f"{self.of}__startswith": "--"})
        )

    def condition(self, test: Test, at: dt.datetime) -> Q:
        """Whose birthday is in a month, or within so many days from today."""
        if test.op in (Op.KNOWN, Op.UNKNOWN):
            return self._whole if test.op == Op.KNOWN else negated(self._whole)
        day = MonthDay(self.of)
        if test.op == Op.MONTH:
            months = [f"{int(each):02}" for each in test.value]
            every = [f"{month}-{each:02}" for month in months for each in range(1, 32)]
            return compared(day, "in", every)
        # Of what lacks its day or month nothing of this kind is cut off, so it need not be asked whether it is whole.
        return compared(day, "in", _days_from(local_day(at), test.value))

    def turns(self, test: Test, at: dt.datetime) -> Any:
        """The day after a birthday that is within reach; else the day on which the next one comes within reach."""
        if test.op != Op.NEXT:
            return None
        today = local_day(at)
        upcoming = next_birthday(self.of, today)
        near = compared(MonthDay(self.of), "in", _days_from(today, test.value))
        return next_of(
            (near, soon(LocalDay(upcoming, DAY), at)),
            (self._whole, soon(LocalDay(upcoming, -test.value * DAY), at)),
        )

    def soonest(
        self, test: Test, at: dt.datetime, *, until: dt.datetime, customers: "QuerySet[Any]"
    ) -> "Sequence[QuerySet[Any]] | None":
        """Of those whose birthday comes within reach of the window until then, by the index of birthdays."""
        turns = self.turns(test, at)
        reach = _days_from(local_day(at), (until - at).days + 2 + test.value if turns is not None else 0)
        if turns is None or len(reach) > _MOST_OF_YEAR:
            return None
        near = customers.filter(compared(MonthDay(self.of), "in", reach))
        return [near.annotate(turning=turns).filter(turning__lt=until).values_list("pk", "turning")]


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_from(today: dt.date, days: int) -> list[str]:
    """Month and day of today and the days after it."""
    some = [today + dt.timedelta(days=each) for each in range(min(days, 366) + 1)]
    found = [f"{each:%m-%d}" for each in some]
    if any((each.month, each.day) == (2, 28) and not _leap(each.year) for each in some):
        found.append("02-29")
    return list(dict.fromkeys(found))


def next_birthday(column: str, today: dt.date) -> Any:
    """ISO day of the next birthday, today's included, of a date that has day and month."""
    day = MonthDay(column)
    kept = [dt.date(year, 2, 29 if _leap(year) else 28) for year in (today.year, today.year + 1)]
    leapling = next(each for each in kept if each >= today)
    return Case(
        When(compared(day, "exact", "02-29"), then=Value(leapling.isoformat())),
        When(compared(day, "gte", f"{today:%m-%d}"), then=_joined(Value(f"{today.year}-"), day)),
        default=_joined(Value(f"{today.year + 1}-"), day),
        output_field=CharField(),
    )


@dataclass(frozen=True)
class Age(Called):
    """Full years, of a partial ISO date: the least that they can be, so nobody is held older than is sure."""

    of: str = ""

    @property
    def _latest(self) -> Any:
        """The last day on which they can be born; "" where no year is known."""
        return Case(
            When(Q(**{f"{self.of}__startswith": "-"}), then=Value("")),
            When(Exact(Length(self.of), 7), then=_joined(F(self.of), Value("-31"))),
            When(Exact(Length(self.of), 4), then=_joined(F(self.of), Value("-12-31"))),
            default=F(self.of),
            output_field=CharField(),
        )

    def _reached(self, years: int, at: dt.datetime) -> Q:
        today = local_day(at)
        # Who was born on 29 February has their birthday on the 28th in other years.
        day = "02-29" if f"{today:%m-%d}" == "02-28" and not _leap(today.year) else f"{today:%m-%d}"
        return compared(self._latest, "gt", "") & compared(
            self._latest, "lte", f"{max(0, today.year - years):04}-{day}"
        )

    def condition(self, test: Test, at: dt.datetime) -> Q:
        """Whose age is so."""
        known = compared(self._latest, "gt", "")
        if test.op in (Op.KNOWN, Op.UNKNOWN):
            return known if test.op == Op.KNOWN else negated(known)
        low, high = age_range(test)
        found = known
        if low is not None:
            found &= self._reached(low, at)
        if high is not None:
            found &= negated(self._reached(high + 1, at))
        return found

    def turns(self, test: Test, at: dt.datetime) -> Any:
        """The next birthday; of who has no day, the first of the next month or year."""
        if test.op in (Op.KNOWN, Op.UNKNOWN):
            return None
        today = local_day(at)
        month = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        year = dt.date(today.year + 1, 1, 1)
        whole = Q(Exact(Length(self.of), 10))
        upcoming = next_birthday(self.of, today + dt.timedelta(days=1))
        return next_of(
            (whole, soon(LocalDay(upcoming, 0), at)),
            (
                Q(Exact(Length(self.of), 7)) & ~Q(**{f"{self.of}__startswith": "-"}),
                soon(start_value(month), at),
            ),
            (Q(Exact(Length(self.of), 4)), soon(start_value(year), at)),
        )


def _joined(*texts: Any) -> Any:
    return Concat(*texts, output_field=CharField())


def start_value(day: dt.date) -> Any:
    """The first moment of a day, for SQL."""
    return Value(start_of(day), output_field=DateTimeField())


def age_range(test: Test) -> tuple[int | None, int | None]:
    """The least and the most full years that pass."""
    if test.op == Op.BETWEEN:
        return int(test.value[0]), int(test.value[1])
    years = int(test.value)
    return {
        Op.EQUAL: (years, years), Op.AT_LEAST: (years, None), Op.AT_MOST: (None, years),
        Op.MORE: (years + 1, None), Op.LESS: (None, years - 1),
    }[test.op]  # fmt: skip
