"""The route of callbacks: one click on a site, and the clock of the promise starts in front of staff."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Field, Router, Schema, Status

from kartoteka.intake.telephony.accounts import ask_callback
from kartoteka.trust.actor import Right

from .access import Called, route
from .reading import Given, Text

router = Router(tags=["callbacks"])


class Wish(Given):
    """A number that wants to be called."""

    phone: Text = Field(
        ...,
        description="The number to call, best with its country's code.",
        examples=["+48600100200"],
        max_length=60,
    )
    name: Text = Field("", description="How they call themselves, if they said.", max_length=300)
    reason: Text = Field("", description="What it is about.", max_length=300)
    key: Text = Field("", description="Your own number of this wish: told twice, it is one.", max_length=100)


class Promise(Schema):
    """What was promised."""

    callback: int = Field(..., description="Its number.", examples=[31])
    card: str = Field(..., description="Whose card it stands on.", examples=["7KM2Q9XD4"])
    due_at: dt.datetime = Field(..., description="We call by then; only working time counts.")
    seconds: int = Field(..., description="The working time that was promised.", examples=[900])


@router.post(
    "/callbacks",
    summary="Ask for a callback",
    **route(Right.CHANGE, status=201, answer=Promise, refusals=(413,)),
)
def add_callback(request: Called, given: Wish) -> Status[dict[str, Any]]:
    """A phone number is enough. The clock starts in front of everybody who may call; a customer who waits already at this
    number waits on, and the same key is one wish."""
    customer, made = ask_callback(**given.dict(), by=request.auth)
    return Status(
        201, {"callback": made.pk, "card": customer.card, "due_at": made.due_at, "seconds": made.promised}
    )
