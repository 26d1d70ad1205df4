"""A value on a card is wrong: which one, and what it should be, as a request that waits for who looks after privacy."""

from typing import Any

from django.utils.translation import gettext as _

from kartoteka.people.card import card_of
from kartoteka.people.catalogue import Block
from kartoteka.people.checking import BadValue
from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor, Right

from .held import Fact, facts_of, held_of
from .models import PrivacyRequest
from .requests import BadRequest, receive

_LONGEST = 500


def may_be_wrong(*, customer: Customer, actor: Actor) -> list[tuple[str, str]]:
    """The values of a card that can be corrected by a word or a line, as this actor may see them: the mark by which
    `take_correction` knows it, and the field with its value. It is a look at the card, and counts as one.

    Raises NotAllowed.
    """
    actor.must_one_of(Right.CHANGE, Right.PRIVACY)
    card = card_of(actor=actor, customer=customer)
    shown = (each for block in Block for each in facts_of(card, block))
    return [(f"{each.key} {each.place}", f"{each.label}: {each.text}") for each in shown if each.correctable]


def take_correction(
    *, customer: Customer, wrong: str, text: str, through: str, by: Actor, said: str = ""
) -> PrivacyRequest:
    """Take down that a value is wrong. wrong: its mark in `may_be_wrong`. The rest: see `receive` and `changes_for`.

    Raises BadRequest, BadValue, NotAllowed.
    """
    if wrong not in dict(may_be_wrong(customer=customer, actor=by)):
        raise BadRequest("wrong", _("Choose what is wrong."))
    field, place = wrong.rsplit(" ", 1)
    changes = changes_for(customer, field=field, place=int(place), text=text)
    return receive(customer=customer, kind="correction", through=through, by=by, said=said, changes=changes)


def changes_for(customer: Customer, *, field: str, place: int, text: str) -> dict[str, Any]:
    """What has to change on the card, as a correction asks for it.

    place: which of the field's values, counted from 0. text: the right one; empty where it only has to go.
    Raises BadRequest, BadValue.
    """
    facts = [each for _block, some in held_of(customer).facts for each in some if each.key == field]
    if not 0 <= place < len(facts):
        raise BadRequest("field", _("This does not stand on the card any more."))
    return {field: _right(facts[place], text.strip()[:_LONGEST])}


def _right(fact: Fact, text: str) -> Any:
    if fact.field.many and isinstance(fact.value, dict):
        return [{**fact.value, "gone": True}, *([text] if text else [])]
    if fact.field.many or isinstance(fact.value, dict | list):
        raise BadValue(fact.key, _("Write to us what is wrong here; this cannot be corrected by a word."))
    return text
