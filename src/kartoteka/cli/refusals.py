"""Which exceptions are refusals to be read by a person, rather than mistakes of ours, and how they are told."""

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError


def is_refusal(error: Exception) -> bool:
    """Whether the message tells the person what was wrong and what to do.

    That is what every exception of our own is for; Django's word on settings and the system's on files do too, and the
    database's on not being there, or having no room.
    """
    return _ours(error) or _shut(error) or isinstance(error, (ImproperlyConfigured, OSError))


def _ours(error: Exception) -> bool:
    return type(error).__module__.startswith("kartoteka.")


def _shut(error: Exception) -> bool:
    """Whether the database cannot be opened or written at all: SQLite tells our own mistakes with the same exception."""
    if not isinstance(error, OperationalError):
        return False
    said = str(error).casefold()
    return type(error.__cause__).__module__.startswith("psycopg") or any(word in said for word in _SHUT)


_SHUT = ("locked", "is full", "unable to open", "readonly", "disk i/o", "not a database", "malformed")


def told(error: Exception) -> str:
    """The message as a person reads it: the system's on files without its numbers, with what to do."""
    name = error.filename if isinstance(error, OSError) else None
    if isinstance(error, FileNotFoundError) and name:
        return f"There is no {name}. Look at its name and its folder."
    if isinstance(error, (IsADirectoryError, NotADirectoryError)) and name:
        return f"{name} is not a file but a folder, or lies in what is none. Name a file."
    if isinstance(error, PermissionError) and name:
        return f"You may not open {name}. Change its permissions, or use another place."
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: {error.strerror}" if name else error.strerror
    if isinstance(error, OperationalError) and not _ours(error):
        why = str(error).strip().partition("\n")[0].rstrip(".")
        return (
            f"The base cannot be opened or written: {why}. "
            "See that its server runs, that KARTOTEKA_DATABASE_URL names it rightly, and that the disk has room."
        )
    return str(error)
