"""The telephone page: a ringing or typed number opens the card, or a new one in three fields; what they rang about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from kartoteka.activity.dealings import BadDealing
from kartoteka.intake.telephony.accounts import open_account
from kartoteka.intake.telephony.ringing import MOST_BYTES, BadCall, NotSigned, calls_now, have_call, take_call
from kartoteka.people.checking import BadValue
from kartoteka.people.looking_up import AskedTooOften, look_up
from kartoteka.people.models import Customer
from kartoteka.segments.worth.queries import levels_of
from kartoteka.trust.actor import Right
from kartoteka.trust.teams import colleagues_to_choose

from .access import SignedIn
from .dealings import said_of
from .reading import number

_PLAIN = "text/plain; charset=utf-8"
ASKED = ("name", "phone", "heard_from", "about", "note", "owner", "due_at", "minutes")


def telephone(request: SignedIn) -> HttpResponse:
    """Whoever rings: `?number=` (also `tel:+48…`, as a link of the browser sends it) or `?call=` of a ringing one."""
    request.actor.must_open_cards()
    if request.method == "POST" and "name" in request.POST:
        return _open_account(request)
    asked = (request.POST.get("number") or request.GET.get("number") or "").strip().removeprefix("tel:")[:60]
    if (call := number(request.GET.get("call", ""))) is not None and (
        row := have_call(call=call, by=request.actor)
    ):
        asked = row.number
    context: dict[str, Any] = {"asked": asked, "typed": {"phone": asked}, "errors": {}}
    status = 200
    if asked:
        try:
            context["found"] = found = look_up(text=asked, by=request.actor)
        except AskedTooOften as error:
            context["wrong"], status = error, 429
        else:
            if len(found.cards) == 1 and not found.narrow:
                return redirect("customer", found.cards[0].card)
    return _page(request, context, status)


def _open_account(request: SignedIn) -> HttpResponse:
    request.actor.must(Right.CHANGE)
    typed = {name: request.POST.get(name, "").strip() for name in ASKED}
    said = said_of({**typed, "way": "call", "direction": "in", "counterpart": typed["phone"]})
    try:
        customer = open_account(
            name=typed["name"],
            phone=typed["phone"],
            heard_from=typed["heard_from"],
            said=said if typed["note"] or typed["about"] else None,
            by=request.actor,
        )
    except (BadValue, BadDealing) as error:
        where = {"phones": "phone"}.get(error.field, error.field)
        return _page(
            request,
            {"asked": typed["phone"], "typed": typed, "errors": {where: str(error)}, "new": True},
            422,
        )
    messages.success(request, _("%(name)s has a card now.") % {"name": customer})
    return redirect("customer", customer.card)


def _page(request: SignedIn, context: dict[str, Any], status: int) -> HttpResponse:
    calls = calls_now(actor=request.actor)
    found = context["found"].cards if "found" in context else ()
    context |= {
        "calls": calls,
        "levels": _levels(request, [*found, *(each.customer for each in calls if each.customer)]),
        "people": colleagues_to_choose(),
        "may_change": request.actor.may(Right.CHANGE),
    }
    return render(request, "web/telephone/page.html", context, status=status)


def ringing(request: SignedIn) -> HttpResponse:
    """The calls of this moment, asked for every few seconds."""
    calls = calls_now(actor=request.actor)
    levels = _levels(request, [each.customer for each in calls if each.customer])
    return render(request, "web/telephone/calls.html", {"calls": calls, "levels": levels})


def _levels(request: SignedIn, customers: Sequence[Customer]) -> dict[int, str]:
    """How each of these is served."""
    return levels_of(actor=request.actor, customers=customers) if customers else {}


@method_decorator([login_not_required, csrf_exempt], name="dispatch")
class Ring(View):
    """Where a telephone system tells of calls; each telling is signed with the connection's secret."""

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        body = request.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            return HttpResponse("Too long.", status=413, content_type=_PLAIN)
        try:
            take_call(token=token[:100], body=body, signed=request.headers.get("X-Kartoteka-Signature", ""))
        except NotSigned:
            return HttpResponse("The signature is wrong or too old.", status=401, content_type=_PLAIN)
        except BadCall as error:
            return HttpResponse(str(error), status=422, content_type=_PLAIN)
        return HttpResponse(status=204)
