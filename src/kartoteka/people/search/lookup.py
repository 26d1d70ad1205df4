"""Reading the index: customers by their words. The same answers from both databases."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from kartoteka.people.models import Customer

from .words import NAME

# PostgreSQL: what it takes to fetch one of those found by the index, in rows that are read through one after another.
_FETCHED = 10
# How much further back than expected it is read through, so that there are enough.
_SPARE = 2


@dataclass(frozen=True, slots=True)
class Has:
    """A customer has this word, or one that begins with it."""

    word: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """All of these hold."""

    of: "tuple[Test, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these holds."""

    of: "tuple[Test, ...]"


Test = Has | Every | Either
Found = tuple[int, list[str], list[str]]  # customer, words of the name, other words


def rows_of(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Among:
    """The condition that a customer is one of these, looked at one by one as they are met in the index."""

    sql: str
    values: Sequence[Any]

    @classmethod
    def of(cls, customers: QuerySet[Customer]) -> "Among":
        """These and no others."""
        key = "found.customer" if connection.vendor == "postgresql" else "people_search.rowid"
        rows = customers.order_by().filter(pk=RawSQL(key, ())).values("pk")  # noqa: S611 - a name of ours
        sql, values = rows.query.sql_with_params()
        return cls(f"AND EXISTS ({sql})", values)


ANYBODY = Among("", ())


def customers(
    test: Test,
    *,
    most: int,
    ways: Sequence[Sequence[int]],
    among: Among = ANYBODY,
    names_only: bool = False,
) -> list[Found]:
    """The newest customers who pass the test, `most` at most, with their words.

    ways: for each way to pass it, about how many customers have each thing that must hold. among: only of these.
    names_only: the words must be of their names.
    """
    if connection.vendor == "postgresql":
        rows = _newest_postgres(_tsquery(test, NAME if names_only else ""), most, ways, among)
    else:
        match = _fts(test)
        rows = rows_of(
            f"SELECT rowid, names, others FROM people_search WHERE people_search MATCH %s {among.sql}"  # noqa: S608
            " ORDER BY rowid DESC LIMIT %s",
            [f"names : ({match})" if names_only else match, *among.values, most],
        )
    return [(key, names.split(), others.split()) for key, names, others in rows]


def _newest_postgres(
    query: str, most: int, ways: Sequence[Sequence[int]], among: Among
) -> list[tuple[Any, ...]]:
    """PostgreSQL's index tells who passes, but not the newest first: of few, all are fetched; where many are to be
    expected, customers are read through from the newest back. That is not left to the planner: wrong, it reads all."""
    if any(min(counts) > most for counts in ways):
        [(last,)] = rows_of("SELECT coalesce(max(customer), 0) + 1 FROM people_search", [])
        expected = sum(last * math.prod(min(1.0, count / last) for count in counts) for counts in ways)
        if expected**2 * _FETCHED > most * last:
            rows = rows_of(
                "SELECT customer, names, others FROM people_search AS found"  # noqa: S608
                f" WHERE customer > %s AND words @@ %s::tsquery {among.sql} ORDER BY customer DESC LIMIT %s",
                [last - int(_SPARE * most * last / expected), query, *among.values, most],
            )
            if len(rows) == most:
                return rows
    return rows_of(
        "WITH found AS MATERIALIZED"  # noqa: S608
        " (SELECT customer, names, others FROM people_search WHERE words @@ %s::tsquery)"
        f" SELECT customer, names, others FROM found WHERE true {among.sql} ORDER BY customer DESC LIMIT %s",
        [query, *among.values, most],
    )


def _fts(test: Test) -> str:
    if isinstance(test, Has):
        return f'"{test.word}"*' if test.begins else f'"{test.word}"'
    between = " AND " if isinstance(test, Every) else " OR "
    return "(" + between.join(map(_fts, test.of)) + ")"


def _tsquery(test: Test, of: str) -> str:
    if isinstance(test, Has):
        return f"'{of}{test.word}':*" if test.begins else f"'{of}{test.word}'"
    between = " & " if isinstance(test, Every) else " | "
    return "(" + between.join(_tsquery(each, of) for each in test.of) + ")"
