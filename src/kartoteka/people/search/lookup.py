"""Reading the index: words by what leads to them, customers by their words. The same answers from both databases."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from kartoteka.kit import bulk

# Above everything a word can go on with.
_END = "\U0010ffff"


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


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _among(values: Iterable[str]) -> tuple[str, Any]:
    if connection.vendor == "postgresql":
        return "= ANY(%s)", list(values)
    return "IN (SELECT value FROM json_each(%s))", bulk.json(sorted(values))


def counted(words: Iterable[str]) -> dict[str, int]:
    """Those of the words that are in the index, each with about how many customers have it."""
    test, given = _among(words)
    return dict(_rows(f"SELECT word, count FROM people_searchword WHERE word {test}", [given]))  # noqa: S608


def beginning(start: str, *, most: int) -> dict[str, int]:
    """The commonest words that begin with `start` and go on, with their counts."""
    return dict(
        _rows(
            "SELECT word, count FROM people_searchword WHERE word > %s AND word < %s ORDER BY count DESC, word LIMIT %s",
            [start, start + _END, most],
        )
    )


def led_to(clues: Iterable[str]) -> set[str]:
    """The words that one of these clues leads to."""
    if connection.vendor == "postgresql":
        found = _rows("SELECT word FROM people_searchclue WHERE clue = ANY(%s)", [list(clues)])
    else:
        found = _rows(
            "SELECT word FROM people_searchword WHERE id IN"
            " (SELECT rowid FROM people_searchclue WHERE people_searchclue MATCH %s)",
            [" OR ".join(f'"{clue}"' for clue in clues)],
        )
    return {word for (word,) in found}


def sharing(clues: Sequence[str], *, least: int, part: str, most: int) -> list[str]:
    """The words that at least so many of these clues lead to: those that have `part` in them, then those most alike."""
    alike = "shared * 1000 / (length(word) + %s) DESC, word LIMIT %s"
    if connection.vendor == "postgresql":
        found = _rows(
            "SELECT word FROM (SELECT word, count(*) AS shared FROM people_searchclue WHERE clue = ANY(%s)"  # noqa: S608
            f" GROUP BY word HAVING count(*) >= %s) AS near ORDER BY strpos(word, %s) > 0 DESC, {alike}",
            [list(clues), least, part, len(clues), most],
        )
    else:
        one = "SELECT rowid FROM people_searchclue WHERE people_searchclue MATCH %s"
        found = _rows(
            f"SELECT word FROM (SELECT rowid AS id, count(*) AS shared FROM ({' UNION ALL '.join([one] * len(clues))})"  # noqa: S608
            " GROUP BY 1 HAVING count(*) >= %s) AS near JOIN people_searchword USING (id)"
            f" ORDER BY instr(word, %s) > 0 DESC, {alike}",
            [*(f'"{clue}"' for clue in clues), least, part, len(clues), most],
        )
    return [word for (word,) in found]


def customers(test: Test, *, names_only: bool, most: int, rare: bool) -> list[Found]:
    """The newest customers who pass the test, `most` at most, with their words.

    names_only: the words must be of their names. rare: that few pass it, as far as one knows.
    """
    if connection.vendor == "postgresql":
        # Whether all that match are gathered first, or the table is read from its end until there are enough, is not
        # left to the planner's guess: wrong, it reads everything.
        gathered = "MATERIALIZED" if rare else "NOT MATERIALIZED"
        rows = _rows(
            f"WITH found AS {gathered} (SELECT customer, names, others FROM people_search"  # noqa: S608
            " WHERE words @@ %s::tsquery) SELECT customer, names, others FROM found ORDER BY customer DESC LIMIT %s",
            [_tsquery(test, ":A" if names_only else ""), most],
        )
    else:
        match = _fts(test)
        rows = _rows(
            "SELECT rowid, names, others FROM people_search WHERE people_search MATCH %s ORDER BY rowid DESC LIMIT %s",
            [f"names : ({match})" if names_only else match, most],
        )
    return [(key, names.split(), others.split()) for key, names, others in rows]


def _fts(test: Test) -> str:
    if isinstance(test, Has):
        return f'"{test.word}"*' if test.begins else f'"{test.word}"'
    between = " AND " if isinstance(test, Every) else " OR "
    return "(" + between.join(map(_fts, test.of)) + ")"


def _tsquery(test: Test, weight: str) -> str:
    if isinstance(test, Has):
        flags = (":*" + weight[1:]) if test.begins else weight
        return f"'{test.word}'{flags}"
    between = " & " if isinstance(test, Every) else " | "
    return "(" + between.join(_tsquery(each, weight) for each in test.of) + ")"
