"""Writing claims: the one door through which anything becomes known of a customer.

A single edit and a chunk of ten thousand rows pass the same steps; each step is one set-based statement or a few.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from kartoteka.kit import bulk, ids
from kartoteka.kit.news import announce
from kartoteka.trust.personal_keys import Subject, destroy

from . import rows
from .follow import forget
from .freshness import after, day_of, due_days, told_in
from .models import Batch, Claim, Contact, ContactPoint, Customer, Identity
from .news import CustomersChanged, PointsMade
from .placing import first_place
from .presence import is_private
from .reading import load_said
from .record import Said, resolve
from .rows import Held, Ready, Rules
from .rules import rules_now
from .sealing import sealed_texts
from .search.index import index_customers, place_words

# The tables that fill when claims are written.
WRITTEN = (Customer, Identity, Claim, ContactPoint, Contact)
_COLUMNS = ("changed_at", "heard_at", "told", "due_on", *rows.COLUMNS)
_CONTACT = ("customer_id", "point_id", *rows.CONTACT_COLUMNS)


@dataclass(slots=True)
class Arrival:
    """One claim on its way in.

    key: the identity's key at the batch's source. customer: the customer whom it is sure to belong to, if one is known;
    this counts only where the identity is new: a known one stays with its customer. beside: the identity that was the
    reason for the joining. ready: what was made ready of `values` and `typed` beforehand, by the rules that are handed in
    with it; `typed` need not be given again then.
    """

    key: str
    values: Mapping[str, Any]
    typed: Mapping[str, Any] = field(default_factory=dict)
    row: int | None = None
    sheet: str = ""
    standing: str = "stated"
    customer: int | None = None
    beside: int | None = None
    ready: Ready | None = None

    def texts(self) -> tuple[str, str]:
        """`values` and `typed` as JSON text."""
        if self.ready is not None:
            return self.ready.values, self.ready.typed
        return bulk.json(self.values), bulk.json(self.typed)

    def is_private(self, hidden: frozenset[str]) -> bool:
        """Whether it says anything sensitive, by the rules it was made ready by or by these."""
        return (self.ready is not None and self.ready.private) or is_private(self.values, self.typed, hidden)

    def as_typed(self) -> Mapping[str, Any]:
        """What was typed, wherever it stands."""
        return orjson.loads(self.ready.typed) if self.ready is not None else self.typed


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of the arrivals, in their order.

    new: how many customers there are more. joined: new identities of customers who were there. known: arrivals whose key
    the source had brought before, be it in a row above.
    """

    customers: list[int]
    identities: list[int]
    new: int
    joined: int
    known: int


def record_claims(
    *, batch: Batch, arrivals: Sequence[Arrival], at: dt.datetime | None = None, made_by: Rules | None = None
) -> Recorded:
    """Write the arrivals as claims of `batch` and bring the records of their customers up to date, all or nothing.

    at: when it was said; now by default. made_by: the rules by which arrivals were made ready, if they were: where others
    hold by now, what they tell of a customer is made again. Keys that are already known to the source keep their customer.
    """
    at = at or timezone.now()
    # Without a savepoint: at each of them the search index writes down what it gathers, and puts it together later.
    with transaction.atomic(savepoint=False):
        bulk.be_the_writer()
        # Asked for by the one writer: whoever changes the rules has the records counted anew after this transaction.
        rules = rules_now()
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
        held = _held(batch, arrivals, placed, at=at, rules=rules, ready_holds=rules == made_by)
        texts = _texts(arrivals, placed.identities, rules.hidden, ready_holds=rules == made_by)
        _insert(batch=batch, arrivals=arrivals, texts=texts, placed=placed, held=held, at=at)
        touched = {customer for customer in placed.customers if customer not in placed.new_customers}
        refresh(touched, now=at, rules=rules)
        announce(CustomersChanged(customers=tuple(set(placed.customers))))
    joined = len(placed.new_identities) - len(placed.new_customers)
    return Recorded(
        placed.customers,
        placed.identities,
        new=len(placed.new_customers),
        joined=joined,
        known=len(arrivals) - len(placed.new_identities),
    )


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


def _held(
    batch: Batch,
    arrivals: Sequence[Arrival],
    placed: _Placed,
    *,
    at: dt.datetime,
    rules: Rules,
    ready_holds: bool,
) -> dict[int, Held]:
    """What is held of the new customers: as it was made ready, or computed here."""
    trust = batch.source.trust
    held: dict[int, Held] = {}
    for customer, places in placed.new_customers.items():
        ready = arrivals[places[0]].ready
        if ready is not None and ready_holds and len(places) == 1:
            held[customer] = ready.held
        else:
            # Rows of one moment: the one further down was written later.
            said = (
                Said(
                    place,
                    arrivals[place].values,
                    arrivals[place].standing,
                    trust,
                    at,
                    placed.identities[place],
                )
                for place in places
            )
            held[customer] = rows.hold(resolve(said).values, rules)
    return held


def _texts(
    arrivals: Sequence[Arrival], identities: Sequence[int], hidden: frozenset[str], *, ready_holds: bool
) -> list[tuple[str, str]]:
    """What is written of each arrival, with what is sensitive sealed for its identity."""
    texts = [each.texts() for each in arrivals]
    private = [
        place
        for place, each in enumerate(arrivals)
        if (each.ready.private if ready_holds and each.ready is not None else each.is_private(hidden))
    ]
    if private:
        some = [(identities[place], arrivals[place].values, arrivals[place].as_typed()) for place in private]
        for place, sealed in zip(private, sealed_texts(some, hidden), strict=True):
            texts[place] = sealed
    return texts


