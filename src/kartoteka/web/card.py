"""The card of a customer."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kartoteka.kit.ids import read_card
from kartoteka.people.card import card_of, find_customer

from .access import SignedIn


def card(request: SignedIn, card: str) -> HttpResponse:
    """The whole card; a customer who was joined with another is shown as the one they are now."""
    customer = find_customer(actor=request.actor, card=read_card(card))
    if customer is None:
        raise Http404
    if customer.card != card:
        return redirect("customer", customer.card)
    return render(request, "web/card/card.html", {"card": card_of(actor=request.actor, customer=customer)})
