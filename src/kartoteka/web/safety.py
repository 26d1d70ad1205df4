"""Safety: what is unsafe here and how to mend it, and the copies: when they are made and which there are."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kartoteka.trust.backup_plan import BadPlan, ask_for_copy, copies_kept, set_plan
from kartoteka.trust.check import findings_for

from .access import SignedIn

PLAN = ("at", "daily", "weekly", "monthly")


def safety(request: SignedIn) -> HttpResponse:
    """The findings, the worst first, and the copies."""
    return _page(request)


def _page(request: SignedIn, *, status: int = 200, **more: Any) -> HttpResponse:
    kept = copies_kept(actor=request.actor)
    typed = {name: getattr(kept.plan, name) for name in PLAN} | {"on": kept.plan.on}
    typed["at"] = f"{kept.plan.at:%H:%M}"
    context = {
        "findings": findings_for(actor=request.actor),
        "kept": kept,
        "typed": typed,
        "errors": {},
    }
    return render(request, "web/safety/page.html", context | more, status=status)


@require_POST
def plan_copies(request: SignedIn) -> HttpResponse:
    """When copies are made by themselves, and how many are kept."""
    sent = request.POST
    typed = {name: sent.get(name, "") for name in PLAN}
    try:
        set_plan(on="on" in sent, by=request.actor, **typed)
    except BadPlan as error:
        errors = {error.field: str(error)}
        return _page(request, status=422, typed=typed | {"on": "on" in sent}, errors=errors)
    messages.success(request, _("Saved."))
    return redirect("safety")


@require_POST
def copy_now(request: SignedIn) -> HttpResponse:
    """A copy at once."""
    ask_for_copy(by=request.actor)
    messages.success(request, _("The copy is being made. It shows here when it was restored and checked."))
    return redirect("safety")
