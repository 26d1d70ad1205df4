"""Whether a base cannot be opened or written at all, told from a mistake in what was asked of it."""

from django.db import OperationalError

_SHUT = ("locked", "is full", "unable to open", "readonly", "disk i/o", "not a database", "malformed")


def why_shut(error: BaseException) -> str:
    """In the database's own words why it cannot be opened or written; "" where the error is another one.

    SQLite tells our own mistakes with the same exception, so its words decide; PostgreSQL has others for those. What
    stands below it, such as a wrong key, has words of its own.
    """
    if type(error) is not OperationalError:
        return ""
    said = str(error).strip().partition("\n")[0].rstrip(".")
    of_postgres = type(error.__cause__).__module__.startswith("psycopg")
    return said if of_postgres or any(word in said.casefold() for word in _SHUT) else ""
