"""Feeding the search index: always a chunk of customers at once, inside the transaction that changes them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from typing import Any

import orjson
from django.db import connection, transaction

from kartoteka.kit import bulk
from kartoteka.people.models import Customer
from kartoteka.people.rules import hidden_fields

from . import schema, spelling
from .words import NAME, words_of

Values = Mapping[str, Any]
Row = tuple[int, str, str]  # customer, words of the name, other words

_COLUMNS = ("title", "suffix", "form", "name", "given", "middle", "family", "nickname", "company", "birth")
_AT_ONCE = 5000
# Of every so many customers one is counted, for how common a word is: near enough, and it makes feeding quicker.
COUNTED = 8
# Taken by whoever adds words, so that two writers on PostgreSQL never wait for each other's words.
_LOCK = 0x6B617274


def index_customers(customers: Sequence[int]) -> None:
    """Put these customers in the index as they now are, or take them out if they were merged away or are gone.

    Inside the transaction that changed them.
    """
    hidden = hidden_fields()
    for some in bulk.chunks(customers, _AT_ONCE):
        rows = []
        for key, values in sorted(_read(some), key=lambda each: each[0]):
            names, others = words_of(values, hidden)
            rows.append((key, " ".join(names), " ".join(others)))
        place_words(some, rows)


def reindex() -> int:
    """Make the whole index anew from the customers' records; how many customers are in it."""
    done = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            schema.drop(cursor)
            schema.make(cursor, connection.vendor)
        last = 0
        while some := list(
            Customer.objects.filter(merged_into=None, pk__gt=last)
            .order_by("pk")
            .values_list("pk", flat=True)[:_AT_ONCE]
        ):
            index_customers(some)
            last = some[-1]
            done += len(some)
    return done


def _read(customers: Sequence[int]) -> Iterator[tuple[int, Values]]:
    """The records of those that stand."""
    for key, merged, more, *columns in bulk.fetch(
        Customer, ("id", "merged_into_id", "more", *_COLUMNS), by="id", among=customers
    ):
        if merged is None:
            values = dict(zip(_COLUMNS, columns, strict=True))
            yield key, {**values, **(orjson.loads(more) if isinstance(more, str) else more)}


def place_words(customers: Sequence[int], rows: Sequence[Row], *, new: bool = False) -> None:
    """Put the rows in the place of what the index holds of these customers, inside the transaction that changes them.

    new: these customers were made in this transaction, so that the index holds nothing of them yet.
    """
    change = Counter[str]()
    if not new:
        for _key, names, others in _standing([key for key in customers if key % COUNTED == 0]):
            change.subtract([*names.split(), *others.split()])
    for key, names, others in rows:
        if key % COUNTED == 0:
            change.update([*names.split(), *others.split()])
    heard = set(" ".join(chain.from_iterable([each[1:] for each in rows])).split())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        _add_words(cursor, sorted([word for word in heard if len(word) > 1 and word[0].isalpha()]))
        _count(cursor, sorted((word, by) for word, by in change.items() if by and _is_word(word)))
        if not new:
            _take_out(cursor, customers)
        _put_in(cursor, rows)


def _is_word(word: str) -> bool:
    return len(word) > 1 and word[0].isalpha()


def _standing(customers: Sequence[int]) -> Iterator[Row]:
    """What the index now holds of these customers."""
    if not customers:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT customer, names, others FROM people_search WHERE customer = ANY(%s)",
                [list(customers)],
            )
        else:
            cursor.execute(
                "SELECT rowid, names, others FROM people_search WHERE rowid IN (SELECT value FROM json_each(%s))",
                [bulk.json(list(customers))],
            )
        yield from cursor.fetchall()


def _add_words(cursor: Any, words: list[str]) -> None:
    """Those of the words (sorted) that are new become words of the index, with their clues."""
    if connection.vendor == "postgresql":
        source = "SELECT unnest(%s::text[]) AS word"
    else:
        source = "SELECT value AS word FROM json_each(%s)"
    cursor.execute(
        f"SELECT word FROM ({source}) AS given"  # noqa: S608 (our own words)
        " WHERE NOT EXISTS (SELECT 1 FROM people_searchword AS known WHERE known.word = given.word)",
        [words if connection.vendor == "postgresql" else bulk.json(words)],
    )
    fresh = sorted(word for (word,) in cursor.fetchall())
    if not fresh:
        return
    if connection.vendor == "postgresql":
        _insert(cursor, "people_searchword (word, count)", zip(fresh, repeat(0), strict=False))
        leads = sorted((clue, word) for word in fresh for clue in spelling.clues(word))
        _insert(cursor, "people_searchclue (clue, word)", leads)
    else:
        cursor.execute("SELECT coalesce(max(id), 0) FROM people_searchword")
        first = cursor.fetchone()[0] + 1
        _insert(
            cursor,
            "people_searchword (id, word, count)",
            ((k, w, 0) for k, w in enumerate(fresh, start=first)),
        )
        lines = ((k, " ".join(spelling.clues(w))) for k, w in enumerate(fresh, start=first))
        _insert(cursor, "people_searchclue (rowid, clues)", lines)


def _insert(cursor: Any, into: str, rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows into a table of ours, given with its columns."""
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join(["%s"] * (into.count(",") + 1))
        cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608


def _count(cursor: Any, change: Sequence[tuple[str, int]]) -> None:
    if not change:
        return
    if connection.vendor == "postgresql":
        cursor.execute(
            "UPDATE people_searchword AS known SET count = known.count + heard.by"
            " FROM unnest(%s::text[], %s::int[]) AS heard(word, by) WHERE known.word = heard.word",
            [[word for word, _by in change], [by * COUNTED for _word, by in change]],
        )
    else:
        cursor.executemany(
            "UPDATE people_searchword SET count = count + %s WHERE word = %s",
            [(by * COUNTED, word) for word, by in change],
        )


def _take_out(cursor: Any, customers: Sequence[int]) -> None:
    if connection.vendor == "postgresql":
        cursor.execute("DELETE FROM people_search WHERE customer = ANY(%s)", [list(customers)])
    else:
        cursor.execute(
            "DELETE FROM people_search WHERE rowid IN (SELECT value FROM json_each(%s))",
            [bulk.json(list(customers))],
        )


def _put_in(cursor: Any, rows: Sequence[Row]) -> None:
    if connection.vendor == "postgresql":
        _insert(
            cursor,
            "people_search (customer, names, others, words)",
            ((key, names, others, _vector(names.split(), others.split())) for key, names, others in rows),
        )
    else:
        _insert(cursor, "people_search (rowid, names, others)", rows)


def _vector(names: Sequence[str], others: Iterable[str]) -> str:
    """The words as PostgreSQL writes a tsvector, those of the name once more for themselves."""
    return " ".join(f"'{word}'" for word in (*names, *(NAME + name for name in names), *others))
