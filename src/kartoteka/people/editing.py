"""Edits by people and programs: an edit is a claim as well, on an identity of its own, so nothing is overwritten."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .catalogue import built_in, group_of
from .checking import BadValue, checked, fields
from .door import turned_away, why_not
from .freshness import facts_of
from .models import Batch, ContactPoint, Customer, Ground, Identity, Relation, Source
from .presence import PRESENT
from .reading import sensitive_values
from .record import entry_token
from .recording import Arrival, record_claims
from .veil import hides, unveiled
from .view import must_reach

# Staff who stand in front of the customer are believed more than any file.
STAFF_TRUST = 90
STAFF_SOURCE = "Staff"
# What each of two is to the other: noted once, whoever's card it is noted on.
_OF_BOTH = (Relation.RelationKind.SPOUSE, Relation.RelationKind.SIBLING)


def source_named(name: str, *, kind: str = "file", trust: int = 50) -> Source:
    """The source of this name, made if it is new."""
    return Source.objects.get_or_create(name=name.strip()[:100], defaults={"kind": kind, "trust": trust})[0]


def staff_source() -> Source:
    """The source of everything that staff type in."""
    return source_named(STAFF_SOURCE, kind="staff", trust=STAFF_TRUST)


def batch_of(*, source: Source, ground: str, by: Actor, label: str = "") -> Batch:
    """A new batch. Raises BadValue without a ground in law: what has none is not taken in."""
    if ground not in Ground.values:
        raise BadValue(
            "ground", _("Say on what ground we may hold this: %(all)s.") % {"all": ", ".join(Ground.values)}
        )
    return Batch.objects.create(
        source=source,
        ground=ground,
        label=label[:255],
        at=timezone.now(),
        **by.as_columns,
    )


def create_customer(
    *,
    values: Mapping[str, Any],
    by: Actor,
    ground: str,
    source: str = "",
    key: str = "",
    country: str = "",
) -> Customer:
    """A new customer, or, where `source` knows `key` already, what is new of that one.

    values: as typed, by field; standardised here. source: where it comes from, staff by default. key: the customer's id
    at that source. Raises BadValue, NotAllowed.
    """
    by.must(Right.CHANGE)
    catalogue = fields()
    must_see_sensitive(values, by=by)
    standard = {
        name: value for name, value in checked(values, catalogue=catalogue, country=country).items() if value
    }
    if not any(standard.get(name) for name in ("name", "given", "family", "company", "phones", "emails")):
        raise BadValue("name", _("Write a name, a company, a phone or an e-mail, so that we know who it is."))
    its_source = source_named(source) if source else staff_source()
    key = key.strip()[:200] or secrets.token_hex(12)
    if away := turned_away(its_source.pk, [(key, standard)]):
        raise BadValue("name", why_not(away[0]))
    with transaction.atomic():
        batch = batch_of(source=its_source, ground=ground, by=by)
        arrival = Arrival(
            key=key,
            values=standard,
            typed=_typed(values),
            standing="stated",
        )
        recorded = record_claims(batch=batch, arrivals=[arrival])
        note(by=by, action="added", matter="customer", key=recorded.customers[0])
    return Customer.objects.get(pk=recorded.customers[0])


def change_customer(
    *, customer: Customer, changes: Mapping[str, Any], by: Actor, ground: str = "", country: str = ""
) -> None:
    """Say something of a customer: each field given replaces what the record shows; None or "" empties it.

    Lists: the entries given are added or changed; an entry with {"gone": true} is taken off. Raises BadValue, NotAllowed.
    """
    by.must(Right.CHANGE)
    must_reach(by, customer)
    must_see_sensitive(changes, by=by)
    if by.veiled and hides(changes):
        changes = _meant(customer, changes)
    values = checked(changes, catalogue=fields(), country=country or customer.country)
    _whole_groups(customer, values)
    if "name" not in changes and (values.get("given") or values.get("family")):
        # The name as shown follows its parts, those that were changed and those that stand.
        values["name"] = _name_of(values)
    _say(customer, values, typed=_typed(changes), by=by, standing="confirmed", ground=ground)
    note(by=by, action="changed", matter="customer", key=customer.pk, detail={"fields": sorted(changes)})


def confirm(*, customer: Customer, field: str, by: Actor, entry: str = "") -> None:
    """Confirm what the record shows of a field: the customer was asked and it is still so.

    entry: of a list, this entry alone (`record.entry_token`); all of them that still hold by default. It is a claim as any
    other, with who said so and when. Raises BadValue where there is nothing to confirm, NotAllowed.
    """
    by.must(Right.CHANGE)
    must_reach(by, customer)
    must_see_sensitive({field: None}, by=by)
    known = value_of(customer, field)
    many = isinstance(known, list)
    if many:
        known = [
            each for each in facts_of({field: known}, field) if not entry or entry_token(field, each) == entry
        ]
    if known in (None, "", []):
        raise BadValue(field, _("There is nothing to confirm here."))
    values = {field: known}
    _whole_groups(customer, values)
    with transaction.atomic():
        _say(customer, values, typed={}, by=by, standing="confirmed", ground="")
        if field in ("phones", "emails"):
            # Asked and found right: from now on it is a sure key for whoever else comes with it under this name.
            points = ContactPoint.objects.filter(
                kind=field[:5], value__in=[str(each.get("value")) for each in known], verified_at=None
            )
            points.update(verified_at=timezone.now())
    note(by=by, action="confirmed", matter="customer", key=customer.pk, detail={"fields": [field]})


def tag_customers(*, customers: list[int], tag: str, by: Actor) -> int:
    """Put a tag on many customers at once; how many there were."""
    by.must(Right.CHANGE)
    values = checked({"tags": [tag]}, catalogue=fields())
    with transaction.atomic():
        chosen = list(Customer.objects.visible_to(by).filter(pk__in=customers))
        batch = batch_of(source=staff_source(), ground=Ground.LEGITIMATE_INTEREST, by=by, label=f"#{tag}")
        record_claims(
            batch=batch,
            arrivals=[
                Arrival(key=key, values=values, typed=_typed({"tags": tag}), customer=each.pk)
                for each, key in zip(chosen, own_keys(chosen), strict=True)
            ],
        )
        note(by=by, action="tagged", matter="base", detail={"customers": len(chosen)})
    return len(chosen)


def relate(
    *, customer: Customer, other: Customer, kind: str, by: Actor, role: str = "", hours: str = ""
) -> Relation:
    """Note that `customer` stands in a relation to `other`. Raises BadValue for oneself or an unknown relation."""
    by.must(Right.CHANGE)
    if kind not in Relation.RelationKind.values:
        raise BadValue("relation", _("Choose what these two are to one another."))
    must_reach(by, customer, other)
    if customer.pk == other.pk:
        raise BadValue("relation", _("A customer cannot be related to themselves."))
    with transaction.atomic():
        one, another = (own_identity(each) for each in (customer, other))
        said = Relation.objects.filter(one__customer=other, other__customer=customer, kind=kind).first()
        if said and kind not in _OF_BOTH:
            raise BadValue("relation", _("That is noted the other way round. Take it away first."))
        if said:
            one, another = said.one, said.other
        relation, _made = Relation.objects.update_or_create(
            one=one,
            other=another,
            kind=kind,
            defaults={
                "role": role[:100],
                "hours": hours[:100],
                "made_at": timezone.now(),
                "made_by": by.name,
            },
        )
        note(
            by=by,
            action="related",
            matter="customer",
            key=customer.pk,
            detail={"other": other.pk, "kind": kind},
        )
    return relation


def unrelate(*, customer: Customer, relation: int, by: Actor) -> None:
    """Take a relation of this customer away."""
    by.must(Right.CHANGE)
    must_reach(by, customer)
    gone, _by_model = Relation.objects.filter(pk=relation, one__customer=customer).delete()
    if gone:
        note(by=by, action="unrelated", matter="customer", key=customer.pk)


def value_of(customer: Customer, field: str) -> Any:
    """What the record holds of a field, a sensitive one opened: who asks must have been let."""
    known = built_in().get(field)
    if known and known.column:
        return getattr(customer, field)
    if customer.more.get(field) == PRESENT:
        return sensitive_values([customer.pk], [field]).get(customer.pk, {}).get(field)
    return customer.more.get(field)


def must_see_sensitive(values: Mapping[str, Any], *, by: Actor) -> None:
    """Raise NotAllowed where values by field hold a sensitive one and `by` may not see those."""
    catalogue = fields()
    if any(catalogue[key].sensitive for key in values if key in catalogue):
        by.must(Right.SEE_SENSITIVE)


def _meant(customer: Customer, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What was said of entries that are shown veiled, said of the entries themselves."""
    meant = unveiled(customer, changes)
    if meant is None:
        raise BadValue(
            next(key for key, value in changes.items() if hides(value)),
            _("Part of this is hidden from you. Write the whole of it anew, or ask somebody who sees it."),
        )
    return meant


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def _whole_groups(customer: Customer, values: dict[str, Any]) -> None:
    """Fields that survive together are said together: the parts that were not touched are said as they stand."""
    groups = {group_of(key) for key in values}
    for field in built_in().values():
        if field.group in groups and field.key not in values and field.group:
            values[field.key] = value_of(customer, field.key)
    if "name" in groups and not values.get("name"):
        values["name"] = _name_of(values)


