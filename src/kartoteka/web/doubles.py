"""Doubles: pairs in doubt side by side, who was joined with whom, joining and separating by hand."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kartoteka.kit.ids import read_card
from kartoteka.kit.paging import BadCursor
from kartoteka.people.card import card_of, find_customer
from kartoteka.people.listing import Wish, list_customers
from kartoteka.people.models import Customer
from kartoteka.quality import queries
from kartoteka.quality.jobs import ask_for_matching
from kartoteka.quality.merging import CannotMerge, CannotSplit, merge, split, split_off
from kartoteka.quality.models import Doubt, MatchRun, Merger
from kartoteka.quality.queries import NotThere
from kartoteka.quality.review import queue, side_by_side
from kartoteka.quality.settling import Settled, put_back, settle_pair
from kartoteka.trust.actor import Right

from .access import SignedIn
from .card import wanted
from .remembered import SETTLED_LATELY

_TAKEN_BACK = 20  # so many settlings, one after another
_BUSY = (MatchRun.State.QUEUED, MatchRun.State.RUNNING)


def doubles(request: SignedIn) -> HttpResponse:
    """The pair to look at now, the best first; only its part of the page when htmx asks for it."""
    return _show(request, after=request.GET.get("after", ""), before=request.GET.get("before", ""))


def _show(
    request: SignedIn,
    *,
    after: str = "",
    before: str = "",
    at: Doubt | None = None,
    said: str = "",
    wrong: str = "",
) -> HttpResponse:
    try:
        found = queue(actor=request.actor, after=after, before=before, at=at)
    except BadCursor:
        found = queue(actor=request.actor)
    context = {
        "queue": found,
        "review": found.review,
        "matching": found.run if found.run and found.run.state in _BUSY else None,
        "after": after,
        "can_undo": bool(request.session.get(SETTLED_LATELY)),
        "said": said,
        "wrong": wrong,
    }
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "web/doubles/review.html" if part else "web/doubles/page.html", context)


@require_POST
def settle_double(request: SignedIn, key: int) -> HttpResponse:
    """Join the two, or hold them apart for ever; then the next pair."""
    join = request.POST.get("join") == "yes"
    try:
        settled = settle_pair(doubt=key, join=join, by=request.actor)
    except (NotThere, CannotMerge) as error:
        return _show(request, wrong=str(error))
    lately = [*request.session.get(SETTLED_LATELY, []), asdict(settled)]
    request.session[SETTLED_LATELY] = lately[-_TAKEN_BACK:]
    said = _("Joined.") if join else _("These are two; they will not be asked about again.")
    return _show(request, after=request.POST.get("after", ""), said=said)


@require_POST
def unsettle_double(request: SignedIn) -> HttpResponse:
    """Take the last settling back, and show its pair again; once more, the one before it."""
    *earlier, last = request.session.get(SETTLED_LATELY) or [None]
    if last is None:
        return _show(request, wrong=_("There is nothing to take back."))
    request.session[SETTLED_LATELY] = earlier
    try:
        doubt = put_back(settled=Settled(**last), by=request.actor)
    except (NotThere, CannotSplit) as error:
        return _show(request, wrong=str(error))
    return _show(request, at=doubt, said=_("Taken back; the pair is here again."))


@require_POST
def look_for_doubles(request: SignedIn) -> HttpResponse:
    """Have the worker look at the whole base."""
    ask_for_matching(by=request.actor)
    return redirect("doubles")


@require_GET
def matching_state(request: SignedIn, key: int) -> HttpResponse:
    """How far a run of the matching is, asked for every second; the whole page anew once it is done."""
    try:
        run = queries.match_run(actor=request.actor, key=key)
    except NotThere as error:
        raise Http404 from error
    if run.state not in _BUSY:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "web/doubles/matching.html", {"run": run})


def mergers(request: SignedIn) -> HttpResponse:
    """Who was joined with whom, the latest first."""
    asked = request.GET
    how = asked.get("how", "")
    try:
        page = queries.list_mergers(
            actor=request.actor, how=how, after=asked.get("after", ""), before=asked.get("before", "")
        )
    except BadCursor:
        page = queries.list_mergers(actor=request.actor, how=how)
    context = {"page": page, "how": how, "hows": Merger.How.choices}
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "web/doubles/mergers_table.html" if part else "web/doubles/mergers.html", context)


@require_POST
def split_merger(request: SignedIn, key: int) -> HttpResponse:
    """Take a joining back: both are as they were, with what arrived since."""
    try:
        merger = queries.a_merger(actor=request.actor, key=key)
        split(merger=merger, by=request.actor, why=request.POST.get("why", ""))
    except NotThere as error:
        raise Http404 from error
    except CannotSplit as error:
        messages.error(request, str(error))
    else:
        parted = f"“{merger.gone}”"
        messages.success(request, _("%(name)s is a customer of their own again.") % {"name": parted})
    if request.POST.get("back") == "card":
        return redirect("customer", merger.kept.card)
    return redirect("mergers")


def merge_customer(request: SignedIn, card: str) -> HttpResponse:
    """Join a customer with another: search, see both side by side, join."""
    request.actor.must(Right.MERGE)
    customer = wanted(request, card)
    other = _other(request, request.POST.get("other") or request.GET.get("other", ""), customer)
    if request.method == "POST" and other is not None:
        return _merge(request, customer, other)
    context: dict[str, Any] = {"customer": customer, "other": other}
    if other is not None:
        context["pair"] = side_by_side(actor=request.actor, one=customer, other=other)
    return render(request, "web/doubles/join.html", context)


def _other(request: SignedIn, card: str, customer: Customer) -> Customer | None:
    other = find_customer(actor=request.actor, card=read_card(card)) if card else None
    return None if other is None or other.pk == customer.pk else other


def _merge(request: SignedIn, customer: Customer, other: Customer) -> HttpResponse:
    kept, gone = (customer, other) if request.POST.get("keep") != other.card else (other, customer)
    try:
        merge(kept=kept, gone=gone, by=request.actor, why=request.POST.get("why", "").strip())
    except CannotMerge as error:
        messages.error(request, str(error))
        return redirect("merge_customer", customer.card)
    messages.success(request, _("These two are one customer now."))
    return redirect("customer", kept.card)


def find_other(request: SignedIn, card: str) -> HttpResponse:
    """Who could be meant, as the name is typed."""
    request.actor.must(Right.MERGE)
    customer = wanted(request, card)
    text = request.GET.get("q", "").strip()[:200]
    listing = list_customers(actor=request.actor, wish=Wish(text=text), size=8) if text else None
    found = [each for each in listing.page.rows if each.pk != customer.pk] if listing else []
    context = {"customer": customer, "found": found, "wanted": text}
    return render(request, "web/doubles/found.html", context)


def split_customer(request: SignedIn, card: str) -> HttpResponse:
    """Take a customer apart: a joining back, or some of the sources as somebody else."""
    request.actor.must(Right.MERGE)
    customer = wanted(request, card)
    error = ""
    if request.method == "POST":
        chosen = [int(each) for each in request.POST.getlist("identity") if each.isascii() and each.isdigit()]
        why = request.POST.get("why", "").strip()
        try:
            done = split_off(customer=customer, identities=chosen, by=request.actor, why=why)
        except CannotSplit as problem:
            error = str(problem)
        else:
            messages.success(request, _("This is the new customer; the other stays as it was without them."))
            return redirect(reverse("customer", args=[done.parted.card]))
    context = {
        "customer": customer,
        "card": card_of(actor=request.actor, customer=customer, seen=request.method == "GET"),
        "mergers": queries.mergers_of(actor=request.actor, customer=customer),
        "error": error,
    }
    return render(request, "web/doubles/separate.html", context, status=422 if error else 200)
