"""The site on the timeline: pages seen, and what else was done there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy

from kartoteka.kit import bulk
from kartoteka.people.timeline import Asked, Entry, EntryKind, newest

from .event_models import Event, Visitor
from .shopping import number, text

_PAGES = (Event.Kind.PAGE, Event.Kind.SCREEN)
_SHOWN = (*_PAGES, Event.Kind.TRACK)


class SiteStream:
    """What was done on the site, before and after it was known whose browser it is. Bots are left out."""

    name = "site"
    label = gettext_lazy("Site")
    kinds = (
        EntryKind("site_event", gettext_lazy("Done on the site"), "sparkles"),
        EntryKind("site_page", gettext_lazy("Pages seen"), "world"),
    )

    def entries(self, asked: Asked) -> Sequence[Entry]:
        """See people.timeline.Stream."""
        visitors = [row[0] for row in bulk.fetch(Visitor, ("id",), by="identity_id", among=asked.identities)]
        wanted = set(asked.kinds) or {"site_event", "site_page"}
        shown = [kind for kind in _SHOWN if ("site_page" if kind in _PAGES else "site_event") in wanted]
        rows = Event.objects.filter(kind__in=shown, bot=False)
        found = newest(rows, replace(asked, identities=visitors), stream=self.name, by="visitor_id")
        return [_entry(each) for each in found]


def _entry(row: Event) -> Entry:
    its = row.properties
    page = row.kind in _PAGES
    about = row.path if page else _about(its)
    amount = number(its.get("total")) if "order_id" in its else None
    return Entry(
        at=row.at,
        stream=SiteStream.name,
        key=str(row.pk),
        kind="site_page" if page else "site_event",
        title=(row.name or row.path or row.get_kind_display()) if page else row.name,
        detail=" · ".join(filter(None, [about, row.campaign.get("name", "")])),
        amount=amount,
        currency=text(its.get("currency"), 3) if amount is not None else "",
    )


def _about(its: Mapping[str, Any]) -> str:
    """What of a shop's event says what it was about: the product, its stars, the coupon."""
    product = text(its.get("name"), 200) or text(its.get("sku"), 100) or text(its.get("product_id"), 100)
    coupon = (
        text(its.get("coupon_name"), 100) or text(its.get("coupon_id"), 100) or text(its.get("coupon"), 100)
    )
    stars = number(its.get("rating"))
    return " · ".join(filter(None, [product, f"{stars.normalize():f} ★" if stars else "", coupon]))
