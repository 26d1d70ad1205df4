"""Emptying the base after a test that committed.

Django empties all two hundred tables, the list of models and their permissions among them, and then has everything made
anew that a migrated base holds. Here those that stand in a migrated base stay, and only what holds rows is emptied; and
the index of the search too, which is no model and would tell the next test of customers that are gone.
"""

from __future__ import annotations

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from kartoteka.people.search import schema
from kartoteka.trust import guards

# What Django writes into a new base, the same whichever test ran.
STAYS = {"django_content_type", "auth_permission"}


def empty(using: str = "default", *, whole: bool = False) -> None:
    """Leave no row of what tests wrote, but the guards that forbid to take away the audit.

    whole: nor anything on the disk of rows that were taken back, which nobody sees any more but PostgreSQL keeps a while.
    """
    connection = connections[using]
    tables = _tables(connection) if whole else _holding_rows(connection)
    guards.take_down(using=using)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "postgresql" and tables:
            # Not DELETE: what a table held would still lie on the disk, where tests look for what must not be there.
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        elif connection.vendor != "postgresql":
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")
        cursor.execute(
            "SELECT 1 WHERE EXISTS (SELECT 1 FROM people_search) OR EXISTS (SELECT 1 FROM people_searchword)"
        )
        if whole or cursor.fetchone():
            schema.drop(cursor)
            schema.make(cursor, connection.vendor)
    guards.put_up(using=using)


def _tables(connection: BaseDatabaseWrapper) -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(names) - STAYS)


def _holding_rows(connection: BaseDatabaseWrapper) -> list[str]:
    asked = [f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in _tables(connection)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [name for (name,) in cursor.fetchall()]
