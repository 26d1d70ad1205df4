"""How visitors, and all that hangs on them, follow identities."""

from collections.abc import Mapping
from typing import Any

from kartoteka.kit import bulk
from kartoteka.people.follow import Follower, Keys, follow
from kartoteka.people.timeline import stream

from .event_models import CategoryViews, Event, Favourite, Rating, Visitor
from .event_stream import SiteStream
from .warehouse.days import forget_visitors

_TOLD = (
    "at",
    "kind",
    "name",
    "url",
    "referrer",
    "campaign",
    "properties",
    "device",
    "city",
    "country",
    "network",
    "ip",
)


def register() -> None:
    """Answer for visitors; what hangs on them goes where they go. Take part in the timeline."""
    stream(SiteStream())
    follow(
        "identity",
        Follower(
            Visitor,
            "identity_id",
            "hangs on an identity and goes where it goes",
            told=_told,
            forgotten=_forget,
        ),
    )


def _told(customer: int) -> list[Mapping[str, Any]]:
    theirs = {"visitor__identity__customer": customer}
    visitors = Visitor.objects.filter(identity__customer=customer)
    return [
        *visitors.values("source__name", "how", "key", "first_at", "last_at"),
        *Event.objects.filter(**theirs).order_by("at", "pk").values(*_TOLD),
        *Favourite.objects.filter(**theirs).values("sku", "name", "category", "at", "gone_at"),
        *Rating.objects.filter(**theirs).values("sku", "name", "stars", "text", "at"),
    ]


def _forget(identities: Keys) -> None:
    visitors = [row[0] for row in bulk.fetch(Visitor, ("id",), by="identity_id", among=identities)]
    forget_visitors(visitors)
    for model in (Event, Favourite, Rating, CategoryViews):
        bulk.delete(model, by="visitor_id", among=visitors)
    bulk.delete(Visitor, by="id", among=visitors)
