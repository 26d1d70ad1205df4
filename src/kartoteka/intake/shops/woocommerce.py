"""WooCommerce: webhooks, and asking the shop for the orders of which no word came.

Formats: the shop's REST API, version 3 (developer.woocommerce.com/docs/apis/rest-api/v3/orders, /customers, /webhooks). Its
webhooks hold the same objects. When a webhook is saved the shop sends `webhook_id=N` as a form, unsigned, and wants a 200.
"""

import base64
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kartoteka.activity.said import LineSaid, OrderSaid, PaymentSaid, RefundSaid
from kartoteka.kit.outgoing import Answer

from ..connections import Asked, Kind
from .reading import Part, cells, message, messages
from .shop import NOTHING, Asking, Found, Incoming, Mark, OrderTold, PartTold, PersonTold, Shop, Told
from .signatures import must_fit
from .telling import address_of, unit_price

# docs: "pending, processing, on-hold, completed, cancelled, refunded, failed and trash"
_STATES = {
    "pending": "placed", "on-hold": "placed", "processing": "paid", "completed": "delivered",
    "cancelled": "cancelled", "failed": "cancelled", "trash": "cancelled", "refunded": "returned",
}  # fmt: skip
# A basket of which the block checkout keeps a draft is no order.
_DRAFTS = frozenset({"checkout-draft", "auto-draft"})
_PING = re.compile(rb"webhook_id=\d{1,20}")
_PAGE = 100
_NAME = "WooCommerce"  # as it is called in every language


class WooCommerce(Shop):
    """Orders and customers of a WooCommerce shop."""

    kind = Kind(
        key="woocommerce",
        label=_NAME,
        ground="contract",
        told=lambda connection, home: {
            "url": f"{home}/hooks/woocommerce/{connection.key}",
            "topics": ["order.created", "order.updated", "order.deleted", "order.restored",
                       "customer.created", "customer.updated", "customer.deleted"],
        },
        asks=(
            Asked("url", _("The shop's address, such as https://shop.example.com")),
            Asked("consumer_key", _("Consumer key of its REST API (read), so that missed orders can be asked for")),
            Asked("consumer_secret", _("Consumer secret of its REST API"), secret=True),
        ),
        makes_secret=True,
    )  # fmt: skip

    def greeting(self, request: Incoming, *, secrets: Sequence[str]) -> bytes | None:
        """The ping of a webhook that was just saved."""
        unsigned = "x-wc-webhook-signature" not in request.headers
        return b"" if unsigned and _PING.fullmatch(request.body.strip()) else None

    def prove(self, request: Incoming, *, secrets: Sequence[str], now: dt.datetime) -> None:
        """Base64 of the HMAC-SHA256 over the raw body."""
        signature = request.headers.get("x-wc-webhook-signature", "")
        must_fit(signature, request.body, secrets=secrets, hexadecimal=False)

    def mark(self, request: Incoming) -> Mark:
        """The delivery's id; a delivery that is sent again keeps it."""
        headers = request.headers
        return Mark(headers.get("x-wc-webhook-delivery-id", ""), headers.get("x-wc-webhook-topic", ""))

    def read(self, *, topic: str, body: bytes, received_at: dt.datetime) -> Told:
        """An order or a customer as it stands now. A deleted one is told by its id alone."""
        matter, _dot, event = topic.partition(".")
        said = message(body)
        if matter == "order":
            if event == "deleted":
                gone = PartTold(said.must_key("id"), received_at, state="cancelled")
                return Told(parts=(gone,))
            order = order_of(said, received_at=received_at)
            if order and event == "restored":  # the shop does not call that a change
                order = replace(order, order=replace(order.order, state_at=received_at))
            return Told(orders=(order,)) if order else NOTHING
        if matter == "customer" and event in ("created", "updated"):
            return Told(persons=(_customer(said, received_at),))
        # A customer who was deleted in the shop is no longer told of; what we know of them stays.
        return NOTHING

    def missed(
        self, *, since: dt.datetime, page: int, after: str, options: Mapping[str, str]
    ) -> Asking | None:
        """The orders changed since then, a hundred a page; by Basic sign-in, which the shop takes over https only."""
        url, key, secret = (options.get(name, "") for name in ("url", "consumer_key", "consumer_secret"))
        if not (url and key and secret):
            return None
        query = (
            f"modified_after={since.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}&dates_are_gmt=true&orderby=modified&order=asc"
            f"&per_page={_PAGE}&page={page}"
        )
        sign_in = base64.b64encode(f"{key}:{secret}".encode()).decode()
        address = f"{url.rstrip('/')}/wp-json/wc/v3/orders?{query}"
        return Asking(address, {"Authorization": f"Basic {sign_in}"})

    def found(self, answer: Answer) -> Found:
        """Each order as an `order.updated`, known by its id and the moment it was changed."""
        orders = messages(answer.body)
        said = [
            (
                Mark(f"missed-{each.must_key('id')}-{each.text('date_modified_gmt', 40)}", "order.updated"),
                each.written(),
            )
            for each in orders
        ]
        return Found(said, more=len(orders) >= _PAGE)


