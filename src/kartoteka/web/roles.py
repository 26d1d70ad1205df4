"""Roles and teams: what people may do, and whom they see."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kartoteka.people import placing
from kartoteka.trust import roles as work
from kartoteka.trust import teams as groups
from kartoteka.trust.actor import RIGHT_NAMES, SCOPE_NAMES, STAGE_NAMES, Right, Scope, Stage
from kartoteka.trust.limits import BadLimit, limits_now, set_limits
from kartoteka.trust.models import Limits
from kartoteka.trust.presets import OWNER, PRESET_NAMES
from kartoteka.trust.roles import CannotChangeRole
from kartoteka.trust.teams import CannotChangeTeam

from .access import SignedIn

_SCOPES = [(scope.value, SCOPE_NAMES[scope]) for scope in Scope]


def roles(request: SignedIn) -> HttpResponse:
    """The roles with their rights, each to be changed; the limits; the sets that can be added."""
    return _page(request)


def _page(request: SignedIn, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "roles": [
            {
                "role": role,
                "reaches": SCOPE_NAMES[Scope(role.scope)],
                "count": count,
                "rights": role.known_rights,
                "fixed": role.key == OWNER,
            }
            for role, count in work.all_roles(actor=request.actor)
        ],
        "rights": [(right, RIGHT_NAMES[right], request.actor.may(right)) for right in Right],
        "scopes": _SCOPES,
        "presets": PRESET_NAMES.items(),
        "limits": _limits_typed(limits_now(actor=request.actor)),
        "wrong": "",
        "errors": {},
    }
    return render(request, "web/staff/roles.html", context | more, status=status)


def _limits_typed(limits: Limits) -> dict[str, str]:
    """The limits as their form shows them."""
    numbers = ("reveals", "reaches", "look_ups", "views", "export_alone", "opens", "closes")
    typed = {name: str(getattr(limits, name)) for name in numbers}
    return {**typed, "canary_host": limits.canary_host, "reasons": "\n".join(limits.reasons)}


@require_POST
def add_preset(request: SignedIn) -> HttpResponse:
    """Add the roles of a set that are not there yet."""
    try:
        count = work.use_preset(name=request.POST.get("preset", ""), by=request.actor)
    except CannotChangeRole as error:
        return _page(request, status=422, wrong=str(error))
    said = ngettext(
        "%(count)s role added; none was changed.", "%(count)s roles added; none was changed.", count
    )
    messages.success(request, said % {"count": count})
    return redirect("roles")


@require_POST
def save_role(request: SignedIn) -> HttpResponse:
    """Change a role, or add one."""
    sent = request.POST
    try:
        work.save_role(
            key=sent.get("key", ""),
            name=sent.get("name", ""),
            rights=sent.getlist("right"),
            scope=sent.get("scope", ""),
            by=request.actor,
        )
    except CannotChangeRole as error:
        return _page(request, status=422, wrong=str(error))
    messages.success(request, _("Saved. Who has this role has these rights from now on."))
    return redirect("roles")


@require_POST
def remove_role(request: SignedIn, key: str) -> HttpResponse:
    """Take a role away that nobody has."""
    try:
        work.remove_role(key=key, by=request.actor)
    except CannotChangeRole as error:
        messages.error(request, str(error))
    return redirect("roles")


@require_POST
def save_limits(request: SignedIn) -> HttpResponse:
    """How far anybody goes before somebody is asked or told."""
    try:
        set_limits(given=request.POST.dict(), by=request.actor)
    except BadLimit as error:
        return _page(request, status=422, errors={error.field: str(error)}, limits=request.POST)
    messages.success(request, _("Saved."))
    return redirect("roles")


def teams(request: SignedIn) -> HttpResponse:
    """The teams: which stages they work on, who is in them."""
    return _teams(request)


def _teams(request: SignedIn, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "teams": [
            {"team": team, "members": members} for team, members in groups.all_teams(actor=request.actor)
        ],
        "stages": [(stage.value, STAGE_NAMES[stage]) for stage in Stage],
        "people": groups.colleagues(),
        "sources": placing.first_stages(actor=request.actor) if request.actor.may(Right.SET_UP) else [],
        "wrong": "",
    }
    return render(request, "web/staff/teams.html", context | more, status=status)


@require_POST
def save_team(request: SignedIn) -> HttpResponse:
    """Add a team, or change one."""
    sent = request.POST
    key = sent.get("team", "")
    try:
        groups.save_team(
            team=int(key) if key.isascii() and key.isdigit() and len(key) < 10 else None,
            name=sent.get("name", ""),
            stages=sent.getlist("stage"),
            staff=[
                int(each)
                for each in sent.getlist("staff")
                if each.isascii() and each.isdigit() and len(each) < 10
            ],
            by=request.actor,
        )
    except CannotChangeTeam as error:
        return _teams(request, status=422, wrong=str(error))
    messages.success(request, _("Saved."))
    return redirect("teams")


@require_POST
def first_stages(request: SignedIn) -> HttpResponse:
    """Say in which stage each source's new customers start."""
    stages = {
        int(name.removeprefix("source-")): stage
        for name, stage in request.POST.items()
        if name.startswith("source-") and name[7:].isascii() and name[7:].isdigit() and len(name) < 17
    }
    try:
        placing.set_first_stages(stages={key: str(stage) for key, stage in stages.items()}, by=request.actor)
    except placing.CannotHandOver as error:
        return _teams(request, status=422, wrong=str(error))
    messages.success(request, _("Saved."))
    return redirect("teams")


@require_POST
def remove_team(request: SignedIn, key: int) -> HttpResponse:
    """Dissolve a team."""
    groups.remove_team(team=key, by=request.actor)
    messages.success(request, _("The team is dissolved. Its customers belong to their stage."))
    return redirect("teams")
