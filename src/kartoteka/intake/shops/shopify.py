"""Shopify: webhooks of orders, refunds, customers, what they agreed to, and what they ask by law.

Formats: the Order, Refund and Customer objects of the REST Admin API (shopify.dev/docs/api/admin-rest), the webhook topics
(shopify.dev/docs/api/webhooks), the compliance topics (shopify.dev/docs/apps/build/compliance/privacy-law-compliance).
Since 2025-01 consents and tags come by topics of their own; older payloads hold them in the customer.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from urllib.parse import parse_qs, urlencode, urlsplit

from django.utils.translation import gettext_lazy as _

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
    JoinedTold,
    Mark,
    OrderTold,
    PartTold,
    PersonTold,
    RequestTold,
    Shop,
    Told,
)
from .signatures import must_fit
from .telling import address_of, unit_price

TOPICS = (
    "orders/create", "orders/updated", "orders/paid", "orders/cancelled", "orders/fulfilled", "refunds/create",
    "customers/create", "customers/update", "customers_email_marketing_consent/update",
    "customers_marketing_consent/update", "customer.tags_added", "customer.tags_removed",
    "customers/merge", "customers/data_request", "customers/redact", "shop/redact",
)  # fmt: skip
# Of a marketing consent. "pending", "not_subscribed", "redacted" and "invalid" are no choice of the customer's.
_GIVEN, _WITHDRAWN = frozenset({"subscribed"}), frozenset({"unsubscribed"})
_PAID = frozenset({"paid", "partially_refunded", "partially_paid"})
# Of the Admin API (shopify.dev/docs/api/usage/versioning); one that has ended is answered by the oldest that has not.
_VERSION, _PAGE = "2026-01", 250
_NEXT = re.compile(r'<([^<>]*)>;\s*rel="?next"?')
_NAME = "Shopify"  # as it is called in every language


class Shopify(Shop):
    """Orders and customers of a Shopify shop."""

    kind = Kind(
        key="shopify",
        label=_NAME,
        ground="contract",
        told=lambda connection, home: {
            "url": f"{home}/hooks/shopify/{connection.key}",
            "topics": list(TOPICS),
        },
        asks=(
            Asked("url", _("The shop's own address at Shopify, such as https://example.myshopify.com")),
            Asked(
                "access_token",
                _("Access token of its Admin API (read orders), so that missed orders can be asked for"),
                secret=True,
            ),
        ),
        needs_secret=True,
    )

    def prove(self, request: Incoming, *, secrets: Sequence[str], now: dt.datetime) -> None:
        """Base64 of the HMAC-SHA256 over the raw body."""
        signature = request.headers.get("x-shopify-hmac-sha256", "")
        must_fit(signature, request.body, secrets=secrets, hexadecimal=False)

    def mark(self, request: Incoming) -> Mark:
        """The webhook's id is the same whenever it is sent again."""
        headers = request.headers
        return Mark(headers.get("x-shopify-webhook-id", ""), headers.get("x-shopify-topic", ""))

    def read(self, *, topic: str, body: bytes, received_at: dt.datetime) -> Told:
        """What a webhook of this topic says."""
        reader = _READERS.get(topic) or (_order if topic.startswith("orders/") else None)
        return reader(message(body), received_at) if reader else NOTHING

    def missed(
        self, *, since: dt.datetime, page: int, after: str, options: Mapping[str, str]
    ) -> Asking | None:
        """The orders changed since then, whatever their state; further pages by the cursor of the answer before."""
        url, token = options.get("url", ""), options.get("access_token", "")
        if not (url and token):
            return None
        first = {"status": "any", "updated_at_min": since.isoformat(), "order": "updated_at asc"}
        query = urlencode({"limit": _PAGE} | ({"page_info": after} if after else first))
        address = f"{url.rstrip('/')}/admin/api/{_VERSION}/orders.json?{query}"
        return Asking(address, {"X-Shopify-Access-Token": token})

    def found(self, answer: Answer) -> Found:
        """Each order as an `orders/updated`, known by its id and the moment it was changed."""
        said = [
            (
                Mark(f"missed-{each.must_key('id')}-{each.text('updated_at', 40)}", "orders/updated"),
                each.written(),
            )
            for each in message(answer.body).parts("orders")
        ]
        after = _next_page(answer.headers.get("link", ""))
        return Found(said, more=bool(after), after=after)


