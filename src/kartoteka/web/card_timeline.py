"""The timeline of a customer: a tab of the card, filtered by kind, searched, and older entries as they are asked for."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kartoteka.activity.dealing_models import Dealing
from kartoteka.agenda.tasks import of_customer
from kartoteka.kit.paging import BadCursor
from kartoteka.people.timeline import Mark, entry_kinds, timeline
from kartoteka.trust.actor import Right
from kartoteka.trust.teams import colleagues_to_choose

from .access import SignedIn
from .card import wanted


def card_timeline(request: SignedIn, card: str) -> HttpResponse:
    """The tab's content; with `before` only the entries that follow, to be put behind those that are there."""
    request.actor.must_open_cards()
    customer = wanted(request, card)
    known = entry_kinds()
    chosen = [each for each in request.GET.getlist("kind") if each in known]
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    try:
        before = Mark.read(request.GET.get("before", ""))
        page = timeline(customer, actor=request.actor, before=before, kinds=chosen, words=words)
    except BadCursor:
        before, page = None, timeline(customer, actor=request.actor, kinds=chosen, words=words)
    context = {
        "customer": customer,
        "entries": [(each, known[each.kind]) for each in page.entries],
        "page": page,
        "kinds": [(each, each.key in chosen) for each in known.values()],
        "words": words,
        "chosen": chosen,
        "may_change": request.actor.may(Right.CHANGE),
        "ways": Dealing.Way.choices,
        "people": colleagues_to_choose(),
        "planned": of_customer(actor=request.actor, customer=customer),
        "typed": {},
    }
    part = "entries" if before or "part" in request.GET else "timeline"
    return render(request, f"web/card/{part}.html", context)
