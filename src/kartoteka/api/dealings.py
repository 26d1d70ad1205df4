"""Routes of dealings: what was said with customers, and the questions and complaints that wait."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Field, Query, Router, Schema, Status
from ninja.params.functions import Path

from kartoteka.activity import dealing_queries as queries
from kartoteka.activity.dealings import Said, owner_by_email, record_dealing
from kartoteka.trust.actor import Right

from .access import Called, route
from .customers import Card, wanted
from .reading import Given, Long, Moment, Parameters, Some, Text, Whole, aware

router = Router(tags=["dealings"])
Key = Annotated[int, Path(ge=1, lt=2**63, description="The dealing's number here.", example=7)]
Way = Literal["call", "visit", "meeting", "letter", "chat", "mail"]


class DealingWish(Parameters):
    """Which dealings."""

    card: Text = Field("", description="Only those with this customer.", max_length=40)
    way: Literal["", "call", "visit", "meeting", "letter", "chat", "mail"] = Field(
        "", description="Only those of this way."
    )
    waits: Literal["", "open", "owed", "unknown"] = Field(
        "",
        description="open: questions and complaints that are not settled; owed: talks without a note; unknown: of nobody.",
    )
    after: Text = Field("", description="The place a page before gave as `after`.")
    before: Text = Field("", description="The place a page before gave as `before`.")
    size: int = Field(50, ge=1, le=200, description="Dealings on a page.")


class NewDealing(Given):
    """A dealing that was."""

    way: Way = Field(..., description="How they were dealt with.", examples=["call"])
    direction: Literal["in", "out"] = Field("in", description="From them, or from us.")
    note: Long = Field("", description="What was said.", examples=["Asks for the blue one."])
    subject: Text = Field("", description="What it was about, in a line.", max_length=300)
    about: Literal["", "question", "complaint"] = Field(
        "", description="A question or a complaint waits until it is settled."
    )
    at: Moment | None = Field(None, description="When it was; now by default.")
    seconds: Whole = Field(0, ge=0, le=86_400, description="How long it took.")
    owner: Text = Field("", description="The e-mail of the colleague who answers for it.")
    due_at: Moment | None = Field(None, description="To be settled by then; in two days by default.")
    counterpart: Text = Field("", description="The other side's number or e-mail.", max_length=320)
    key: Text = Field(
        "", description="Your own number of this dealing: told twice, it is one.", max_length=255
    )


class DealingChange(Given):
    """What is to be otherwise; what is not given stays."""

    note: Long | None = Field(None, description="What was said, written anew.")
    owner: Some | None = Field(
        None, description="The e-mail of the colleague who answers for it from now on."
    )
    due_at: Moment | None = Field(None, description="To be settled by then.")
    outcome: Long | None = Field(None, description="How it was settled; it is settled by this.")
    cause: Text = Field("", description="What it came from, with `outcome`.", max_length=100)
    open: Literal[True] | None = Field(None, description="true: it was not settled after all.")


class DealingShown(Schema):
    """A dealing."""

    id: int = Field(..., description="Its number here.", examples=[7])
    card: str | None = Field(
        ..., description="The customer's card number; none while nobody knows whose it is."
    )
    way: Way = Field(..., description="How they were dealt with.")
    direction: Literal["in", "out"] = Field(..., description="From them, or from us.")
    at: dt.datetime = Field(..., description="When it was.")
    seconds: int = Field(..., description="How long it took.")
    subject: str = Field(..., description="What it was about, in a line.")
    note: str = Field(..., description="What was said.")
    owes_note: bool = Field(..., description="A talk of which nobody wrote down yet what was said.")
    counterpart: str = Field(..., description="The other side's number or e-mail.")
    owner: str | None = Field(..., description="The e-mail of the colleague who answers for it.")
    about: Literal["", "question", "complaint"] = Field(..., description="What it is, beside a talk.")
    due_at: dt.datetime | None = Field(..., description="To be settled by then.")
    is_late: bool = Field(..., description="It should have been settled by now.")
    settled_at: dt.datetime | None = Field(..., description="When it was settled.")
    settled_by: str = Field(..., description="Who settled it.")
    outcome: str = Field(..., description="How it was settled.")
    cause: str = Field(..., description="What it came from.")
    thread: int | None = Field(..., description="The number of the first mail of its thread.")


class DealingList(Schema):
    """A page of dealings."""

    dealings: list[DealingShown] = Field(..., description="The dealings of this page.")
    after: str = Field(..., description="Give this as `after` for the next page; empty on the last.")
    before: str = Field(..., description="Give this as `before` for the page before; empty on the first.")


@router.get("/dealings", summary="List dealings", **route(Right.SEE, answer=DealingList, refusals=(404,)))
def list_dealings(request: Called, wish: Query[DealingWish]) -> dict[str, Any]:
    """Dealings page by page, the newest first. Numbers and addresses in them are hidden without the right to reveal."""
    asked = queries.DealingWish(wish.way, wish.waits, wanted(request.auth, wish.card) if wish.card else None)
    found = queries.list_dealings(
        actor=request.auth, wish=asked, size=wish.size, after=wish.after, before=wish.before
    )
    shown = [queries.as_data(each, request.auth) for each in found.rows]
    return {"dealings": shown, "after": found.after, "before": found.before}


@router.get(
    "/dealings/{key}",
    summary="Read a dealing",
    **route(Right.SEE, answer=DealingShown, refusals=(404,)),
)
def read_dealing(request: Called, key: Key) -> dict[str, Any]:
    """One dealing whole."""
    return queries.as_data(queries.dealing_of(actor=request.auth, key=key), request.auth)


@router.post(
    "/customers/{card}/dealings",
    summary="Write down a dealing",
    **route(Right.SEE, Right.CHANGE, status=201, answer=DealingShown, refusals=(404, 413)),
)
def add_dealing(request: Called, card: Card, given: NewDealing) -> Status[dict[str, Any]]:
    """Write down a dealing with a customer. A question or a complaint waits from then on until it is settled."""
    told = given.dict(exclude={"owner", "at", "due_at"})
    said = Said(**told, owner=owner_by_email(given.owner), at=aware(given.at), due_at=aware(given.due_at))
    made = record_dealing(customer=wanted(request.auth, card), said=said, by=request.auth)
    return Status(201, queries.as_data(queries.dealing_of(actor=request.auth, key=made.pk), request.auth))


@router.patch(
    "/dealings/{key}",
    summary="Change a dealing",
    **route(Right.SEE, Right.CHANGE, answer=DealingShown, refusals=(404, 413)),
)
def change_dealing(request: Called, key: Key, given: DealingChange) -> dict[str, Any]:
    """Write its note, give it to a colleague or until another day, settle it, open it again; all of it or nothing."""
    changes = given.dict(exclude_none=True) | ({"due_at": aware(given.due_at)} if given.due_at else {})
    return queries.as_data(queries.changed(key=key, changes=changes, by=request.auth), request.auth)
