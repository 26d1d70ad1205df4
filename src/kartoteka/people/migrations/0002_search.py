"""The search index: outside Django's models, as it is made anew from the record at any time (`reindex`)."""

from django.db import migrations

# Every word once, with about how many customers have it; and what leads to a word that was misspelt or begun in its middle.
SQLITE = (
    "CREATE TABLE people_searchword (word TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE people_searchclue (clue TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (clue, word)) WITHOUT ROWID",
    "CREATE VIRTUAL TABLE people_search USING fts5(names, others, detail=column, tokenize=\"ascii tokenchars '#+=@'\")",
)
POSTGRES = (
    'CREATE TABLE people_searchword (word text COLLATE "C" PRIMARY KEY, count integer NOT NULL) WITH (fillfactor=80)',
    'CREATE TABLE people_searchclue (clue text COLLATE "C" NOT NULL, word text COLLATE "C" NOT NULL,'
    " PRIMARY KEY (clue, word))",
    "CREATE TABLE people_search (customer bigint PRIMARY KEY, names text NOT NULL, others text NOT NULL,"
    " words tsvector NOT NULL)",
    "CREATE INDEX people_search_words ON people_search USING gin (words) WITH (gin_pending_list_limit=1024)",
)
TABLES = ("people_search", "people_searchclue", "people_searchword")


def make(apps, schema_editor):
    statements = POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for table in TABLES:
        schema_editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):

    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunPython(make, drop)]
