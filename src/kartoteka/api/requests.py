"""Routes of customers' requests: taken down by a shop or a form, read, and answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Field, Query, Router, Schema, Status
from ninja.params.functions import Path

from kartoteka.consent import requests as domain
from kartoteka.consent import worklist as waiting
from kartoteka.consent.along import hand_over
from kartoteka.consent.letters import NotTold
from kartoteka.consent.models import PrivacyRequest
from kartoteka.kit.ids import read_card
from kartoteka.people.asdata import summary
from kartoteka.people.card import find_customer
from kartoteka.trust.actor import Actor, Right

from .access import Called, route
from .customer_shapes import Summary
from .imports import Paging
from .problems import NotFound
from .reading import Given, Some, Text

router = Router(tags=["requests"])
RequestKey = Annotated[int, Path(ge=1, lt=2**63, description="The request's number.", example=12)]
Kind = Literal["access", "correction", "erasure", "restriction", "objection", "portability"]
# Without an address on the card, or where the mail server refuses, no step "told" follows.
_TELL: bool = Field(
    False, description="Tell the customer by e-mail, in their language; a step says when it was sent."
)
_FILES = {"PDF": "application/pdf", "JSON": "application/json"}


class Asked(Given):
    """A request to take down."""

    card: Some = Field(..., description="The customer's card number.", examples=["K7M2-94XQ"])
    kind: Kind = Field(..., description="What they ask.", examples=["access"])
    said: Annotated[str, Field(max_length=4000)] = Field(
        "", description="Their own words.", examples=["Please send me all you have."]
    )
    changes: dict[str, Any] = Field(
        {}, description="For a correction: what it should be, by field.", examples=[{"family": "Nowak"}]
    )
    known_by: Text = Field(
        "",
        description="How you know that it is them, if you do. Never the number of a document.",
        examples=["signed in at the shop with a second factor"],
    )


class Step(Schema):
    """Something that was done about a request."""

    what: str = Field(
        ..., description="received, identified, extended, answered, refused or told.", examples=["received"]
    )
    at: dt.datetime = Field(..., description="When.")
    by: str = Field(..., description="By whom.", examples=["the shop"])
    note: str = Field(..., description="How, or why.", examples=[""])
    done: dict[str, Any] = Field(..., description="What was done, in figures.", examples=[{}])
    digest: str = Field(..., description="The SHA-256 of the file handed over, if one was.", examples=[""])


class Request(Schema):
    """A request, with whose it is until they are forgotten."""

    id: int = Field(..., description="Its number.", examples=[12])
    customer: Summary | None = Field(..., description="Whose it is; null once they are forgotten.")
    kind: str = Field(..., description="What they ask.", examples=["access"])
    through: str = Field(
        ..., description="How it came: page, counter, call, paper, email, api.", examples=["api"]
    )
    said: str = Field(..., description="Their own words.", examples=[""])
    changes: dict[str, Any] = Field(..., description="For a correction: what it should be.", examples=[{}])
    asked_at: dt.datetime = Field(..., description="When they asked.")
    due_on: dt.date = Field(..., description="Until when the law wants it answered.")
    late: bool = Field(..., description="Whether that day is over and it still waits.", examples=[False])
    known: bool = Field(..., description="Whether it is known that it is them.", examples=[True])
    ended_at: dt.datetime | None = Field(..., description="When it was answered or refused.")


class RequestWithSteps(Request):
    """A request with all that was done about it."""

    steps: list[Step] = Field(..., description="What was done, the first step first.")


class RequestPage(Schema):
    """A page of requests."""

    requests: list[Request] = Field(..., description="Those that wait, by the day they are due.")
    after: str = Field(..., description="Give this as `after` for the next page; empty on the last.")
    before: str = Field(..., description="Give this as `before` for the page before; empty on the first.")


class RequestWish(Paging):
    """Which requests."""

    ended: bool = Field(False, description="true: those that were answered or refused.")
    kind: Kind | Literal[""] = Field("", description="Only those that ask this.")


class Known(Given):
    """How it is known that it is them."""

    how: Some = Field(..., description="By what.", examples=["called back to the number on the card"])


class Refusal(Given):
    """Why it is refused."""

    why: Some = Field(..., description="The reason that the customer is told.", examples=["We hold nothing."])
    tell: bool = _TELL


class MoreTime(Refusal):
    """Until when, and why it takes longer."""

    until: dt.date = Field(..., description="The new day, at most two months after the one it was due.")


class Answer(Given):
    """How it is answered."""

    words: Text = Field("", description="A note on what was done.", examples=["the new door number as well"])
    tell: bool = _TELL


@router.post(
    "/requests",
    summary="Take a request down",
    **route(Right.SEE, Right.CHANGE, status=201, answer=RequestWithSteps, refusals=(404,)),
)
def receive(request: Called, given: Asked) -> Status[dict[str, Any]]:
    """A customer asks what we hold, to correct it, to be forgotten, to restrict or stop its use, or to take it along.
    The same thing asked twice while the first waits is one request. The law of their country says until when it is due."""
    customer = find_customer(actor=request.auth, card=read_card(given.card))
    if customer is None:
        raise NotFound(f"There is no customer {given.card}.")
    made = domain.receive(
        customer=customer,
        kind=given.kind,
        through="api",
        by=request.auth,
        said=given.said,
        changes=given.changes,
        known_by=given.known_by,
    )
    return Status(201, _told(waiting.told_of(request=made, actor=request.auth), request.auth))


@router.get("/requests", summary="List requests", **route(Right.SEE, Right.PRIVACY, answer=RequestPage))
def list_requests(request: Called, wish: Query[RequestWish]) -> dict[str, Any]:
    """Requests that wait, the most urgent first; or those that ended, the newest first."""
    found = waiting.worklist(actor=request.auth, **wish.dict())
    return {
        "requests": [_shown(each, request.auth) for each in found.rows],
        "after": found.page.after,
        "before": found.page.before,
    }


@router.get(
    "/requests/{key}",
    summary="Read a request",
    **route(Right.SEE, Right.PRIVACY, answer=RequestWithSteps, refusals=(404,)),
)
def read_request(request: Called, key: RequestKey) -> dict[str, Any]:
    """One request with its steps."""
    return _told(_found(request, key), request.auth)


@router.post(
    "/requests/{key}/known",
    summary="Say that it is them",
    **route(Right.SEE, Right.PRIVACY, answer=RequestWithSteps, refusals=(404, 409)),
)
def know(request: Called, given: Known, key: RequestKey) -> dict[str, Any]:
    """Write down how you know that it is them; nothing is answered before."""
    return _after(request, key, lambda it: domain.identify(request=it, how=given.how, by=request.auth))


@router.post(
    "/requests/{key}/refuse",
    summary="Refuse a request",
    **route(Right.SEE, Right.PRIVACY, answer=RequestWithSteps, refusals=(404, 409)),
)
def refuse(request: Called, given: Refusal, key: RequestKey) -> dict[str, Any]:
    """Refuse it, with the reason."""
    more = given.dict()
    return _after(request, key, lambda it: domain.refuse(request=it, by=request.auth, **more))


@router.post(
    "/requests/{key}/extend",
    summary="Take more time for a request",
    **route(Right.SEE, Right.PRIVACY, answer=RequestWithSteps, refusals=(404, 409)),
)
def extend(request: Called, given: MoreTime, key: RequestKey) -> dict[str, Any]:
    """Take more time, once, up to two months, with the reason."""
    more = given.dict()
    return _after(request, key, lambda it: domain.extend(request=it, by=request.auth, **more))


@router.post(
    "/requests/{key}/answer",
    summary="Answer a request",
    **route(
        Right.SEE,
        Right.CHANGE,
        Right.SEE_SENSITIVE,
        Right.PRIVACY,
        answer=RequestWithSteps,
        refusals=(404, 409),
    ),
)
def answer(request: Called, key: RequestKey, given: Answer | None = None) -> dict[str, Any]:
    """Do what was asked: erase, correct, restrict, or stop the uses. What must be handed over is fetched by `file`."""
    more = given.dict() if given else {}
    return _after(request, key, lambda it: domain.answer(request=it, by=request.auth, **more))


@router.post(
    "/requests/{key}/file",
    summary="Hand over what we hold",
    **{
        **(
            said := route(
                Right.SEE,
                Right.REVEAL,
                Right.SEE_SENSITIVE,
                Right.PRIVACY,
                answer=None,
                refusals=(404, 409),
            )
        ),
        "openapi_extra": {
            **said["openapi_extra"],
            "responses": {
                200: {
                    "description": "PDF for access, JSON for portability.",
                    "content": {
                        kind: {"schema": {"type": "string", "format": "binary"}} for kind in _FILES.values()
                    },
                }
            },
        },
    },
)
def file(request: Called, key: RequestKey) -> HttpResponse:
    """Answer a request of access or portability: the file, whose SHA-256 is kept as proof. It is given once."""
    found = _found(request, key).waiting.request
    handed = hand_over(request=found, by=request.auth)
    return HttpResponse(handed.content, content_type=_FILES[handed.what])


def _after(request: Called, key: int, do: Callable[[PrivacyRequest], object]) -> dict[str, Any]:
    """The request as it stands after this step; where the customer could not be written to, no step says that they were."""
    with suppress(NotTold):
        do(_found(request, key).waiting.request)
    return _told(_found(request, key), request.auth)


def _found(request: Called, key: int) -> waiting.Told:
    told = waiting.request_of(actor=request.auth, key=key)
    if told is None:
        raise NotFound(f"There is no request {key}.")
    return told


def _shown(each: waiting.Waiting, actor: Actor) -> dict[str, Any]:
    names = ("kind", "through", "said", "changes", "asked_at", "due_on", "ended_at")
    return {
        "id": each.request.pk,
        "customer": summary(each.customer, actor=actor) if each.customer else None,
        **{name: getattr(each.request, name) for name in names},
        "late": each.late,
        "known": each.known,
    }


def _told(told: waiting.Told, actor: Actor) -> dict[str, Any]:
    steps = [
        {"what": s.what, "at": s.at, "by": s.by_name, "note": s.note, "done": s.done, "digest": s.digest}
        for s in told.steps
    ]
    return {**_shown(told.waiting, actor), "steps": steps}
