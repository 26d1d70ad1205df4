"""Rates of exchange: which currencies lack one, all that are known, and setting them, one a line."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from kartoteka.activity.currencies import UnknownCurrency, home
from kartoteka.activity.rates import BadRate, lacking, list_rates, set_rates
from kartoteka.trust.actor import Right

from .access import SignedIn

SHOWN = 500
_MOST = 100_000


def rates(request: SignedIn) -> HttpResponse:
    """The form, the currencies that lack a rate, and the latest of all."""
    request.actor.must(Right.SET_UP)
    typed, wrong = request.POST.get("rates", "")[:_MOST], ""
    if request.method == "POST":
        told = [line.replace(";", ",").split(",") for line in typed.splitlines() if line.strip()]
        try:
            count = set_rates(told=told, by=request.actor)
        except (BadRate, UnknownCurrency) as error:
            wrong = str(error)
        else:
            text = ngettext("%(count)d rate is set.", "%(count)d rates are set.", count)
            messages.success(request, text % {"count": count})
            return redirect("exchange_rates")
    context = {
        "home": home(),
        "lacking": lacking(actor=request.actor),
        "rates": list_rates(actor=request.actor)[:SHOWN],
        "typed": typed,
        "wrong": wrong,
    }
    return render(request, "web/orders/rates.html", context, status=422 if wrong else 200)
