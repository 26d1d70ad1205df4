"""The command palette's customers, as somebody types."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kartoteka.people.listing import Wish, list_customers
from kartoteka.people.shown import phone_shown
from kartoteka.trust.actor import Right

from .access import SignedIn


def palette(request: SignedIn) -> HttpResponse:
    """Up to eight customers that fit what was typed."""
    request.actor.must(Right.SEE)
    wanted = request.GET.get("q", "").strip()[:200]
    found = []
    if wanted:
        listing = list_customers(actor=request.actor, wish=Wish(text=wanted), size=8)
        found = [
            {"customer": each, "why": phone_shown(each.phone) or each.email} for each in listing.page.rows
        ]
    return render(request, "web/parts/found.html", {"found": found, "wanted": wanted})


def name_list(request: SignedIn) -> HttpResponse:
    """Customers to choose from in a field that asks for another customer."""
    request.actor.must(Right.SEE)
    wanted = request.GET.get("other", "").strip()[:200]
    rows = list_customers(actor=request.actor, wish=Wish(text=wanted), size=8).page.rows if wanted else []
    return render(request, "web/parts/name_list.html", {"found": rows})
