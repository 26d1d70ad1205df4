"""What a member of staff sets for themselves."""

from .actor import Actor
from .models import Staff


def prefer_language(*, by: Actor, language: str) -> None:
    """Show this member of staff the pages in `language` (a code of the settings) from now on."""
    Staff.objects.filter(pk=by.key).update(language=language)
