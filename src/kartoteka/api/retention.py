"""Routes of the retention rules and of the privacy policy that is published."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Field, Query, Router, Schema, Status
from ninja.params.functions import Path

from kartoteka.consent import policy, retention
from kartoteka.trust.actor import Actor, Right

from .access import Called, route
from .problems import NotFound
from .reading import Given, Parameters, Some, Text, Whole, Yes

router = Router(tags=["privacy"])
RuleKey = Annotated[int, Path(ge=1, lt=2**63, description="The rule's number.", example=3)]


class WouldGo(Schema):
    """What a rule would take now."""

    cards: int = Field(..., description="Cards that go whole.", examples=[12])
    parted: int = Field(..., description="Cards that stay, without what falls under the rule.", examples=[3])
    claims: int = Field(..., description="Claims that go, or lose the fields of the rule.", examples=[40])
    held: int = Field(
        ..., description="Due, and kept by a legal hold, an open request or activity.", examples=[1]
    )
    examples: list[str] = Field(..., description="Card numbers of some.", examples=[["7KM2Q9XD4"]])


class NewRule(Given):
    """A rule to add; it is switched off."""

    what: Some = Field(
        ...,
        description="customer, sensitive, kind:<kind of information> or field:<key>.",
        examples=["customer"],
    )
    months: Whole = Field(..., ge=0, le=600, description="Since the last word of it.", examples=[24])
    ground: Text = Field(
        "", description="A ground, none (without any), or empty for any.", examples=["consent"]
    )
    country: Text = Field("", description="Customers of this country only.", examples=["PL"])
    why: Text = Field("", description="Why so long.", examples=["GDPR, art. 5(1)(e)"])


class RetentionRule(NewRule):
    """A retention rule."""

    id: int = Field(..., description="Its number.", examples=[3])
    source: str = Field(..., description="What came from this source only; empty: any.", examples=[""])
    on: bool = Field(..., description="Whether the clock runs it.")
    last_run: dt.datetime | None = Field(..., description="When it ran last.")
    would_go: WouldGo = Field(..., description="What it would take now.")


class Rules(Schema):
    """The retention rules."""

    rules: list[RetentionRule] = Field(..., description="In the order they were made.")


class Switch(Given):
    """Whether the clock runs it."""

    on: Yes = Field(..., description="true: remove what has expired, every day.")


class Section(Schema):
    """A section of the policy."""

    key: str = Field(
        ..., description="who, what, sources, why, whom, how_long, rights or more.", examples=["who"]
    )
    title: str = Field(..., description="Its heading.", examples=["Who we are"])
    lines: list[str] = Field(..., description="What is written from the base itself.")
    own: str = Field(..., description="The business's own words.", examples=[""])


class Policy(Schema):
    """The privacy policy."""

    version: int = Field(..., description="Its number.", examples=[3])
    at: dt.datetime = Field(..., description="When it was published.")
    language: str = Field(..., description="Its language.", examples=["en"])
    sections: list[Section] = Field(..., description="Section by section.")


class PolicyWish(Parameters):
    """Which policy is asked for."""

    language: Literal["en", "af", "fi", "fil", "ms", "pl"] = Field("en", description="In this language.")


@router.get("/retention", summary="List retention rules", **route(Right.SEE, Right.PRIVACY, answer=Rules))
def list_rules(request: Called) -> dict[str, Any]:
    """Every rule, on or off, with what it would take now."""
    return {"rules": retention.as_data(actor=request.auth)}


@router.post(
    "/retention",
    summary="Add a retention rule",
    **route(Right.SEE, Right.PRIVACY, status=201, answer=RetentionRule),
)
def add_rule(request: Called, given: NewRule) -> Status[dict[str, Any]]:
    """A new rule, switched off: look at `would_go` before you switch it on."""
    made = retention.add(**given.dict(), by=request.auth)
    return Status(201, _told(request.auth, made.pk))


@router.post(
    "/retention/{key}/switch",
    summary="Switch a retention rule on or off",
    **route(Right.SEE, Right.PRIVACY, answer=RetentionRule, refusals=(404,)),
)
def switch_rule(request: Called, given: Switch, key: RuleKey) -> dict[str, Any]:
    """Have the clock run it every day, or no more."""
    found = retention.rule_of(actor=request.auth, key=key)
    if found is None:
        raise NotFound(f"There is no rule {key}.")
    retention.switch(rule=found.rule, on=given.on, by=request.auth)
    return _told(request.auth, key)


@router.get("/policy", summary="Read the privacy policy", **route(Right.SEE, answer=Policy, refusals=(404,)))
def read_policy(request: Called, wish: Query[PolicyWish]) -> dict[str, Any]:
    """The version that holds, as everybody can read it at /privacy."""
    del request
    found = policy.as_data(language=wish.language)
    if found is None:
        raise NotFound("There is no privacy policy yet.")
    return found


def _told(actor: Actor, key: int) -> dict[str, Any]:
    found = retention.rule_of(actor=actor, key=key)
    assert found is not None
    return retention.rule_as_data(found, actor=actor)
