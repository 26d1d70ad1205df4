"""Text in SQL without regard to capitals, on PostgreSQL and on SQLite, whose LIKE knows the capitals of ASCII only."""

from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.lookups import Contains, IContains, IStartsWith, StartsWith


def contains(what: Any, text: str) -> Q:
    """The text stands somewhere in it."""
    return _like(what, text, "contains")


def starts(what: Any, text: str) -> Q:
    """It begins with the text."""
    return _like(what, text, "startswith")


def _like(what: Any, text: str, lookup: str) -> Q:
    plain, folded = {"contains": (Contains, IContains), "startswith": (StartsWith, IStartsWith)}[lookup]
    if connection.vendor == "postgresql":
        return Q(**{f"{what}__i{lookup}": text}) if isinstance(what, str) else Q(folded(what, text))
    found = Q()
    for way in dict.fromkeys((text, text.lower(), text.upper(), text.title())):
        found |= Q(**{f"{what}__{lookup}": way}) if isinstance(what, str) else Q(plain(what, way))
    return found