def _insert(
    *,
    batch: Batch,
    arrivals: Sequence[Arrival],
    texts: Sequence[tuple[str, str]],
    placed: _Placed,
    held: Mapping[int, Held],
    at: dt.datetime,
) -> None:
    place = (
        first_place(batch.source, by_kind=batch.by_kind, by_key=batch.by_key) if held else ("", None, None)
    )
    due = {days: _due(at, days) for days in {its.fresh_days for its in held.values()}}
    bulk.insert(
        Customer,
        ("id", "card", "made_at", "photo", "stage", "team_id", "member_id", *_COLUMNS),
        [
            (customer, card, at, "", *place, at, at, "{}", due[its.fresh_days], *its.columns)
            for (customer, its), card in zip(held.items(), new_cards(len(held)), strict=True)
        ],
    )
    bulk.insert(
        Identity,
        ("id", "source_id", "key", "customer_id", "beside_id", "made_at"),
        [
            (
                identity,
                batch.source_id,
                arrivals[place].key,
                placed.customers[place],
                arrivals[place].beside,
                at,
            )
            for identity, place in placed.new_identities.items()
        ],
    )
    claims = bulk.take_ids(Claim, len(arrivals))
    bulk.insert(
        Claim,
        ("id", "identity_id", "batch_id", "standing", "at", "sheet", "row", "values", "typed"),
        [
            (claim, identity, batch.pk, each.standing, at, each.sheet, each.row, *its)
            for claim, identity, each, its in zip(claims, placed.identities, arrivals, texts, strict=True)
        ],
    )
    _write_contacts(held)
    words = [(customer, its.names, its.others) for customer, its in held.items()]
    place_words(list(held), words, new=True)


def _due(at: dt.datetime, fresh_days: int) -> str | None:
    """The last fresh day of what was all told at one moment."""
    return after(day_of(at), fresh_days).isoformat() if fresh_days else None


def new_cards(count: int) -> list[str]:
    """`count` card numbers that nobody has."""
    cards: set[str] = set()
    while len(cards) < count:
        cards.update(ids.new_cards(count - len(cards)))
        cards -= {row[0] for row in bulk.fetch(Customer, ("card",), by="card", among=list(cards))}
    return list(cards)


def _point_keys(wanted: Mapping[str, set[str]]) -> dict[str, dict[str, int]]:
    """The keys of the contact points of each kind by their values, made where they are new."""
    keys: dict[str, dict[str, int]] = {}
    for kind, values in wanted.items():
        among, also = sorted(values), {"kind": kind}
        keys[kind] = dict(bulk.fetch(ContactPoint, ("value", "id"), by="value", among=among, also=also))
    lacking = sorted(
        [(value, kind) for kind, values in wanted.items() for value in values if value not in keys[kind]]
    )
    made = [
        (key, kind, value)
        for key, (value, kind) in zip(bulk.take_ids(ContactPoint, len(lacking)), lacking, strict=True)
    ]
    for key, kind, value in made:
        keys[kind][value] = key
    bulk.insert(ContactPoint, ("id", "kind", "value"), made)
    if made:
        announce(PointsMade(tuple(made)))
    return keys


def _write_contacts(held: Mapping[int, Held]) -> None:
    wanted: dict[str, set[str]] = {"phone": set(), "email": set()}
    for its in held.values():
        for kind, value, *_how in its.reached:
            wanted[kind].add(value)
    points = _point_keys(wanted)
    bulk.insert(
        Contact,
        _CONTACT,
        [
            (customer, points[kind][value], *how)
            for customer, its in held.items()
            for kind, value, *how in its.reached
        ],
    )


def refresh(customers: Iterable[int], *, now: dt.datetime | None = None, rules: Rules | None = None) -> None:
    """Compute the records of these customers again from their claims, and write them. Inside a transaction.

    A customer without claims is left as it is: whoever takes the last claim away says what becomes of it.
    """
    now = now or timezone.now()
    rules = rules or rules_now()
    for some in bulk.chunks(sorted(set(customers)), 5000):
        said = load_said(some)
        records = {customer: resolve(claims).values for customer, claims in said.items()}
        held = {customer: rows.hold(values, rules) for customer, values in records.items()}
        bulk.update(
            Customer,
            _COLUMNS,
            [
                (now, *_heard(said[customer], records[customer], rules), *its.columns, customer)
                for customer, its in held.items()
            ],
        )
        bulk.delete(Contact, by="customer_id", among=list(held))
        _write_contacts(held)
        place_words(list(held), [(key, its.names, its.others) for key, its in sorted(held.items())])
        # A customer merged into one of these is found no more, and one without claims as the row stands.
        merged = [row[0] for row in bulk.fetch(Customer, ("id",), by="merged_into_id", among=some)]
        index_customers([*(set(some) - held.keys()), *merged])


def _heard(
    claims: Sequence[Said], values: Mapping[str, Any], rules: Rules
) -> tuple[dt.datetime, str, str | None]:
    """When the customer was last heard of, which facts are older, and the last day on which all are fresh."""
    heard_at = max(each.at for each in claims)
    told = told_in(claims, values)
    due = due_days(values, rules.ages, heard=day_of(heard_at), told=told)
    return heard_at, bulk.json(told), min(due.values()).isoformat() if due else None


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
    destroy(
        Subject("identity", str(each)) for each in identities
    )  # what old backups hold of them is shut for ever
    bulk.delete(Identity, by="id", among=identities)


def forget_customers(customers: Sequence[int]) -> None:
    """Take customers out of the base, and out of the search, who have no identity left."""
    forget("customer", customers)
    bulk.delete(Customer, by="id", among=customers)
    index_customers(customers)
