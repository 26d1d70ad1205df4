"""Today: my callbacks with their clocks, my calls in the hours each customer allows, my tasks, what owes its note."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kartoteka.activity.dealings import waiting
from kartoteka.agenda import calendars, callbacks
from kartoteka.agenda.callbacks import CannotCallBack
from kartoteka.agenda.tasks import agenda, have_seen, reminders
from kartoteka.intake.connections import home_address
from kartoteka.people.revealing import NothingToReveal, OverBudget
from kartoteka.trust.actor import Right

from .access import SignedIn
from .toasts import toast
from .walls import ToProgram

AHEAD = dt.timedelta(days=7)


def today(request: SignedIn) -> HttpResponse:
    """The day of whoever asks; the days to come below."""
    request.actor.must(Right.SEE)
    return render(request, "web/today/page.html", _day(request))


def _day(request: SignedIn) -> dict[str, Any]:
    now = timezone.localtime()
    tonight = now.replace(hour=23, minute=59, second=59)
    planned = agenda(actor=request.actor, owner=request.user.pk, until=tonight + AHEAD)
    due = [each for each in planned if each.task.due_at <= tonight]
    return {
        "now": now,
        "calls": [each for each in due if each.task.kind == "call"],
        "tasks": [each for each in due if each.task.kind != "call"],
        "coming": [each for each in planned if each.task.due_at > tonight],
        "callbacks": callbacks.waiting_callbacks(actor=request.actor),
        "work": waiting(actor=request.actor, owner=request.user.pk),
        "feed": calendars.feed_of(by=request.actor),
        "promises": callbacks.promises(actor=request.actor),
        "may_change": request.actor.may(Right.CHANGE),
    }


def bell(request: SignedIn) -> HttpResponse:
    """What must not be overlooked, on every page: callbacks with the shortest time left, and reminders."""
    context: dict[str, Any] = {"callbacks": [], "reminders": []}
    if request.actor.may(Right.SEE) and request.actor.may(Right.CHANGE):
        context["callbacks"] = callbacks.waiting_callbacks(actor=request.actor)
    if request.actor.may(Right.SEE):
        context["reminders"] = reminders(actor=request.actor)
    return render(request, "web/today/bell.html", context)


@require_POST
def callback(request: SignedIn, key: int, what: str) -> HttpResponse:
    """Take a callback; call (the clock stops, the telephone dials); or say that no call is needed."""
    try:
        if what == "take":
            callbacks.take(callback=key, by=request.actor)
        elif what == "call":
            done = callbacks.called(callback=key, by=request.actor)
            return _dial(request, done.number)
        elif what == "close":
            callbacks.close(callback=key, outcome=request.POST.get("outcome", ""), by=request.actor)
        else:
            raise Http404
    except (CannotCallBack, OverBudget, NothingToReveal) as error:
        messages.error(request, str(error))
    return redirect("today")


def _dial(request: SignedIn, number: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": f"tel:{number}"})
    return ToProgram(f"tel:{number}", status=303)


@require_POST
def seen_reminder(request: SignedIn, key: int) -> HttpResponse:
    """Put a reminder aside."""
    have_seen(task=key, by=request.actor)
    return bell(request)


@require_POST
def feed(request: SignedIn) -> HttpResponse:
    """A new private address for a calendar program, shown once; or an end to the one there is."""
    request.actor.must(Right.SEE)
    if "end" in request.POST:
        calendars.end_feed(by=request.actor)
        messages.success(request, _("The calendar address is closed."))
        return redirect("today")
    secret = calendars.make_feed(by=request.actor)
    return render(
        request,
        "web/today/page.html",
        {**_day(request), "address": f"{home_address()}/calendar/{secret}.ics"},
    )


@require_POST
def answer(request: SignedIn) -> HttpResponse:
    """A customer's answer to an invitation, as their calendar program sent it."""
    given = request.FILES.get("answer")
    try:
        found = calendars.take_answer(content=given.read(2_000_000) if given else b"", by=request.actor)
    except calendars.BadCalendar as error:
        return toast(HttpResponse(status=204), str(error), kind="bad")
    said = _("%(what)s: %(answer)s") % {"what": found.task, "answer": found.task.Answer(found.answer).label}
    return toast(HttpResponse(status=204), said)


@method_decorator([login_not_required, never_cache], name="dispatch")
class CalendarFeed(View):
    """The agenda for a calendar program, which has no session: its address is its key."""

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG002
        found = calendars.read_feed(secret[:200])
        if found is None:
            raise Http404
        return HttpResponse(found, content_type="text/calendar; charset=utf-8")
