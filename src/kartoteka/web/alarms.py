"""Alarms, and what somebody who leaves saw and took out."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kartoteka.people.leaving import last_days_of, let_go
from kartoteka.people.placing import CannotHandOver
from kartoteka.trust import alarms as watch
from kartoteka.trust import staff as work
from kartoteka.trust.models import Staff
from kartoteka.trust.staff import CannotChangeStaff

from .access import SignedIn
from .audit_words import details


def alarms(request: SignedIn) -> HttpResponse:
    """What the owner should look at, the unseen first."""
    rows = [
        {
            "alarm": each,
            "what": watch.KINDS.get(each.kind, each.kind),
            "detail": details(each.detail, fields={}, people={}),
            "own": each.actor_kind == "staff" and each.actor_key == request.user.pk,
        }
        for each in watch.list_alarms(actor=request.actor)
    ]
    return render(request, "web/audit/alarms.html", {"rows": rows})


@require_POST
def seen_alarm(request: SignedIn, alarm: int) -> HttpResponse:
    """Somebody looked into it."""
    watch.have_seen(alarm=alarm, by=request.actor)
    return redirect("alarms")


def _wanted(request: SignedIn, key: int) -> Staff:
    found = work.one_of_staff(actor=request.actor, key=key)
    if found is None:
        raise Http404
    return found


def leaving(request: SignedIn, key: int) -> HttpResponse:
    """What they saw, revealed and took out in the last days, and to whom their customers go. Made to be printed."""
    found = last_days_of(actor=request.actor, staff=_wanted(request, key))
    return render(request, "web/staff/leaving.html", {"found": found})


@require_POST
def give_notice(request: SignedIn, key: int) -> HttpResponse:
    """They are leaving, but still work: watched more closely from now on."""
    work.give_notice(staff=_wanted(request, key), by=request.actor)
    return redirect("leaving", key)


@require_POST
def leave_now(request: SignedIn, key: int) -> HttpResponse:
    """End their work, and give their customers to a colleague."""
    found = _wanted(request, key)
    to = request.POST.get("to", "")
    colleague = int(to) if to.isascii() and to.isdigit() and len(to) < 10 else 0  # whom nobody has: refused
    try:
        count = let_go(
            staff=found,
            to=colleague if to else None,
            by=request.actor,
        )
    except (CannotChangeStaff, CannotHandOver) as error:
        messages.error(request, str(error))
    else:
        said = _("%(name)s can no longer come in. Customers handed over: %(count)s.")
        messages.success(request, said % {"name": found, "count": count})
    return redirect("leaving", key)
