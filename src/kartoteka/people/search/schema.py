"""The tables of the index. They are no models: they hold nothing of their own and are made anew at any time.

people_search: a row a customer, with the words of the name and the others. people_searchword: every word once, with about
how many customers have it. people_searchclue: what leads to a word that was misspelt or that somebody knows a part of.
"""

from typing import Any

from django.db import connections

_SQLITE = (
    "CREATE TABLE IF NOT EXISTS people_searchword (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE,"
    " count INTEGER NOT NULL)",
    # By the word's key. FTS5 takes twenty clues a word four times as quickly as a table with an index.
    "CREATE VIRTUAL TABLE IF NOT EXISTS people_searchclue USING fts5(clues, content='', detail=none,"
    " tokenize=\"ascii tokenchars '_~-'\")",
    "CREATE VIRTUAL TABLE IF NOT EXISTS people_search USING fts5(names, others, detail=column,"
    " tokenize=\"ascii tokenchars '#+=@'\")",
)
_POSTGRES = (
    'CREATE TABLE IF NOT EXISTS people_searchword (word text COLLATE "C" PRIMARY KEY, count integer NOT NULL)'
    " WITH (fillfactor=80)",
    'CREATE TABLE IF NOT EXISTS people_searchclue (clue text COLLATE "C" NOT NULL, word text COLLATE "C" NOT NULL,'
    " PRIMARY KEY (clue, word))",
    "CREATE TABLE IF NOT EXISTS people_search (customer bigint PRIMARY KEY, names text NOT NULL, others text NOT NULL,"
    " words tsvector NOT NULL)",
    # What is not yet sorted into the index is read through by every search: little of it.
    "CREATE INDEX IF NOT EXISTS people_search_words ON people_search USING gin (words) WITH (gin_pending_list_limit=1024)",
)
_TABLES = ("people_search", "people_searchclue", "people_searchword")


def make(cursor: Any, vendor: str) -> None:
    """Make the empty tables where they are missing. vendor: of the database."""
    for statement in _POSTGRES if vendor == "postgresql" else _SQLITE:
        cursor.execute(statement)


def put_up(*, using: str = "default", **_of_the_signal: Any) -> None:
    """Make what is missing, whenever the tables of the models were brought up to date."""
    with connections[using].cursor() as cursor:
        make(cursor, connections[using].vendor)


def drop(cursor: Any) -> None:
    """Drop the tables."""
    for table in _TABLES:
        cursor.execute(f"DROP TABLE {table}")
