"""Routes of the site: its reports, for programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Literal

from ninja import Field, Query, Router, Schema

from kartoteka.activity.reports.asking import Asked
from kartoteka.activity.reports.cohorts import cohorts
from kartoteka.activity.reports.funnels import LONGEST, USUAL_DAYS, funnel, shown, step_of
from kartoteka.activity.reports.origins import origins
from kartoteka.activity.reports.pages import pages
from kartoteka.activity.reports.paths import STEPS, paths
from kartoteka.activity.warehouse.tables import STEPS_KEPT
from kartoteka.trust.actor import Right

from .access import Called, route
from .reading import Day, Parameters, Some

router = Router(tags=["site"])
_SOURCE = 2**53


class Days(Parameters):
    """Which days, which site, which devices."""

    first: Day = Field(
        ..., alias="from", description="The first day, by the business's calendar.", examples=["2026-05-01"]
    )
    last: Day = Field(..., alias="to", description="The last day.", examples=["2026-05-31"])
    site: int | None = Field(None, description="The number of its source; without it all.", ge=1, le=_SOURCE)
    device: Literal["", "phone", "tablet", "desk"] = Field(
        "", description="Without it all.", examples=["phone"]
    )


class WishPages(Days):
    """And which pages first."""

    by: Literal["exits", "time", "sharing"] = Field(
        "exits",
        description="Those on which most visits end, that were visible longest, or led most to sharing.",
    )


class WishPaths(Days):
    """And how far."""

    steps: int = Field(STEPS, description="So many first pages of each visit.", ge=2, le=STEPS_KEPT)


class WishFunnel(Days):
    """And the steps."""

    step: list[Some] = Field(
        ...,
        description="Pages (`/cart`) or events (`Order Completed`), in their order.",
        examples=[["/cart", "Order Completed"]],
    )
    within: int = Field(USUAL_DAYS, description="Days from the first step to the last.", ge=1, le=LONGEST)


class PageOut(Schema):
    """One page."""

    page: str = Field(..., description="Its path on the site.")
    visits: int = Field(..., description="Visits that saw it.")
    views: int = Field(..., description="How often it was seen.")
    entries: int = Field(..., description="Visits that began on it.")
    exits: int = Field(..., description="Visits that ended on it.")
    timed: int = Field(..., description="Views that told how long it was visible.")
    seconds: int = Field(..., description="For how long, in all.")
    shares: int = Field(..., description="How often it was shared.")
    led: int = Field(..., description="Visits that shared something once they had seen it.")


class PagesOut(Schema):
    """Pages."""

    pages: list[PageOut] = Field(..., description="The pages, in the order asked for.")


class LinkOut(Schema):
    """From one page to the next."""

    step: int = Field(..., description="From the visit's page of this number, from 1, to the one after.")
    source: str | None = Field(..., description="null: one of the pages seldom seen at this step.")
    target: str | None = Field(..., description='null: such a page; "": the visit ended.')
    visits: int = Field(..., description="Visits that went so.")


class PathsOut(Schema):
    """The first pages of visits."""

    visits: int = Field(..., description="All visits of these days.")
    links: list[LinkOut] = Field(..., description="Step after step.")


class OriginOut(Schema):
    """One origin."""

    kind: Literal["campaign", "site", "direct"] = Field(
        ..., description="A campaign, another site, or that they came by themselves."
    )
    source: str = Field(..., description="Of the campaign as it told it, or the other site.")
    medium: str = Field(..., description="Of the campaign.")
    name: str = Field(..., description="Of the campaign.")
    visits: int = Field(..., description="Visits that came from there.")
    visitors: int = Field(..., description="Persons, as far as they are known to be one.")
    orders: int = Field(..., description="Within 30 days of a visit that was the last touch.")
    unrated: int = Field(..., description="Of these, orders without a rate: not in the revenue.")
    revenue: Decimal = Field(..., description="In the business's currency.")


class OriginsOut(Schema):
    """Where visits come from."""

    currency: str = Field(..., description="Of the revenue, ISO 4217.")
    origins: list[OriginOut] = Field(..., description="All of them, the most visits first.")


class StageOut(Schema):
    """One step."""

    step: str = Field(..., description="The page or event.")
    people: int = Field(..., description="Persons who came so far.")


class FunnelOut(Schema):
    """The steps in their order."""

    steps: list[StageOut] = Field(..., description="In the order asked for.")


class CohortOut(Schema):
    """Who came first in one week."""

    monday: dt.date = Field(..., description="The first day of the week.")
    people: int = Field(..., description="Persons who came first in it.")
    returned: list[int] = Field(
        ..., description="How many of them came in the first week after it, the second ..."
    )


class CohortsOut(Schema):
    """Weeks."""

    cohorts: list[CohortOut] = Field(..., description="A week each, the oldest first.")


def _asked(wish: Days) -> Asked:
    return Asked(wish.first, wish.last, source=wish.site, device=wish.device)


def _of(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [asdict(each) for each in rows]


@router.get(
    "/site/pages", summary="The site's pages: exits, time, sharing", **route(Right.COUNTS, answer=PagesOut)
)
def site_pages(request: Called, wish: Query[WishPages]) -> dict[str, Any]:
    """Exit pages, how long pages were really visible, and which lead to sharing."""
    return {"pages": _of(pages(actor=request.auth, asked=_asked(wish), by=wish.by))}


@router.get(
    "/site/paths", summary="The ways of visits through the site", **route(Right.COUNTS, answer=PathsOut)
)
def site_paths(request: Called, wish: Query[WishPaths]) -> dict[str, Any]:
    """From which page visits went on to which."""
    return asdict(paths(actor=request.auth, asked=_asked(wish), steps=wish.steps))


@router.get(
    "/site/origins",
    summary="Where visits come from, and what they sold",
    **route(Right.COUNTS, answer=OriginsOut),
)
def site_origins(request: Called, wish: Query[Days]) -> dict[str, Any]:
    """Other sites and campaigns, with the orders of the same customer within 30 days, by last touch."""
    found = origins(actor=request.auth, asked=_asked(wish))
    return {"currency": found.currency, "origins": _of(found.rows)}


@router.get(
    "/site/funnel",
    summary="How many take some steps one after the other",
    **route(Right.COUNTS, answer=FunnelOut),
)
def site_funnel(request: Called, wish: Query[WishFunnel]) -> dict[str, Any]:
    """Persons who came so far, each step later than the one before."""
    steps = [step_of(each) for each in wish.step]
    found = funnel(actor=request.auth, asked=_asked(wish), steps=steps, days=wish.within)
    return {"steps": [{"step": shown(each.what), "people": each.people} for each in found.stages]}


@router.get(
    "/site/cohorts",
    summary="Who comes again, by the week of the first visit",
    **route(Right.COUNTS, answer=CohortsOut),
)
def site_cohorts(request: Called, wish: Query[Days]) -> dict[str, Any]:
    """Persons by the week of their first visit, and how many came in the weeks after."""
    return {"cohorts": _of(cohorts(actor=request.auth, asked=_asked(wish)))}
