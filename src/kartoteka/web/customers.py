"""The list of customers: search as you type, filters, chosen columns, a tag for many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kartoteka.consent.filtering import may_choices
from kartoteka.kit.paging import BadCursor
from kartoteka.people.checking import BadValue
from kartoteka.people.editing import tag_customers
from kartoteka.people.listing import AGES, ORDERS, USUAL_COLUMNS, Wish, list_customers
from kartoteka.people.models import Customer
from kartoteka.segments.looking import group_choices
from kartoteka.segments.worth.groups import own_choices
from kartoteka.trust.actor import Right

from .access import SignedIn
from .handing import handing_form
from .toasts import toast

COLUMNS_KEPT = "customer_columns"


def customers(request: SignedIn) -> HttpResponse:
    """The list; only its table when htmx asks for it."""
    may = may_choices()
    choices = group_choices(request.actor)
    wish = read_wish(request, choices)
    known = {one[0] for one in may}
    wish = replace(wish, further=tuple(each for each in wish.further if each[0] != "may" or each[1] in known))
    try:
        listing = list_customers(actor=request.actor, wish=wish)
    except BadValue as error:  # an old address, of a purpose that is no more
        messages.error(request, str(error))
        wish = replace(
            wish, further=tuple(each for each in wish.further if each[0] != error.field), after="", before=""
        )
        listing = list_customers(actor=request.actor, wish=wish)
    except BadCursor:
        listing = list_customers(actor=request.actor, wish=replace(wish, after="", before=""))
    further = dict(wish.further)
    worths = further.get("worth", "")
    context: dict[str, Any] = {
        "listing": listing,
        "wish": wish,
        "orders": ORDERS,
        "ages": AGES,
        "kinds": Customer.CustomerKind.choices,
        "may_choices": may,
        "may_asked": further.get("may", ""),
        "group_choices": choices,
        "group_asked": further.get("group", ""),
        "worth_asked": worths,
        "worth_names": [label for key, label in own_choices() if key in worths.split(",")] if worths else [],
        "may_change": request.actor.may(Right.CHANGE),
        "may_export": request.actor.may(Right.EXPORT),
        "may_import": request.actor.may(Right.IMPORT),
        "hand_over": handing_form(request.actor),
    }
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "web/customers/table.html" if part else "web/customers/list.html", context)


def read_wish(request: SignedIn, groups: Sequence[tuple[str, str]] | None = None) -> Wish:
    """What the address asks of the list. What cannot be read asks nothing.

    groups: those that can be asked for (group_choices), where they have been read already.
    """
    asked = request.GET

    def number(name: str) -> int:
        text = asked.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    return Wish(
        text=asked.get("q", "")[:200],
        source=number("source"),
        tag=asked.get("tag", "")[:100],
        lacking=asked.get("lacking", ""),
        silent_days=number("silent"),
        # The filter by age offers both: nothing heard of them at all, or some fact of theirs grown stale.
        stale=asked.get("silent") == "stale",
        new_days=number("new"),
        batch=number("batch"),
        kind=asked.get("kind", ""),
        further=_further(request, groups),
        own=asked.get("own", ""),
        own_value=asked.get("own_value", "")[:200],
        order=asked.get("order", "name"),
        columns=tuple(request.session.get(COLUMNS_KEPT, USUAL_COLUMNS)),
        after=asked.get("after", ""),
        before=asked.get("before", ""),
    )


def _further(request: SignedIn, groups: Sequence[tuple[str, str]] | None) -> tuple[tuple[str, str], ...]:
    """What floors above narrow by. A group counts only for whom may see it."""
    asked = request.GET
    found = [(name, asked[name][:80]) for name in ("may", "renew") if asked.get(name)]
    if group := asked.get("group", ""):
        known = group_choices(request.actor) if groups is None else groups
        if group in dict(known):
            found.append(("group", group))
    if worth := asked.get("worth", ""):
        known_worths = dict(own_choices())
        if worths := [each for each in worth.split(",") if each in known_worths]:
            found.append(("worth", ",".join(worths)))
    return tuple(found)


@require_POST
def choose_columns(request: SignedIn) -> HttpResponse:
    """Keep which columns this person wants, and in which order."""
    request.session[COLUMNS_KEPT] = request.POST.getlist("column")[:30]
    back = request.POST.get("back", "")
    return redirect("/customers/" + (back if back.startswith("?") else ""))


@require_POST
def tag_many(request: SignedIn) -> HttpResponse:
    """Put a tag on the customers that were ticked."""
    chosen = [int(each) for each in request.POST.getlist("customer") if each.isascii() and each.isdigit()]
    try:
        count = tag_customers(customers=chosen[:1000], tag=request.POST.get("tag", ""), by=request.actor)
    except BadValue as error:
        return toast(HttpResponse(status=204), str(error), kind="bad")
    said = ngettext("%(count)s customer tagged.", "%(count)s customers tagged.", count) % {"count": count}
    return toast(HttpResponse(status=204), said, also="listChanged")
