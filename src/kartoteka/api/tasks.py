"""Routes of tasks: what is planned with customers and by whom, and what was done."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Field, Query, Router, Schema, Status
from ninja.params.functions import Path

from kartoteka.agenda import task_queries as queries
from kartoteka.trust.actor import Right

from .access import Called, route
from .customers import wanted
from .reading import Given, Moment, Parameters, Some, Text, Whole, aware

router = Router(tags=["tasks"])
Key = Annotated[int, Path(ge=1, lt=2**63, description="The task's number here.", example=7)]
TaskKind = Literal["task", "call", "meeting"]


class TaskWish(Parameters):
    """Which tasks."""

    card: Text = Field("", description="Only those with this customer.", max_length=40)
    owner: Text = Field("", description="Only those of the colleague with this e-mail.")
    done: bool = Field(False, description="Those that are done or dropped, too.")
    after: Text = Field("", description="The place a page before gave as `after`.")
    before: Text = Field("", description="The place a page before gave as `before`.")
    size: int = Field(50, ge=1, le=200, description="Tasks on a page.")


class TaskChange(Given):
    """What is to be otherwise; what is not given stays."""

    title: Some | None = Field(None, description="What is to be done.", max_length=200)
    due_at: Moment | None = Field(None, description="When; without a zone, the business's.")
    kind: TaskKind | None = Field(None, description="A task, a call or a meeting.")
    reason: Text | None = Field(None, description="Why.", max_length=300)
    place: Text | None = Field(None, description="Where.", max_length=200)
    owner: Some | None = Field(None, description="The e-mail of the colleague who is to do it.")
    minutes: Whole | None = Field(None, ge=1, le=1440, description="How long it takes.")
    remind: Whole | None = Field(
        None, ge=0, le=1440, description="So many minutes before, its owner is reminded."
    )
    rule: Text | None = Field(
        None, description="How it repeats, as an RRULE of RFC 5545; empty for once.", max_length=200
    )


class NewTask(TaskChange):
    """Something to do at a time."""

    card: Text = Field("", description="The customer it is about, if it is about one.", max_length=40)
    title: Some = Field(
        ..., description="What is to be done.", max_length=200, examples=["Call about the sofa"]
    )
    due_at: Moment = Field(..., description="When; without a zone, the business's.")


class Done(Given):
    """That it was done."""

    outcome: Text = Field("", description="How it went.", max_length=300)


class TaskShown(Schema):
    """A task, a call or a meeting."""

    id: int = Field(..., description="Its number here.", examples=[7])
    card: str | None = Field(..., description="The card number of the customer it is about.")
    kind: TaskKind = Field(..., description="A task, a call or a meeting.")
    title: str = Field(..., description="What is to be done.")
    reason: str = Field(..., description="Why.")
    place: str = Field(..., description="Where.")
    owner: str | None = Field(..., description="The e-mail of the colleague who is to do it.")
    due_at: dt.datetime = Field(..., description="When.")
    minutes: int = Field(..., description="How long it takes.")
    remind: int | None = Field(..., description="So many minutes before, its owner is reminded.")
    rule: str = Field(..., description="How it repeats; empty for once.")
    answer: Literal["", "accepted", "tentative", "declined"] = Field(
        ..., description="What the customer answered to the invitation."
    )
    made_at: dt.datetime = Field(..., description="When it was planned.")
    done_at: dt.datetime | None = Field(..., description="When it was done.")
    dropped_at: dt.datetime | None = Field(..., description="When it was dropped.")
    outcome: str = Field(..., description="How it went.")


class TaskList(Schema):
    """A page of tasks."""

    tasks: list[TaskShown] = Field(..., description="The tasks of this page.")
    after: str = Field(..., description="Give this as `after` for the next page; empty on the last.")
    before: str = Field(..., description="Give this as `before` for the page before; empty on the first.")


class Ended(Schema):
    """What became of a task."""

    task: TaskShown = Field(..., description="The task as it is now.")
    next: int | None = Field(..., description="The number of the one that follows, where it repeats.")


@router.get("/tasks", summary="List tasks", **route(Right.SEE, answer=TaskList, refusals=(404,)))
def list_tasks(request: Called, wish: Query[TaskWish]) -> dict[str, Any]:
    """What is to be done, page by page, the soonest first."""
    asked = queries.TaskWish(wish.owner, wish.done, wanted(request.auth, wish.card) if wish.card else None)
    found = queries.list_tasks(
        actor=request.auth, wish=asked, size=wish.size, after=wish.after, before=wish.before
    )
    shown = [queries.as_data(each, request.auth) for each in found.rows]
    return {"tasks": shown, "after": found.after, "before": found.before}


@router.post(
    "/tasks",
    summary="Plan a task",
    **route(Right.SEE, Right.CHANGE, status=201, answer=TaskShown, refusals=(404, 413)),
)
def add_task(request: Called, given: NewTask) -> Status[dict[str, Any]]:
    """Plan a task, a call or a meeting, about a customer or about nobody."""
    customer = wanted(request.auth, given.card) if given.card else None
    made = queries.planned(values=_values(given), by=request.auth, customer=customer)
    return Status(201, queries.as_data(made, request.auth))


@router.get("/tasks/{key}", summary="Read a task", **route(Right.SEE, answer=TaskShown, refusals=(404,)))
def read_task(request: Called, key: Key) -> dict[str, Any]:
    """One task, done or not."""
    return queries.as_data(queries.task_of(actor=request.auth, key=key), request.auth)


@router.patch(
    "/tasks/{key}",
    summary="Plan a task anew",
    **route(Right.SEE, Right.CHANGE, answer=TaskShown, refusals=(404, 413)),
)
def change_task(request: Called, key: Key, given: TaskChange) -> dict[str, Any]:
    """Another time, another person, other words."""
    made = queries.replanned(key=key, values=_values(given), by=request.auth)
    return queries.as_data(made, request.auth)


@router.post(
    "/tasks/{key}/done",
    summary="A task is done",
    **route(Right.SEE, Right.CHANGE, answer=Ended, refusals=(404, 413)),
)
def end_task(request: Called, key: Key, given: Done) -> dict[str, Any]:
    """It is done; one that repeats is followed by its next."""
    return _ended(request, key, given.outcome)


@router.post(
    "/tasks/{key}/drop",
    summary="Drop a task",
    **route(Right.SEE, Right.CHANGE, answer=Ended, refusals=(404,)),
)
def drop_task(request: Called, key: Key) -> dict[str, Any]:
    """It is not to be done any more, nor what would have followed it."""
    return _ended(request, key, None)


def _ended(request: Called, key: int, outcome: str | None) -> dict[str, Any]:
    following = queries.ended(key=key, outcome=outcome, by=request.auth)
    task = queries.task_of(actor=request.auth, key=key)
    return {"task": queries.as_data(task, request.auth), "next": following.pk if following else None}


def _values(given: TaskChange) -> dict[str, Any]:
    told = given.dict(exclude_none=True, exclude={"card"})
    return told | ({"due_at": aware(given.due_at)} if given.due_at else {})
