"""Taking somebody out of the base for good: every row, every trace, and the words by which they were found."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from kartoteka.kit import bulk
from kartoteka.kit.news import announce
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note
from kartoteka.trust.personal_keys import Subject, destroy

from .follow import Kept, Leaving, followers, forget, kept_of, wipe_traces
from .models import Claim, ContactPoint, Customer, Identity
from .news import CustomersGone
from .recording import forget_customers, forget_identities, refresh
from .sealing import open_values
from .search.dropping import drop_words, words_of_all


def leaving(customers: Sequence[int]) -> Leaving:
    """All there is to know of these customers, and of those merged into them, before they go."""
    everybody = _with_merged(customers)
    return _leaving(
        everybody, bulk.fetch(Identity, ("id", "source_id", "key"), by="customer_id", among=everybody)
    )


def leaving_alone(identities: Sequence[int]) -> tuple[Leaving, set[int]]:
    """The same of these identities and no other: their customers go if nothing is left of them. Beside it those who stay,
    whose records must be computed anew once these are gone."""
    rows = bulk.fetch(Identity, ("id", "source_id", "key", "customer_id"), by="id", among=identities)
    owners = {customer for *_who, customer in rows}
    left = bulk.fetch(Identity, ("id", "customer_id"), by="customer_id", among=list(owners))
    going = {identity for identity, *_rest in rows}
    staying = {customer for identity, customer in left if identity not in going}
    return _leaving(_with_merged(sorted(owners - staying)), [row[:3] for row in rows]), staying


def _leaving(everybody: Sequence[int], identities: Sequence[tuple[Any, ...]]) -> Leaving:
    keys = [identity for identity, _source, _key in identities]
    claims = list(
        Claim.objects.filter(identity__in=keys)
        .order_by("id")
        .values_list("batch_id", "sheet", "row", "values")
    )
    open_values(values for *_place, values in claims)
    return Leaving(
        customers=tuple(everybody),
        identities=tuple(keys),
        keys=tuple((source, key) for _identity, source, key in identities),
        rows=tuple((batch, sheet, row) for batch, sheet, row, _values in claims),
        said=tuple(values for *_place, values in claims),
    )


def destroy_keys(*, customer: Customer, by: Actor) -> int:
    """Destroy the keys of a customer, who stays: what was sealed of them, sensitive fields and photos, can be read by
    nobody any more, here and in every copy; how many keys there were. Raises NotAllowed.
    """
    by.must(Right.PRIVACY)
    with transaction.atomic():
        bulk.be_the_writer()
        everybody = _with_merged([customer.pk])
        rows = bulk.fetch(Identity, ("id",), by="customer_id", among=everybody)
        gone = destroy((Subject("identity", str(identity)) for (identity,) in rows), outlives=True)
        refresh([customer.pk])
        note(by=by, action="destroyed keys", matter="customer", key=customer.pk, detail={"keys": gone})
    return gone


def forget_for_good(who: Leaving) -> list[Kept]:
    """Take these people out of the base; what the law has us keep of them. All or nothing.

    Nothing says that they were here afterwards but what is kept. The bytes are gone once `kit.shredding.shred` ran.
    """
    with transaction.atomic():
        bulk.be_the_writer()
        kept = [*kept_of("identity", who.identities), *kept_of("customer", who.customers)]
        wipe_traces(who)
        bulk.delete(Claim, by="identity_id", among=who.identities)
        forget_identities(who.identities)
        forget_customers(who.customers)
        _forget_points(who)
        drop_words(words_of_all(who.said))
        announce(CustomersGone(customers=who.customers))
    return kept


def _with_merged(customers: Sequence[int]) -> list[int]:
    found = dict.fromkeys(customers)
    edge = list(customers)
    while edge:
        below = [row[0] for row in bulk.fetch(Customer, ("id",), by="merged_into_id", among=edge)]
        edge = [each for each in below if each not in found]
        found.update(dict.fromkeys(edge))
    return list(found)


def _forget_points(who: Leaving) -> None:
    """Their contact points, also those they no longer had, unless somebody else is reached there."""
    for kind, field in (("phone", "phones"), ("email", "emails")):
        points = bulk.fetch(
            ContactPoint, ("id",), by="value", among=sorted(who.texts(field)), also={"kind": kind}
        )
        keys = [row[0] for row in points]
        shared = {
            row[0]
            for each in followers("point")
            if each.holds
            for row in bulk.fetch(each.model, (each.column,), by=each.column, among=keys)
        }
        alone = [key for key in keys if key not in shared]
        forget("point", alone)
        bulk.delete(ContactPoint, by="id", among=alone)