def _name_of(values: Mapping[str, Any]) -> str:
    parts = (values.get(part) for part in ("title", "given", "middle", "family", "suffix"))
    return " ".join(str(part) for part in parts if part)


def _say(
    customer: Customer,
    values: dict[str, Any],
    *,
    typed: dict[str, Any],
    by: Actor,
    standing: str,
    ground: str,
) -> None:
    with transaction.atomic():
        batch = batch_of(source=staff_source(), ground=ground or Ground.CONTRACT, by=by)
        arrival = Arrival(
            key=own_keys([customer])[0],
            values=values,
            typed=typed,
            standing=standing,
            customer=customer.pk,
        )
        record_claims(batch=batch, arrivals=[arrival])


def own_identity(customer: Customer) -> Identity:
    """The identity as which staff know this customer."""
    [key] = own_keys([customer])
    return Identity.objects.get_or_create(
        source=staff_source(), key=key, defaults={"customer": customer, "made_at": timezone.now()}
    )[0]


def own_keys(customers: Sequence[Customer]) -> list[str]:
    """The keys under which staff know these customers, in their order: the card number.

    An identity can have gone to another customer with a separation; then a number stands behind the card.
    """
    found = [each.card for each in customers]
    source, number = staff_source(), 1
    asked = list(range(len(customers)))
    while asked:
        owners = dict(
            bulk.fetch(
                Identity,
                ("key", "customer_id"),
                by="key",
                among=[found[place] for place in asked],
                also={"source_id": source.pk},
            )
        )
        asked = [
            place for place in asked if owners.get(found[place], customers[place].pk) != customers[place].pk
        ]
        number += 1
        for place in asked:
            found[place] = f"{customers[place].card}.{number}"
    return found
