"""Customers as plain data, for programs: the API, the command line, exports."""

from collections.abc import Sequence
from typing import Any

from kartoteka.trust.actor import Actor

from .card import Card, CardValue, Origin
from .models import Customer
from .shown import shown


def summaries(*, actor: Actor, customers: Sequence[int]) -> list[dict[str, Any]]:
    """The customers with these keys that `actor` may see, in the order given: what a list shows of each."""
    found = Customer.objects.visible_to(actor).in_bulk(list(customers))  # type: ignore[attr-defined]
    return [summary(found[key]) for key in customers if key in found]


def summary(customer: Customer) -> dict[str, Any]:
    """What a list shows of a customer."""
    names = (
        "card",
        "card_shown",
        "kind",
        "given",
        "family",
        "company",
        "email",
        "phone",
        "city",
        "country",
        "birth",
    )
    return {
        **{name: getattr(customer, name) for name in names},
        "name": customer.display,
        "completeness": customer.completeness,
        "made_at": customer.made_at,
        "heard_at": customer.heard_at,
    }


def card_as_data(card: Card) -> dict[str, Any]:
    """A card with every value's origin. Fields that are empty are left out."""
    return {
        **summary(card.customer),
        "fields": [
            {
                "key": each.key,
                "label": str(each.label),
                "block": str(block),
                "values": [_value(each.field.type, value) for value in each.values],
            }
            for block, fields in card.blocks.items()
            for each in fields
            if each.values
        ],
        "missing": [each.key for each in card.missing],
        "identities": [
            {"source": each.source, "key": each.key, "claims": each.claims, "last_at": each.last_at}
            for each in card.identities
        ],
        "relations": [
            {"kind": each.kind, "forward": each.forward, "customer": each.customer.card, "role": each.role}
            for each in card.relations
        ],
    }


def _value(type_: str, value: CardValue) -> dict[str, Any]:
    return {
        "value": value.value,
        "text": shown(type_, value.value),
        "kind": str(value.kind),
        "stale": value.stale,
        "heard_at": value.heard_at,
        "origin": _origin(value.origin),
        "others": [_origin(each) for each in value.others],
    }


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "source": origin.source,
        "batch": origin.batch,
        "ground": str(origin.ground),
        "row": origin.row,
        "at": origin.at,
        "by": origin.by,
        "standing": origin.standing,
        "value": origin.value,
    }
