"""Orders: the list by state, channel and payment; one order and what can be done with it; on a card, orders and likes."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kartoteka.activity import order_queries as queries
from kartoteka.activity.likes import likes_of
from kartoteka.activity.moving import CannotMove, move, pay
from kartoteka.activity.order_models import Order, State
from kartoteka.kit.paging import BadCursor
from kartoteka.standard import money
from kartoteka.trust.actor import Right

from .access import SignedIn
from .card import wanted

_LARGEST_KEY = 2**63


@require_GET
def orders(request: SignedIn) -> HttpResponse:
    """The list, newest first; only its table when htmx asks for it."""
    request.actor.must(Right.SEE)
    asked = request.GET
    wish = queries.OrderWish(
        **{name: asked.get(name, "")[:50].replace("\x00", "") for name in ("state", "channel", "payment")}
    )
    try:
        page = queries.list_orders(
            actor=request.actor, wish=wish, after=asked.get("after", ""), before=asked.get("before", "")
        )
    except BadCursor:
        page = queries.list_orders(actor=request.actor, wish=wish)
    context = {
        "page": page,
        "wish": wish,
        "states": State.choices,
        "channels": queries.channels(actor=request.actor),
        "may_import": request.actor.may(Right.IMPORT),
        "may_set_up": request.actor.may(Right.SET_UP),
    }
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "web/orders/table.html" if part else "web/orders/list.html", context)


@require_GET
def order(request: SignedIn, key: int) -> HttpResponse:
    """One order whole."""
    return _page(request, key)


def _page(request: SignedIn, key: int, error: CannotMove | None = None) -> HttpResponse:
    request.actor.must(Right.SEE)
    _wanted(request, key)
    context = {
        "found": queries.order_page(actor=request.actor, key=key),
        "may_change": request.actor.may(Right.CHANGE),
        "error": error,
        "typed": request.POST,
        "now": timezone.localtime(),
    }
    return render(request, "web/orders/order.html", context, status=422 if error else 200)


@require_POST
def move_order(request: SignedIn, key: int) -> HttpResponse:
    """Move it into another state."""
    request.actor.must(Right.CHANGE)
    found = _wanted(request, key)
    sent = request.POST
    try:
        move(
            order=found,
            to=sent.get("state", ""),
            by=request.actor,
            at=_moment(sent.get("at", "")),
            place=sent.get("place", ""),
        )
    except CannotMove as error:
        return _page(request, key, error)
    messages.success(request, _("The order is %(state)s now.") % {"state": found.get_state_display()})
    return redirect("order", key)


@require_POST
def pay_order(request: SignedIn, key: int) -> HttpResponse:
    """Note that money came in for it."""
    request.actor.must(Right.CHANGE)
    found = _wanted(request, key)
    sent = request.POST
    told = money.standardise(sent.get("amount", "")[:40], country="GB", currency=found.currency).value
    try:
        if told is None or told.currency != found.currency:
            raise CannotMove("amount", _("Write the amount in digits, such as 12.50."))
        pay(
            order=found,
            amount=told.amount,
            by=request.actor,
            at=_moment(sent.get("at", "")),
            method=sent.get("method", ""),
        )
    except CannotMove as error:
        return _page(request, key, error)
    messages.success(request, _("The payment is noted."))
    return redirect("order", key)


def _wanted(request: SignedIn, key: int) -> Order:
    if key >= _LARGEST_KEY:
        raise Http404
    try:
        return queries.order_of(actor=request.actor, key=key)
    except queries.NoSuchOrder as error:
        raise Http404 from error


def _moment(text: str) -> dt.datetime | None:
    """The moment of a form's field, in the business's zone; None where it is empty. Raises CannotMove."""
    if not text:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
        return found if found.tzinfo else timezone.make_aware(found)
    except (ValueError, OverflowError) as error:
        raise CannotMove("at", _("Choose the day and the time.")) from error


@require_GET
def card_orders(request: SignedIn, card: str) -> HttpResponse:
    """The orders of a customer, on the card."""
    request.actor.must_open_cards()
    customer = wanted(request, card)
    asked = request.GET
    try:
        page = queries.orders_of(
            actor=request.actor,
            customer=customer,
            after=asked.get("after", ""),
            before=asked.get("before", ""),
        )
    except BadCursor:
        page = queries.orders_of(actor=request.actor, customer=customer)
    context = {
        "customer": customer,
        "page": page,
        "pays": queries.punctuality_of(actor=request.actor, customer=customer),
        "sums": queries.sums_of(actor=request.actor, customer=customer),
        "may_see": request.actor.may(Right.SEE),
    }
    return render(request, "web/card/orders.html", context)


@require_GET
def card_likes(request: SignedIn, card: str) -> HttpResponse:
    """What a customer likes, on the card."""
    request.actor.must_open_cards()
    likes = likes_of(actor=request.actor, customer=wanted(request, card))
    return render(request, "web/card/likes.html", {"likes": likes})
