"""Routes of orders: list, read, take in, move on."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Field, Query, Router
from ninja.params.functions import Path

from kartoteka.activity import order_queries as queries
from kartoteka.activity.models import Order
from kartoteka.activity.moving import move
from kartoteka.activity.said import LineSaid, OrderSaid, PaymentSaid, RefundSaid
from kartoteka.intake.orders import Arrived, take_one
from kartoteka.trust.actor import Right

from . import order_shapes as shapes
from .access import Called, route
from .reading import Parameters, Text, aware

router = Router(tags=["orders"])
Key = Annotated[int, Path(ge=1, lt=2**63, description="The order's number here.", example=7)]


class OrderWish(Parameters):
    """Which orders."""

    state: Literal["", "placed", "paid", "packed", "sent", "delivered", "returned", "cancelled"] = Field(
        "", description="Only those in this state."
    )
    channel: Text = Field("", description="Only those of this channel.")
    payment: Literal["", "unpaid", "late"] = Field(
        "", description="Only those of which something is open, or is overdue."
    )
    after: Text = Field("", description="The place a page before gave as `after`.")
    before: Text = Field("", description="The place a page before gave as `before`.")
    size: int = Field(50, ge=1, le=200, description="Orders on a page.")


@router.get("/orders", summary="List orders", **route(Right.SEE, answer=shapes.OrderList))
def list_orders(request: Called, wish: Query[OrderWish]) -> dict[str, Any]:
    """Orders page by page, the newest first; overdue ones the longest due first."""
    found = queries.list_orders(
        actor=request.auth,
        wish=queries.OrderWish(wish.state, wish.channel, wish.payment),
        size=wish.size,
        after=wish.after,
        before=wish.before,
    )
    return {"orders": [_shown(each) for each in found.rows], "after": found.after, "before": found.before}


@router.get(
    "/orders/{key}",
    summary="Read an order",
    **route(Right.SEE, answer=shapes.OrderWhole, refusals=(404,)),
)
def read_order(request: Called, key: Key) -> dict[str, Any]:
    """One order with its lines."""
    found = queries.order_page(actor=request.auth, key=key)
    lines = [
        {
            "sku": line.product.sku if line.product else "",
            "name": line.name,
            "quantity": line.quantity,
            "price": line.price,
            "net": line.net,
        }
        for line in found.lines
    ]
    return {**_shown(found.order), "lines": lines}


@router.post(
    "/orders",
    summary="Take an order in",
    **route(Right.CHANGE, answer=shapes.TakenOrder, refusals=(413,)),
)
def take_order(request: Called, given: shapes.NewOrder) -> dict[str, Any]:
    """Take an order in, with whoever placed it. Sent twice it is there once; sent anew with other words, it is changed.

    Who ordered is found by the source's key or by what is sure, or becomes a customer; a guest is one by e-mail or phone.
    """
    key, outcome = take_one(
        arrived=Arrived(_said(given), given.customer, given.customer_key),
        source=given.source,
        ground=given.ground,
        by=request.auth,
    )
    return {"id": key, "outcome": outcome}


@router.post(
    "/orders/{key}/state",
    summary="Move an order on",
    **route(Right.SEE, Right.CHANGE, answer=shapes.OrderShown, refusals=(404, 409)),
)
def move_order(request: Called, key: Key, given: shapes.Move) -> dict[str, Any]:
    """Move an order into another state. Moved to paid, what is open of it counts as paid."""
    order = queries.order_of(actor=request.auth, key=key)
    move(order=order, to=given.state, by=request.auth, at=aware(given.at), place=given.place)
    return _shown(queries.order_of(actor=request.auth, key=key))


def _said(given: shapes.NewOrder) -> OrderSaid:
    told = given.dict(
        exclude={"source", "ground", "customer", "customer_key", "lines", "payments", "refunds"}
    )
    told["at"] = aware(given.at)
    told["state_at"] = aware(given.state_at)
    return OrderSaid(
        **told,
        identity=None,
        lines=tuple(LineSaid(**each.dict()) for each in given.lines),
        payments=tuple(PaymentSaid(**{**each.dict(), "at": aware(each.at)}) for each in given.payments),
        refunds=tuple(RefundSaid(**{**each.dict(), "at": aware(each.at)}) for each in given.refunds),
    )


def _shown(order: Order) -> dict[str, Any]:
    names = (
        "key", "number", "at", "channel", "state", "state_at", "place", "currency", "total", "net", "paid", "refunded",
        "owed", "due_on", "paid_at",
    )  # fmt: skip
    return {
        "id": order.pk,
        "source": order.source.name,
        "card": order.identity.customer.card if order.identity else None,
        "days_late": queries.days_late(order),
        **{name: getattr(order, name) for name in names},
    }
