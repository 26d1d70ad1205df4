"""Orders arrive: whoever ordered passes the one door of all customers, then the order is recorded on their identity.

For shops, tills and programs (`take`, one call a delivery) and for files (`bring_in`, a chunk at a time).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

import orjson
from django.db import transaction

from kartoteka.activity.orders import Recorded, record, what_is_wrong
from kartoteka.activity.said import OrderSaid
from kartoteka.kit import bulk
from kartoteka.people.checking import checked, fields
from kartoteka.people.door import turned_away
from kartoteka.people.editing import batch_of, must_see_sensitive, source_named
from kartoteka.people.models import Batch, Claim, Identity, Source
from kartoteka.people.recording import Arrival, record_claims
from kartoteka.people.sealing import open_values
from kartoteka.quality.arrival import Coming, sure_matches
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note


@dataclass(frozen=True, slots=True)
class Arrived:
    """An order as it comes in. order.identity is left empty: it is found here.

    who: the values of a claim (name, phones, emails, addresses ...), standardised; None for an anonymous sale. key: the
    customer's own at the source, "" for a guest. typed: what was typed of them. row, sheet: where in a file it stands.
    own: what was typed for own fields, still to be checked. consents: what the row says of consent (row_consents.py).
    """

    order: OrderSaid
    who: Mapping[str, Any] | None
    key: str = ""
    typed: Mapping[str, Any] | None = None
    row: int | None = None
    sheet: str = ""
    own: Mapping[str, str] = field(default_factory=dict)
    consents: Sequence[tuple[str, str, str, str, bool, str, str]] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of orders. customers: how many there are more. away: how many orders are anonymous sales because whoever
    ordered asked to be forgotten. owners: whose identity each order is of, by its place."""

    recorded: Recorded
    customers: int
    away: int
    owners: Mapping[int, int]


def take(*, orders: Sequence[Arrived], source: Source, ground: str, by: Actor, label: str = "") -> Taken:
    """Take orders in, each with whoever placed it, all or nothing. Idempotent by source and the order's key.

    `who` is checked and standardised by the catalogue, as every way in does. ground: in law, for holding the persons' data.
    Raises BadOrder for an order that cannot be, BadValue for a person that cannot, NotAllowed.
    """
    if not by.may(Right.IMPORT):
        by.must(Right.CHANGE)
    for each in orders:
        if wrong := what_is_wrong(each.order):
            raise wrong
        must_see_sensitive(each.who or {}, by=by)
    catalogue = fields()
    standard = [
        each if each.who is None else replace(each, who=_given(checked(each.who, catalogue=catalogue)))
        for each in orders
    ]
    with transaction.atomic():
        bulk.be_the_writer()
        batch = batch_of(source=source, ground=ground, by=by, label=label)
        taken = bring_in(orders=standard, batch=batch, by=by, anew=False)
        note(
            by=by,
            action="took orders",
            matter="source",
            key=source.pk,
            detail={"orders": len(orders), "new": taken.recorded.new},
        )
    return taken


def take_one(*, arrived: Arrived, source: str, ground: str, by: Actor) -> tuple[int, str]:
    """Take one order in of the source of this name, made if it is new: its key in the base, and whether it is "new",
    "changed" or "known". What is given and raised is as for `take`."""
    if not by.may(Right.IMPORT):
        by.must(Right.CHANGE)
    with transaction.atomic():
        taken = take(orders=[arrived], source=source_named(source, kind="shop"), ground=ground, by=by)
    done = taken.recorded
    return done.orders[0], "new" if done.new else "changed" if done.changed else "known"


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def bring_in(
    *, orders: Sequence[Arrived], batch: Batch, by: Actor, adding: bool = False, anew: bool = True
) -> Taken:
    """Write a batch's orders, persons first. `who` holds standard values already. Inside a transaction.

    adding: as for `activity.orders.record`. anew: what the source said of somebody last is said again by this batch, which
    may be undone alone; otherwise only what is new.
    """
    named = [(place, key_of(each)) for place, each in enumerate(orders) if each.who is not None or each.key]
    away = turned_away(batch.source_id, [(key, orders[place].who or {}) for place, key in named])
    gone = {named[place][0] for place in away}
    coming = [(place, key) for place, key in named if place not in gone]
    identities, new = _identities([(key, orders[place]) for place, key in coming], batch, anew=anew)
    owners = dict(zip((place for place, _key in coming), identities, strict=True))
    said = [
        replace(each.order, identity=owners.get(place), note="" if place in gone else each.order.note)
        for place, each in enumerate(orders)
    ]
    recorded = record(orders=said, source=batch.source, batch=batch, by=by, adding=adding)
    return Taken(recorded, customers=new, away=len(gone), owners=owners)


