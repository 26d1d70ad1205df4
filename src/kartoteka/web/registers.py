"""Opt-out registers and quiet times: who must not be advertised to, and when nobody is to be disturbed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kartoteka.consent import quieting, register_reading, registers
from kartoteka.consent.models import Channel
from kartoteka.consent.quieting import BadQuiet
from kartoteka.consent.registers import BadRegister

from .access import SignedIn
from .reading import number
from .showing import countries_by_name


def register_list(request: SignedIn) -> HttpResponse:
    """The registers with their files, and the forms to add one."""
    return _registers(request, {}, {})


@require_POST
def add_register(request: SignedIn) -> HttpResponse:
    """One of the well-known, or another."""
    sent = request.POST
    try:
        if sent.get("key"):
            registers.add_preset(key=sent["key"], by=request.actor)
        else:
            days = number(sent.get("days", "") or "0")
            registers.add_register(
                name=sent.get("name", ""),
                country=sent.get("country", ""),
                channels=sent.getlist("channel"),
                days=-1 if days is None else days,
                by=request.actor,
            )
    except BadRegister as error:
        typed = {name: sent.get(name, "") for name in ("name", "country", "days")}
        return _registers(request, {**typed, "channels": sent.getlist("channel")}, {error.field: str(error)})
    messages.success(request, _("Saved."))
    return redirect("registers")


@require_POST
def read_register(request: SignedIn, key: str) -> HttpResponse:
    """The register's newest file, for the worker to read. Only hashes of it are kept."""
    file = request.FILES.get("file")
    try:
        if file is None or file.file is None:
            raise BadRegister("file", _("Choose the register's file first."))
        try:
            as_of = dt.date.fromisoformat(request.POST.get("as_of", ""))
        except ValueError as error:
            raise BadRegister("as_of", _("Write the day of the file as 2026-12-24.")) from error
        found = registers.register_named(key)
        register_reading.receive_file(register=found, stream=file.file, as_of=as_of, by=request.actor)
    except BadRegister as error:
        messages.error(request, str(error))
    return redirect("registers")


def reading_state(request: SignedIn, key: str) -> HttpResponse:
    """How far the reading of a register's file is, asked for every second; the whole page anew once it is done."""
    kept = next(
        (each for each in registers.kept_registers(actor=request.actor) if each.register.key == key), None
    )
    if kept is None or kept.coming is None or not kept.coming.busy:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "web/consent/reading.html", {"each": kept})


@require_POST
def stop_reading(request: SignedIn, key: str) -> HttpResponse:
    """The file is not read on; the one before goes on counting."""
    try:
        register_reading.stop_reading(register=registers.register_named(key), by=request.actor)
    except BadRegister as error:
        messages.error(request, str(error))
    return redirect("registers")


@require_POST
def remove_register(request: SignedIn, key: str) -> HttpResponse:
    """Keep this register no more."""
    try:
        registers.remove_register(register=registers.register_named(key), by=request.actor)
    except BadRegister as error:
        messages.error(request, str(error))
    return redirect("registers")


def _registers(request: SignedIn, typed: dict[str, Any], errors: dict[str, str]) -> HttpResponse:
    context = {
        "registers": registers.kept_registers(actor=request.actor),
        "offered": registers.offered(actor=request.actor),
        "channels": [(each.value, each.label) for each in registers.CHANNELS],
        "countries": [("", _("none")), *countries_by_name()],
        "today": timezone.localdate().isoformat(),
        "typed": typed,
        "errors": errors,
    }
    return render(request, "web/consent/registers.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "POST"])
def quiet(request: SignedIn) -> HttpResponse:
    """When people may be disturbed, by country; the form changes one, or takes the owner's rule away."""
    rules = quieting.quiet_times(actor=request.actor)
    errors: dict[str, str] = {}
    country = request.GET.get("country", "")
    chosen = next((each for each in rules if each.country == country), rules[-1])
    typed: dict[str, Any] = {
        "country": country,
        "hours": chosen.hours,
        "channels": chosen.channels,
        "holidays": chosen.holidays,
        "off": "\n".join(chosen.off),
    }
    if request.method == "POST":
        sent = request.POST
        typed = {
            **{name: sent.get(name, "") for name in ("country", "hours", "off")},
            "channels": sent.getlist("channel"),
            "holidays": "holidays" in sent,
        }
        try:
            if "unset" in sent:
                quieting.unset_quiet(country=typed["country"], by=request.actor)
            else:
                quieting.set_quiet(**{**typed, "off": typed["off"].splitlines()}, by=request.actor)
        except BadQuiet as error:
            errors[error.field] = str(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("quiet_times")
    context = {
        "rules": rules,
        "ours": any(each.ours and each.country == typed["country"] for each in rules),
        "typed": typed,
        "errors": errors,
        "channels": [(each.value, Channel(each).label) for each in quieting.CHANNELS],
        "countries": [("", _("all other countries")), *countries_by_name()],
    }
    return render(request, "web/consent/quiet.html", context, status=422 if errors else 200)
