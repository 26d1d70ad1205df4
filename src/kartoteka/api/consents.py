"""Routes of consent: what a customer lets us do, a choice taken down, the question put to the gate."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from kartoteka.consent.asdata import choice_as_data, consents_as_data, may_as_data
from kartoteka.consent.taking import Taking, take_down
from kartoteka.kit.ids import read_card
from kartoteka.people.card import find_customer
from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor, Right

from .access import Called, route
from .customers import Card
from .problems import NotFound
from .reading import Given, Moment, Parameters, Some, Text, Whole

router = Router(tags=["consent"])
Channel = Literal["email", "sms", "phone", "post", "messenger", "ads"]


class Answer(Schema):
    """What the gate says."""

    allowed: bool = Field(..., description="Whether they may be reached.")
    reason: str = Field(
        ...,
        description="A word for why: given, ground, existing, not_objected; gone, held, ended, no_ground, no_point, "
        "suppressed, child, listed, withdrawn, not_asked, waiting, expired, unconfirmed.",
        examples=["given"],
    )
    why: str = Field(..., description="The same in a sentence.", examples=["They agreed."])


class MayAnswer(Answer):
    """What the gate says of one question."""

    card: str = Field(..., description="The card number.", examples=["7KM2Q9XD4"])
    purpose: str = Field(..., description="The purpose asked for.", examples=["marketing"])
    channel: str = Field(..., description="The channel asked for.", examples=["email"])
    choice: int | None = Field(
        ..., description="The line of the ledger that decided, if one did.", examples=[31]
    )
    now: bool = Field(
        ...,
        description="Whether they may be reached at once: it is no quiet time for them.",
        examples=[False],
    )
    not_now: str = Field(
        ...,
        description="Where it is a quiet time for them: why, in a sentence.",
        examples=["They may be reached, but not now: it is too early or too late there."],
    )
    later: dt.datetime | None = Field(
        None,
        description="And the next moment that is none, in UTC.",
        examples=["2026-05-12T07:00:00Z"],
    )


class StateOfPurpose(Answer):
    """What stands for one purpose and channel."""

    purpose: str = Field(..., description="The purpose's key.", examples=["marketing"])
    channel: str = Field(..., description="The channel.", examples=["email"])
    since: dt.datetime | None = Field(..., description="When the choice that decided was made.")


class Line(Schema):
    """One line of the ledger."""

    id: int = Field(..., description="Its number.", examples=[31])
    purpose: str = Field(..., description="The purpose's key.", examples=["marketing"])
    channel: str = Field(..., description="The channel.", examples=["email"])
    what: str = Field(..., description="given, withdrawn, or asked (a link was sent).", examples=["given"])
    at: dt.datetime = Field(..., description="When it was said.")
    how: str = Field(
        ..., description="counter, call, paper, form, page, link, message, file or api.", examples=["form"]
    )
    place: str = Field(..., description="Where: the form, the page, the file.", examples=["footer form"])
    by: str = Field(..., description="Who took it down.", examples=["web shop"])
    confirmed: bool = Field(..., description="Whether it was confirmed through the contact itself.")
    guardian: str = Field(
        ..., description="The parent or guardian who said it for a child; empty: the customer.", examples=[""]
    )
    contact: str = Field(..., description="The e-mail or phone it is about, if it is about one.")
    words: str = Field(..., description="The very words that were shown.")
    language: str = Field(..., description="Their language.", examples=["pl"])


class Stop(Schema):
    """An e-mail or phone that must not be used."""

    contact: str = Field(..., description="The e-mail or phone.")
    why: str = Field(..., description="bounce, complaint or unsubscribe.", examples=["bounce"])
    at: dt.datetime = Field(..., description="Since when.")
    purpose: str = Field(..., description="For this purpose only; empty: for all.", examples=[""])


class Consents(Schema):
    """What a customer lets us do."""

    card: str = Field(..., description="The card number.", examples=["7KM2Q9XD4"])
    may: list[StateOfPurpose] = Field(..., description="What stands, for every purpose and channel.")
    said: list[Line] = Field(..., description="All they ever said, the newest first.")
    stopped: list[Stop] = Field(..., description="Their e-mails and phones that must not be used.")


class NewChoice(Given):
    """A choice that a customer made."""

    purpose: Some = Field(..., description="The purpose's key.", examples=["marketing"])
    channel: Channel = Field(..., description="By which channel.", examples=["email"])
    what: Literal["given", "withdrawn"] = Field(..., description="Whether they agree.", examples=["given"])
    how: Literal["counter", "call", "paper", "form", "page", "message", "api"] = Field(
        "form", description="How they said it."
    )
    place: Text = Field("", description="Where: the form's name, the page.", examples=["checkout"])
    contact: Text = Field("", description="The e-mail or phone it is about; empty: whichever they have.")
    wording: Whole = Field(0, ge=0, description="The number of the words they were shown; 0: those of today.")
    language: Text = Field("", description="The language they were asked in.", examples=["pl"])
    guardian: Text = Field(
        "",
        max_length=150,
        description="The name of the parent or guardian who said it for a child; empty: the customer themselves.",
    )
    at: Moment | None = Field(None, description="When they said it, with its zone; empty: now.")
    evidence: dict[Text, Text] = Field(
        default_factory=dict,
        description="What shows it.",
        examples=[{"ip": "203.0.113.7", "page": "/checkout"}],
    )


class Question(Parameters):
    """What the gate is asked."""

    purpose: Text = Field(..., description="The purpose's key.", examples=["marketing"])
    channel: Channel = Field(..., description="By which channel.", examples=["email"])
    contact: Text = Field(
        "", description="One of their e-mails or phones; empty: the best of those that may be used."
    )


@router.get(
    "/customers/{card}/consents",
    summary="Read what a customer lets us do",
    **route(Right.SEE, answer=Consents, refusals=(404,)),
)
def read_consents(request: Called, card: Card) -> dict[str, Any]:
    """What stands for every purpose and channel with its reason, and the ledger of all the customer ever said."""
    return consents_as_data(actor=request.auth, customer=_customer(request.auth, card))


@router.post(
    "/customers/{card}/consents",
    summary="Take down a choice",
    **route(Right.SEE, Right.CHANGE, status=201, answer=Line, refusals=(404, 413)),
)
def add_choice(request: Called, given: NewChoice, card: Card) -> Status[dict[str, Any]]:
    """Write down that a customer agrees or says no. Nothing is overwritten: it is one more line of the ledger.

    Where the purpose asks for a link, one is sent to their e-mail, and the choice counts once they have clicked.
    """
    customer = _customer(request.auth, card)
    taking = Taking(**{**given.dict(exclude={"contact"}), "point": given.contact})
    return Status(
        201,
        choice_as_data(
            take_down(customer=customer, taking=taking, by=request.auth).choice, actor=request.auth
        ),
    )


@router.get(
    "/customers/{card}/may",
    summary="Ask whether a customer may be reached",
    **route(Right.SEE, answer=MayAnswer, refusals=(404,)),
)
def ask_gate(request: Called, card: Card, asked: Query[Question]) -> dict[str, Any]:
    """The gate: whether this customer may be reached for this purpose by this channel, why, and whether at once."""
    return may_as_data(actor=request.auth, customer=_customer(request.auth, card), **asked.dict())


def _customer(actor: Actor, card: str) -> Customer:
    found = find_customer(actor=actor, card=read_card(card))
    if found is None:
        raise NotFound(_("There is no customer with this card number."))
    return found
