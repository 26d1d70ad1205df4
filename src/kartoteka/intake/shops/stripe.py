"""Stripe Checkout: what was bought through its payment page.

Formats: the Event, Checkout Session and Charge objects (docs.stripe.com/api), signed as docs.stripe.com/webhooks describes
(`Stripe-Signature: t=…,v1=…`, HMAC-SHA256 over "t.body", hexadecimal, no older than five minutes).
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.activity.said import LineSaid, OrderSaid, PaymentSaid, RefundSaid
from kartoteka.kit.outgoing import Answer

from ..connections import Asked, Kind
from .reading import Part, cells, message
from .shop import (
    NOTHING,
    Asking,
    ConsentTold,
    Found,
    Incoming,
    Mark,
    NotProven,
    OrderTold,
    PartTold,
    PersonTold,
    Shop,
    Told,
)
from .signatures import must_fit
from .telling import address_of, unit_price

TOPICS = (
    "checkout.session.completed", "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed", "charge.refunded",
)  # fmt: skip
_PAGE = 100
TOLERANCE = dt.timedelta(minutes=5)
# Amounts are in the smallest unit; these have none, or a thousandth (docs.stripe.com/currencies).
_WHOLE = frozenset({
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
})  # fmt: skip
_THOUSANDTHS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
_FIT = re.compile(r"[0-9a-fA-F]{64}")
_NAME = "Stripe Checkout"  # as it is called in every language


class Stripe(Shop):
    """Orders that were paid through Stripe Checkout."""

    kind = Kind(
        key="stripe",
        label=_NAME,
        ground="contract",
        told=lambda connection, home: {
            "url": f"{home}/hooks/stripe/{connection.key}",
            "topics": list(TOPICS),
        },
        asks=(
            Asked(
                "api_key",
                gettext_lazy("Restricted API key (read events), so that missed orders can be asked for"),
                secret=True,
            ),
        ),
        needs_secret=True,
    )

    def prove(self, request: Incoming, *, secrets: Sequence[str], now: dt.datetime) -> None:
        """One of the signatures under `v1` must fit, and their moment be near to ours."""
        entries = [
            each.strip().partition("=") for each in request.headers.get("stripe-signature", "").split(",")
        ]
        stamp = next((value for name, _is, value in entries if name == "t"), "")
        given = [value for name, _is, value in entries if name == "v1" and _FIT.fullmatch(value)][:10]
        if not given or not re.fullmatch(r"\d{1,12}", stamp):
            raise NotProven(_("There is no signature on it."))
        signed = stamp.encode() + b"." + request.body
        problem: NotProven | None = None
        for each in given:
            try:
                must_fit(each, signed, secrets=secrets, hexadecimal=True)
            except NotProven as error:
                problem = error
            else:
                problem = None
                break
        if problem is not None:
            raise problem
        if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
            raise NotProven(
                _("It was signed more than five minutes ago, or the clock of this machine is wrong.")
            )

    def mark(self, request: Incoming) -> Mark:
        """The event's id and type stand in the body."""
        said = message(request.body)
        return Mark(said.text("id", 100), said.text("type", 100))

    def read(self, *, topic: str, body: bytes, received_at: dt.datetime) -> Told:
        """What an event says. A session is told whole each time, so that the last one is how it stands."""
        said = message(body)
        at = said.moment("created", received_at=received_at) or received_at
        thing = said.part("data").part("object")
        if topic == "charge.refunded":
            return _refunded(thing, at)
        if topic in TOPICS and thing.text("mode") != "setup":
            return _session(thing, at, received_at, failed=topic.endswith("_failed"))
        return NOTHING

    def missed(
        self, *, since: dt.datetime, page: int, after: str, options: Mapping[str, str]
    ) -> Asking | None:
        """The events since then, the newest first, of which the service keeps those of thirty days: the very ones that
        the webhook sends, under the same ids."""
        key = options.get("api_key", "")
        if not key:
            return None
        asked = [("limit", str(_PAGE)), ("created[gte]", str(int(since.timestamp())))]
        asked += [("types[]", topic) for topic in TOPICS] + [("starting_after", after)] * bool(after)
        address = f"{settings.KARTOTEKA.stripe_url.rstrip('/')}/v1/events?{urlencode(asked)}"
        return Asking(address, {"Authorization": f"Bearer {key}"})

    def found(self, answer: Answer) -> Found:
        """Each event as it would have been sent."""
        said = message(answer.body)
        events = said.parts("data")
        told = [(Mark(each.must_key("id"), each.text("type", 100)), each.written()) for each in events]
        # The newest come first, and what was bought must be known before it is given back.
        more = bool(said.yes("has_more")) and bool(told)
        return Found(told[::-1], more=more, after=told[-1][0].key if more else "")


