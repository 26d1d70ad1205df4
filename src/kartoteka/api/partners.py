"""Routes of partner lists: an exchange begun, the partner's hashes compared. Files of customers leave by exports only."""

from __future__ import annotations

import datetime as dt
import io
from typing import Annotated, Any, Literal

from ninja import Field, Router, Schema, Status
from ninja.params.functions import Path

from kartoteka.consent import exchanging
from kartoteka.consent.purposes import purpose_named
from kartoteka.trust.actor import Right

from .access import Called, route
from .problems import NotFound
from .reading import Given, Some, Text

router = Router(tags=["partners"])
ExchangeKey = Annotated[int, Path(ge=1, lt=2**63, description="The exchange's number.", example=2)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")]


class NewExchange(Given):
    """An exchange to begin."""

    purpose: Some = Field(
        ..., description="The key of a purpose that names the partner.", examples=["wine-club"]
    )
    channel: Literal["email", "sms", "phone"] = Field(..., description="What is hashed.", examples=["email"])
    why: Text = Field("", description="Why.", examples=["spring box"])


class Exchange(Schema):
    """A comparing of our customers with a partner's."""

    id: int = Field(..., description="Its number.", examples=[2])
    partner: str = Field(..., description="The partner.", examples=["Winnica Sp. z o.o."])
    purpose: str = Field(..., description="The purpose's key.", examples=["wine-club"])
    channel: str = Field(..., description="What is hashed.", examples=["email"])
    ground: str = Field(..., description="The purpose's ground on that day.", examples=["consent"])
    began: str = Field(..., description="us, or them where they compare our list.", examples=["us"])
    at: dt.datetime = Field(..., description="When it began.")
    compared_at: dt.datetime | None = Field(..., description="When the lists were compared.")
    salt: str = Field(..., description="For the partner, until the lists are compared.", examples=[""])
    theirs: int = Field(..., description="How many hashes the partner sent.", examples=[900])
    ours: int = Field(..., description="How many contact points of ours were hashed.", examples=[1200])
    met: int = Field(..., description="How many customers are in both.", examples=[80])
    answers: dict[str, int] = Field(
        ..., description="What the gate said of those, and of how many.", examples=[{"given": 12}]
    )
    agreed: int = Field(..., description="How many of those agreed to this partner.", examples=[12])


class Exchanges(Schema):
    """The exchanges there were."""

    exchanges: list[Exchange] = Field(..., description="The newest first.")


class Hashes(Given):
    """The partner's list."""

    hashes: Annotated[list[Hash], Field(min_length=1, max_length=70_000)] = Field(
        ...,
        description="HMAC-SHA-256 in hexadecimal; longer lists are dropped on the page.",
        examples=[["ab" * 32]],
    )


@router.get("/exchanges", summary="List exchanges", **route(Right.EXPORT, answer=Exchanges))
def list_exchanges(request: Called) -> dict[str, Any]:
    """The exchanges with partners, with their counts."""
    return {"exchanges": [exchanging.as_data(each) for each in exchanging.exchanges(actor=request.auth)]}


@router.post(
    "/exchanges",
    summary="Begin an exchange",
    **route(Right.SEE, Right.EXPORT, status=201, answer=Exchange, refusals=(409,)),
)
def begin_exchange(request: Called, given: NewExchange) -> Status[dict[str, Any]]:
    """A new exchange with a salt of its own, for this partner only. See docs/reference/partner-lists.md for the hashes."""
    made = exchanging.begin(
        purpose=purpose_named(given.purpose), channel=given.channel, why=given.why, by=request.auth
    )
    return Status(201, exchanging.as_data(made))


@router.post(
    "/exchanges/{key}/compare",
    summary="Compare the partner's list",
    **route(Right.SEE, Right.EXPORT, answer=Exchange, refusals=(404, 409, 413)),
)
def compare(request: Called, given: Hashes, key: ExchangeKey) -> dict[str, Any]:
    """Compare once; the list is kept nowhere. Who agreed is asked for as an export, by a person, on the page."""
    found = exchanging.exchange_of(actor=request.auth, key=key)
    if found is None:
        raise NotFound(f"There is no exchange {key}.")
    stream = io.BytesIO("\n".join(given.hashes).encode())
    return exchanging.as_data(exchanging.compare(exchange=found, stream=stream, by=request.auth))
