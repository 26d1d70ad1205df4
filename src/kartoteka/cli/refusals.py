"""Which exceptions are refusals to be read by a person, rather than mistakes of ours."""

from django.core.exceptions import ImproperlyConfigured


def is_refusal(error: Exception) -> bool:
    """Whether the message tells the person what was wrong and what to do.

    That is what every exception of our own is for; Django's word on settings and the system's on files do too.
    """
    return isinstance(error, (ImproperlyConfigured, OSError)) or type(error).__module__.startswith(
        "kartoteka."
    )
