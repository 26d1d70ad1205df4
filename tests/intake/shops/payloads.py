"""Messages in the shapes that the shops document, of our own making."""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

SECRET = "wh-s3cret"
WOO: dict[str, Any] = {
    "id": 727,
    "number": "727",
    "status": "processing",
    "currency": "PLN",
    "date_created_gmt": "2026-03-22T15:28:02",
    "date_modified_gmt": "2026-03-22T15:28:08",
    "date_paid_gmt": "2026-03-22T15:28:08",
    "discount_total": "10.00",
    "shipping_total": "10.00",
    "shipping_tax": "2.30",
    "total": "130.38",
    "total_tax": "22.51",
    "prices_include_tax": False,
    "customer_id": 881,
    "customer_note": "Proszę dzwonić",
    "payment_method_title": "BLIK",
    "transaction_id": "tr_9",
    "billing": {
        "first_name": "Anna", "last_name": "Wiśniewska", "company": "", "address_1": "ul. Długa 5", "address_2": "m. 3",
        "city": "Kraków", "state": "", "postcode": "31-147", "country": "PL", "email": "Anna@Example.com",
        "phone": "600 100 200",
    },
    "shipping": {
        "first_name": "Jan", "last_name": "Kowalski", "address_1": "Krótka 1", "city": "Łódź", "postcode": "90-001",
        "country": "PL",
    },
    "line_items": [
        {"id": 315, "name": "Filiżanka", "product_id": 93, "variation_id": 0, "quantity": 3, "subtotal": "100.00",
         "subtotal_tax": "23.00", "total": "90.00", "total_tax": "20.70", "sku": "CUP-1", "price": 30},
    ],
    "fee_lines": [{"id": 9, "name": "Pakowanie", "total": "-2.62", "total_tax": "0.00"}],
    "coupon_lines": [{"code": "wiosna"}],
    "refunds": [],
}  # fmt: skip
SHOPIFY: dict[str, Any] = {
    "id": 820982911946154508,
    "name": "#9999",
    "order_number": 1234,
    "created_at": "2026-03-22T12:00:00-05:00",
    "processed_at": "2026-03-22T12:00:00-05:00",
    "updated_at": "2026-03-22T12:05:00-05:00",
    "cancelled_at": None,
    "currency": "EUR",
    "taxes_included": True,
    "total_price": "124.00",
    "total_tax": "24.00",
    "total_outstanding": "0.00",
    "financial_status": "paid",
    "fulfillment_status": None,
    "email": "jukka@example.fi",
    "phone": None,
    "buyer_accepts_marketing": True,
    "customer_locale": "fi-FI",
    "payment_gateway_names": ["visa"],
    "customer": {"id": 115310627314723954, "first_name": "Jukka", "last_name": "Virtanen", "tags": "vip"},
    "billing_address": {
        "first_name": "Jukka", "last_name": "Virtanen", "address1": "Mannerheimintie 1", "city": "Helsinki",
        "zip": "00100", "country_code": "FI", "phone": "040 123 4567",
    },
    "line_items": [
        {"id": 466157049, "sku": "IPOD-1", "name": "Teekannu", "quantity": 2, "price": "62.00",
         "discount_allocations": [{"amount": "10.00"}], "tax_lines": [{"price": "22.06"}]},
    ],
    "shipping_lines": [{"price": "10.00", "discounted_price": "10.00", "tax_lines": [{"price": "1.94"}]}],
    "discount_codes": [{"code": "TERVE"}],
    "refunds": [],
}  # fmt: skip
STRIPE: dict[str, Any] = {
    "id": "evt_1",
    "type": "checkout.session.completed",
    "created": 1774188000,
    "data": {
        "object": {
            "id": "cs_test_a1", "object": "checkout.session", "mode": "payment", "created": 1774187900,
            "payment_intent": "pi_1", "payment_status": "paid", "currency": "myr", "amount_subtotal": 12000,
            "amount_total": 11500, "payment_method_types": ["fpx"], "locale": "ms", "customer": "cus_9",
            "client_reference_id": "B-77", "consent": {"promotions": "opt_in"},
            "total_details": {"amount_discount": 1000, "amount_shipping": 500, "amount_tax": 0},
            "customer_details": {
                "email": "siti@example.my", "name": "Siti binti Ahmad", "phone": "+60123456789",
                "address": {"line1": "12 Jalan Ampang", "city": "Kuala Lumpur", "postal_code": "50450", "country": "MY"},
            },
        }
    },
}  # fmt: skip
META: dict[str, Any] = {
    "object": "page",
    "entry": [
        {
            "id": "153125381133",
            "time": 1774188000,
            "changes": [
                {"field": "leadgen", "value": {"leadgen_id": "123123123123", "page_id": "1", "form_id": "12"}}
            ],
        }
    ],
}
LEAD: dict[str, Any] = {
    "id": "123123123123",
    "created_time": "2026-03-22T08:49:14+0000",
    "campaign_name": "Tagsibol",
    "ad_name": "Tasa",
    "field_data": [
        {"name": "full_name", "values": ["Maria Santos"]},
        {"name": "email", "values": ["maria@example.ph"]},
        {"name": "phone_number", "values": ["+639171234567"]},
        {"name": "date_of_birth", "values": ["04/03/1985"]},
        {"name": "which_cup_do_you_like?", "values": ["blue", "red"]},
    ],
}
ORDERS: dict[str, Any] = {
    "order": {
        "key": "1001", "at": "2026-03-22T10:00:00+02:00", "currency": "ZAR", "state": "sent", "shipping": 50,
        "lines": [{"sku": "K1", "name": "Koppie", "quantity": 2, "price": "99.50", "tax": "29.85"}],
        "payments": [{"key": "p1", "amount": "278.85", "method": "eft"}], "due_on": "2026-04-01", "place": "Stellenbosch",
    },
    "customer": {
        "key": "c7", "given": "Pieter", "family": "van der Merwe", "email": "pieter@example.co.za",
        "phone": "082 123 4567", "address": {"street": "Kerkstraat 4", "city": "Stellenbosch", "country": "ZA"},
        "consents": {"email": True, "sms": False}, "tags": ["groothandel"],
    },
}  # fmt: skip
# One order (or lead) of each kind, and the topic under which it comes.
USUAL: dict[str, tuple[str, dict[str, Any]]] = {
    "woocommerce": ("order.updated", WOO),
    "shopify": ("orders/updated", SHOPIFY),
    "stripe": ("checkout.session.completed", STRIPE),
    "meta": ("leadgen", META),
    "orders": ("orders", ORDERS),
}


