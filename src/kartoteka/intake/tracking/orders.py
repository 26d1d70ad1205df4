"""Orders that the site tells of: "Order Completed", "Order Updated", "Order Refunded", "Order Cancelled".

What a connected shop tells of itself is passed over (told_twice.py).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kartoteka.activity import shopping
from kartoteka.activity.event_models import Event
from kartoteka.activity.event_said import EventSaid
from kartoteka.activity.models import Order
from kartoteka.activity.orders import record, what_is_wrong
from kartoteka.activity.said import LineSaid, OrderSaid, RefundSaid
from kartoteka.activity.shopping import number, text
from kartoteka.intake.connection_models import Connection
from kartoteka.intake.told_twice import SITE, SiteTold, told_by_shops
from kartoteka.trust.actor import SYSTEM

_NOTHING = Decimal(0)
_MOST_LINES = 1000


def record_orders(
    events: Sequence[tuple[int, EventSaid, int | None]], *, connection: Connection
) -> dict[int, str]:
    """Record the orders of these events (each with its key and whose identity it is of); what was wrong, by event.

    Inside a transaction of the one writer.
    """
    shop = [each for each in events if each[1].kind == "track" and each[1].name in shopping.ORDERS]
    if not shop or connection.more.get("orders") == "no":
        return {}
    problems: dict[int, str] = {}
    site = [_as_told(event) for _pk, event, _whose in shop if _order_key(event.properties)]
    elsewhere = told_by_shops(site, source=connection.source_id)
    told = _earlier(connection, {each.key for each in site})
    said: dict[str, OrderSaid] = {}
    for pk, event, whose in shop:
        key = _order_key(event.properties)
        if not key:
            problems[pk] = _("The order has no order_id, so it is not counted.")
            continue
        if key in elsewhere:
            continue
        if event.name in (shopping.COMPLETED, shopping.UPDATED) and not _tells_worth(event.properties):
            problems[pk] = _("The order tells neither products nor a sum, so it is not counted.")
            continue
        found = _said(event, key, whose, before=said.get(key) or told.get(key))
        if found is None:
            problems[pk] = _("We know of no order %(key)s that this could change.") % {"key": key}
        elif wrong := what_is_wrong(found):
            problems[pk] = str(wrong)
        else:
            said[key] = found
    if said:
        record(orders=list(said.values()), source=connection.source, batch=None, by=SYSTEM)
    return problems


def orders_of_past(visitors: Sequence[int], *, connection: Connection) -> None:
    """The orders of visitors (by key) who were nobody when they bought and are known now become theirs."""
    past = Event.objects.filter(visitor__in=visitors, kind="track", name__in=shopping.ORDERS).order_by(
        "at", "id"
    )
    rows = past.values_list("pk", "at", "received_at", "name", "properties", "visitor__identity")
    events = [
        (pk, EventSaid("", "", at, received, "track", 0, name=name, properties=properties), identity)
        for pk, at, received, name, properties, identity in rows
    ]
    record_orders(events, connection=connection)


def _order_key(properties: Mapping[str, Any]) -> str:
    return text(properties.get("order_id") or properties.get("orderId"), 200)


def _as_told(event: EventSaid) -> SiteTold:
    placed = event.name == shopping.COMPLETED
    currency = text(event.properties.get("currency"), 3).upper()
    return SiteTold(_order_key(event.properties), event.at, currency, placed)


def _earlier(connection: Connection, keys: set[str]) -> dict[str, OrderSaid]:
    """What was told of these orders before, as far as a refund or a cancellation needs it."""
    found = {}
    rows = Order.objects.filter(source=connection.source, key__in=keys).prefetch_related("lines", "refunds")
    for row in rows:
        lines = tuple(
            LineSaid(
                sku=each.product.sku if each.product else "",
                name=each.name,
                quantity=each.quantity,
                price=each.price,
                discount=each.discount,
                tax=each.tax,
            )
            for each in row.lines.select_related("product")
        )
        refunds = tuple(RefundSaid(each.key, each.at, each.amount, each.reason) for each in row.refunds.all())
        found[row.key] = OrderSaid(
            key=row.key,
            at=row.at,
            identity=row.identity_id,
            currency=row.currency,
            lines=lines,
            channel=SITE,
            state=row.state,
            state_at=row.state_at,
            total=row.said_total,
            discount=row.discount,
            shipping=row.shipping,
            tax=row.tax,
            refunds=refunds,
            coupon=row.coupon,
            number=row.number,
        )
    return found


def _said(event: EventSaid, key: str, whose: int | None, *, before: OrderSaid | None) -> OrderSaid | None:
    its = event.properties
    if event.name in (shopping.COMPLETED, shopping.UPDATED):
        return _placed(event, key, whose, before)
    if before is None:
        return None
    if event.name == shopping.CANCELLED:
        return _changed(before, whose, state="cancelled", at=event.at)
    amount = next(
        (found for name in ("total", "revenue", "value") if (found := number(its.get(name))) is not None),
        None,
    )
    if amount is None:
        amount = sum((line.price * line.quantity for line in _lines(its)), _NOTHING) or _worth(before)
    refund = RefundSaid(key=f"{event.at.isoformat()}", at=event.at, amount=abs(amount), lines=_lines(its))
    others = tuple(each for each in before.refunds if each.key != refund.key)
    return _changed(before, whose, refunds=(*others, refund))


def _changed(before: OrderSaid, whose: int | None, *, state: str = "", at: dt.datetime | None = None,
             refunds: tuple[RefundSaid, ...] | None = None) -> OrderSaid:  # fmt: skip
    return replace(
        before,
        identity=before.identity or whose,
        state=state or before.state,
        state_at=at or before.state_at,
        refunds=before.refunds if refunds is None else refunds,
    )


def _worth(order: OrderSaid) -> Decimal:
    if order.total is not None:
        return order.total
    lines = sum((line.price * line.quantity - line.discount + line.tax for line in order.lines), _NOTHING)
    return lines - order.discount + order.shipping + order.tax


def _placed(event: EventSaid, key: str, whose: int | None, before: OrderSaid | None) -> OrderSaid:
    its = event.properties
    return OrderSaid(
        key=key,
        at=before.at if before else event.at,
        identity=whose or (before.identity if before else None),
        currency=text(its.get("currency"), 3).upper() or settings.KARTOTEKA.currency,
        lines=_lines(its),
        channel=SITE,
        state=before.state if before else "placed",
        state_at=before.state_at if before else event.at,
        total=_total(its),
        discount=number(its.get("discount")) or _NOTHING,
        shipping=number(its.get("shipping")) or _NOTHING,
        tax=number(its.get("tax")) or _NOTHING,
        refunds=before.refunds if before else (),
        coupon=text(its.get("coupon"), 100),
        number=key[:100],
    )


def _tells_worth(its: Mapping[str, Any]) -> bool:
    return _total(its) is not None or bool(_lines(its))


def _total(its: Mapping[str, Any]) -> Decimal | None:
    """What is to be paid. Where neither it nor a price is told: the revenue, which the standard has without shipping and
    tax (segment.com/docs/connections/spec/ecommerce/v2), and these."""
    total = number(its.get("total"))
    if total is not None or any(each.price for each in _lines(its)):
        return total
    goods = next(
        (found for name in ("revenue", "subtotal", "value") if (found := number(its.get(name))) is not None),
        None,
    )
    if goods is None:
        return None
    return goods + sum((number(its.get(name)) or _NOTHING for name in ("shipping", "tax")), _NOTHING)


def _lines(properties: Mapping[str, Any]) -> tuple[LineSaid, ...]:
    told = properties.get("products")
    lines = []
    for each in (told if isinstance(told, list) else [])[:_MOST_LINES]:
        if not isinstance(each, Mapping):
            continue
        sku = shopping.sku_of(each)
        quantity = number(each.get("quantity"))
        lines.append(
            LineSaid(
                sku=sku or text(each.get("name"), 100) or "?",
                name=text(each.get("name"), 300),
                quantity=Decimal(1) if quantity is None else quantity,
                price=number(each.get("price")) or _NOTHING,
                discount=number(each.get("discount")) or _NOTHING,
                category=text(each.get("category"), 200),
            )
        )
    return tuple(lines)
