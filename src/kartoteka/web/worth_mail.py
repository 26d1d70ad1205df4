"""Reports by mail: which go to whom and when, what became of the last ones, and a form for another."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kartoteka.segments.worth.groups import made_choices, own_choices
from kartoteka.segments.worth.mail_models import ReportPlan
from kartoteka.segments.worth.periods import AGAINST_NAMES
from kartoteka.segments.worth.planning import BadPlan, Wanted, end_plan, mails, plan_report, plans
from kartoteka.trust.teams import colleagues_to_choose

from .access import SignedIn
from .reading import number
from .worth import around


def report_mail(request: SignedIn) -> HttpResponse:
    """The plans, the last mails, and a form for another plan."""
    wrong: BadPlan | None = None
    if request.method == "POST":
        try:
            plan_report(wanted=_wanted(request), by=request.actor)
        except BadPlan as problem:
            wrong = problem
        else:
            messages.success(request, _("Planned. The first one goes out when its time comes."))
            return redirect("report_mail")
    return _page(request, wrong)


def _wanted(request: SignedIn) -> Wanted:
    sent = request.POST
    weekly = sent.get("rhythm") == ReportPlan.Rhythm.WEEKLY
    chosen = [number(each) for each in sent.getlist("people")]
    return Wanted(
        report=sent.get("report", ""),
        span=sent.get("span", ""),
        against=sent.get("against", ""),
        group=sent.get("group", ""),
        rhythm=sent.get("rhythm", ""),
        day=number(sent.get("weekday" if weekly else "monthday", "")),
        hour=number(sent.get("hour", "")),
        people=tuple(each for each in chosen if each is not None),
    )


def _page(request: SignedIn, wrong: BadPlan | None) -> HttpResponse:
    going = plans(actor=request.actor)
    labels = {**dict(own_choices()), **dict(made_choices(request.actor))}
    typed = request.POST if wrong else {}
    context: dict[str, Any] = {
        "plans": [(each, labels.get(each.group, _("Everybody"))) for each in going],
        "mails": mails(actor=request.actor),
        "typed": {"rhythm": "weekly", "weekday": "0", "monthday": "1", "hour": "7", **dict(typed.items())},
        "chosen": request.POST.getlist("people") if wrong else [],
        "problem": wrong,
        "reports": ReportPlan.Report.choices,
        "spans": ReportPlan.Span.choices,
        "comparisons": [(each.value, label) for each, label in AGAINST_NAMES.items()],
        "rhythms": ReportPlan.Rhythm.choices,
        "weekdays": [(str(day), name) for day, name in WEEKDAYS.items()],
        "people": colleagues_to_choose(),
        "groups": own_choices(),
        "made_groups": made_choices(request.actor),
        "group": request.POST.get("group", "") if wrong else "",
        "can_mail": bool(settings.KARTOTEKA.mail_url),
        **around(request),
    }
    return render(request, "web/worth/mail.html", context, status=422 if wrong else 200)


@require_POST
def end_report_mail(request: SignedIn, key: int) -> HttpResponse:
    """Send a report no more."""
    end_plan(plan=key, by=request.actor)
    messages.success(request, _("This report is not sent any more."))
    return redirect("report_mail")
