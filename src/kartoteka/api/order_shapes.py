"""What goes in and out of the routes of orders. Amounts are decimal texts: a number of JSON would lose their places."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

from ninja import Field, Schema
from pydantic import field_serializer

from kartoteka.people.models import Ground

from .reading import Day, Given, Moment, Some, Text

State = Literal["placed", "paid", "packed", "sent", "delivered", "returned", "cancelled"]
_EXAMPLE = "12.50"


class NewLine(Schema):
    """One line of an order."""

    sku: Text = Field("", description="The article's number.", examples=["A-100"])
    name: Text = Field("", description="What it is called.", examples=["Blue scarf"])
    quantity: Decimal = Field(
        Decimal(1), description="How many; negative for what came back.", examples=["2"]
    )
    price: Decimal = Field(..., description="Of one, before the discount.", examples=[_EXAMPLE])
    discount: Decimal = Field(Decimal(0), description="Of the whole line.", examples=["0"])
    tax: Decimal = Field(
        Decimal(0), description="On top of the price, of the whole line; 0 where prices include it."
    )
    cost: Decimal | None = Field(None, description="What one cost the business.", examples=["4.10"])
    category: Text = Field("", description="Its category.", examples=["Scarves"])


class NewPayment(Schema):
    """Money that came in."""

    key: Some = Field(..., description="Unique within the order.", examples=["p-1"])
    at: Moment = Field(..., description="When.")
    amount: Decimal = Field(..., description="In the order's currency.", examples=[_EXAMPLE])
    method: Text = Field("", description="How.", examples=["card"])


class NewRefund(Schema):
    """Money given back."""

    key: Some = Field(..., description="Unique within the order.", examples=["r-1"])
    at: Moment = Field(..., description="When.")
    amount: Decimal = Field(..., description="In the order's currency, tax included.", examples=["2.00"])
    reason: Text = Field("", description="Why.", examples=["torn"])


class NewOrder(Given):
    """An order as its source tells it, whole. Sent again with the same source and key, it replaces what was told."""

    source: Some = Field(..., description="Who tells it: the shop, the till.", examples=["web shop"])
    ground: Ground = Field(
        ..., description="On what ground the person's data may be held.", examples=["contract"]
    )
    key: Some = Field(..., description="The order's own key at the source.", examples=["1001"])
    at: Moment = Field(..., description="When it was placed; without a zone, the business's.")
    currency: Some = Field(..., description="ISO 4217, of every amount.", examples=["EUR"])
    customer: dict[str, Any] | None = Field(
        None,
        description="Who ordered, by field as in a customer's card; none for an anonymous sale.",
        examples=[{"name": "Anna Nowak", "emails": ["anna@example.com"]}],
    )
    customer_key: Text = Field("", description="The customer's own key at the source; empty for a guest.")
    lines: list[NewLine] = Field(default_factory=list, max_length=5000, description="Its lines.")
    number: Text = Field("", description="What people call it; the key by default.", examples=["1001"])
    channel: Text = Field("", description="Through which channel.", examples=["web"])
    state: State = Field("placed", description="Where it is on its way.")
    state_at: Moment | None = Field(None, description="Since when.")
    total: Decimal | None = Field(
        None, description="What is to be paid; else it is added up.", examples=["25.00"]
    )
    discount: Decimal = Field(Decimal(0), description="On the order as a whole.")
    shipping: Decimal = Field(Decimal(0), description="Delivery.")
    tax: Decimal = Field(
        Decimal(0), description="On top of the prices, in no line; 0 where prices include it."
    )
    payments: list[NewPayment] = Field(default_factory=list, max_length=500, description="What came in.")
    refunds: list[NewRefund] = Field(default_factory=list, max_length=500, description="What was given back.")
    due_on: Day | None = Field(None, description="The last day to pay.")
    place: Text = Field("", description="Where the goods are.", examples=["parcel 00340"])
    note: Text = Field("", description="A note.")
    coupon: Text = Field("", description="The coupon's code.")


class TakenOrder(Schema):
    """What became of it."""

    id: int = Field(..., description="Its number here.", examples=[7])
    outcome: Literal["new", "changed", "known"] = Field(
        ..., description="new; changed: told otherwise before; known: told just so before."
    )


class OrderLine(Schema):
    """One line."""

    sku: str = Field(..., description="The article's number.")
    name: str = Field(..., description="What it is called.")
    quantity: Decimal = Field(..., description="How many.")
    price: Decimal = Field(..., description="Of one.")
    net: Decimal = Field(..., description="What the line comes to, less its discount.")

    @field_serializer("quantity", "price", "net")
    def _text(self, value: Decimal) -> str:
        return format(value.normalize(), "f")


class OrderShown(Schema):
    """An order."""

    id: int = Field(..., description="Its number here.", examples=[7])
    key: str = Field(..., description="Its key at the source.")
    source: str = Field(..., description="Who told it.")
    number: str = Field(..., description="What people call it.")
    at: dt.datetime = Field(..., description="When it was placed.")
    card: str | None = Field(..., description="The customer's card number; none for an anonymous sale.")
    channel: str = Field(..., description="Through which channel.")
    state: State = Field(..., description="Where it is on its way.")
    state_at: dt.datetime = Field(..., description="Since when.")
    place: str = Field(..., description="Where the goods are.")
    currency: str = Field(..., description="Of every amount.")
    total: Decimal = Field(..., description="What is to be paid.")
    net: Decimal = Field(
        ..., description="Revenue: without tax on top, less what came back or was given back."
    )
    paid: Decimal = Field(..., description="What came in.")
    refunded: Decimal = Field(..., description="What was given back.")
    owed: Decimal | None = Field(..., description="What is open; none where nothing was told of payment.")
    due_on: dt.date | None = Field(..., description="The last day to pay.")
    paid_at: dt.datetime | None = Field(..., description="When the last of it was paid.")
    days_late: int = Field(..., description="Days after its due day it was paid, or is still not.")

    @field_serializer("total", "net", "paid", "refunded", "owed")
    def _text(self, value: Decimal | None) -> str | None:
        return None if value is None else format(value.normalize(), "f")


class OrderWhole(OrderShown):
    """An order with its lines."""

    lines: list[OrderLine] = Field(..., description="Its lines, a thousand at the most.")


class OrderList(Schema):
    """A page of orders."""

    orders: list[OrderShown] = Field(..., description="The orders of this page.")
    after: str = Field(..., description="Give this as `after` for the next page; empty on the last.")
    before: str = Field(..., description="Give this as `before` for the page before; empty on the first.")


class Move(Given):
    """Where an order is now."""

    state: State = Field(..., description="The state it came into.")
    at: Moment | None = Field(None, description="When; now by default.")
    place: Text = Field("", description="Where the goods are; empty leaves it.")
