"""Customers as plain data, for programs: the API, the command line, exports."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from kartoteka.trust.actor import Actor, Right

from .card import Card, CardValue, Origin
from .catalogue import Field
from .checking import BadValue, fields
from .listing import ORDERS, Wish, list_customers
from .models import Customer, Source
from .search.find import find
from .shown import shown
from .veil import veiled


def summaries(*, actor: Actor, customers: Sequence[int]) -> list[dict[str, Any]]:
    """The customers with these keys that `actor` may see, in the order given: what a list shows of each."""
    found = Customer.objects.visible_to(actor).in_bulk(list(customers))
    return [summary(found[key], actor=actor) for key in customers if key in found]


def summary(customer: Customer, *, actor: Actor) -> dict[str, Any]:
    """What a list shows `actor` of a customer."""
    customer = veiled(customer, actor)
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


def list_as_data(*, actor: Actor, wish: Wish, source: str = "", size: int = 50) -> dict[str, Any]:
    """A page of the list that `wish` asks for, from one source (by its name) if one is given.

    Unlike a page for people, which passes over what it does not know, this says what is wrong: raises BadValue for an
    unknown source, field or order, NotAllowed for a sensitive field that `actor` may not see, BadCursor.
    """
    actor.must(Right.SEE)
    catalogue = fields()
    for name, key in (("lacking", wish.lacking), ("own", wish.own)):
        field = catalogue.get(key)
        if key and (field is None or (name == "own" and not field.own)):
            raise BadValue(name, _("There is no field %(field)s.") % {"field": key})
        if field is not None and field.sensitive:
            actor.must(Right.SEE_SENSITIVE)
    if wish.order not in ORDERS:
        raise BadValue("order", _("Order by one of: %(all)s.") % {"all": ", ".join(ORDERS)})
    if source:
        its_source = Source.objects.filter(name=source).first()
        if its_source is None:
            raise BadValue("source", _("There is no source %(source)s.") % {"source": source})
        wish = replace(wish, source=its_source.pk)
    found = list_customers(actor=actor, wish=wish, size=size)
    return {
        "customers": summaries(actor=actor, customers=[each.pk for each in found.page.rows]),
        "count": found.count,
        "more": found.more,
        "after": found.page.after,
        "before": found.page.before,
    }


def found_as_data(text: str, *, actor: Actor, limit: int = 20) -> list[dict[str, Any]]:
    """The customers meant by `text`, best first: each with how well it fits and the words that answered."""
    actor.must(Right.SEE)
    hits = {hit.customer: hit for hit in find(text, actor=actor, limit=limit)}
    found = Customer.objects.visible_to(actor).in_bulk(list(hits))
    return [
        # How rare a word is weighs in the score, and would tell that somebody has it in what is veiled.
        {
            "customer": summary(found[key], actor=actor),
            "score": 1.0 if actor.veiled else hit.score,
            "matched": list(hit.matched),
        }
        for key, hit in hits.items()
        if key in found
    ]


def fields_as_data(*, actor: Actor) -> list[dict[str, Any]]:
    """The catalogue of fields, built in and the business's own, without the sensitive ones `actor` may not see."""
    actor.must(Right.SEE)
    seen = actor.may(Right.SEE_SENSITIVE)
    return [_field(each) for each in fields().values() if seen or not each.sensitive]


def _field(field: Field) -> dict[str, Any]:
    return {
        "key": field.key,
        "label": str(field.label),
        "type": str(field.type),
        "kind": str(field.kind),
        "block": str(field.block),
        "many": field.many,
        "sensitive": field.sensitive,
        "own": field.own,
        "weight": field.weight,
        "fresh_days": field.fresh_days,
        "choices": [{"value": value, "label": str(label)} for value, label in field.choices],
        "pattern": field.pattern,
        "least": field.least,
        "most": field.most,
    }


def card_as_data(card: Card, *, actor: Actor) -> dict[str, Any]:
    """A card, as it was made for `actor`, with every value's origin. Fields that are empty are left out."""
    return {
        **summary(card.customer, actor=actor),
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
