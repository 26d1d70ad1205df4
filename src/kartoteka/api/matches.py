"""Routes of the matching: pairs in doubt, settling them, runs over the base."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Field, Query, Router, Schema, Status
from ninja.params.functions import Path

from kartoteka.kit.ids import read_card
from kartoteka.people.asdata import summary
from kartoteka.quality import queries
from kartoteka.quality.jobs import ask_for_matching
from kartoteka.quality.models import MatchRun
from kartoteka.quality.settling import settle_doubt
from kartoteka.trust.actor import Right

from .access import Called, route
from .customer_shapes import Merged, Summary
from .customers import merged
from .imports import Paging
from .reading import Given, Text

router = Router(tags=["matches"])
RunKey = Annotated[int, Path(ge=1, lt=2**63, description="The run's number.", example=4)]
PairKey = Annotated[int, Path(ge=1, lt=2**63, description="The pair's number.", example=31)]


class Reason(Schema):
    """One reason for or against."""

    reason: str = Field(..., description="A word such as same_phone or nickname.", examples=["same_phone"])
    values: dict[str, Any] = Field(
        ..., description="The values compared.", examples=[{"value": "+48600100200"}]
    )


class Match(Schema):
    """Two customers who may be one."""

    id: int = Field(..., description="The pair's number.", examples=[31])
    one: Summary = Field(..., description="The one.")
    other: Summary = Field(..., description="The other.")
    score: float = Field(..., description="How likely they are one, 0 to 1.", examples=[0.83])
    reasons: list[Reason] = Field(..., description="What speaks for it and against it.")
    found_at: dt.datetime = Field(..., description="When the matching found the pair.")


class MatchPage(Schema):
    """A page of pairs."""

    matches: list[Match] = Field(..., description="The pairs of this page, the most alike first.")
    after: str = Field(..., description="Give this as `after` for the next page; empty on the last.")
    before: str = Field(..., description="Give this as `before` for the page before; empty on the first.")


class Decision(Given):
    """What a pair is."""

    decision: Literal["join", "apart"] = Field(
        ...,
        description="join: they are one. apart: they never are; nobody is asked again.",
        examples=["join"],
    )
    keep: Text = Field(
        "", description="Card number of the one to keep; the older one, if not said.", examples=["7KM2Q9XD4"]
    )
    why: Text = Field(
        "", description="Why; it is shown in the history.", examples=["same birthday and street"]
    )


class Settled(Schema):
    """A pair was settled."""

    decision: str = Field(..., description="join or apart.", examples=["join"])
    merged: Merged | None = Field(..., description="The joining, if they were joined.")


class MatchRunState(Schema):
    """How a run of the matching stands."""

    id: int = Field(..., description="Its number.", examples=[4])
    state: str = Field(..., description="queued, running, done or failed.", examples=["running"])
    share: float = Field(..., description="How far it is, 0 to 1.", examples=[0.4])
    step: str = Field(..., description="What it is at.", examples=["comparing"])
    customers: int = Field(..., description="Customers looked at.", examples=[12000])
    joined: int = Field(..., description="Customers joined into another by rule.", examples=[310])
    doubts: int = Field(..., description="Pairs that somebody should look at.", examples=[84])
    problem: str = Field(..., description="Why it failed, if it did.", examples=[""])
    asked_at: dt.datetime = Field(..., description="When it was asked for.")
    ended_at: dt.datetime | None = Field(..., description="When it ended.")


class MatchRuns(Schema):
    """Runs of the matching."""

    runs: list[MatchRunState] = Field(..., description="The last twenty, the newest first.")


@router.get("/matches", summary="List pairs in doubt", **route(Right.SEE, Right.MERGE, answer=MatchPage))
def list_matches(request: Called, wish: Query[Paging]) -> dict[str, Any]:
    """Pairs of customers who may be one, the most alike first, with the reasons. Numbers of registers and identity
    numbers are left out of the reasons without the right to see sensitive fields."""
    found = queries.list_doubts(actor=request.auth, **wish.dict())
    matches = [
        {
            "id": each.pk,
            "one": summary(each.one, actor=request.auth),
            "other": summary(each.other, actor=request.auth),
            "score": each.score,
            "reasons": queries.reasons_for(each, actor=request.auth),
            "found_at": each.found_at,
        }
        for each in found.rows
    ]
    return {"matches": matches, "after": found.after, "before": found.before}


@router.post(
    "/matches/runs",
    summary="Start the matching",
    **route(Right.MERGE, status=202, answer=MatchRunState),
)
def start_run(request: Called) -> Status[MatchRun]:
    """Have the worker match the whole base; a run that waits already is answered instead of a second one."""
    return Status(202, ask_for_matching(by=request.auth))


@router.get("/matches/runs", summary="List runs of the matching", **route(Right.MERGE, answer=MatchRuns))
def list_runs(request: Called) -> dict[str, Any]:
    """The last runs."""
    return {"runs": queries.list_match_runs(actor=request.auth)}


@router.get(
    "/matches/runs/{key}",
    summary="Read a run's state",
    **route(Right.MERGE, answer=MatchRunState, refusals=(404,)),
)
def read_run(request: Called, key: RunKey) -> Any:
    """How far a run is, and what came of it."""
    return queries.match_run(actor=request.auth, key=key)


@router.post(
    "/matches/{key}",
    summary="Settle a pair",
    **route(Right.SEE, Right.MERGE, answer=Settled, refusals=(404, 409)),
)
def settle(
    request: Called,
    given: Decision,
    key: PairKey,
) -> dict[str, Any]:
    """Join the two, or hold them apart for ever. Both can be taken back: a joining by a split."""
    join = given.decision == "join"
    keep = read_card(given.keep) or given.keep
    merger = settle_doubt(doubt=key, join=join, by=request.auth, keep=keep, why=given.why)
    return {"decision": given.decision, "merged": merged(merger) if merger else None}
