"""The page of consent: what customers' data is used for, on what ground, in which words, and how many said what."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kartoteka.consent import purposes
from kartoteka.consent.models import Channel, Purpose
from kartoteka.consent.purposes import BadPurpose
from kartoteka.consent.taking import PurposeFigures, figures
from kartoteka.people.models import Ground
from kartoteka.trust.actor import Right

from .access import SignedIn

_TICKS = ("marketing", "soft_opt_in", "double_opt_in")


def consent(request: SignedIn) -> HttpResponse:
    """Every purpose with its ground, words and counts."""
    return render(request, "web/consent/list.html", {"purposes": figures(actor=request.actor)})


@require_http_methods(["GET", "POST"])
def purpose_form(request: SignedIn, key: str = "") -> HttpResponse:
    """The form of a new purpose, or of one that is there, with its words."""
    request.actor.must(Right.SET_UP)
    found = _found(request, key) if key else None
    row = found.purpose if found else None
    typed = _typed(request) if request.method == "POST" else _as_typed(row)
    error: BadPurpose | None = None
    if request.method == "POST":
        try:
            given = {**{name: typed[name] for name in ("ground", "balancing", "partner", *_TICKS)}}
            given["months"] = int(typed["months"]) if typed["months"].isdecimal() else -1
            if row is None:
                row = purposes.add(names=typed["names"], by=request.actor, **given)
            else:
                purposes.change(purpose=row, names=typed["names"], by=request.actor, **given)
        except BadPurpose as problem:
            error = problem
        else:
            messages.success(request, _("Saved."))
            return redirect("purpose", row.key)
    context = {
        "row": found.purpose if found else None,
        "found": found,
        "typed": typed,
        "errors": {error.field: str(error)} if error else {},
        "grounds": Ground.choices,
        "languages": [(code, str(name), typed["names"].get(code, "")) for code, name in settings.LANGUAGES],
        "tongues": settings.LANGUAGES,
        "channels": Channel.choices,
    }
    return render(request, "web/consent/form.html", context, status=422 if error else 200)


@require_POST
def add_words(request: SignedIn, key: str) -> HttpResponse:
    """The next version of the words in which people are asked."""
    found = _found(request, key)
    try:
        made = purposes.add_wording(
            purpose=found.purpose,
            language=request.POST.get("language", ""),
            text=request.POST.get("text", ""),
            channels=request.POST.getlist("channel"),
            by=request.actor,
        )
    except BadPurpose as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved as version %(version)s.") % {"version": made.version})
    return redirect("purpose", key)


@require_POST
def end_purpose(request: SignedIn, key: str) -> HttpResponse:
    """Do this no more, or again."""
    purpose = _found(request, key).purpose
    (purposes.end if purpose.ended_at is None else purposes.resume)(purpose=purpose, by=request.actor)
    messages.success(request, _("Saved."))
    return redirect("consent")


@require_POST
def usual_purposes(request: SignedIn) -> HttpResponse:
    """Begin with the usual ones."""
    request.actor.must(Right.SET_UP)
    purposes.make_presets(by=request.actor)
    return redirect("consent")


def _found(request: SignedIn, key: str) -> PurposeFigures:
    for each in figures(actor=request.actor):
        if each.purpose.key == key:
            return each
    raise Http404


def _typed(request: SignedIn) -> dict[str, Any]:
    sent = request.POST
    typed: dict[str, Any] = {
        name: sent.get(name, "").strip() for name in ("ground", "balancing", "partner", "months")
    }
    typed["months"] = typed["months"] or "0"
    typed["names"] = {code: sent.get(f"name_{code}", "") for code, _name in settings.LANGUAGES}
    return typed | {name: name in sent for name in _TICKS}


def _as_typed(row: Purpose | None) -> dict[str, Any]:
    if row is None:
        return {
            "ground": Ground.CONSENT,
            "balancing": "",
            "partner": "",
            "months": "0",
            "names": {},
        } | dict.fromkeys(_TICKS, False)
    typed = {name: getattr(row, name) for name in ("ground", "balancing", "partner", "names", *_TICKS)}
    return typed | {"months": str(row.months)}
