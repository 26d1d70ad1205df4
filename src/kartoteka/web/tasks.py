"""Planning: one form for a task, a call or a meeting, new or again; done, dropped, and an invitation to a meeting."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kartoteka.agenda import calendars
from kartoteka.agenda import tasks as planning
from kartoteka.agenda.models import Task
from kartoteka.agenda.tasks import BadTask, Plan
from kartoteka.people.models import Customer
from kartoteka.trust.actor import Right
from kartoteka.trust.teams import colleagues_to_choose

from .access import SignedIn
from .card import wanted
from .reading import moment, number

REPEATS = (
    ("", gettext_lazy("once")),
    ("FREQ=DAILY", gettext_lazy("every day")),
    ("FREQ=WEEKLY", gettext_lazy("every week")),
    ("FREQ=MONTHLY", gettext_lazy("every month")),
    ("FREQ=YEARLY", gettext_lazy("every year")),
)


def task_form(request: SignedIn, key: int | None = None) -> HttpResponse:
    """The form, empty, for a customer (`?card=`), or of a task that is there; and its answer."""
    request.actor.must(Right.CHANGE)
    task = _wanted(request, key) if key is not None else None
    sent = request.POST if request.method == "POST" else request.GET
    card = sent.get("card", "")
    customer = wanted(request, card) if card and task is None else None
    typed, error = _typed(task, sent if request.method == "POST" or customer else None), None
    if request.method == "POST":
        try:
            plan = _plan(typed)
            if task is None:
                planning.plan_task(plan=plan, by=request.actor, customer=customer)
            else:
                planning.change_task(task=task, plan=plan, by=request.actor)
        except BadTask as problem:
            error = problem
        else:
            messages.success(request, _("Planned: %(what)s") % {"what": plan.title})
            return redirect("customer", customer.card) if customer else redirect("today")
    return render(
        request, "web/today/task.html", _form(task, customer, typed, error), status=422 if error else 200
    )


def _form(
    task: Task | None, customer: Customer | None, typed: dict[str, Any], error: BadTask | None
) -> dict[str, Any]:
    known = {rule for rule, _label in REPEATS}
    more = [] if typed["rule"] in known else [(typed["rule"], typed["rule"])]
    return {
        "task": task,
        "customer": customer,
        "typed": typed,
        "errors": {error.field: str(error)} if error else {},
        "kinds": Task.TaskKind.choices,
        "repeats": [*REPEATS, *more],
        "reminds": [("", _("not at all")), *((str(each), _minutes(each)) for each in planning.REMIND)],
        "people": colleagues_to_choose(),
    }


def _minutes(count: int) -> str:
    return _("a day before") if count == 1440 else _("%(count)s minutes before") % {"count": count}


def _typed(task: Task | None, sent: Any) -> dict[str, Any]:
    soon = timezone.localtime() + dt.timedelta(hours=1)
    typed = {
        "kind": "call", "title": "", "reason": "", "place": "", "minutes": "30", "remind": "15", "rule": "", "owner": "",
        "due_at": f"{soon:%Y-%m-%dT%H:00}",
    }  # fmt: skip
    if task is not None:
        typed |= {
            "kind": task.kind, "title": task.title, "reason": task.reason, "place": task.place, "rule": task.rule,
            "minutes": str(task.minutes), "remind": "" if task.remind is None else str(task.remind),
            "owner": str(task.owner_id or ""), "due_at": f"{timezone.localtime(task.due_at):%Y-%m-%dT%H:%M}",
        }  # fmt: skip
    if sent is not None:
        typed |= {name: sent[name] for name in typed if name in sent}
    return typed


def _plan(typed: dict[str, Any]) -> Plan:
    due_at = moment(typed["due_at"])
    if due_at is None:
        raise BadTask("due_at", _("Choose the day and the time."))
    return Plan(
        title=typed["title"],
        due_at=due_at,
        kind=typed["kind"],
        reason=typed["reason"],
        place=typed["place"],
        owner=number(typed["owner"]),
        minutes=number(typed["minutes"]) or 0,
        remind=number(typed["remind"]),
        rule=typed["rule"],
    )


@require_POST
def task_done(request: SignedIn, key: int, what: str) -> HttpResponse:
    """It is done, or not to be done any more."""
    task = _wanted(request, key)
    try:
        if what == "done":
            following = planning.do_task(task=task, by=request.actor, outcome=request.POST.get("outcome", ""))
            said = _("Done. The next one is planned.") if following else _("Done.")
        elif what == "drop":
            planning.drop_task(task=task, by=request.actor)
            said = _("Taken off the list.")
        else:
            raise Http404
    except BadTask as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("today")


def task_invitation(request: SignedIn, key: int) -> HttpResponse:
    """A meeting as a file that invites its customer."""
    task = _wanted(request, key)
    try:
        content = calendars.invitation(task=task, actor=request.actor)
    except calendars.BadCalendar as error:
        messages.error(request, str(error))
        return redirect("task", key)
    answer = HttpResponse(content, content_type="text/calendar; method=REQUEST; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="invitation.ics"'
    return answer


def _wanted(request: SignedIn, key: int) -> Task:
    request.actor.must(Right.CHANGE)
    found = planning.a_task(actor=request.actor, key=key)
    if found is None:
        raise Http404
    return found
