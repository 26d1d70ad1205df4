"""What staff do with an order: move it on, say where the goods are, note that it was paid."""

import datetime as dt
import secrets
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.kit.fixed import LARGEST
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .counting import amounts
from .facts import count_orders
from .order_models import Order, OrderState, Payment, State
from .order_rows import COUNTED, counted_columns, whole_cost
from .telling import hand_payments, said_of

_AHEAD = dt.timedelta(minutes=5)


class CannotMove(ValueError):
    """This cannot be done with the order; `field` is what to change, the message says how."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def move(*, order: Order, to: str, by: Actor, at: dt.datetime | None = None, place: str = "") -> None:
    """Move an order into another state, at a moment that is not before it was placed; now by default.

    place: where the goods are from then on; "" leaves it. Moved to paid, what is open of it counts as paid then. Cancelled
    or returned, it brings nothing. Raises CannotMove, NotAllowed.
    """
    by.must(Right.CHANGE)
    at = at or timezone.now()
    if to not in State.values:
        raise CannotMove("state", _("Choose the state to move it to."))
    with transaction.atomic():
        bulk.be_the_writer()
        found = _reach(order, by)
        _must_be_in_time(found, at)
        if found.state == to and (not place or place == found.place):
            raise CannotMove("state", _("It is there already."))
        if to == State.PAID:
            open_now = found.total - found.refunded - found.paid
            if open_now > 0:
                _note_payment(found, open_now, at, "", by)
        place = place.strip()[:200]
        OrderState.objects.create(order=found, state=to, at=at, place=place, **by.as_columns)
        found.state, found.state_at, found.place = to, at, place or found.place
        found.save(update_fields=["state", "state_at", "place"])
        _count_again(found)
        note(by=by, action="moved order", matter="order", key=found.pk, detail={"state": to})
    order.refresh_from_db()


def pay(*, order: Order, amount: Decimal, by: Actor, at: dt.datetime | None = None, method: str = "") -> None:
    """Note money that came in for an order, in its currency. Raises CannotMove, NotAllowed."""
    by.must(Right.CHANGE)
    at = at or timezone.now()
    if not amount.is_finite() or not 0 < amount < LARGEST:
        raise CannotMove("amount", _("Write how much was paid, more than 0."))
    with transaction.atomic():
        bulk.be_the_writer()
        found = _reach(order, by)
        _must_be_in_time(found, at)
        _note_payment(found, amount, at, method.strip()[:50], by)
        _count_again(found)
        note(by=by, action="noted payment", matter="order", key=found.pk)
    order.refresh_from_db()


def _reach(order: Order, by: Actor) -> Order:
    """The order as it stands. Raises CannotMove where it is gone, or out of `by`'s view."""
    found = Order.objects.visible_to(by).filter(pk=order.pk).first()
    if not isinstance(found, Order):
        raise CannotMove("order", _("This order is not here any more."))
    return found


def _must_be_in_time(order: Order, at: dt.datetime) -> None:
    if at < order.at - _AHEAD or at > timezone.now() + _AHEAD:
        raise CannotMove("at", _("Choose a moment between the order's own and now."))


def _note_payment(order: Order, amount: Decimal, at: dt.datetime, method: str, by: Actor) -> None:
    key = f"hand {secrets.token_hex(8)}"
    Payment.objects.create(
        order=order, key=key, at=at, amount=amount, method=method, by_hand=True, **by.as_columns
    )


def _count_again(order: Order) -> None:
    """Count the order anew from what was told, its state, and what staff noted."""
    said = said_of([order.pk])[order.pk]
    counted = amounts(said, state=order.state, by_hand=hand_payments([order.pk])[order.pk])
    cost = whole_cost(said.lines, [line.cost for line in said.lines], order.state)
    columns = counted_columns(counted, cost, order.rate)
    bulk.update(Order, COUNTED, [(*columns, order.pk)])
    if order.identity_id is not None:
        count_orders([order.identity_id])
