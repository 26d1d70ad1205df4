"""Which exceptions are refusals to be read by a person, rather than mistakes of ours, and how they are told."""

from django.core.exceptions import ImproperlyConfigured

from kartoteka.kit.shut import why_shut


def is_refusal(error: Exception) -> bool:
    """Whether the message tells the person what was wrong and what to do.

    That is what every exception of our own is for; Django's word on settings and the system's on files do too, and the
    database's on not being there, or having no room.
    """
    return (
        isinstance(error, (ImproperlyConfigured, OSError))
        or why_shut(error) != ""
        or type(error).__module__.startswith("kartoteka.")
    )


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
    if why := why_shut(error):
        return (
            f"The base cannot be opened or written: {why}. "
            "See that its server runs, that KARTOTEKA_DATABASE_URL names it rightly, and that the disk has room."
        )
    return str(error)
