"""What a source says of an order, of its lines, payments and refunds: the shape in which every way in hands it over."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class LineSaid:
    """One line of an order.

    quantity: negative for what came back or was called off. price: of one unit, before the discount. discount: of the whole
    line, in money. tax: what comes on top of the price, of the whole line; 0 where prices include it. cost: what one unit
    cost us, None where that is not known. key: the line's own at the source, if it has one.
    """

    sku: str
    name: str
    quantity: Decimal
    price: Decimal
    discount: Decimal = _NOTHING
    tax: Decimal = _NOTHING
    cost: Decimal | None = None
    category: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class PaymentSaid:
    """Money that came in for an order, in the order's currency. key: unique within the order."""

    key: str
    at: dt.datetime
    amount: Decimal
    method: str = ""


@dataclass(frozen=True, slots=True)
class RefundSaid:
    """Money given back, in the order's currency, tax included. key: unique within the order.

    lines: what came back with it, as far as the source tells; they are told, and counted in money by `amount` alone.
    """

    key: str
    at: dt.datetime
    amount: Decimal
    reason: str = ""
    lines: tuple[LineSaid, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderSaid:
    """One order as its source tells it now, whole: a later telling replaces this one.

    key: the order's own at the source. at: when it was placed, aware. identity: whose it is; None for an anonymous sale.
    currency: ISO 4217, of every amount. state: a value of `order_models.State`; state_at: since when, None if that is not told.
    total: what is to be paid, by default the lines less `discount`, with `shipping` and `tax`. tax: what comes on top of
    the prices and stands in no line; 0 where prices include it. due_on: the last day to pay. place: where the goods are.
    """

    key: str
    at: dt.datetime
    identity: int | None
    currency: str
    lines: tuple[LineSaid, ...]
    number: str = ""
    channel: str = ""
    state: str = "placed"
    state_at: dt.datetime | None = None
    total: Decimal | None = None
    discount: Decimal = _NOTHING
    shipping: Decimal = _NOTHING
    tax: Decimal = _NOTHING
    payments: tuple[PaymentSaid, ...] = ()
    refunds: tuple[RefundSaid, ...] = ()
    due_on: dt.date | None = None
    place: str = ""
    note: str = ""
    coupon: str = ""
