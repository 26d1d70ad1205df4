"""A card as somebody sees it who does not see contact points whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kartoteka.trust.actor import Actor

from .catalogue import Field
from .veil import DOTS, veil_email, veil_phone, veil_text, veil_value, veil_values, veiled

if TYPE_CHECKING:
    from .card import Card, CardField, CardValue, Origin


def veiled_card(card: Card, actor: Actor) -> Card:
    """The card with every contact point hidden: values, what others said, the history, and nothing of what was typed."""
    for contact in card.contacts:
        hide = veil_phone if contact.point.kind == "phone" else veil_email
        contact.point.value = hide(contact.point.value)
    handles = [str(each["handle"]) for each in card.customer.more.get("handles") or () if each.get("handle")]

    def hide_in(text: str) -> str:
        """A source's key may be the very handle by which it knows them."""
        for handle in handles:
            text = text.replace(handle, DOTS)
        return veil_text(text)

    return replace(
        card,
        customer=veiled(card.customer, actor),
        blocks={block: tuple(map(_field, some)) for block, some in card.blocks.items()},
        relations=tuple(replace(each, customer=veiled(each.customer, actor)) for each in card.relations),
        identities=tuple(
            replace(each, key=hide_in(each.key), name=hide_in(each.name)) for each in card.identities
        ),
        history=tuple(_origin(each, veil_values(each.value)) for each in card.history),
    )


def _field(each: CardField) -> CardField:
    return replace(each, values=tuple(_value(each.field, value) for value in each.values))


def _value(field: Field, each: CardValue) -> CardValue:
    def hidden(origin: Origin) -> Origin:
        return _origin(origin, None if origin.value is None else veil_value(field, origin.value))

    return replace(
        each,
        value=veil_value(field, each.value),
        origin=hidden(each.origin),
        others=tuple(map(hidden, each.others)),
    )


def _origin(origin: Origin, value: Any) -> Origin:
    return replace(origin, value=value, typed={}, batch=veil_text(origin.batch))