def _order_key(said: Part) -> str:
    """A session's payment: refunds name the payment, not the session. Where nothing is paid, the session itself."""
    return said.key("payment_intent") or said.part("payment_intent").key("id")


def _money(said: Part, name: str, currency: str) -> Decimal:
    amount = said.amount(name)
    if currency in _WHOLE:
        return amount
    return amount / (1000 if currency in _THOUSANDTHS else 100)


def _session(said: Part, at: dt.datetime, received_at: dt.datetime, *, failed: bool) -> Told:
    session = said.must_key("id")
    key = _order_key(said) or session
    currency = said.currency("currency")
    details = said.part("total_details")
    total = _money(said, "amount_total", currency)
    lines = _lines(said, currency)
    paid = said.text("payment_status") == "paid" and not failed
    order = OrderSaid(
        key=key,
        at=said.moment("created", received_at=received_at) or at,
        identity=None,
        currency=currency,
        lines=lines,
        number=said.text("client_reference_id") or session[-12:],
        channel="stripe",
        state="cancelled" if failed else "paid" if paid or not total else "placed",
        state_at=at,
        total=total,
        shipping=_money(details, "amount_shipping", currency),
        tax=_money(details, "amount_tax", currency) - sum((each.tax for each in lines), Decimal(0)),
        payments=(PaymentSaid(key, at, total, next(said.texts("payment_method_types"), "")),)
        if paid and total
        else (),
    )
    return Told(orders=(OrderTold(order, _buyer(said, at), at),))


def _lines(said: Part, currency: str) -> tuple[LineSaid, ...]:
    """What was bought, where the session tells it; else the one sum of it, under whatever name the session has."""
    entries = said.part("line_items").parts("data")
    if not entries:
        details = said.part("total_details")
        before = _money(said, "amount_subtotal", currency)
        names = said.part("metadata")
        name = names.text("product") or names.text("name") or "Stripe Checkout"
        discount = _money(details, "amount_discount", currency)
        return (
            LineSaid("", name[:255], Decimal(1), before, discount, _money(details, "amount_tax", currency)),
        )
    return tuple(_line(each, currency) for each in entries)


def _line(said: Part, currency: str) -> LineSaid:
    quantity = said.amount("quantity", Decimal(1))
    before, tax = _money(said, "amount_subtotal", currency), _money(said, "amount_tax", currency)
    price, discount = unit_price(before, quantity, _money(said, "amount_total", currency) - tax)
    bought = said.part("price")
    return LineSaid(
        sku=bought.key("product") or bought.part("product").key("id") or bought.key("id"),
        name=said.text("description", 255),
        quantity=quantity,
        price=price,
        discount=discount,
        tax=tax,
        key=said.key("id"),
    )


def _buyer(said: Part, at: dt.datetime) -> PersonTold | None:
    """Who paid, by what they typed; and whether they let themselves be written to."""
    details = said.part("customer_details")
    home = details.part("address")
    found = cells(
        ("name", details.text("individual_name") or details.text("name")),
        ("company", details.text("business_name")),
        ("email", details.text("email") or said.text("customer_email")),
        ("phone", details.text("phone")),
        ("language", said.text("locale").partition("-")[0]),
        *address_of(
            "billing",
            street=home.text("line1"),
            second=home.text("line2"),
            city=home.text("city"),
            postcode=home.text("postal_code"),
            region=home.text("state"),
            country=home.text("country"),
        ),
    )
    key = said.key("customer") or said.part("customer").key("id")
    if not key and not found:
        return None
    chosen = said.part("consent").text("promotions")
    consents: tuple[ConsentTold, ...] = ()
    if chosen in ("opt_in", "opt_out"):
        consents = (ConsentTold("email", chosen == "opt_in", f"promotions: {chosen}", at),)
    return PersonTold(key, found, country=home.text("country", 2).upper(), consents=consents, at=at)


def _refunded(said: Part, at: dt.datetime) -> Told:
    """All that was given back of a charge so far, as one refund that grows."""
    key = _order_key(said)
    if not key:
        return NOTHING  # a charge that came by no checkout
    back = _money(said, "amount_refunded", said.currency("currency"))
    refund = RefundSaid(said.must_key("id"), at, back)
    return Told(
        parts=(PartTold(key, at, refunds=(refund,), state="returned" if said.yes("refunded") else ""),)
    )
