"""What the walls leave to do: look one customer up, hand customers over, see a contact point whole, call, write."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kartoteka.people.catalogue import built_in
from kartoteka.people.checking import BadValue
from kartoteka.people.looking_up import AskedTooOften, look_up
from kartoteka.people.placing import CannotHandOver, Place, hand_over, hand_over_list
from kartoteka.people.revealing import NothingToReveal, OverBudget, reach, reveal
from kartoteka.segments.worth.queries import levels_of

from .access import SignedIn
from .card import wanted
from .customers import read_wish
from .toasts import toast


class ToProgram(HttpResponseRedirect):
    """Leads to the program that calls or writes."""

    allowed_schemes = ["tel", "mailto"]


@require_http_methods(["GET", "POST"])
def look_up_customer(request: SignedIn) -> HttpResponse:
    """One field for an exact phone, e-mail or card number. Who is found alone is opened at once."""
    request.actor.must_open_cards()
    asked = request.POST.get("asked", "").strip() if request.method == "POST" else ""
    if not asked:
        return render(request, "web/look_up.html", {"asked": ""})
    try:
        found = look_up(text=asked, by=request.actor)
    except AskedTooOften as error:
        return render(request, "web/look_up.html", {"asked": asked, "wrong": error}, status=429)
    if len(found.cards) == 1 and not found.narrow:
        return redirect("customer", found.cards[0].card)
    levels = levels_of(actor=request.actor, customers=found.cards)
    return render(request, "web/look_up.html", {"asked": asked, "found": found, "levels": levels})


@require_POST
def reveal_contact(request: SignedIn, card: str, field: str, place: int) -> HttpResponse:
    """A contact point whole, in the place of the veiled one."""
    customer = wanted(request, card)
    reason = request.POST.get("reason", "")
    try:
        entry = reveal(customer=customer, field=field, place=place, reason=reason, by=request.actor)
    except (OverBudget, NothingToReveal) as error:
        return toast(HttpResponse(status=204), str(error), kind="bad")
    return render(request, "web/card/revealed.html", {"entry": entry, "field": built_in()[field]})


@require_POST
def reach_customer(request: SignedIn, card: str, way: str, place: int) -> HttpResponse:
    """Noted, then on to the telephone or the mail program."""
    customer = wanted(request, card)
    try:
        address = reach(customer=customer, way=way, place=place, by=request.actor)
    except (OverBudget, NothingToReveal) as error:
        if request.htmx:
            return toast(HttpResponse(status=204), str(error), kind="bad")
        messages.error(request, str(error))
        return redirect("customer", customer.card)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return ToProgram(address, status=303)


def _place(request: SignedIn) -> Place:
    """Where the form says: a stage, and a team or a person where one was chosen."""

    def number(name: str) -> int | None:
        text = request.POST.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    return Place(request.POST.get("stage", ""), number("team"), number("member"))


@require_POST
def hand_over_one(request: SignedIn, card: str) -> HttpResponse:
    """Give this customer to another stage, team or colleague."""
    customer = wanted(request, card)
    try:
        hand_over(
            customers=[customer.pk], to=_place(request), by=request.actor, why=request.POST.get("why", "")
        )
    except CannotHandOver as error:
        messages.error(request, str(error))
        return redirect("customer", customer.card)
    messages.success(request, _("%(name)s is handed over.") % {"name": customer.name or customer.card_shown})
    return redirect("customers")


@require_POST
def hand_over_many(request: SignedIn) -> HttpResponse:
    """Give the ticked customers, or all of the list that the address tells, to another stage, team or colleague."""
    chosen = [int(each) for each in request.POST.getlist("customer") if each.isascii() and each.isdigit()]
    chosen = [each for each in chosen if each < 2**63][:1000]
    to, why = _place(request), request.POST.get("why", "")
    try:
        if request.POST.get("whole") == "1":
            count = hand_over_list(wish=read_wish(request), to=to, by=request.actor, why=why)
        else:
            count = hand_over(customers=chosen, to=to, by=request.actor, why=why)
    except (BadValue, CannotHandOver) as error:
        return toast(HttpResponse(status=204), str(error), kind="bad")
    said = ngettext("%(count)s customer handed over.", "%(count)s customers handed over.", count)
    return toast(HttpResponse(status=204), said % {"count": count}, also="listChanged")
