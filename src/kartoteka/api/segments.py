"""Routes of the groups: making them, who is in them, whether and why somebody is."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status
from ninja.params.functions import Path

from kartoteka.kit.ids import read_card
from kartoteka.people.asdata import summary
from kartoteka.people.card import find_customer
from kartoteka.segments import groups, looking
from kartoteka.segments.schema import rule_schema
from kartoteka.trust.actor import Right

from .access import Called, route
from .customer_shapes import Summary
from .imports import Paging
from .problems import NotFound
from .reading import Given, Some, Text, Yes

router = Router(tags=["segments"])
Key = Annotated[int, Path(ge=1, lt=2**63, description="The group's number.", example=7)]
Card = Annotated[str, Path(max_length=20, description="The card number.", example="7KM2Q9XD4")]
_RULE = {
    "all": [
        {"trait": "city", "op": "any_of", "value": ["Kraków"]},
        {"trait": "birth", "op": "next", "value": 14},
    ]
}


class Group(Schema):
    """A group."""

    id: int = Field(..., description="Its number.", examples=[7])
    name: str = Field(..., description="What it is called.", examples=["Birthdays in Kraków"])
    state: str = Field(
        ...,
        description="queued, stale (being brought up to date), ready, or broken (its rule speaks of what is gone).",
        examples=["ready"],
    )
    size: int = Field(..., description="How many of those you see are in it.", examples=[123])
    fewer: bool = Field(
        ..., description="There are fewer than `size`; so small a number is not told.", examples=[False]
    )
    sentence: str = Field(..., description="The rule in words.", examples=["City is Kraków"])
    rule: dict[str, Any] = Field(..., description="The rule; see /segments/schema.", examples=[_RULE])


class Groups(Schema):
    """The groups there are."""

    segments: list[Group] = Field(..., description="All that you may see, by name.")


class NewGroup(Given):
    """A group to be made, or its new name and rule."""

    name: Some = Field(..., description="What it is to be called.", examples=["Birthdays in Kraków"])
    rule: dict[str, Any] = Field(..., description="Who is in it; see /segments/schema.", examples=[_RULE])


class Made(Schema):
    """A group was made or changed."""

    id: int = Field(..., description="Its number.", examples=[7])
    state: str = Field(..., description="queued, until it is counted.", examples=["queued"])


class Members(Schema):
    """A page of the customers in a group."""

    customers: list[Summary] = Field(..., description="The customers of this page, by name.")
    after: str = Field(..., description="Give this as `after` for the next page; empty on the last.")
    before: str = Field(..., description="Give this as `before` for the page before; empty on the first.")


class RulePart(Schema):
    """A part of the rule, and whether it holds."""

    text: str = Field(
        ...,
        description="The condition in words; empty for one that joins others.",
        examples=["City is Kraków"],
    )
    joint: str = Field(..., description="all, any or not, where it joins others.", examples=[""])
    holds: bool = Field(..., description="Whether it holds for this customer.", examples=[True])
    parts: list[dict[str, Any]] = Field(..., description="What it joins, in the same shape.", examples=[[]])


class Check(Schema):
    """How a customer stands to a group."""

    inside: bool = Field(..., description="Whether they are in it.", examples=[True])
    since: dt.datetime | None = Field(..., description="Since when.")
    changes_at: dt.datetime | None = Field(
        ..., description="When that changes by time alone, if nothing else happens."
    )
    why: RulePart | None = Field(..., description="The rule, part by part; empty where it is broken.")


class RuleToCount(Given):
    """A rule to be counted."""

    rule: dict[str, Any] = Field(..., description="The rule; see /segments/schema.", examples=[_RULE])
    exact: Yes = Field(False, description="Wait for the exact number.", examples=[False])


class Counted(Schema):
    """What a rule gives now."""

    count: int = Field(..., description="How many fit.", examples=[123])
    fewer: bool = Field(
        ...,
        description="There are fewer than `count`: so small a number is not told, or nobody in the sample fitted.",
        examples=[False],
    )
    about: bool = Field(..., description="Estimated from a sample.", examples=[False])
    sentence: str = Field(..., description="The rule in words.", examples=["City is Kraków"])
    warnings: list[Text] = Field(..., description="Conditions that shut one another out.", examples=[[]])


class RuleSchema(Schema):
    """How a rule is written."""

    rule_schema: dict[str, Any] = Field(
        ..., description="A JSON schema, with the traits there are now.", examples=[{}]
    )


def _told(line: looking.Line) -> dict[str, Any]:
    segment = line.segment
    return {"id": segment.pk, "name": segment.name, "state": segment.state, "size": line.size.count,
            "fewer": line.size.fewer, "sentence": line.sentence, "rule": segment.rule}  # fmt: skip


@router.get("/segments", summary="List groups", **route(Right.COUNTS, answer=Groups))
def list_segments(request: Called) -> dict[str, Any]:
    """The groups with their sizes. Groups made of sensitive fields need the right to see those."""
    return {"segments": [_told(each) for each in looking.list_groups(actor=request.auth)]}


@router.get("/segments/schema", summary="How rules are written", **route(Right.COUNTS, answer=RuleSchema))
def read_schema(request: Called) -> dict[str, Any]:
    """The JSON schema of rules, with the traits that can be asked by this token."""
    return {"rule_schema": rule_schema(looking.list_traits(actor=request.auth))}


@router.post("/segments", summary="Make a group", **route(Right.COUNTS, status=201, answer=Made))
def make_segment(request: Called, given: NewGroup) -> Status[Any]:
    """Make a group; the worker counts it in a moment."""
    made = groups.save_group(by=request.auth, name=given.name, rule=given.rule)
    return Status(201, {"id": made.pk, "state": made.state})


@router.post("/segments/count", summary="Count a rule", **route(Right.COUNTS, answer=Counted))
def count_rule(request: Called, given: RuleToCount) -> dict[str, Any]:
    """How many fit a rule now, without making a group."""
    found = looking.preview(actor=request.auth, rule=given.rule, exact=given.exact)
    count = found.count
    return {"count": count.count, "fewer": count.fewer, "about": count.about, "sentence": found.sentence,
            "warnings": list(found.warnings)}  # fmt: skip


@router.put("/segments/{key}", summary="Change a group", **route(Right.COUNTS, answer=Made, refusals=(404,)))
def change_segment(request: Called, given: NewGroup, key: Key) -> dict[str, Any]:
    """Give a group another name and rule; the worker counts it anew."""
    made = groups.save_group(by=request.auth, name=given.name, rule=given.rule, segment=key)
    return {"id": made.pk, "state": made.state}


@router.get("/segments/{key}", summary="Read a group", **route(Right.COUNTS, answer=Group, refusals=(404,)))
def read_segment(request: Called, key: Key) -> dict[str, Any]:
    """A group with its size and its rule."""
    return _told(looking.group_page(actor=request.auth, key=key).line)


@router.get(
    "/segments/{key}/members",
    summary="List a group's customers",
    **route(Right.SEE, answer=Members, refusals=(404,)),
)
def list_members(request: Called, key: Key, wish: Query[Paging]) -> dict[str, Any]:
    """The customers in a group, by name, a page at a time."""
    found = looking.members(actor=request.auth, key=key, **wish.dict())
    customers = [summary(each, actor=request.auth) for each in found.rows]
    return {"customers": customers, "after": found.after, "before": found.before}


@router.get(
    "/segments/{key}/members/{card}",
    summary="Check a customer",
    **route(Right.SEE, answer=Check, refusals=(404,)),
)
def check_member(request: Called, key: Key, card: Card) -> dict[str, Any]:
    """Whether a customer is in a group now, why, and when time alone changes that."""
    customer = find_customer(actor=request.auth, card=read_card(card))
    if customer is None:
        raise NotFound(_("There is no customer with this card number."))
    found = looking.standing(actor=request.auth, key=key, customer=customer)
    why = looking.why_as_data(found.why) if found.why else None
    return {"inside": found.inside, "since": found.since, "changes_at": found.changes_at, "why": why}
