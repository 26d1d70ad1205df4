"""Making things for tests, by the same verbs that the product uses."""

from __future__ import annotations

import io
import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from kartoteka.activity.models import Order
from kartoteka.activity.orders import record
from kartoteka.activity.said import LineSaid, OrderSaid
from kartoteka.intake.models import Import
from kartoteka.intake.whole import import_stream
from kartoteka.people.editing import batch_of, source_named
from kartoteka.people.models import Batch, Customer, Ground, Identity
from kartoteka.people.recording import Arrival, Recorded, record_claims
from kartoteka.segments.groups import save_group
from kartoteka.segments.keeping import build
from kartoteka.segments.models import Segment
from kartoteka.trust.actor import SHELL, Actor


def batch(source: str = "shop", *, trust: int = 50, by: Actor = SHELL) -> Batch:
    """A batch of a source."""
    return batch_of(source=source_named(source, trust=trust), ground=Ground.CONTRACT, by=by)


def claims(*values: Mapping[str, Any], source: str = "shop", into: Batch | None = None) -> Recorded:
    """One arrival for each values, keyed by "key" in them or by their place."""
    arrivals = [
        Arrival(key=str(each.get("key", place)), values={k: v for k, v in each.items() if k != "key"})
        for place, each in enumerate(values)
    ]
    return record_claims(batch=into or batch(source), arrivals=arrivals)


def customer(source: str = "shop", **values: Any) -> Customer:
    """One customer with these values."""
    key = values.pop("key", f"{values}")[:200]
    return Customer.objects.get(pk=claims({"key": key, **values}, source=source).customers[0])


def person(given: str, family: str, *, phone: str = "", email: str = "", **more: Any) -> Customer:
    """A person by name, and perhaps a phone and an e-mail."""
    values: dict[str, Any] = {"given": given, "family": family, "name": f"{given} {family}", **more}
    if phone:
        values["phones"] = [{"value": phone}]
    if email:
        values["emails"] = [{"value": email}]
    return customer(**values)


def csv_import(
    text: str,
    *,
    name: str = "customers.csv",
    source: str = "shop",
    ground: str = Ground.CONTRACT,
    **more: Any,
) -> Import:
    """A CSV text, imported to its end."""
    stream = io.BytesIO(text.encode())
    return import_stream(stream=stream, name=name, source=source, ground=ground, by=SHELL, **more)


def order(customer: Customer, **more: Any) -> Order:
    """An order of one line of a customer, by default for 10 euros and just now."""
    line = LineSaid(
        more.pop("sku", "A1"), more.pop("name", "thing"), Decimal(1), Decimal(more.pop("price", "10"))
    )
    said = OrderSaid(
        key=more.pop("key", secrets.token_hex(4)),
        at=more.pop("at", None) or timezone.now(),
        identity=Identity.objects.filter(customer=customer).earliest("pk").pk,
        currency=more.pop("currency", "EUR"),
        lines=(line,),
        **more,
    )
    done = record(orders=[said], source=source_named("shop"), batch=batch("shop"), by=SHELL)
    return Order.objects.get(pk=done.orders[0])


def group(name: str, rule: Mapping[str, Any]) -> Segment:
    """A group of this rule, counted."""
    made = save_group(by=SHELL, name=name, rule=rule)
    build(made.pk)
    return made


def base() -> list[tuple[Any, ...]]:
    """The base as it stands, to be compared: each customer's record, contacts and identities. Keys, card numbers and
    times are left out; the order is made the same."""
    found = []
    rows = Customer.objects.filter(merged_into=None).prefetch_related("identities__source", "contacts__point")
    columns = (
        "kind",
        "name",
        "given",
        "family",
        "company",
        "sex",
        "birth",
        "email",
        "phone",
        "city",
        "country",
    )
    for each in rows.iterator(chunk_size=500):
        record = tuple(getattr(each, column) for column in columns)
        identities = sorted((identity.source.name, identity.key) for identity in each.identities.all())
        contacts = sorted(
            (c.point.kind, c.point.value, c.position, c.label, c.preferred) for c in each.contacts.all()
        )
        found.append((record, repr(sorted(each.more.items())), tuple(identities), tuple(contacts)))
    return sorted(found, key=repr)


def cards(customers: Sequence[Customer]) -> list[str]:
    """Their card numbers."""
    return [each.card for each in customers]
