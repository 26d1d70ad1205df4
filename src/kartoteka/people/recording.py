"""Writing claims: the one door through which anything becomes known of a customer.

A single edit and a chunk of ten thousand rows pass the same steps; each step is one set-based statement or a few.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from kartoteka.kit import bulk, ids
from kartoteka.kit.news import announce

from . import rows
from .completeness import Weights, weights_now
from .follow import forget
from .models import Batch, Claim, Contact, ContactPoint, Customer, Identity
from .news import CustomersChanged
from .reading import load_said
from .record import Record, Said, resolve
from .search.index import index_customers

# The tables that fill when claims are written.
WRITTEN = (Customer, Identity, Claim, ContactPoint, Contact)
_CONTACT = ("customer_id", "point_id", *rows.CONTACT_COLUMNS)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One claim on its way in.

    key: the identity's key at the batch's source. customer: the customer whom it is sure to belong to, if one is known;
    this counts only where the identity is new: a known one stays with its customer. beside: the identity that was the
    reason for the joining.
    """

    key: str
    values: dict[str, Any]
    typed: dict[str, Any] = field(default_factory=dict)
    row: int | None = None
    sheet: str = ""
    standing: str = "stated"
    customer: int | None = None
    beside: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of the arrivals, in their order."""

    customers: list[int]
    identities: list[int]
    new: int
    joined: int


def record_claims(*, batch: Batch, arrivals: Sequence[Arrival], at: dt.datetime | None = None) -> Recorded:
    """Write the arrivals as claims of `batch` and bring the records of their customers up to date, all or nothing.

    at: when it was said; now by default. Keys that are already known to the source keep their customer.
    """
    at = at or timezone.now()
    with transaction.atomic():
        bulk.be_the_writer()
        known = {
            key: (identity, customer)
            for key, identity, customer in bulk.fetch(
                Identity,
                ("key", "id", "customer_id"),
                by="key",
                among=list({arrival.key for arrival in arrivals}),
                also={"source_id": batch.source_id},
            )
        }
        placed = _place(arrivals, known)
        _insert(batch=batch, arrivals=arrivals, placed=placed, at=at)
        touched = {customer for customer in placed.customers if customer not in placed.new_customers}
        refresh(touched, now=at)
        announce(CustomersChanged(customers=tuple(set(placed.customers))))
    joined = len(placed.new_identities) - len(placed.new_customers)
    return Recorded(placed.customers, placed.identities, new=len(placed.new_customers), joined=joined)


@dataclass(slots=True)
class _Placed:
    customers: list[int]
    identities: list[int]
    new_customers: dict[int, list[int]]  # customer -> places of its arrivals
    new_identities: dict[int, int]  # identity -> place of its first arrival


def _place(arrivals: Sequence[Arrival], known: dict[str, tuple[int, int]]) -> _Placed:
    """Give every arrival its identity and customer, taking fresh keys for the new ones."""
    fresh: dict[str, int] = {}
    for place, arrival in enumerate(arrivals):
        if arrival.key not in known:
            fresh.setdefault(arrival.key, place)
    identity_keys = dict(zip(fresh, bulk.take_ids(Identity, len(fresh)), strict=True))
    alone = [key for key, place in fresh.items() if arrivals[place].customer is None]
    customer_keys = dict(zip(alone, bulk.take_ids(Customer, len(alone)), strict=True))
    placed = _Placed([], [], {}, {})
    for place, arrival in enumerate(arrivals):
        if arrival.key in known:
            identity, customer = known[arrival.key]
        else:
            identity = identity_keys[arrival.key]
            if arrival.customer is not None:
                customer = arrival.customer
            else:
                customer = customer_keys[arrival.key]
                placed.new_customers[customer] = []
            known[arrival.key] = (identity, customer)
            placed.new_identities[identity] = place
        placed.customers.append(customer)
        placed.identities.append(identity)
        if customer in placed.new_customers:
            placed.new_customers[customer].append(place)
    return placed


def _insert(*, batch: Batch, arrivals: Sequence[Arrival], placed: _Placed, at: dt.datetime) -> None:
    trust = batch.source.trust
    claim_keys = bulk.take_ids(Claim, len(arrivals))
    records = {
        customer: resolve(
            Said(
                claim_keys[place],
                arrivals[place].values,
                arrivals[place].standing,
                trust,
                at,
                placed.identities[place],
            )
            for place in places
        )
        for customer, places in placed.new_customers.items()
    }
    weights = weights_now()
    cards = new_cards(len(records))
    bulk.insert(
        Customer,
        ("id", "card", "made_at", "photo", *rows.COLUMNS),
        (
            [customer, card, at, "", *rows.customer_row(record, heard_at=at, now=at, weights=weights)]
            for (customer, record), card in zip(records.items(), cards, strict=True)
        ),
    )
    bulk.insert(
        Identity,
        ("id", "source_id", "key", "customer_id", "beside_id", "made_at"),
        (
            (
                identity,
                batch.source_id,
                arrivals[place].key,
                placed.customers[place],
                arrivals[place].beside,
                at,
            )
            for identity, place in placed.new_identities.items()
        ),
    )
    bulk.insert(
        Claim,
        ("id", "identity_id", "batch_id", "standing", "at", "sheet", "row", "values", "typed"),
        (
            (
                claim,
                identity,
                batch.pk,
                arrival.standing,
                at,
                arrival.sheet,
                arrival.row,
                bulk.json(arrival.values),
                bulk.json(arrival.typed),
            )
            for claim, identity, arrival in zip(claim_keys, placed.identities, arrivals, strict=True)
        ),
    )
    _write_contacts(records)
    index_customers(list(records), records={customer: record.values for customer, record in records.items()})


def new_cards(count: int) -> list[str]:
    """`count` card numbers that nobody has."""
    cards: set[str] = set()
    while len(cards) < count:
        cards.update(ids.new_card() for _ in range(count - len(cards)))
        cards -= {row[0] for row in bulk.fetch(Customer, ("card",), by="card", among=list(cards))}
    return list(cards)


def _point_keys(wanted: Iterable[rows.ReachedAt]) -> dict[tuple[str, str], int]:
    """The keys of the contact points, made where they are new."""
    keys: dict[tuple[str, str], int] = {}
    pairs = sorted({(each.kind, each.value) for each in wanted})
    for kind in ("phone", "email"):
        values = [value for its_kind, value in pairs if its_kind == kind]
        found = bulk.fetch(ContactPoint, ("value", "id"), by="value", among=values, also={"kind": kind})
        keys.update({(kind, value): key for value, key in found})
    lacking = [pair for pair in pairs if pair not in keys]
    for pair, key in zip(lacking, bulk.take_ids(ContactPoint, len(lacking)), strict=True):
        keys[pair] = key
    bulk.insert(ContactPoint, ("id", "kind", "value"), ((keys[pair], *pair) for pair in lacking))
    return keys


def _write_contacts(records: dict[int, Record]) -> None:
    reached = {customer: rows.reached_at(record) for customer, record in records.items()}
    points = _point_keys(each for contacts in reached.values() for each in contacts)
    bulk.insert(
        Contact,
        _CONTACT,
        (
            (customer, points[each.kind, each.value], *each.details)
            for customer, contacts in reached.items()
            for each in contacts
        ),
    )


def refresh(
    customers: Iterable[int], *, now: dt.datetime | None = None, weights: Weights | None = None
) -> None:
    """Compute the records of these customers again from their claims, and write them. Inside a transaction.

    A customer without claims is left as it is: whoever takes the last claim away says what becomes of it.
    """
    now = now or timezone.now()
    weights = weights_now() if weights is None else weights
    for some in bulk.chunks(sorted(set(customers)), 5000):
        said = load_said(some)
        records = {customer: resolve(claims) for customer, claims in said.items()}
        bulk.update(
            Customer,
            rows.COLUMNS,
            (
                [
                    *rows.customer_row(
                        record, heard_at=max(each.at for each in said[customer]), now=now, weights=weights
                    ),
                    customer,
                ]
                for customer, record in records.items()
            ),
        )
        bulk.delete(Contact, by="customer_id", among=list(records))
        _write_contacts(records)
        # A customer merged into one of these is found no more, and one without claims as the row stands.
        merged = [row[0] for row in bulk.fetch(Customer, ("id",), by="merged_into_id", among=some)]
        index_customers(
            [*some, *merged], records={customer: record.values for customer, record in records.items()}
        )


def new_customer_like(customer: int, *, now: dt.datetime) -> int:
    """An empty customer with a card number of its own, to move identities to; its key. Inside a transaction.

    Its columns are those of `customer` until `refresh` computes them from the identities it is given.
    """
    fresh = Customer.objects.get(pk=customer)
    fresh.pk = None
    fresh.card = new_cards(1)[0]
    fresh.made_at = now
    fresh.photo = ""
    fresh.save(force_insert=True)
    return fresh.pk


def forget_identities(identities: Sequence[int]) -> None:
    """Take identities out of the base, with all that hangs on them. Their claims must be gone already."""
    forget("identity", identities)
    bulk.delete(Identity, by="id", among=identities)


def forget_customers(customers: Sequence[int]) -> None:
    """Take customers out of the base who have no identity left."""
    forget("customer", customers)
    bulk.delete(Customer, by="id", among=customers)