def _next_page(link: str) -> str:
    """The cursor in a Link header (RFC 8288) that leads on; only it is taken, never the address."""
    for address in _NEXT.findall(link[:10_000]):
        [cursor, *_rest] = parse_qs(urlsplit(str(address)).query).get("page_info") or [""]
        return cursor
    return ""


def _order(said: Part, received_at: dt.datetime) -> Told:
    key = said.must_key("id")
    at = said.moment("processed_at", "created_at", received_at=received_at) or received_at
    changed = said.moment("updated_at", received_at=received_at)
    included = bool(said.yes("taxes_included"))
    order = OrderSaid(
        key=key,
        at=at,
        identity=None,
        currency=said.currency("currency"),
        lines=tuple(_line(each, included=included) for each in said.parts("line_items")),
        number=said.text("name") or said.text("order_number"),
        channel=said.text("source_name") or "shopify",
        state=_state(said),
        state_at=changed,
        total=said.amount("total_price"),
        shipping=_shipping(said, included=included),
        tax=_shipping_tax(said),
        payments=_payments(said, key, at),
        refunds=tuple(_refund(each, received_at, included=included) for each in said.parts("refunds")),
        note=said.text("note"),
        coupon=", ".join(each.text("code") for each in said.parts("discount_codes"))[:100],
    )
    return Told(orders=(OrderTold(order, _buyer(said, received_at), changed),))


def _state(said: Part) -> str:
    paid = said.text("financial_status")
    if said.text("cancelled_at"):
        return "cancelled"
    if paid == "refunded":
        return "returned"
    if said.text("fulfillment_status") == "fulfilled":
        return "sent"
    return "paid" if paid in ("paid", "partially_refunded") else "placed"


def _shipping(said: Part, *, included: bool) -> Decimal:
    """What sending costs, without tax."""
    whole = Decimal(0)
    for line in said.parts("shipping_lines"):
        price = line.amount("discounted_price", line.amount("price"))
        whole += price - (_taxes(line) if included else 0)
    return whole


def _shipping_tax(said: Part) -> Decimal:
    """The tax on sending; that of the goods stands in their lines."""
    return sum((_taxes(line) for line in said.parts("shipping_lines")), Decimal(0))


def _payments(said: Part, key: str, at: dt.datetime) -> tuple[PaymentSaid, ...]:
    """The order says how much is still to be paid, not in how many payments the rest came: one payment of all that came."""
    if said.text("financial_status") not in (*_PAID, "refunded"):
        return ()
    came = said.amount("total_price") - said.amount("total_outstanding")
    method = next(said.texts("payment_gateway_names"), "") or said.text("gateway")
    return (PaymentSaid(f"{key}-paid", at, came, method[:100]),) if came > 0 else ()


def _taxes(said: Part) -> Decimal:
    return sum((each.amount("price") for each in said.parts("tax_lines")), Decimal(0))


def _line(said: Part, *, included: bool) -> LineSaid:
    """A line: `price` is of one piece, before discounts, with tax where the shop's prices hold it."""
    quantity, tax = said.amount("quantity", Decimal(1)), _taxes(said)
    before = said.amount("price") * quantity
    discount = sum((each.amount("amount") for each in said.parts("discount_allocations")), Decimal(0))
    inside = tax if included else Decimal(0)
    price, less = unit_price(before - inside, quantity, before - inside - discount)
    return LineSaid(
        sku=said.text("sku", 100) or said.key("variant_id") or said.key("product_id"),
        name=(said.text("name") or said.text("title"))[:255],
        quantity=quantity,
        price=price,
        discount=less,
        tax=tax,
        key=said.key("id"),
    )


