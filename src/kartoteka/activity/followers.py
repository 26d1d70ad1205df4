"""How orders and numbers follow customers and identities, and stand on the timeline."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.people.follow import Follower, Kept, Keys, follow
from kartoteka.people.timeline import stream

from .books import kept_until, law, still_kept_from
from .models import (
    CustomerFacts,
    EarlierTelling,
    IdentityFacts,
    Order,
    OrderLine,
    OrderState,
    Payment,
    Refund,
)
from .order_stream import OrderStream
from .orders import forget_orders

_GOES_ALONG = "hangs on an identity and goes where it goes"


def register() -> None:
    """Answer for every model of orders."""
    follow(
        "identity",
        Follower(Order, "identity_id", _GOES_ALONG, told=_orders, forgotten=_forget_orders, kept=_kept),
    )
    follow(
        "identity",
        Follower(OrderLine, "identity_id", _GOES_ALONG, told=_lines, forgotten=_part_lines),
    )
    summed = "summed up again of the identities on both sides (activity.facts.sum_up)"
    untold = "counted from the orders, which are told"
    follow("identity", Follower(IdentityFacts, "identity_id", _GOES_ALONG, untold=untold))
    stream(OrderStream())
    follow("customer", Follower(CustomerFacts, "customer_id", summed, untold=untold))


def _orders(customer: int) -> list[Mapping[str, Any]]:
    rows = Order.objects.filter(identity__customer=customer).order_by("at", "pk")
    columns = (
        "number", "at", "source__name", "channel", "state", "place", "total", "currency", "due_on", "paid_at", "note",
    )  # fmt: skip
    return list(rows.values(*columns))


def _lines(customer: int) -> list[Mapping[str, Any]]:
    rows = OrderLine.objects.filter(identity__customer=customer).order_by("at", "order", "position")
    return list(rows.values("order__number", "quantity", "name", "price"))


def _kept_rows(identities: Keys) -> list[tuple[Any, ...]]:
    """The orders that the books must keep: key and moment."""
    since = timezone.make_aware(dt.datetime.combine(still_kept_from(timezone.localdate()), dt.time()))
    rows = Order.objects.filter(identity__in=identities, at__gte=since)
    return list(rows.values_list("pk", "at"))


def _kept(identities: Keys) -> Sequence[Kept]:
    by_year: dict[dt.date, int] = {}
    for _pk, at in _kept_rows(identities):
        until = kept_until(timezone.localdate(at))
        by_year[until] = by_year.get(until, 0) + 1
    return [
        Kept(_("%(count)d orders, without whose they were") % {"count": count}, law(), until)
        for until, count in sorted(by_year.items())
    ]


def _forget_orders(identities: Keys) -> None:
    """What the books need stays, as a sale to nobody; the rest goes."""
    kept = [pk for pk, _at in _kept_rows(identities)]
    every = [row[0] for row in bulk.fetch(Order, ("id",), by="identity_id", among=identities)]
    stays = set(kept)
    forget_orders([each for each in every if each not in stays])
    for column in ("note", "place"):
        bulk.set_to(Order, column, "", by="id", among=kept)
    bulk.set_to(OrderState, "place", "", by="order_id", among=kept)
    bulk.set_to(Refund, "reason", "", by="order_id", among=kept)
    bulk.set_to(Payment, "method", "", by="order_id", among=kept)
    bulk.delete(EarlierTelling, by="order_id", among=kept)
    bulk.set_to(OrderLine, "identity_id", None, by="order_id", among=kept)
    bulk.set_to(Order, "identity_id", None, by="id", among=kept)


def _part_lines(identities: Keys) -> None:
    """Lines go with their orders; one whose order is somebody else's by now is let go of."""
    bulk.set_to(OrderLine, "identity_id", None, by="identity_id", among=identities)
