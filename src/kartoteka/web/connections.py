"""Connections: the shops, sites and forms that send to us; what they need from us, what they delivered, what was wrong."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kartoteka.intake.connection_models import Connection
from kartoteka.intake.connection_overview import a_delivery, kinds_to_choose, opened, overview
from kartoteka.intake.connection_secrets import NoSecret, rotate_secret, type_in
from kartoteka.intake.connections import CannotConnect, a_connection, connect, end, told
from kartoteka.intake.shops.doing import CannotReplay, replay
from kartoteka.intake.shops.missed import ask_soon
from kartoteka.kit.outgoing import NotReached
from kartoteka.kit.paging import BadCursor
from kartoteka.people.models import Ground

from .access import SignedIn


def connections(request: SignedIn) -> HttpResponse:
    """All there are."""
    return render(request, "web/connections/list.html", {"lines": overview(actor=request.actor)})


@require_http_methods(["GET", "POST"])
def new_connection(request: SignedIn) -> HttpResponse:
    """Choose what to connect, then type in what it asks for. What the other side needs is shown on the answer, once."""
    kinds = {each.key: each for each in kinds_to_choose(actor=request.actor)}
    sent = request.POST if request.method == "POST" else request.GET
    kind = kinds.get(sent.get("kind", ""))
    context: dict[str, Any] = {
        "kinds": kinds.values(),
        "kind": kind,
        "grounds": Ground.choices,
        "typed": sent,
    }
    if request.method != "POST" or kind is None:
        context["ground"] = kind.ground if kind else ""
        context["asks"] = [(each, "", "") for each in kind.asks] if kind else []
        return render(request, "web/connections/new.html", context)
    try:
        made = connect(
            kind=kind.key,
            name=sent.get("name", ""),
            ground=sent.get("ground", ""),
            source=sent.get("source", ""),
            secret=sent.get("secret", ""),
            more={
                each.key: sent[f"ask-{each.key}"]
                for each in kind.asks
                if sent.get(f"ask-{each.key}", "").strip()
            },
            by=request.actor,
        )
    except CannotConnect as error:
        context["errors"] = {error.field: str(error)}
        context["ground"] = sent.get("ground", "")
        context["asks"] = [
            (
                each,
                "" if each.secret else sent.get(f"ask-{each.key}", ""),
                str(error) if error.field == each.key else "",
            )
            for each in kind.asks
        ]
        return render(request, "web/connections/new.html", context, status=422)
    return render(request, "web/connections/made.html", {"connection": made, "told": told(made, first=True)})


def connection(request: SignedIn, key: int) -> HttpResponse:
    """One of them, with its deliveries."""
    return _page(request, key)


def _page(request: SignedIn, key: int, *, status: int = 200, **more: Any) -> HttpResponse:
    asked = request.GET
    try:
        found = opened(
            actor=request.actor,
            key=key,
            state=asked.get("state", ""),
            after=asked.get("after", ""),
            before=asked.get("before", ""),
        )
    except BadCursor:
        return redirect("connection", key)
    if found is None:
        raise Http404
    context = {"found": found, "connection": found.connection, "state": asked.get("state", "")}
    return render(request, "web/connections/page.html", context | more, status=status)


def _wanted(request: SignedIn, key: int) -> Connection:
    found = a_connection(actor=request.actor, key=key)
    if found is None:
        raise Http404
    return found


@require_POST
def new_secret(request: SignedIn, key: int) -> HttpResponse:
    """Another secret: drawn here and shown once, or the one that the other side drew."""
    try:
        fresh = rotate_secret(
            connection=_wanted(request, key), by=request.actor, secret=request.POST.get("secret", "")
        )
    except NoSecret as error:
        messages.error(request, str(error))
        return redirect("connection", key)
    return _page(request, key, fresh="" if request.POST.get("secret", "").strip() else fresh, rotated=True)


@require_POST
def change_connection(request: SignedIn, key: int) -> HttpResponse:
    """Addresses and keys with which the shop is asked."""
    given = {
        name.removeprefix("ask-"): value for name, value in request.POST.items() if name.startswith("ask-")
    }
    type_in(
        connection=_wanted(request, key),
        given={name: str(value) for name, value in given.items()},
        by=request.actor,
    )
    messages.success(request, _("Saved."))
    return redirect("connection", key)


@require_POST
def ask_missed(request: SignedIn, key: int) -> HttpResponse:
    """Ask the shop for the orders of which no word came."""
    try:
        ask_soon(connection=_wanted(request, key), by=request.actor)
    except NotReached as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The shop is being asked. What was missed shows here in a moment."))
    return redirect("connection", key)


@require_POST
def replay_delivery(request: SignedIn, key: int, delivery: int) -> HttpResponse:
    """Do what a delivery says once more."""
    found = a_delivery(actor=request.actor, connection=_wanted(request, key), key=delivery)
    if found is None:
        raise Http404
    try:
        replay(delivery=found, by=request.actor)
    except CannotReplay as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is being done once more."))
    return redirect("connection", key)


@require_POST
def end_connection(request: SignedIn, key: int) -> HttpResponse:
    """Take nothing from it any more."""
    end(connection=_wanted(request, key), by=request.actor)
    messages.success(request, _("Ended. What came by it stays."))
    return redirect("connections")
