"""One purchase that two tell of: the site's own events, and the connected shop in which it was made.

The shop's telling is the better one: it knows what was paid, sent and given back. So the site's is passed over where the
shop has told, and makes room where the shop tells later. They are held to be one purchase when the site's order id is the
shop's id or number of it, the currency is the same, and both say it was placed within two days of one another.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from kartoteka.activity.facts import count_orders
from kartoteka.activity.models import Order
from kartoteka.activity.orders import forget_orders
from kartoteka.activity.said import OrderSaid

from .connection_models import Connection

# The channel of an order that only the site has told of.
SITE = "site"
_TRACKING = "tracking"
_APART = dt.timedelta(days=2)


@dataclass(frozen=True)
class SiteTold:
    """What an event of the site says of an order. currency: "" where it does not say. placed: that it tells of the buying
    itself, not of something that happened to the order since."""

    key: str
    at: dt.datetime
    currency: str
    placed: bool


def told_by_shops(told: Collection[SiteTold], *, source: int) -> set[str]:
    """The keys of those of these orders, told of by the site of this source, that a connected shop tells of itself."""
    wanted: dict[str, list[SiteTold]] = {}
    for each in told:
        for name in (each.key, f"#{each.key}"):
            wanted.setdefault(name, []).append(each)
    shops = _sources(Connection.objects.exclude(kind=_TRACKING)) if wanted else []
    same = Order.objects.filter(source=source, key__in=[each.key for each in told]).exclude(channel=SITE)
    found = set(same.values_list("key", flat=True)) if wanted else set()
    for name in ("key", "number"):
        rows = Order.objects.filter(source__in=shops, **{f"{name}__in": list(wanted)}).exclude(channel=SITE)
        for word, at, currency in rows.values_list(name, "at", "currency"):
            found |= {each.key for each in wanted[word] if _may_be_one(each, at, currency)}
    return found


def _may_be_one(told: SiteTold, at: dt.datetime, currency: str) -> bool:
    if told.currency and told.currency != currency:
        return False
    return abs(told.at - at) <= _APART if told.placed else told.at >= at - _APART


def make_room(orders: Sequence[OrderSaid]) -> int:
    """Take out what sites told of these orders, which their shop tells of now; how many went. Inside a transaction."""
    sites = _sources(Connection.objects.filter(kind=_TRACKING))
    wanted = _names(orders) if sites else {}
    if not wanted:
        return 0
    rows = Order.objects.filter(source__in=sites, channel=SITE, key__in=list(wanted))
    gone = {
        pk: identity
        for pk, key, at, currency, identity in rows.values_list("pk", "key", "at", "currency", "identity_id")
        if any(each.currency.upper() == currency and abs(each.at - at) <= _APART for each in wanted[key])
    }
    forget_orders(list(gone))
    count_orders(sorted({identity for identity in gone.values() if identity is not None}))
    return len(gone)


def _names(orders: Sequence[OrderSaid]) -> Mapping[str, list[OrderSaid]]:
    """The orders by every name that a site may call them."""
    named: dict[str, list[OrderSaid]] = {}
    for each in orders:
        for name in {each.key, each.number, each.number.removeprefix("#")} - {""}:
            named.setdefault(name, []).append(each)
    return named


def _sources(connections: QuerySet[Connection]) -> list[int]:
    return list(connections.values_list("source_id", flat=True).distinct())