def _refund(said: Part, received_at: dt.datetime, *, included: bool) -> RefundSaid:
    """What was given back: the money that went (transactions), and which goods it was for."""
    went = [
        each.amount("amount")
        for each in said.parts("transactions")
        if each.text("kind") == "refund" and each.text("status") == "success"
    ]
    return RefundSaid(
        key=said.must_key("id"),
        at=said.moment("processed_at", "created_at", received_at=received_at) or received_at,
        amount=sum(went, Decimal(0)),
        reason=said.text("note"),
        lines=tuple(_back(each, included=included) for each in said.parts("refund_line_items")),
    )


def _back(said: Part, *, included: bool) -> LineSaid:
    """Goods that came back: a line with a minus before its quantity."""
    bought, quantity = said.part("line_item"), said.amount("quantity", Decimal(1))
    tax = said.amount("total_tax")
    price, rest = unit_price(said.amount("subtotal") - (tax if included else 0), quantity, Decimal(0))
    return LineSaid(
        sku=bought.text("sku", 100) or bought.key("variant_id") or bought.key("product_id"),
        name=(bought.text("name") or bought.text("title"))[:255],
        quantity=-quantity,
        price=price if rest else Decimal(0),
        tax=-tax,
        key=said.key("line_item_id") or said.key("id"),
    )


def _refunded(said: Part, received_at: dt.datetime) -> Told:
    refund = _refund(said, received_at, included=False)
    return Told(parts=(PartTold(said.must_key("order_id"), refund.at, refunds=(refund,)),))


def _buyer(said: Part, received_at: dt.datetime) -> PersonTold | None:
    """Who bought: their account, and what they typed at the checkout; a choice there holds from the order's moment."""
    customer, billing = said.part("customer"), said.part("billing_address")
    at = said.moment("created_at", received_at=received_at)
    key = customer.key("id")
    shown = customer if customer.text("last_name") or customer.text("first_name") else billing
    found = cells(
        ("given", shown.text("first_name")),
        ("family", shown.text("last_name")),
        ("company", billing.text("company")),
        ("email", said.text("email") or said.text("contact_email") or customer.text("email")),
        ("phone", said.text("phone") or customer.text("phone") or billing.text("phone")),
        ("language", said.text("customer_locale").partition("-")[0]),
        *_address(billing, "billing"),
        *_delivery(said),
    )
    if not key and not found:
        return None
    consents = list(_consents(customer, received_at))
    told = {each.channel for each in consents}
    if said.yes("buyer_accepts_marketing") and "email" not in told:
        consents.append(ConsentTold("email", True, "buyer_accepts_marketing: true", at))
    return PersonTold(
        key, found, country=billing.text("country_code", 2).upper(), consents=tuple(consents), at=at
    )


def _delivery(said: Part) -> tuple[tuple[str, str], ...]:
    """The address of delivery, where it is another than the one billed and nobody else's."""
    billing, shipping = said.part("billing_address"), said.part("shipping_address")
    same = shipping.text("last_name").casefold() == billing.text("last_name").casefold()
    theirs = _address(shipping, "shipping")
    return theirs if (same or not billing) and theirs != _address(billing, "shipping") else ()


def _address(said: Part, label: str) -> tuple[tuple[str, str], ...]:
    return address_of(
        label,
        street=said.text("address1"),
        second=said.text("address2"),
        city=said.text("city"),
        postcode=said.text("zip"),
        region=said.text("province"),
        country=said.text("country_code") or said.text("country"),
    )


