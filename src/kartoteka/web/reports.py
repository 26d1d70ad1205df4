"""The reports of the site: each with its days, its chart, its table and its file; what is asked stands in the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kartoteka.activity.paper import Paper
from kartoteka.activity.paper_files import KINDS
from kartoteka.activity.reports.asking import DEVICES, Asked, CannotAsk, known, offered, usual
from kartoteka.activity.reports.cohorts import cohorts
from kartoteka.activity.reports.funnels import LONGEST, MOST_STEPS, USUAL_DAYS, funnel, step_of
from kartoteka.activity.reports.origins import origins
from kartoteka.activity.reports.pages import pages
from kartoteka.activity.reports.paths import STEPS, paths
from kartoteka.activity.warehouse.tables import STEPS_KEPT
from kartoteka.trust.actor import Right

from . import report_tables as tables
from .access import SignedIn
from .paper_files import as_file
from .report_tables import Table

_DAYS = (7, 30, 90, 365)
Ask = Callable[[SignedIn, Asked], Table | None]


@dataclass(frozen=True)
class Report:
    """One of them: what it is called, what it tells in a sentence, what is to be known of its numbers."""

    name: str
    label: str | Promise
    lead: str | Promise
    note: str | Promise
    ask: Ask


def _number(request: SignedIn, name: str, usual: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else usual


def _paths(request: SignedIn, asked: Asked) -> Table:
    return tables.paths_table(paths(actor=request.actor, asked=asked, steps=_number(request, "steps", STEPS)))


def _funnel(request: SignedIn, asked: Asked) -> Table | None:
    steps = [step for step in map(step_of, request.GET.getlist("step")) if step]
    if not steps:
        return None
    days = _number(request, "within", USUAL_DAYS)
    return tables.funnel_table(funnel(actor=request.actor, asked=asked, steps=steps, days=days))


REPORTS = (
    Report(
        "paths",
        gettext_lazy("Paths"),
        gettext_lazy("From which page visits go on to which."),
        gettext_lazy("A page seen again at once counts as one step. The pages seen seldom at a step are put together."),
        _paths,
    ),
    Report(
        "exits",
        gettext_lazy("Exit pages"),
        gettext_lazy("On which pages visits end."),
        gettext_lazy(
            "A visit ends after half an hour of silence. Who ends on a page may have found there what they wanted."
        ),
        lambda request, asked: tables.exits_table(pages(actor=request.actor, asked=asked)),
    ),
    Report(
        "time",
        gettext_lazy("Time by page"),
        gettext_lazy("How long each page was really visible."),
        gettext_lazy(
            "Our own k.js tells it when a page is left or hidden; views that told nothing are not in the mean."
        ),
        lambda request, asked: tables.time_table(pages(actor=request.actor, asked=asked, by="time")),
    ),
    Report(
        "sharing",
        gettext_lazy("Sharing"),
        gettext_lazy("Which pages lead to something being shared."),
        gettext_lazy(
            "Counted are visits that shared a page or a product, on this page or later, once they had seen it."
        ),
        lambda request, asked: tables.sharing_table(pages(actor=request.actor, asked=asked, by="sharing")),
    ),
    Report(
        "origins",
        gettext_lazy("Where they come from"),
        gettext_lazy("Other sites and campaigns, and what they sold."),
        gettext_lazy(
            "An order counts for the last visit of that customer in the 30 days before it that came from a campaign or "
            "another site; if there was none, for the last one that came by itself. A visit before an order is no proof "
            "that it brought it. Orders of nobody we know are not counted here."
        ),
        lambda request, asked: tables.origins_table(origins(actor=request.actor, asked=asked)),
    ),
    Report(
        "funnel",
        gettext_lazy("Funnel"),
        gettext_lazy("How many do one thing, then the next, then the next."),
        gettext_lazy(
            "A person counts once, whatever browsers they use. The first step is in the days chosen; the others may "
            "come later."
        ),
        _funnel,
    ),
    Report(
        "cohorts",
        gettext_lazy("Who comes again"),
        gettext_lazy("Of those who came first in a week, how many came again in the weeks after."),
        gettext_lazy("Weeks begin on Monday. The last week may not be over yet."),
        lambda request, asked: tables.cohorts_table(cohorts(actor=request.actor, asked=asked)),
    ),
)  # fmt: skip
_BY_NAME = {each.name: each for each in REPORTS}


@require_GET
def reports(request: SignedIn) -> HttpResponse:
    """Which reports there are."""
    asked, _wrong = _asked(request)
    return render(request, "web/reports/list.html", _around(request, asked))


@require_GET
def report(request: SignedIn, name: str) -> HttpResponse:
    """One report; as a page or, with `as`, as a file."""
    its = _BY_NAME[name]
    asked, wrong = _asked(request)
    table = None
    try:
        table = its.ask(request, asked)
    except CannotAsk as problem:
        wrong = wrong or problem
    kind = request.GET.get("as", "")
    if kind in KINDS and table is not None and wrong is None:
        return as_file(_paper(its, asked, table), kind=kind)
    context = {"report": its, "table": table, "wrong": wrong, **_around(request, asked)}
    context |= {"paths": _path_choices, "funnel": _funnel_choices}.get(name, lambda _request: {})(request)
    return render(request, "web/reports/report.html", context, status=422 if wrong else 200)


def _paper(its: Report, asked: Asked, table: Table) -> Paper:
    first, last = (date_format(day, "SHORT_DATE_FORMAT") for day in (asked.first, asked.last))
    return Paper(
        name=f"{its.name}-{asked.first}-{asked.last}",
        title=str(its.label),
        lead=f"{its.lead} {first} – {last}",
        tables=(table.on_paper(str(its.label)),),
    )


def _asked(request: SignedIn) -> tuple[Asked, CannotAsk | None]:
    """What the address asks, or the usual and why that of the address cannot be."""
    sent = request.GET
    first, last = usual()
    source = int(sent["site"]) if sent.get("site", "").isdecimal() and len(sent["site"]) < 18 else None
    try:
        if sent.get("from") or sent.get("to"):
            first, last = (dt.date.fromisoformat(sent.get(name, "")) for name in ("from", "to"))
        return Asked(first, last, source=source, device=sent.get("device", "")), None
    except CannotAsk as problem:
        return Asked(*usual()), problem
    except ValueError:
        return Asked(*usual()), CannotAsk("from", _("Write both days, the first and the last."))


def _around(request: SignedIn, asked: Asked) -> dict[str, Any]:
    """What stands around every report."""
    kept = {"from": asked.first, "to": asked.last, "site": asked.source or "", "device": asked.device}
    return {
        "asked": asked,
        "known": known(actor=request.actor),
        "reports": REPORTS,
        "kept": urlencode({key: value for key, value in kept.items() if value}),
        "devices": DEVICES.items(),
        "ranges": [(days, *usual(days=days)) for days in _DAYS],
        "may_set_up": request.actor.may(Right.SET_UP),
    }


def _path_choices(request: SignedIn) -> dict[str, Any]:
    return {"steps": _number(request, "steps", STEPS), "step_choices": range(2, STEPS_KEPT + 1)}


def _funnel_choices(request: SignedIn) -> dict[str, Any]:
    """The steps as typed, and room for more."""
    typed = [each.strip()[:320] for each in request.GET.getlist("step") if each.strip()][:MOST_STEPS]
    room = max(3 - len(typed), 1 if len(typed) < MOST_STEPS else 0)
    return {
        "typed": [*typed, *[""] * room],
        "offered": offered(actor=request.actor),
        "within": _number(request, "within", USUAL_DAYS),
        "longest": LONGEST,
    }
