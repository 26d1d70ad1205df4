"""Groups: the list, the builder with its live count, a group's page, what rules can speak of, why somebody is in one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kartoteka.consent.purposes import all_purposes
from kartoteka.kit.paging import BadCursor
from kartoteka.kit.traits import TYPE_NAMES
from kartoteka.people.checking import BadValue
from kartoteka.people.listing import Wish, list_customers
from kartoteka.segments import audiences as ads
from kartoteka.segments import groups as verbs
from kartoteka.segments import looking
from kartoteka.segments.reaching import NoSuchGroup, sees_persons
from kartoteka.segments.rule import BadRule
from kartoteka.trust.actor import Right

from . import group_form
from .access import SignedIn
from .card import wanted

# So many of the last days stand in the table beneath the chart; the chart shows a year.
_DAYS_SHOWN = 31


def groups(request: SignedIn) -> HttpResponse:
    """The groups with their sizes."""
    lines = looking.list_groups(actor=request.actor)
    return render(request, "web/groups/list.html", {"lines": lines})


def traits(request: SignedIn) -> HttpResponse:
    """All that a rule can speak of."""
    known = {each.key: each for each in looking.list_traits(actor=request.actor)}
    return render(
        request, "web/groups/traits.html", {"domains": group_form.by_domain(known), "type_names": TYPE_NAMES}
    )


def group_builder(request: SignedIn, key: int = 0) -> HttpResponse:
    """The builder of a new group, or of one that is there; saved when it is sent."""
    known = _traits(request)
    name, rule, wrong = "", {"all": [group_form.blank(known)]}, ""
    if key:
        page = _page(request, key)
        name, rule = page.line.segment.name, dict(page.rule)
    if request.method == "POST":
        name, rule = request.POST.get("name", ""), group_form.rule_in(request.POST)
        if do := request.POST.get("do", ""):
            rule = group_form.changed(rule, do, known)  # without scripts the buttons send the whole form
        else:
            try:
                saved = verbs.save_group(by=request.actor, name=name, rule=rule, segment=key or None)
            except BadRule as error:
                wrong = str(error)
            else:
                messages.success(request, _("Saved. The group is counted in a moment."))
                return redirect("group", saved.pk)
    context = _builder(rule, known) | {"name": name, "key": key, "wrong": wrong}
    return render(request, "web/groups/builder.html", context, status=422 if wrong else 200)


@require_POST
def shape_group(request: SignedIn) -> HttpResponse:
    """The conditions after a button, or after another trait or comparison was chosen."""
    known = _traits(request)
    do = request.POST.get("do", "")
    rule = group_form.changed(group_form.rule_in(request.POST), do, known)
    answer = render(request, "web/groups/rule.html", _builder(rule, known))
    # What was added or taken out is counted, too; and the keyboard goes on there (groups.js).
    answer["HX-Trigger-After-Settle"] = json.dumps({"shaped": {"focus": group_form.focused(rule, do)}})
    return answer


@require_POST
def preview_group(request: SignedIn) -> HttpResponse:
    """The rule in words, how many it is now, and ten of them."""
    exact = request.POST.get("exact") == "yes"
    context: dict[str, Any] = {"exact": exact}
    try:
        rule = group_form.rule_in(request.POST)
        context["preview"] = looking.preview(actor=request.actor, rule=rule, exact=exact)
    except BadRule as error:
        context["wrong"] = str(error)
    return render(request, "web/groups/preview.html", context)


def group(request: SignedIn, key: int) -> HttpResponse:
    """One group: its rule in words, its size, who is in it, who came and went, what it shares with others."""
    page = _page(request, key)
    context: dict[str, Any] = {"page": page, "may_export": request.actor.may(Right.EXPORT)}
    if len(page.sizes) > 1:
        context["chart"] = _size_chart(page.sizes)
        context["sizes"] = page.sizes[::-1][:_DAYS_SHOWN]
    if sees_persons(request.actor):
        wish = Wish(
            further=(("group", str(key)),),
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
        )
        try:
            context["listing"] = list_customers(actor=request.actor, wish=wish)
        except BadCursor:
            context["listing"] = list_customers(actor=request.actor, wish=replace(wish, after="", before=""))
    if context["may_export"]:
        context["audiences"] = ads.audiences_of(actor=request.actor, segment=key)
        context["platforms"] = ads.PLATFORMS.items()
        context["purposes"] = all_purposes()
    return render(request, "web/groups/group.html", context)


@require_POST
def remove_group(request: SignedIn, key: int) -> HttpResponse:
    """Take a group away."""
    try:
        verbs.remove_group(segment=key, by=request.actor)
    except NoSuchGroup as error:
        raise Http404 from error
    except BadRule as error:
        messages.error(request, str(error))
        return redirect("group", key)
    messages.success(request, _("The group is gone. Its customers stay as they are."))
    return redirect("groups")


@require_POST
def snapshot_group(request: SignedIn, key: int) -> HttpResponse:
    """Keep who is in it now."""
    try:
        verbs.take_snapshot(segment=key, label=request.POST.get("label", ""), by=request.actor)
    except NoSuchGroup as error:
        raise Http404 from error
    except BadRule as error:
        messages.error(request, str(error))
    return redirect("group", key)


@require_POST
def audience(request: SignedIn, key: int) -> HttpResponse:
    """Put an audience for an ad platform in line."""
    sent = request.POST
    try:
        made = ads.ask_for_audience(
            segment=key,
            platform=sent.get("platform", ""),
            purpose=sent.get("purpose", ""),
            why=sent.get("why", ""),
            by=request.actor,
        )
    except NoSuchGroup as error:
        raise Http404 from error
    except BadValue as error:
        messages.error(request, str(error))
        return redirect("group", key)
    waits = made.state == made.State.ASKED
    messages.success(
        request,
        _("A second person must approve this file; you will find it here.")
        if waits
        else _("The file is being written."),
    )
    return redirect("exports")


def card_groups(request: SignedIn, card: str) -> HttpResponse:
    """The groups a customer is in."""
    request.actor.must(Right.SEE)
    customer = wanted(request, card)
    found = looking.groups_of(actor=request.actor, customer=customer)
    return render(request, "web/groups/of_card.html", {"customer": customer, "belongs": found})


def group_why(request: SignedIn, key: int, card: str) -> HttpResponse:
    """Why a customer is in a group, and when that changes by itself."""
    request.actor.must(Right.SEE)
    customer = wanted(request, card)
    try:
        found = looking.standing(actor=request.actor, key=key, customer=customer)
    except NoSuchGroup as error:
        raise Http404 from error
    template = "web/groups/why_part.html" if request.htmx else "web/groups/why.html"
    return render(request, template, {"customer": customer, "found": found})


def _size_chart(sizes: Sequence[tuple[dt.date, int]]) -> dict[str, Any]:
    """A line of the size by day."""
    return {
        "kind": "lines",
        "labels": [date_format(day, "SHORT_DATE_FORMAT") for day, _size in sizes],
        "series": [{"name": _("Customers"), "type": "line", "data": [size for _day, size in sizes]}],
    }


def _page(request: SignedIn, key: int) -> looking.Page:
    try:
        return looking.group_page(actor=request.actor, key=key)
    except NoSuchGroup as error:
        raise Http404 from error


def _traits(request: SignedIn) -> dict[str, Any]:
    return {each.key: each for each in looking.list_traits(actor=request.actor)}


def _builder(rule: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    return {
        "row": group_form.row_of(rule, known),
        "domains": group_form.by_domain(known),
        "events": group_form.events(known),
    }
