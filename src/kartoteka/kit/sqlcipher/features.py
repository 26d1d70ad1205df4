"""What the bundled SQLCipher can do, told by its own version and not by the standard library's SQLite."""

from django.db.backends.sqlite3.features import DatabaseFeatures as SQLiteFeatures


class DatabaseFeatures(SQLiteFeatures):
    """sqlcipher3 carries its own SQLite (3.47 or newer), so old limits of the system's SQLite do not hold."""

    # Compiled with MAX_VARIABLE_NUMBER=250000; Django's 999 is the limit of SQLite from before 2020. Staying
    # well below keeps one INSERT's statement small while a bulk insert needs far fewer of them.
    max_query_params = 30_000
    can_alter_table_drop_column = True
    can_return_columns_from_insert = True
    can_return_rows_from_bulk_insert = True
