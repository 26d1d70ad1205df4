"""Reading the words of the index: by what leads to them. The same answers from both databases."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection

from kartoteka.kit import bulk

from .lookup import rows_of

Words = dict[str, int]  # words of the index, each with about how many customers have it

# Of words that share letters with what was typed, about so many are looked at one by one.
SHARING = 1500
# Above everything a word can go on with.
_END = "\U0010ffff"


def _among(values: Iterable[str]) -> tuple[str, Any]:
    if connection.vendor == "postgresql":
        return "= ANY(%s)", list(values)
    return "IN (SELECT value FROM json_each(%s))", bulk.json(sorted(values))


def counted(words: Iterable[str]) -> Words:
    """Those of the words that are in the index, each with about how many customers have it."""
    test, given = _among(words)
    return dict(rows_of(f"SELECT word, count FROM people_searchword WHERE word {test}", [given]))  # noqa: S608


def _by_typed(rows: Iterable[Sequence[Any]]) -> dict[str, Words]:
    """Rows of (what was typed, word, count), as the words found for each."""
    found: dict[str, Words] = {}
    for typed, word, count in rows:
        found.setdefault(typed, {})[word] = count
    return found


def _each(select: str, parameters: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """The rows of one selection for each set of parameters, asked for all at once."""
    if not parameters:
        return []
    return rows_of(
        " UNION ALL ".join([select] * len(parameters)), [each for some in parameters for each in some]
    )


def beginning(starts: Iterable[str], *, most: int) -> dict[str, Words]:
    """The commonest words that begin with each start and go on."""
    select = (
        "SELECT * FROM (SELECT CAST(%s AS text), word, count FROM people_searchword WHERE word > %s AND word < %s"
        " ORDER BY count DESC, word LIMIT %s) AS begun"
    )
    return _by_typed(_each(select, [(start, start, start + _END, most) for start in dict.fromkeys(starts)]))


def led_to(asked: Mapping[str, tuple[Iterable[str], Iterable[str]]]) -> dict[str, Words]:
    """For each word typed, the words that one of these clues leads to, and those of these words that are known."""
    if not asked:
        return {}
    if connection.vendor == "postgresql":
        clues = [(typed, clue) for typed, (some, _words) in asked.items() for clue in some]
        words = [(typed, word) for typed, (_clues, some) in asked.items() for word in some]
        return _by_typed(
            rows_of(
                "SELECT asked.typed, known.word, known.count FROM unnest(%s::text[], %s::text[]) AS asked(typed, clue)"
                " JOIN people_searchclue AS led ON led.clue = asked.clue"
                " JOIN people_searchword AS known ON known.word = led.word"
                " UNION SELECT asked.typed, known.word, known.count"
                " FROM unnest(%s::text[], %s::text[]) AS asked(typed, word)"
                " JOIN people_searchword AS known ON known.word = asked.word",
                [*_columns(clues), *_columns(words)],
            )
        )
    select = (
        "SELECT %s, word, count FROM people_searchword WHERE id IN"
        " (SELECT rowid FROM people_searchclue WHERE people_searchclue MATCH %s)"
        " UNION ALL SELECT %s, word, count FROM people_searchword WHERE word IN (SELECT value FROM json_each(%s))"
    )
    parameters = [
        (typed, " OR ".join(map(_quoted, sorted(clues))), typed, bulk.json(sorted(words)))
        for typed, (clues, words) in asked.items()
    ]
    return _by_typed(_each(select, parameters))


def holding(parts: Iterable[str], *, most: int) -> dict[str, Words]:
    """The commonest words that have each part (of three letters or more) in them."""
    if connection.vendor == "postgresql":
        # One three of letters is enough to find them by; the rest is looked at there and then.
        holds = "word IN (SELECT word FROM people_searchclue WHERE clue = %s AND strpos(word, %s) > 0)"
    else:
        holds = "id IN (SELECT rowid FROM people_searchclue WHERE people_searchclue MATCH %s) AND instr(word, %s) > 0"
    select = (
        f"SELECT * FROM (SELECT CAST(%s AS text), word, count FROM people_searchword WHERE {holds}"  # noqa: S608
        " ORDER BY count DESC, word LIMIT %s) AS holding"
    )
    parameters = []
    for part in dict.fromkeys(parts):
        threes = [part[place : place + 3] for place in range(len(part) - 2)]
        clues = threes[0] if connection.vendor == "postgresql" else " AND ".join(map(_quoted, threes))
        parameters.append((part, clues, part, most))
    return _by_typed(_each(select, parameters))


@dataclass(frozen=True, slots=True)
class Alike:
    """A wish for words that share at least so many of these clues with what was typed, and are about as long."""

    clues: Sequence[str]
    least: int
    longer: int


def sharing(asked: Mapping[str, Alike]) -> dict[str, Words]:
    """For each word typed, the words that share most clues with it: about SHARING of them at most."""
    if not asked:
        return {}
    return _sharing_postgres(asked) if connection.vendor == "postgresql" else _sharing_sqlite(asked)


def _sharing_postgres(asked: Mapping[str, Alike]) -> dict[str, Words]:
    return _by_typed(
        rows_of(
            "WITH near AS (SELECT asked.typed, led.word, count(*) AS shared"
            "  FROM unnest(%s::text[], %s::text[]) AS asked(typed, clue)"
            "  JOIN people_searchclue AS led ON led.clue = asked.clue GROUP BY 1, 2),"
            " so_many AS (SELECT typed, shared, sum(count(*)) OVER (PARTITION BY typed ORDER BY shared DESC) AS upto"
            "  FROM near GROUP BY typed, shared)"
            " SELECT near.typed, known.word, known.count"
            " FROM unnest(%s::text[], %s::int[], %s::int[]) AS wanted(typed, least, longer)"
            " JOIN so_many ON so_many.typed = wanted.typed AND so_many.shared >= least AND upto <= %s"
            " JOIN near ON near.typed = so_many.typed AND near.shared = so_many.shared"
            "  AND abs(length(near.word) - length(wanted.typed)) <= longer"
            " JOIN people_searchword AS known ON known.word = near.word",
            [
                *_columns((typed, clue) for typed, alike in asked.items() for clue in alike.clues),
                *_columns((typed, alike.least, alike.longer) for typed, alike in asked.items()),
                SHARING,
            ],
        )
    )


def _sharing_sqlite(asked: Mapping[str, Alike]) -> dict[str, Words]:
    # Counted here and not by GROUP BY, which takes twice as long for the same.
    pairs = [(typed, clue) for typed, alike in asked.items() for clue in alike.clues]
    select = (
        "SELECT %s, (SELECT json_group_array(rowid) FROM people_searchclue WHERE people_searchclue MATCH %s)"
    )
    shared: dict[str, Counter[int]] = {typed: Counter() for typed in asked}
    for typed, keys in _each(select, [(typed, _quoted(clue)) for typed, clue in pairs]):
        shared[typed].update(orjson.loads(keys))
    wanted = {typed: _most_shared(shared[typed], alike.least) for typed, alike in asked.items()}
    select = (
        "SELECT CAST(%s AS text), word, count FROM people_searchword WHERE id IN (SELECT value FROM json_each(%s))"
        " AND length(word) BETWEEN %s AND %s"
    )
    parameters = [
        (typed, bulk.json(wanted[typed]), len(typed) - alike.longer, len(typed) + alike.longer)
        for typed, alike in asked.items()
    ]
    return _by_typed(_each(select, parameters))


def _most_shared(shared: Mapping[int, int], least: int) -> list[int]:
    """The keys with the most shared, down to `least` or to where there would be more than SHARING of them."""
    so_many = Counter(shared.values())
    floor = max(so_many, default=0) + 1
    taken = 0
    for level in sorted(so_many, reverse=True):
        taken += so_many[level]
        if level < least or taken > SHARING:
            break
        floor = level
    return [key for key, count in shared.items() if count >= floor]


def _columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _quoted(clue: str) -> str:
    return f'"{clue}"'