def key_of(arrived: Arrived) -> str:
    """As whom the source knows this person: by its own key; a guest by their name and how to reach them, so that they are
    the same when they come again; one without either by the order alone."""
    if arrived.key:
        return arrived.key[:200]
    who = arrived.who or {}
    reached = [*_values(who, "emails"), *_values(who, "phones")]
    if not reached:
        return f"order {arrived.order.key}"[:200]
    telling = orjson.dumps([str(who.get("name") or who.get("company") or "").casefold(), sorted(reached)])
    return "=" + blake2b(telling, digest_size=12).hexdigest()


def _values(who: Mapping[str, Any], field: str) -> list[str]:
    return [str(each["value"]) for each in who.get(field) or () if each.get("value")]


def _identities(arrived: Sequence[tuple[str, Arrived]], batch: Batch, *, anew: bool) -> tuple[list[int], int]:
    """The identity of each, in their order, and how many customers are new. What this batch (or, unless `anew`, the source
    the last time) said of somebody already is not said again."""
    first: dict[tuple[str, str], int] = {}
    for place, (key, each) in enumerate(arrived):
        first.setdefault((key, bulk.json(each.who or {})), place)
    found = _said_already([key for key, _values in first], batch, anew=anew)
    rest = [
        arrived[place] for (key, _values), place in first.items()
        if (arrived[place][1].who or {}) not in found.get(key, (0, []))[1]
    ]  # fmt: skip
    identities = {key: identity for key, (identity, _said) in found.items()}
    new = 0
    while rest:
        matches = sure_matches([Coming(key, each.who or {}) for key, each in rest], source=batch.source_id)
        recorded = record_claims(
            batch=batch,
            arrivals=[
                Arrival(
                    key=key,
                    values=each.who or {},
                    typed=each.typed or {},
                    row=each.row,
                    sheet=each.sheet,
                    customer=match.customer,
                    beside=match.beside,
                )
                for (key, each), match in zip(rest, matches, strict=False)
            ],
        )
        for (key, _each), identity in zip(rest, recorded.identities, strict=False):
            identities[key] = identity
        new += recorded.new
        rest = rest[len(matches) :]
    return [identities[key] for key, _each in arrived], new


def _said_already(
    keys: Sequence[str], batch: Batch, *, anew: bool
) -> dict[str, tuple[int, list[dict[str, Any]]]]:
    """By key, the identity and the values of what this batch has said of it; unless `anew`, of what was said last."""
    found: dict[str, tuple[int, list[dict[str, Any]]]] = {}
    known = dict(
        bulk.fetch(
            Identity, ("id", "key"), by="key", among=list(set(keys)), also={"source_id": batch.source_id}
        )
    )
    for some in bulk.chunks(known, 500):
        rows = Claim.objects.filter(identity__in=some, **({"batch": batch} if anew else {}))
        for identity, values in rows.order_by("at", "pk").values_list("identity_id", "values"):
            said = found.setdefault(known[identity], (identity, []))[1]
            said[:] = [*said, values] if anew else [values]
    open_values([values for _identity, said in found.values() for values in said])
    return found