def _customer(said: Part, received_at: dt.datetime) -> Told:
    home = said.part("default_address")
    tags = [tag for each in [said.text("tags", 5000)] for tag in each.split(",") if tag.strip()]
    return Told(
        persons=(
            PersonTold(
                said.must_key("id"),
                cells(
                    ("given", said.text("first_name")),
                    ("family", said.text("last_name")),
                    ("company", home.text("company")),
                    ("email", said.text("email")),
                    ("phone", said.text("phone") or home.text("phone")),
                    ("note", said.text("note", 2000)),
                    ("tags", ";".join(each.strip() for each in tags)),
                    *_address(home, "home"),
                ),
                country=home.text("country_code", 2).upper(),
                consents=tuple(_consents(said, received_at)),
                at=said.moment("updated_at", received_at=received_at),
            ),
        )
    )


# ---- consents and tags


def _consents(said: Part, received_at: dt.datetime) -> list[ConsentTold]:
    found = []
    for channel, name in (("email", "email_marketing_consent"), ("sms", "sms_marketing_consent")):
        consent = said.part(name)
        state = consent.text("state").lower()
        if state in _GIVEN | _WITHDRAWN:
            at = consent.moment("consent_updated_at", received_at=received_at)
            confirmed = consent.text("opt_in_level").lower() == "confirmed_opt_in"
            given = state in _GIVEN
            found.append(ConsentTold(channel, given, f"{name}: {state}", at, given and confirmed))
    return found


def _chosen(said: Part, received_at: dt.datetime) -> Told:
    """A consent that changed, by the customer's id alone."""
    key = said.key("customer_id") or said.must_key("id")
    own = cells(("email", said.text("email_address")), ("phone", said.text("phone")))
    consents = tuple(_consents(said, received_at))
    return Told(persons=(PersonTold(key, own, consents=consents),)) if consents else NOTHING


def _tagged(*, off: bool) -> Callable[[Part, dt.datetime], Told]:
    """Tags that were put on, or taken off; by the customer's id as `gid://shopify/Customer/…`."""

    def read(said: Part, received_at: dt.datetime) -> Told:
        key = _by_gid(said, "customerId")
        at = said.moment("occurredAt", received_at=received_at)
        tags = ";".join(each.replace(";", ",") for each in said.texts("tags"))
        return Told(persons=(PersonTold(key, cells(("tags", tags)), at=at, off=off),)) if tags else NOTHING

    return read


def _by_gid(said: Part, name: str) -> str:
    return said.must_key(name).rpartition("/")[2]


def _merged(said: Part, _received_at: dt.datetime) -> Told:
    """Two accounts that the shop's people made one."""
    kept, gone = (_by_gid(said, f"admin_graphql_api_customer_{which}_id") for which in ("kept", "deleted"))
    return NOTHING if said.text("status") == "failed" else Told(joined=(JoinedTold(kept, gone),))


# ---- what the law asks


def _asked(kind: str) -> Callable[[Part, dt.datetime], Told]:
    def read(said: Part, _received_at: dt.datetime) -> Told:
        customer = said.part("customer")
        orders = [*said.texts("orders_requested"), *said.texts("orders_to_redact")]
        words = f"Shopify, {said.text('shop_domain')}: {', '.join(orders)}" if orders else "Shopify"
        asked = RequestTold(
            kind,
            customer.key("id"),
            email=customer.text("email"),
            phone=customer.text("phone"),
            said=words[:1000],
        )
        return Told(requests=(asked,))

    return read


_READERS: dict[str, Callable[[Part, dt.datetime], Told]] = {
    "refunds/create": _refunded,
    "customers/create": _customer,
    "customers/update": _customer,
    "customers/enable": _customer,
    "customers_email_marketing_consent/update": _chosen,
    "customers_marketing_consent/update": _chosen,
    "customer.tags_added": _tagged(off=False),
    "customer.tags_removed": _tagged(off=True),
    "customers/merge": _merged,
    "customers/data_request": _asked("access"),
    "customers/redact": _asked("erasure"),
    # The app was taken out of the shop: Shopify asks for what it gave to go. That is the owner's to decide, customer by
    # customer, so it is shown on the page of the connection and changes nothing by itself.
    "shop/redact": lambda _said, _received_at: NOTHING,
}
