"""Orders of any program: plain JSON, in a form of our own (docs/guide/developer.md), signed or with a token.

`Authorization: Bearer SECRET`, or `X-Kartoteka-Signature: sha256=` and the hexadecimal HMAC-SHA256 over the raw body. An
`Idempotency-Key` makes a message one, however often it is sent; without it the same bytes are the same message.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.activity.said import LineSaid, OrderSaid, PaymentSaid, RefundSaid

from ..connections import Kind
from .reading import Part, cells, message
from .shop import ConsentTold, Incoming, Mark, NotProven, NotUnderstood, OrderTold, PersonTold, Shop, Told
from .signatures import must_fit, same
from .telling import address_of

STATES = ("placed", "paid", "packed", "sent", "delivered", "returned", "cancelled")
_CHANNELS = ("email", "sms", "phone", "post", "messenger", "ads")
_WHO = ("name", "given", "family", "email", "phone", "company", "language", "birth", "sex", "note")


class Orders(Shop):
    """Orders that a program of the business's own sends."""

    kind = Kind(
        key="orders",
        label=gettext_lazy("Orders by JSON"),
        ground="contract",
        told=lambda connection, home: {"url": f"{home}/hooks/orders/{connection.key}"},
        makes_secret=True,
    )

    def prove(self, request: Incoming, *, secrets: Sequence[str], now: dt.datetime) -> None:
        """The secret itself as a bearer's token, or the signature made with it."""
        scheme, _space, token = request.headers.get("authorization", "").partition(" ")
        if scheme.casefold() == "bearer":
            if not same(token.strip(), secrets):
                raise NotProven(_("The token does not fit."))
            return
        kind, _is, signature = request.headers.get("x-kartoteka-signature", "").partition("=")
        must_fit(signature if kind == "sha256" else "", request.body, secrets=secrets, hexadecimal=True)

    def mark(self, request: Incoming) -> Mark:
        """As the sender numbers it, else by its bytes."""
        given = request.headers.get("idempotency-key", "").strip()
        return Mark(given or hashlib.sha256(request.body).hexdigest()[:40], "orders")

    def read(self, *, topic: str, body: bytes, received_at: dt.datetime) -> Told:
        """One order with its customer, or many under `orders`; or a customer alone."""
        said = message(body)
        entries = said.parts("orders") or [said]
        if not any("order" in each or "customer" in each for each in entries):
            raise NotUnderstood(_("There is no “order” in it."))
        return Told(
            orders=tuple(_order(each, received_at) for each in entries if each.part("order")),
            persons=tuple(
                _person(each.part("customer"), received_at)
                for each in entries
                if each.part("customer") and not each.part("order")
            ),
        )


def _order(entry: Part, received_at: dt.datetime) -> OrderTold:
    said = entry.part("order")
    state = said.text("state") or "placed"
    if state not in STATES:
        text = _("%(field)s must be one of: %(all)s.")
        raise NotUnderstood(text % {"field": said.named("state"), "all": ", ".join(STATES)})
    at = said.moment("at", received_at=received_at) or received_at
    changed = said.moment("changed_at", received_at=received_at)
    order = OrderSaid(
        key=said.must_key("key"),
        at=at,
        identity=None,
        currency=said.currency("currency"),
        lines=tuple(map(_line, said.parts("lines"))),
        number=said.text("number", 100),
        channel=said.text("channel", 50),
        state=state,
        state_at=said.moment("state_at", received_at=received_at) or changed,
        total=said.amount("total") if said.text("total") else None,
        discount=said.amount("discount"),
        shipping=said.amount("shipping"),
        tax=said.amount("tax"),
        payments=tuple(
            PaymentSaid(
                each.must_key("key"),
                _at(each, at, received_at),
                each.amount("amount"),
                each.text("method", 50),
            )
            for each in said.parts("payments")
        ),
        refunds=tuple(
            RefundSaid(
                each.must_key("key"),
                _at(each, at, received_at),
                each.amount("amount"),
                each.text("reason"),
                tuple(map(_line, each.parts("lines"))),
            )
            for each in said.parts("refunds")
        ),
        due_on=_day(said, "due_on"),
        place=said.text("place", 200),
        note=said.text("note"),
        coupon=said.text("coupon", 100),
    )
    who = entry.part("customer")
    return OrderTold(order, _person(who, received_at) if who else None, changed)


def _at(said: Part, otherwise: dt.datetime, received_at: dt.datetime) -> dt.datetime:
    return said.moment("at", received_at=received_at) or otherwise


def _line(said: Part) -> LineSaid:
    return LineSaid(
        sku=said.text("sku", 100),
        name=said.text("name", 255),
        quantity=said.amount("quantity", Decimal(1)),
        price=said.amount("price"),
        discount=said.amount("discount"),
        tax=said.amount("tax"),
        cost=said.amount("cost") if said.text("cost") else None,
        category=said.text("category", 200),
        key=said.text("key", 100),
    )


def _day(said: Part, name: str) -> dt.date | None:
    text = said.text(name, 20)
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        wrong = _("%(field)s must be a day such as 2026-03-31.")
        raise NotUnderstood(wrong % {"field": said.named(name)}) from error


def _person(said: Part, received_at: dt.datetime) -> PersonTold:
    """The customer: `key` is theirs at the sender; `consents` says true or false by channel."""
    address = said.part("address")
    at = said.moment("at", received_at=received_at)
    chosen = said.part("consents")
    return PersonTold(
        said.key("key"),
        cells(
            *((name, said.text(name)) for name in _WHO),
            ("tags", ";".join(each.replace(";", ",") for each in said.texts("tags"))),
            *address_of(
                "",
                street=address.text("street"),
                city=address.text("city"),
                postcode=address.text("postcode"),
                region=address.text("region"),
                country=address.text("country"),
            ),
        ),
        country=address.text("country", 2).upper(),
        consents=tuple(
            ConsentTold(channel, given, f"consents.{channel}: {str(given).lower()}", at)
            for channel in _CHANNELS
            if (given := chosen.yes(channel)) is not None
        ),
        at=at,
    )
