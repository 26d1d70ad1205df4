"""Routes of worth: figures of a period, how the base stands, one customer's worth, who is silent, what goes with what."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from ninja import Query, Router

from kartoteka.kit.fixed import from_units
from kartoteka.kit.ids import read_card
from kartoteka.people.asdata import summary
from kartoteka.people.card import find_customer
from kartoteka.segments.models import GoesWith
from kartoteka.segments.worth import queries
from kartoteka.segments.worth.figures import report
from kartoteka.segments.worth.groups import group_of
from kartoteka.segments.worth.papers import STEPS
from kartoteka.segments.worth.periods import Period
from kartoteka.segments.worth.shapes import shape_of_base, shape_of_group
from kartoteka.trust.actor import Right

from .access import Called, route
from .problems import NotFound
from .segments import Card
from .worth_shapes import (
    BaseOut,
    CustomerWorthOut,
    FiguresReport,
    GoesWithIt,
    PairsPage,
    SilentPage,
    WishFigures,
    WishOfGroup,
    WishPairs,
    WishSilent,
    WishWith,
)

router = Router(tags=["worth"])


@router.get(
    "/worth/figures",
    summary="Figures of a period",
    **route(Right.COUNTS, answer=FiguresReport, refusals=(404,)),
)
def figures(request: Called, wish: Query[WishFigures]) -> dict[str, Any]:
    """Revenue, sales, new and returning customers of a period, beside another."""
    found = report(
        actor=request.auth,
        period=Period(wish.first, wish.last),
        group=group_of(wish.group, actor=request.auth),
        against=wish.against,
    )
    return {
        "currency": found.currency,
        "now": found.now,
        "then": found.then,
        "then_first": found.against.first,
        "then_last": found.against.last,
        "steps": found.steps,
    }


@router.get(
    "/worth/base", summary="How the base stands", **route(Right.COUNTS, answer=BaseOut, refusals=(404,))
)
def base(request: Called, wish: Query[WishOfGroup]) -> dict[str, Any]:
    """RFM cells, cohorts and profit of everybody or of a group, as they were last counted."""
    run, group = queries.whole_base(actor=request.auth), group_of(wish.group, actor=request.auth)
    stands = shape_of_base(run)
    if run and group:
        stands = shape_of_group(actor=request.auth, group=group)
    shape = stands.shape if stands else {}
    profit = shape.get("profit")
    return {
        "counting": bool(run and group and stands is None),
        "counted_at": stands and stands.at,
        "customers": stands.customers if stands else 0,
        "cells": shape.get("cells", {}),
        "cohorts": shape.get("cohorts", []),
        "profit": profit and {key: from_units(round(profit[key])) for key, _label in STEPS},
        "forecast_holds": bool(run.fit.get("holds")) if run and group is None else None,
    }


@router.get(
    "/worth/silent", summary="Who went silent", **route(Right.SEE, answer=SilentPage, refusals=(404,))
)
def silent(request: Called, wish: Query[WishSilent]) -> dict[str, Any]:
    """Customers who have waited far longer than they usually do, with the most at stake first."""
    group = group_of(wish.group, actor=request.auth)
    found = queries.silent_customers(
        actor=request.auth, group=group, after=wish.after, before=wish.before, size=wish.size
    )
    rows = [{"customer": summary(each.customer, actor=request.auth), "worth": each} for each in found.rows]
    return {"silent": rows, "after": found.after, "before": found.before}


@router.get(
    "/worth/pairs", summary="What goes with what", **route(Right.COUNTS, answer=PairsPage, refusals=(404,))
)
def pairs(request: Called, wish: Query[WishPairs]) -> dict[str, Any]:
    """Products bought together more often than chance explains, by everybody or by a group."""
    found = queries.pairs(
        actor=request.auth,
        why=wish.why,
        group=group_of(wish.group, actor=request.auth),
        after=wish.after,
        before=wish.before,
        size=wish.size,
    )
    rows = [{"of": each.product.sku, **_goes(each)} for each in found.rows] if found else []
    return {
        "counting": found is None,
        "pairs": rows,
        "after": found.after if found else "",
        "before": found.before if found else "",
    }


@router.get(
    "/customers/{card}/worth",
    summary="A customer's worth",
    **route(Right.SEE, answer=CustomerWorthOut, refusals=(404,)),
)
def worth(request: Called, card: Card) -> dict[str, Any]:
    """Level, rhythm, forecast, and what to offer them next."""
    customer = find_customer(actor=request.auth, card=read_card(card))
    found = customer and queries.worth_of(actor=request.auth, customer=customer)
    if not found:
        raise NotFound(_("There is no customer with this card number."))
    offers = [
        {
            "sku": each.product.sku,
            "name": each.product.name,
            "why": each.why,
            "because": each.because.sku if each.because else "",
            "every_days": each.every,
        }
        for each in found.offers
    ]
    return {"worth": found.worth, "offers": offers}


def _goes(each: GoesWith) -> dict[str, Any]:
    return {
        "sku": each.other.sku,
        "name": each.other.name,
        "why": each.why,
        "together": each.both,
        "support": each.support,
        "confidence": each.confidence,
        "lift": each.lift,
    }


@router.get(
    "/goes-with",
    summary="What goes with a product",
    **route(Right.COUNTS, answer=GoesWithIt, refusals=(404,)),
)
def what_goes_with(request: Called, wish: Query[WishWith]) -> dict[str, Any]:
    """Products bought with this one more often than chance explains, in the last year, as it was last counted."""
    found = queries.goes_with(actor=request.auth, sku=wish.sku)
    if found is None:
        raise NotFound(_("There is no such product."))
    return {"products": [_goes(each) for each in found]}
