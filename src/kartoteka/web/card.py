"""The card of a customer: seen whole, edited in place, one field or group at a time."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kartoteka.kit.ids import read_card
from kartoteka.people.card import Card, card_of, find_customer
from kartoteka.people.catalogue import BLOCK_NAMES, Block, Kind
from kartoteka.people.checking import BadValue
from kartoteka.people.editing import change_customer, confirm, relate, unrelate
from kartoteka.people.models import Customer, Relation
from kartoteka.people.revealing import reasons
from kartoteka.segments.looking import has_groups
from kartoteka.segments.worth.queries import counted_worth
from kartoteka.trust.actor import Right

from .access import SignedIn
from .card_forms import FieldForm, form_of, group_keys, read_form
from .handing import handing_form, reason_name
from .templatetags.kartoteka import place_address
from .toasts import toast

# Shown in the head of the card, so not again in the blocks.
IN_HEAD = frozenset({
    "name", "title", "given", "middle", "family", "particle", "suffix", "company", "form", "phones", "emails", "addresses",
    "tags", "service", "preferences",
})  # fmt: skip


def wanted(request: SignedIn, card: str) -> Customer:
    """The customer at this address, as the actor may see them, or 404."""
    customer = find_customer(actor=request.actor, card=read_card(card))
    if customer is None:
        raise Http404
    return customer


def card(request: SignedIn, card: str) -> HttpResponse:
    """The whole card; a customer who was joined with another is shown as the one they are now."""
    request.actor.must_open_cards()
    customer = wanted(request, card)
    if customer.card != card:
        return redirect("customer", customer.card)
    return render(
        request, "web/card/page.html", _context(request, card_of(actor=request.actor, customer=customer))
    )


def _context(request: SignedIn, card: Card, *, edited: str = "") -> dict[str, Any]:
    blocks = [
        {
            "key": block,
            "label": BLOCK_NAMES[block],
            "filled": [each for each in card.blocks[block] if each.values and each.key not in IN_HEAD],
            "empty": [each for each in card.blocks[block] if not each.values and each.key not in IN_HEAD],
        }
        for block in Block
    ]
    return {
        "card": card,
        "customer": card.customer,
        "blocks": blocks,
        "known": {each.key: each.field for some in card.blocks.values() for each in some},
        "head": {key: card.field(key) for key in IN_HEAD},
        "kinds": list(Kind),
        "worth": counted_worth(actor=request.actor, customer=card.customer),
        "has_groups": has_groups(request.actor),
        "may_count": request.actor.may(Right.COUNTS),
        "may_change": request.actor.may(Right.CHANGE),
        "may_privacy": request.actor.may(Right.PRIVACY),
        "merge_address": place_address("merge_customer", card.customer.card)
        if request.actor.may(Right.MERGE)
        else "",
        "split_address": place_address("split_customer", card.customer.card)
        if request.actor.may(Right.MERGE)
        else "",
        "veiled": request.actor.veiled,
        "reasons": [(each, reason_name(each)) for each in reasons()] if request.actor.veiled else [],
        "hand_over": handing_form(request.actor),
        "edited": edited,
        "relation_kinds": Relation.RelationKind.choices,
    }


def fresh_card(request: SignedIn, customer: Customer, said: str, *, edited: str = "") -> HttpResponse:
    """The card as it is after a change, in the place of the one on the page."""
    found = card_of(actor=request.actor, customer=wanted(request, customer.card), seen=False)
    answer = render(request, "web/card/card.html", _context(request, found, edited=edited))
    answer.headers["HX-Retarget"] = "#card"
    answer.headers["HX-Reswap"] = "outerHTML"
    return toast(answer, said)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, card: str, field: str) -> HttpResponse:
    """The form of a field, and its answer: the card anew, or the form with what is wrong, nothing lost."""
    request.actor.must(Right.CHANGE)
    customer = wanted(request, card)
    found = card_of(actor=request.actor, customer=customer, seen=False)
    keys = group_keys(field)
    if not keys or any(found.field(key) is None for key in keys):
        raise Http404
    fields = [each for key in keys if (each := found.field(key))]
    if request.method == "GET":
        return _form(request, customer, form_of(field, fields))
    changes = read_form(field, fields, request.POST)
    if not changes:
        return fresh_card(request, customer, _("Nothing was changed."), edited=field)
    try:
        change_customer(customer=customer, changes=changes, by=request.actor)
    except BadValue as error:
        form = form_of(field, fields, typed=request.POST, error=str(error), at=error.field)
        return _form(request, customer, form, status=422)
    return fresh_card(request, customer, _("Saved."), edited=field)


def _form(request: SignedIn, customer: Customer, form: FieldForm, *, status: int = 200) -> HttpResponse:
    return render(request, "web/card/form.html", {"form": form, "customer": customer}, status=status)


@require_POST
def confirm_field(request: SignedIn, card: str, field: str) -> HttpResponse:
    """The customer was asked, and it is still so."""
    customer = wanted(request, card)
    try:
        confirm(customer=customer, field=field, by=request.actor, entry=request.POST.get("entry", ""))
    except BadValue as error:
        return toast(HttpResponse(status=204), str(error), kind="bad")
    return fresh_card(request, customer, _("Confirmed today."), edited=field)


@require_POST
def add_relation(request: SignedIn, card: str) -> HttpResponse:
    """Note how this customer belongs together with another."""
    request.actor.must(Right.CHANGE)
    customer = wanted(request, card)
    other = find_customer(actor=request.actor, card=read_card(request.POST.get("other", "")))
    try:
        if other is None:
            raise BadValue("other", _("Choose the other customer from the list, or write their card number."))
        relate(
            customer=customer,
            other=other,
            kind=request.POST.get("kind", ""),
            by=request.actor,
            role=request.POST.get("role", "").strip(),
            hours=request.POST.get("hours", "").strip(),
        )
    except BadValue as error:
        context = {"customer": customer, "error": str(error), "typed": request.POST}
        context["relation_kinds"] = Relation.RelationKind.choices
        return render(request, "web/card/relation_form.html", context, status=422)
    return fresh_card(request, customer, _("Saved."))


@require_POST
def end_relation(request: SignedIn, card: str, relation: int) -> HttpResponse:
    """Take a relation away."""
    customer = wanted(request, card)
    unrelate(customer=customer, relation=relation, by=request.actor)
    return fresh_card(request, customer, _("Taken away."))
