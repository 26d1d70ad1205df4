"""Taking words out of the index that nobody is found by any more: a rare name tells of its bearer by itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from kartoteka.people.rules import hidden_fields

from . import spelling
from .words import words_of


def words_of_all(said: Iterable[Mapping[str, Any]], *, hidden: frozenset[str] | None = None) -> set[str]:
    """Every word by which somebody of whom this was said is or was found. hidden: the fields that tell none, by default
    the sensitive ones."""
    hidden = hidden_fields() if hidden is None else hidden
    found: set[str] = set()
    for values in said:
        names, others = words_of(values, hidden)
        found.update(names, others)
    return found


def drop_words(words: Iterable[str]) -> None:
    """Take those of these words out of the index that no customer has any more, with what leads to them.

    Inside the transaction that took their last customer out.
    """
    with connection.cursor() as cursor:
        for word in sorted(words):
            if _is_used(cursor, word):
                continue
            if connection.vendor == "postgresql":
                cursor.execute("DELETE FROM people_searchclue WHERE word = %s", [word])
            else:
                # A contentless table wants to be told what it held.
                cursor.execute(
                    "INSERT INTO people_searchclue (people_searchclue, rowid, clues)"
                    " SELECT 'delete', id, %s FROM people_searchword WHERE word = %s",
                    [" ".join(spelling.clues(word)), word],
                )
            cursor.execute("DELETE FROM people_searchword WHERE word = %s", [word])


def _is_used(cursor: Any, word: str) -> bool:
    if connection.vendor == "postgresql":
        cursor.execute("SELECT 1 FROM people_search WHERE words @@ %s::tsquery LIMIT 1", [f"'{word}'"])
    else:
        cursor.execute("SELECT 1 FROM people_search WHERE people_search MATCH %s LIMIT 1", [f'"{word}"'])
    return cursor.fetchone() is not None
