"""Requests of customers: taken down on their card, worked off from a list, each with its steps and its proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kartoteka.consent.along import hand_over
from kartoteka.consent.correcting import may_be_wrong, take_correction
from kartoteka.consent.erasure import CannotForget, erasures, lift
from kartoteka.consent.holding import holds_of
from kartoteka.consent.ledger import BadChoice
from kartoteka.consent.letters import NotTold
from kartoteka.consent.links import CannotLink, end_links, link_to_hand_over, mail_link
from kartoteka.consent.models import PrivacyRequest
from kartoteka.consent.requests import (
    BadRequest,
    answer,
    end_restrictions,
    extend,
    identify,
    receive,
    refuse,
)
from kartoteka.consent.worklist import Told, affairs_of, request_of, worklist
from kartoteka.kit.paging import BadCursor
from kartoteka.people.checking import BadValue
from kartoteka.trust.actor import Right

from .access import SignedIn
from .card import wanted

_Kind = PrivacyRequest.Kind
_HANDED = (_Kind.ACCESS, _Kind.PORTABILITY)
_CANNOT = (BadRequest, BadValue, BadChoice, CannotForget)


def requests(request: SignedIn) -> HttpResponse:
    """The worklist: what waits, by the day it is due; or what ended."""
    asked = request.GET
    ended, kind = asked.get("ended") == "1", asked.get("kind", "")
    kind = kind if kind in _Kind.values else ""
    try:
        found = worklist(
            actor=request.actor,
            ended=ended,
            kind=kind,
            after=asked.get("after", ""),
            before=asked.get("before", ""),
        )
    except BadCursor:
        found = worklist(actor=request.actor, ended=ended, kind=kind)
    context = {"found": found, "page": found.page, "ended": ended, "kind": kind, "kinds": _Kind.choices}
    return render(request, "web/requests/list.html", context)


def privacy_request(request: SignedIn, key: int) -> HttpResponse:
    """One request: what they asked, what was done, what can be done now."""
    return _request_page(request, _told(request, key))


def _told(request: SignedIn, key: int) -> Told:
    told = request_of(actor=request.actor, key=key) if key < 2**63 else None
    if told is None:
        raise Http404
    return told


def _request_page(request: SignedIn, told: Told, *, error: str = "", status: int = 200) -> HttpResponse:
    asked = told.waiting.request
    context = {
        "told": told,
        "asked": asked,
        "customer": told.waiting.customer,
        "handed": asked.kind in _HANDED,
        "extended": any(each.what == "extended" for each in told.steps),
        "latest": asked.due_on + dt.timedelta(days=61),
        "error": error,
    }
    return render(request, "web/requests/page.html", context, status=status)


def _step(request: SignedIn, key: int, do: Callable[[PrivacyRequest], object], said: str) -> HttpResponse:
    """Take a step on a request and show it anew; what cannot be is told on the page."""
    told = _told(request, key)
    try:
        do(told.waiting.request)
    except _CANNOT as error:
        return _request_page(request, told, error=str(error), status=422)
    except NotTold as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, said)
    return redirect("request", key)


def _tells(request: SignedIn) -> bool:
    """Whether the customer is to be written to about it."""
    return request.POST.get("tell") == "1"


@require_POST
def know_request(request: SignedIn, key: int) -> HttpResponse:
    """We know that it is them."""
    how = request.POST.get("how", "")
    return _step(request, key, lambda it: identify(request=it, how=how, by=request.actor), _("Saved."))


@require_POST
def extend_request(request: SignedIn, key: int) -> HttpResponse:
    """Take more time."""
    why, until = request.POST.get("why", ""), request.POST.get("until", "")

    def do(it: PrivacyRequest) -> None:
        try:
            day = dt.date.fromisoformat(until)
        except ValueError as error:
            raise BadRequest("until", _("Choose the new day.")) from error
        extend(request=it, until=day, why=why, by=request.actor, tell=_tells(request))

    return _step(request, key, do, _("There is more time now."))


@require_POST
def refuse_request(request: SignedIn, key: int) -> HttpResponse:
    """Refuse it."""
    why, tell = request.POST.get("why", ""), _tells(request)
    return _step(
        request, key, lambda it: refuse(request=it, why=why, by=request.actor, tell=tell), _("Refused.")
    )


@require_POST
def answer_request(request: SignedIn, key: int) -> HttpResponse:
    """Do what was asked; what is handed over comes as a file."""
    told = _told(request, key)
    asked = told.waiting.request
    if asked.kind not in _HANDED:
        words, tell = request.POST.get("words", ""), _tells(request)
        return _step(
            request,
            key,
            lambda it: answer(request=it, by=request.actor, words=words, tell=tell),
            _("Done, and written down."),
        )
    try:
        handed = hand_over(request=asked, by=request.actor)
    except _CANNOT as error:
        return _request_page(request, told, error=str(error), status=422)
    form = handed.what.lower()
    made = HttpResponse(handed.content, content_type=f"application/{form}")
    made.headers["Content-Disposition"] = f'attachment; filename="request-{key}.{form}"'
    made.headers["Cache-Control"] = "no-store"
    return made


def forgotten(request: SignedIn) -> HttpResponse:
    """Who was forgotten: when and why, not whom; and how somebody is let in again."""
    context = {"erasures": erasures(actor=request.actor)[:500]}
    return render(request, "web/requests/forgotten.html", context)


@require_POST
def let_in_again(request: SignedIn, key: int) -> HttpResponse:
    """They came back themselves."""
    try:
        lift(erasure=min(key, 2**63 - 1), by=request.actor, why=request.POST.get("why", ""))
    except CannotForget as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("They can be taken in again."))
    return redirect("forgotten")


# ---- on a customer's card


def customer_privacy(request: SignedIn, card: str) -> HttpResponse:
    """What stands open with a customer, their link, and a form to take a request down."""
    return _privacy_page(request, card)


def _privacy_page(
    request: SignedIn, card: str, *, error: str = "", link: str = "", status: int = 200
) -> HttpResponse:
    request.actor.must_one_of(Right.CHANGE, Right.PRIVACY)
    customer = wanted(request, card)
    context = {
        "customer": customer,
        "affairs": affairs_of(actor=request.actor, customer=customer),
        "holds": holds_of(customer),
        "kinds": [each for each in _Kind.choices if each[0] != _Kind.CORRECTION],
        "may_be_wrong": may_be_wrong(customer=customer, actor=request.actor),
        "ways": [each for each in PrivacyRequest.Through.choices if each[0] not in ("page", "api")],
        "may_answer": request.actor.may(Right.PRIVACY),
        "may_hand_over": request.actor.may(Right.SEE_SENSITIVE),
        "typed": request.POST,
        "link": link,
        "error": error,
    }
    return render(request, "web/requests/customer.html", context, status=status)


@require_POST
def take_down_request(request: SignedIn, card: str) -> HttpResponse:
    """Take down what they asked."""
    request.actor.must_one_of(Right.CHANGE, Right.PRIVACY)
    customer, said = wanted(request, card), request.POST
    through, words = said.get("through", ""), said.get("said", "")
    try:
        if "wrong" in said:
            take_correction(
                customer=customer,
                wrong=said["wrong"],
                text=said.get("text", ""),
                through=through,
                said=words,
                by=request.actor,
            )
        else:
            kind = said.get("kind", "")
            receive(customer=customer, kind=kind, through=through, said=words, by=request.actor)
    except (BadRequest, BadValue) as error:
        return _privacy_page(request, card, error=str(error), status=422)
    messages.success(request, _("Taken down. The privacy officer sees it on their list."))
    return redirect("customer_privacy", customer.card)


@require_POST
def page_link(request: SignedIn, card: str) -> HttpResponse:
    """Make a link to the customer's own page, to hand over or to mail."""
    request.actor.must_one_of(Right.CHANGE, Right.PRIVACY)
    customer = wanted(request, card)
    try:
        if "mail" in request.POST:
            where = mail_link(customer=customer, by=request.actor)
            messages.success(request, _("The link is on its way to %(where)s.") % {"where": where})
            return redirect("customer_privacy", customer.card)
        return _privacy_page(request, card, link=link_to_hand_over(customer=customer, by=request.actor))
    except CannotLink as error:
        return _privacy_page(request, card, error=str(error), status=422)


@require_POST
def stop_page_links(request: SignedIn, card: str) -> HttpResponse:
    """Have no link to this customer's page open it any more."""
    request.actor.must_one_of(Right.CHANGE, Right.PRIVACY)
    customer = wanted(request, card)
    end_links(customer=customer, by=request.actor)
    messages.success(request, _("No link opens their page any more."))
    return redirect("customer_privacy", customer.card)


@require_POST
def use_again(request: SignedIn, card: str) -> HttpResponse:
    """Their data may be used again."""
    customer = wanted(request, card)
    try:
        end_restrictions(customer=customer, by=request.actor, tell=_tells(request))
    except NotTold as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Their data may be used again, as they choose."))
    return redirect("customer_privacy", customer.card)