def order_of(said: Part, *, received_at: dt.datetime) -> OrderTold | None:
    """One order; None for a draft. Raises NotUnderstood."""
    status = said.text("status").removeprefix("wc-")
    key = said.must_key("id")
    if status in _DRAFTS:
        return None
    at = said.moment("date_created_gmt", "date_created", received_at=received_at) or received_at
    changed = said.moment("date_modified_gmt", "date_modified", received_at=received_at)
    paid_at = said.moment("date_paid_gmt", "date_paid", received_at=received_at)
    currency = said.currency("currency")
    total = said.amount("total")
    payments: tuple[PaymentSaid, ...] = ()
    if paid_at:
        method = said.text("payment_method_title") or said.text("payment_method")
        payments = (PaymentSaid(said.key("transaction_id") or f"{key}-paid", paid_at, total, method[:100]),)
    order = OrderSaid(
        key=key,
        at=at,
        identity=None,
        currency=currency,
        lines=(*map(_line, said.parts("line_items")), *map(_fee, said.parts("fee_lines"))),
        number=said.text("number"),
        channel="woocommerce",
        state=_STATES.get(status, "paid" if paid_at else "placed"),
        state_at=changed,
        total=total,
        shipping=said.amount("shipping_total"),
        tax=said.amount("shipping_tax"),
        payments=payments,
        refunds=tuple(_refund(each, changed or received_at) for each in said.parts("refunds")),
        note=said.text("customer_note"),
        coupon=", ".join(each.text("code") for each in said.parts("coupon_lines"))[:100],
    )
    return OrderTold(order, _buyer(said), changed)


def _line(said: Part) -> LineSaid:
    """A line: `subtotal` is before discounts and `total` after them, both for all pieces and without tax."""
    quantity = said.amount("quantity", Decimal(1))
    total = said.amount("total")
    price, discount = unit_price(said.amount("subtotal", total), quantity, total)
    return LineSaid(
        sku=said.text("sku", 100) or said.key("variation_id") or said.key("product_id"),
        name=said.text("name", 255),
        quantity=quantity,
        price=price,
        discount=discount,
        tax=said.amount("total_tax"),
        key=said.key("id"),
    )


def _fee(said: Part) -> LineSaid:
    return LineSaid(
        sku="",
        name=said.text("name", 255),
        quantity=Decimal(1),
        price=said.amount("total"),
        tax=said.amount("total_tax"),
        key=said.key("id"),
    )


def _refund(said: Part, at: dt.datetime) -> RefundSaid:
    """A refund as it stands in its order: the amount with a minus before it."""
    return RefundSaid(said.must_key("id"), at, abs(said.amount("total")), said.text("reason"))


def _buyer(said: Part) -> PersonTold | None:
    """Who bought: an account's holder by their id, a guest by what they typed."""
    key, billing = said.key("customer_id"), said.part("billing")
    found = _told(billing, said.part("shipping"))
    if not key and not found:
        return None
    return PersonTold(key, found, country=billing.text("country", 2).upper())


def _customer(said: Part, received_at: dt.datetime) -> PersonTold:
    billing = said.part("billing")
    own = cells(
        ("given", said.text("first_name")), ("family", said.text("last_name")), ("email", said.text("email"))
    )
    typed = {field for field, _text in own}
    rest = tuple(
        each for each in _told(billing, said.part("shipping")) if each[0] not in typed or each[0] == "email"
    )
    return PersonTold(
        said.must_key("id"),
        own + tuple(each for each in rest if each not in own),
        country=billing.text("country", 2).upper(),
        at=said.moment("date_modified_gmt", "date_created_gmt", received_at=received_at),
    )


def _told(billing: Part, shipping: Part) -> tuple[tuple[str, str], ...]:
    """What was typed at the checkout. Somebody else's name at the delivery address is not the buyer's."""
    own = cells(
        ("given", billing.text("first_name")),
        ("family", billing.text("last_name")),
        ("company", billing.text("company")),
        ("email", billing.text("email")),
        ("phone", billing.text("phone")),
        *_address(billing, "billing"),
    )
    theirs = _address(shipping, "shipping")
    same_name = shipping.text("last_name").casefold() == billing.text("last_name").casefold()
    if not own or (theirs and same_name and theirs != _address(billing, "shipping")):
        own += theirs
    return own


def _address(said: Part, label: str) -> tuple[tuple[str, str], ...]:
    return address_of(
        label,
        street=said.text("address_1"),
        second=said.text("address_2"),
        city=said.text("city"),
        postcode=said.text("postcode"),
        region=said.text("state"),
        country=said.text("country"),
    )
