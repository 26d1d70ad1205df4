"""Staff: who works here, in which role; one-time links; tokens of programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kartoteka.trust import staff as work
from kartoteka.trust.actor import RIGHT_NAMES, NotAllowed, Right
from kartoteka.trust.invitations import Invitation, invite_to, new_link
from kartoteka.trust.models import Staff
from kartoteka.trust.roles import roles
from kartoteka.trust.staff import CannotChangeStaff
from kartoteka.trust.tokens import UnknownRight, end_token, make_token

from .access import SignedIn


def staff(request: SignedIn) -> HttpResponse:
    """Everybody who works here, and the programs that have a token."""
    return _page(request)


def _page(request: SignedIn, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "people": work.all_staff(actor=request.actor),
        "tokens": work.all_tokens(actor=request.actor),
        "roles": [(each.key, str(each)) for each in roles()],
        "rights": [(right, RIGHT_NAMES[right]) for right in Right if request.actor.may(right)],
        "typed": request.POST if request.method == "POST" else {},
        "errors": {},
    }
    return render(request, "web/staff/page.html", context | more, status=status)


def _site(request: SignedIn) -> str:
    return request.build_absolute_uri("/").rstrip("/")


@require_POST
def invite_staff(request: SignedIn) -> HttpResponse:
    """Somebody new; their link is shown this once."""
    sent = request.POST
    try:
        invitation = invite_to(
            site=_site(request),
            email=sent.get("email", ""),
            name=sent.get("name", ""),
            role=sent.get("role", ""),
            by=request.actor,
        )
    except CannotChangeStaff as error:
        return _page(request, status=422, errors={error.field: str(error)})
    return _page(request, typed={}, invitation=invitation)


@require_POST
def link_staff(request: SignedIn, key: int) -> HttpResponse:
    """Another link for somebody who cannot come in."""
    invitation: Invitation = new_link(site=_site(request), staff=_wanted(request, key), by=request.actor)
    return _page(request, typed={}, invitation=invitation)


def _wanted(request: SignedIn, key: int) -> Staff:
    found = work.one_of_staff(actor=request.actor, key=key)
    if found is None:
        raise Http404
    return found


def _change(request: SignedIn, verb: Callable[[], None], said: str) -> HttpResponse:
    try:
        verb()
    except CannotChangeStaff as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("staff")


@require_POST
def change_staff(request: SignedIn, key: int) -> HttpResponse:
    """Another name or e-mail address for somebody."""
    found, sent = _wanted(request, key), request.POST
    name, email = sent.get("name", ""), sent.get("email", "")
    return _change(
        request,
        lambda: work.change_staff(staff=found, name=name, email=email, by=request.actor),
        _("Saved."),
    )


@require_POST
def change_role(request: SignedIn, key: int) -> HttpResponse:
    """Give somebody another role."""
    found, role = _wanted(request, key), request.POST.get("role", "")
    return _change(request, lambda: work.change_role(staff=found, role=role, by=request.actor), _("Saved."))


@require_POST
def leave(request: SignedIn, key: int) -> HttpResponse:
    """Somebody no longer works here."""
    found = _wanted(request, key)
    said = _("%(name)s can no longer come in. What they did stays told.") % {"name": found}
    return _change(request, lambda: work.leave(staff=found, by=request.actor), said)


@require_POST
def come_back(request: SignedIn, key: int) -> HttpResponse:
    """Somebody works here again."""
    found = _wanted(request, key)
    said = _("%(name)s works here again.") % {"name": found}
    return _change(request, lambda: work.come_back(staff=found, by=request.actor), said)


@require_POST
def add_token(request: SignedIn) -> HttpResponse:
    """A token for a program, shown this once."""
    name = " ".join(request.POST.get("token_name", "").split())
    try:
        secret = make_token(
            name=name or _("a program"), rights=request.POST.getlist("right"), by=request.actor
        )
    except (UnknownRight, NotAllowed) as error:
        return _page(request, status=422, errors={"right": str(error)})
    return _page(request, typed={}, secret=secret, secret_name=name)


@require_POST
def drop_token(request: SignedIn, key: int) -> HttpResponse:
    """End a token."""
    end_token(token=key, by=request.actor)
    messages.success(request, _("Ended: whoever holds it is let in no more."))
    return redirect("staff")
