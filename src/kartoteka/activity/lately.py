"""What was seen lately on the site and in the shop, offered where somebody writes a rule: names, pages, properties."""

from collections import Counter

from django.db.models import QuerySet

from .event_models import Event
from .order_models import Product

# So many of the newest events are looked at, and so many different words offered.
_NEWEST = 1000
_OFFERED = 60
# So many properties are looked at in all: a site that puts numbers where names belong has ever new ones.
_LOOKED = 20_000


def properties() -> list[str]:
    """What came along with the newest events, the most frequent first; not what holds parts of its own."""
    found: Counter[str] = Counter()
    looked = 0
    rows = _newest().exclude(properties={}).values_list("properties", flat=True)[:_NEWEST]
    for told in rows.iterator(chunk_size=50):
        found.update(key for key, value in told.items() if not isinstance(value, dict) and len(key) <= 100)
        looked += len(told)
        if looked > _LOOKED:
            break
    return [key for key, _times in found.most_common(_OFFERED)]


def names() -> list[str]:
    """What the newest events are called."""
    return _most("name")


def pages() -> list[str]:
    """The pages that the newest events are of."""
    return _most("path")


def categories() -> list[str]:
    """The categories of what is sold."""
    rows = Product.objects.exclude(category="").order_by("category").values_list("category", flat=True)
    return list(rows.distinct()[:_OFFERED])


def _most(column: str) -> list[str]:
    found = Counter(_newest().values_list(column, flat=True)[:_NEWEST])
    found.pop("", None)
    return [each for each, _times in found.most_common(_OFFERED)]


def _newest() -> "QuerySet[Event]":
    return Event.objects.filter(bot=False).order_by("-pk")