def body(payload: Any) -> bytes:
    """As a shop writes it."""
    return json.dumps(payload, ensure_ascii=False, indent=1).encode()


def changed(payload: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A copy with these things changed; `billing__email` reaches into `billing`."""
    made: dict[str, Any] = copy.deepcopy(dict(payload))
    for path, value in changes.items():
        *way, last = path.split("__")
        place = made
        for step in way:
            place = place[int(step)] if step.isdigit() else place[step]
        place[int(last) if last.isdigit() else last] = value
    return made


def signed(
    kind: str, raw: bytes, *, topic: str = "", key: str = "d-1", secret: str = SECRET
) -> dict[str, str]:
    """The headers with which a shop of this kind sends these bytes."""
    digest = hmac.new(secret.encode(), raw, hashlib.sha256)
    base = base64.b64encode(digest.digest()).decode()
    if kind == "woocommerce":
        return {"x-wc-webhook-signature": base, "x-wc-webhook-topic": topic, "x-wc-webhook-delivery-id": key}
    if kind == "shopify":
        return {"x-shopify-hmac-sha256": base, "x-shopify-topic": topic, "x-shopify-webhook-id": key}
    if kind == "stripe":
        now = int(time.time())
        mark = hmac.new(secret.encode(), f"{now}.".encode() + raw, hashlib.sha256).hexdigest()
        return {"stripe-signature": f"t={now},v1={mark},v0=abc"}
    if kind == "meta":
        return {"x-hub-signature-256": f"sha256={digest.hexdigest()}"}
    return {"x-kartoteka-signature": f"sha256={digest.hexdigest()}", "idempotency-key": key}
