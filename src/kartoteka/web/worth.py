"""What the base is worth: figures of a period, the base as a whole, who is silent, what goes with what, the rates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kartoteka.activity.currencies import home
from kartoteka.activity.paper_files import KINDS
from kartoteka.activity.rates import lacking
from kartoteka.activity.revaluing import revaluing
from kartoteka.kit.fixed import PLACES
from kartoteka.kit.paging import BadCursor
from kartoteka.segments.worth import columns as worth_columns
from kartoteka.segments.worth import queries
from kartoteka.segments.worth.figures import report
from kartoteka.segments.worth.groups import (
    CELL_NAMES,
    MADE,
    SILENT,
    Group,
    NoSuchGroup,
    TooFew,
    group_of,
    made_choices,
    own_choices,
)
from kartoteka.segments.worth.papers import base_paper, baskets_paper, figures_paper
from kartoteka.segments.worth.periods import AGAINST_NAMES, Against, BadPeriod, Period
from kartoteka.segments.worth.rating import LENGTHS, MONEY, SHARES, BadRates, names, set_rates
from kartoteka.segments.worth.running import ask_for_count
from kartoteka.segments.worth.shapes import shape_of_base, shape_of_group
from kartoteka.trust.actor import NotAllowed, Right

from .access import SignedIn
from .card import wanted
from .paper_files import as_file
from .worth_charts import calibration_chart, curve_chart, curve_rows, heat, profit_rows, revenue_chart

USUAL_DAYS = 30
_DAYS = (7, 30, 90, 365)
# Of what goes with what, a file holds the surest so many; what people leaf through fewer, as pages take their time.
LONGEST_FILE, LONGEST_PDF = 2000, 500


def worth(request: SignedIn) -> HttpResponse:
    """The figures of a period for a group, beside another period; as a page or, with `as`, as a file."""
    period, wrong = _period(request)
    group, unseen = _group(request)
    against = _against(request)
    try:
        found = report(actor=request.actor, period=period, group=group, against=against)
    except TooFew as problem:
        group, unseen = None, str(problem)
        found = report(actor=request.actor, period=period, against=against)
    wrong = wrong or unseen
    if request.GET.get("as") in KINDS and not wrong:
        return as_file(figures_paper(found, whom=group.label if group else ""), kind=request.GET["as"])
    context = {
        "report": found,
        "against": against.value,
        "comparisons": [(each.value, label) for each, label in AGAINST_NAMES.items()],
        "ranges": [(days, *_last(days)) for days in _DAYS],
        "chart": revenue_chart(found),
        "rows": list(zip(found.steps, [*found.steps_then, *[None] * len(found.steps)], strict=False)),
        **_groups(request, group),
        **around(request, wrong),
    }
    return render(request, "web/worth/figures.html", context, status=422 if wrong else 200)


def _group(request: SignedIn) -> tuple[Group | None, str]:
    """The group of the address, or everybody and why that of the address cannot be."""
    try:
        return group_of(request.GET.get("group", ""), actor=request.actor), ""
    except NoSuchGroup as problem:
        return None, str(problem)


def _groups(request: SignedIn, group: Group | None) -> dict[str, Any]:
    """What the field of groups offers, and which is chosen."""
    return {
        "group": group.key if group else "",
        "whom": group.label if group else "",
        "groups": own_choices(),
        "made_groups": made_choices(request.actor),
    }


def _against(request: SignedIn) -> Against:
    asked = request.GET.get("against", "")
    return Against(asked) if asked in list(Against) else Against.BEFORE


def _last(days: int) -> tuple[dt.date, dt.date]:
    today = timezone.localdate()
    return today - dt.timedelta(days=days - 1), today


def _period(request: SignedIn) -> tuple[Period, str]:
    """The period of the address, or the usual one and why that of the address cannot be."""
    try:
        first, last = (request.GET.get(name, "") for name in ("from", "to"))
        if not first and not last:
            return Period(*_last(USUAL_DAYS)), ""
        return Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last)), ""
    except BadPeriod as problem:
        return Period(*_last(USUAL_DAYS)), str(problem)
    except ValueError:
        return Period(*_last(USUAL_DAYS)), _("Write both days, the first and the last.")


def around(request: SignedIn, wrong: str = "") -> dict[str, Any]:
    """What every page of worth shows around its matter."""
    return {
        "wrong": wrong,
        "run": queries.last_run(),
        "waiting": queries.waiting_run(),
        "revaluing": revaluing(),
        "may_count": request.actor.may(Right.COUNTS),
        "may_see": request.actor.may(Right.SEE),
        "may_set_up": request.actor.may(Right.SET_UP),
    }


def whole_base(request: SignedIn) -> HttpResponse:
    """RFM, cohorts and curves, of everybody or of a group; the model with its test."""
    run = queries.whole_base(actor=request.actor)
    group, wrong = _group(request)
    stands = shape_of_base(run)
    if run and group:
        try:
            stands = shape_of_group(actor=request.actor, group=group)
        except TooFew as problem:
            group, wrong = None, str(problem)
    if request.GET.get("as") in KINDS and stands and not wrong:
        return as_file(base_paper(stands, whom=group.label if group else ""), kind=request.GET["as"])
    context: dict[str, Any] = {
        "base": run,
        "counting": bool(run and group and stands is None),
        "lacking": _lacking(request) if stands and not stands.customers else 0,
        **_groups(request, group),
        **around(request, wrong),
    }
    if run is not None and stands is not None:
        context |= {"stands": stands, **_drawn(stands.shape)}
    if run is not None and group is None:
        context |= _model(run.fit)
    return render(request, "web/worth/base.html", context, status=422 if wrong else 200)


def _lacking(request: SignedIn) -> int:
    """The orders that lack a rate, for who may set one: without, a base full of orders looks as if nobody had bought."""
    if not request.actor.may(Right.SET_UP):
        return 0
    return sum(each.orders for each in lacking(actor=request.actor))


def _drawn(shape: dict[str, Any]) -> dict[str, Any]:
    """The tables and charts of a shape."""
    return {
        "cells": [(key, label, shape["cells"].get(key, 0)) for key, label in CELL_NAMES.items()],
        "rf": heat(shape["rf"]),
        "cohorts": heat(
            [[n / each["size"] for n in each["active"][1:]] for each in shape["cohorts"][-18:]],
            heads=shape["cohorts"][-18:],
        ),
        "curve_chart": curve_chart(shape),
        "curve_rows": curve_rows(shape),
        "profit": profit_rows(shape.get("profit")),
    }


def _model(fit: dict[str, Any]) -> dict[str, Any]:
    """The models with their test."""
    return {
        "calibration_chart": calibration_chart(fit.get("calibration")),
        "fit": fit,
        "parameters": [
            *(fit["buying"] or {}).get("parameters", []),
            *map(_in_money, (fit["spending"] or {}).get("parameters", [])),
        ],
    }


def _in_money(parameter: dict[str, Any]) -> dict[str, Any]:
    """v of Gamma-Gamma is an amount: as the business writes money, not as it is kept."""
    if parameter["name"] != "v":
        return parameter
    ends = parameter["interval"]
    return parameter | {
        "value": parameter["value"] / 10**PLACES,
        "interval": ends and [each / 10**PLACES for each in ends],
    }


def silent(request: SignedIn) -> HttpResponse:
    """Who has been silent for too long, with the most at stake first."""
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    group, wrong = _group(request)
    try:
        found = queries.silent_customers(actor=request.actor, group=group, after=after, before=before)
    except BadCursor:
        found = queries.silent_customers(actor=request.actor, group=group)
    context = {
        "page": found,
        "taken_out": _taken_out(group) if request.actor.may(Right.EXPORT) else "",
        "tells_leaving": any(each.alive is not None for each in found.rows),
        **_groups(request, group),
        **around(request, wrong),
    }
    return render(request, "web/worth/silent.html", context, status=422 if wrong else 200)


def _taken_out(group: Group | None) -> str:
    """The address at which a file of the silent, of a group, is asked for, as any file of persons is."""
    asked: dict[str, Any] = {"worth": SILENT, "column": worth_columns.SILENT}
    if group and group.column == MADE:
        asked["group"] = group.value
    elif group:
        asked["worth"] = f"{SILENT},{group.key}"
    return f"{reverse('new_export')}?{urlencode(asked, doseq=True)}"


def baskets(request: SignedIn) -> HttpResponse:
    """What is bought with what, by everybody or a group; as a page or, with `as`, as a file."""
    group, wrong = _group(request)
    why = "alike" if request.GET.get("why") == "alike" else "with"
    filed = request.GET.get("as") in KINDS
    place = {} if filed else {name: request.GET.get(name, "") for name in ("after", "before")}
    size = queries.PAGE_SIZE
    if filed:
        size = LONGEST_PDF if request.GET["as"] == "pdf" else LONGEST_FILE
    try:
        found = queries.pairs(actor=request.actor, why=why, group=group, size=size, **place)
    except BadCursor:
        found = queries.pairs(actor=request.actor, why=why, group=group)
    except (TooFew, NotAllowed) as problem:
        if group is None:
            raise
        group, wrong = None, str(problem)
        found = queries.pairs(actor=request.actor, why=why)
    if filed and found is not None and not wrong:
        return as_file(baskets_paper(found.rows, whom=group.label if group else ""), kind=request.GET["as"])
    context = {"page": found, "why": why, **_groups(request, group), **around(request, wrong)}
    return render(request, "web/worth/baskets.html", context, status=422 if wrong else 200)


def worth_rates(request: SignedIn) -> HttpResponse:
    """What serving costs, and who has which level."""
    found = queries.rates(actor=request.actor)
    typed = {name: getattr(found, name) for name in (*MONEY, *LENGTHS, *SHARES)}
    wrong: BadRates | None = None
    if request.method == "POST":
        try:
            set_rates(values=request.POST.dict(), by=request.actor)
        except BadRates as problem:
            wrong, typed = problem, request.POST.dict()
        else:
            messages.success(request, _("Saved. Everybody's worth is being counted anew."))
            return redirect("worth_rates")
    labels = names()
    hints = {"margin": _("in percent; empty: all of the price counts as profit")}
    parts = [
        {
            "title": title,
            "fields": [
                {
                    "name": name,
                    "label": labels[name],
                    "value": "" if typed.get(name) is None else typed[name],
                    "hint": hints.get(name, hint),
                    "error": str(wrong) if wrong and wrong.field == name else "",
                }
                for name in some
            ],
        }
        for title, hint, some in (
            (_("What serving costs"), _("in %(currency)s") % {"currency": home()}, MONEY),
            (_("Where nobody noted how long it was"), _("in minutes"), LENGTHS),
            (_("Margin and levels"), _("in percent"), SHARES),
        )
    ]
    context = {"parts": parts, **around(request)}
    return render(request, "web/worth/rates.html", context, status=422 if wrong else 200)


def card_worth(request: SignedIn, card: str) -> HttpResponse:
    """A part of the card that is worked out when it is asked for: what they may want next."""
    request.actor.must_open_cards()
    found = queries.worth_of(actor=request.actor, customer=wanted(request, card))
    return render(request, "web/worth/offers.html", {"offers": found.offers if found else ()})


@require_POST
def count_worth(request: SignedIn) -> HttpResponse:
    """Have the worker count everybody's worth now."""
    ask_for_count(by=request.actor)
    messages.success(request, _("Everybody's worth is being counted anew."))
    return redirect("worth_base" if request.actor.may(Right.COUNTS) else "worth")
