"""Home: how the base glance, each figure a way to its worklist."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kartoteka.intake.overview import overview
from kartoteka.people.tally import NEW_DAYS
from kartoteka.segments.glance import at_a_glance
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.alarms import unseen_alarms
from kartoteka.trust.backup_plan import copy_to_tell

from .access import SignedIn
from .worth_charts import spark


def _next(actor: Actor) -> tuple[str, str | Promise, str] | None:
    """What somebody is here for who adds no customers: the name of the page, what the way there says, and its icon."""
    if actor.may(Right.CHANGE):
        return None
    for right, page, words, icon in (
        (Right.PRIVACY, "requests", _("Requests that wait"), "shield"),
        (Right.AUDIT, "audit", _("Read the audit"), "shield-check"),
        (Right.COUNTS, "new_group", _("New group"), "users-group"),
    ):
        if actor.may(right):
            return page, words, icon
    return None


def home(request: SignedIn) -> HttpResponse:
    """The figures, the work they lead to, and the last imports; who has no figures is led to their own work."""
    if not (request.actor.may(Right.SEE) or request.actor.may(Right.COUNTS)):
        return redirect("look_up" if request.actor.may(Right.LOOK_UP) else "you")
    context = {
        "overview": overview(actor=request.actor),
        "glance": (glance := at_a_glance(actor=request.actor)),
        "spark": spark(glance.weeks) if glance.weeks else None,
        "alarms": unseen_alarms(actor=request.actor),
        "new_days": NEW_DAYS,
        "may_see": request.actor.may(Right.SEE),
        "walled": request.actor.walled and not request.actor.may(Right.COUNTS),
        "copy": copy_to_tell(actor=request.actor),
        "may_import": request.actor.may(Right.IMPORT),
        "may_change": request.actor.may(Right.CHANGE),
        "next": _next(request.actor),
    }
    return render(request, "web/home.html", context)
