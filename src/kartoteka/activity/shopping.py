"""What the events of a shop mean: the names that the tracking standard gives them, and what of a product they tell.

Names and properties: the e-commerce specification that sites' libraries share ("Product Viewed", "Order Completed" ...).
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from kartoteka.kit import bulk

from .event_models import Favourite, Rating
from .event_said import EventSaid

VIEWED = "Product Viewed"
LISTED = "Product List Viewed"
WISHED, UNWISHED = "Product Added to Wishlist", "Product Removed from Wishlist"
REVIEWED = "Product Reviewed"
COMPLETED, UPDATED = "Order Completed", "Order Updated"
REFUNDED, CANCELLED = "Order Refunded", "Order Cancelled"
LOOKS = (VIEWED, LISTED)
ORDERS = (COMPLETED, UPDATED, REFUNDED, CANCELLED)
_ALL = (
    VIEWED, LISTED, WISHED, UNWISHED, REVIEWED, *ORDERS, "Product Added", "Product Removed", "Cart Viewed",
    "Checkout Started", "Checkout Step Viewed", "Checkout Step Completed", "Payment Info Entered", "Coupon Entered",
    "Coupon Applied", "Coupon Denied", "Coupon Removed", "Product Shared", "Cart Shared", "Product Clicked",
    "Products Searched", "Promotion Viewed", "Promotion Clicked", "Wishlist Product Added to Cart",
)  # fmt: skip
_FOLDED = {re.sub(r"[^a-z]", "", name.lower()): name for name in _ALL}
_FOLDED |= {
    "completedorder": COMPLETED,
    "viewedproduct": VIEWED,
    "addedproduct": "Product Added",
    "ordercanceled": CANCELLED,
}
_MOST_STARS = Decimal(5)


def shop_name(name: str) -> str:
    """The standard's own name of an event ("order_completed" is "Order Completed"); what is none of its stays as it is."""
    return _FOLDED.get(re.sub(r"[^a-z]", "", name.lower()), name)


def text(value: object, most: int) -> str:
    """A number or a text as text of at most so many characters; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()[:most]


def number(value: object) -> Decimal | None:
    """A finite number, also where it was sent as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = Decimal(str(value).strip().replace(",", ".")[:40])
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def sku_of(properties: Mapping[str, Any]) -> str:
    """The article number of the product that an event is about: its SKU, or its id."""
    return text(properties.get("sku"), 100) or text(properties.get("product_id") or properties.get("id"), 100)


def category_seen(kind: str, name: str, properties: Mapping[str, Any]) -> str:
    """The category of products that somebody looked at by this event; "" where it is another event, or tells none."""
    return text(properties.get("category"), 200) if kind == "track" and name in LOOKS else ""


@dataclass(frozen=True, slots=True)
class _Wish:
    name: str
    category: str
    at: dt.datetime
    gone_at: dt.datetime | None


def record_wishes(events: Sequence[tuple[int, EventSaid]]) -> None:
    """Put products on wish lists and take them off, as these events (with the keys of their visitors) say."""
    wishes: dict[tuple[int, str], _Wish] = {}
    for visitor, each in events:
        sku = sku_of(each.properties)
        if each.kind != "track" or not sku or each.name not in (WISHED, UNWISHED):
            continue
        gone = each.at if each.name == UNWISHED else None
        its = each.properties
        wishes[visitor, sku] = _Wish(
            text(its.get("name"), 300), text(its.get("category"), 200), each.at, gone
        )
    columns = ("visitor_id", "sku", "name", "category", "at", "gone_at")
    _replace(Favourite, columns, {key: (w.name, w.category, w.at, w.gone_at) for key, w in wishes.items()})


def record_ratings(events: Sequence[tuple[int, EventSaid]]) -> None:
    """Write down what these events (with the keys of their visitors) say of products: stars of five, and words."""
    ratings: dict[tuple[int, str], tuple[Any, ...]] = {}
    for visitor, each in events:
        sku = sku_of(each.properties)
        if each.kind != "track" or each.name != REVIEWED or not sku:
            continue
        its = each.properties
        stars = number(its.get("rating"))
        if stars is not None and not 0 <= stars <= _MOST_STARS:
            stars = None
        words = text(its.get("review_body") or its.get("review"), 5000)
        ratings[visitor, sku] = (text(its.get("name"), 300), stars, words, each.at)
    _replace(Rating, ("visitor_id", "sku", "name", "stars", "text", "at"), ratings)


def _replace(
    model: type[Favourite] | type[Rating],
    columns: tuple[str, ...],
    rows: Mapping[tuple[int, str], tuple[Any, ...]],
) -> None:
    """Write rows by visitor and article; one that is there gives way, unless it is of a later day."""
    if not rows:
        return
    place = columns.index("at") - 2
    there = model._default_manager.filter(visitor__in={visitor for visitor, _sku in rows})
    had = {
        (visitor, sku): (pk, at) for pk, visitor, sku, at in there.values_list("pk", "visitor", "sku", "at")
    }
    newer = {key: row for key, row in rows.items() if key not in had or had[key][1] <= row[place]}
    bulk.delete(model, by="id", among=[had[key][0] for key in newer if key in had])
    bulk.insert(model, columns, [(*key, *row) for key, row in newer.items()])
