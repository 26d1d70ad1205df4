"""Rates of exchange: which currencies lack one, all that are known, and setting them, one a line."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kartoteka.activity.currencies import UnknownCurrency, fixed_home, home
from kartoteka.activity.home_currency import CannotChange, set_home
from kartoteka.activity.rates import BadRate, lacking, list_rates, set_rates
from kartoteka.activity.revaluing import revaluing
from kartoteka.trust.actor import Right

from .access import SignedIn

SHOWN = 500
_MOST = 100_000


def rates(request: SignedIn) -> HttpResponse:
    """The form, the currencies that lack a rate, and the latest of all."""
    request.actor.must(Right.SET_UP)
    typed, wrong, wrong_home = request.POST.get("rates", "")[:_MOST], "", ""
    if "home" in request.POST:
        try:
            code = set_home(currency=request.POST["home"], by=request.actor)
        except (CannotChange, UnknownCurrency) as error:
            wrong_home = str(error)
        else:
            text = _("Everything is counted in %(code)s from now on.")
            messages.success(request, text % {"code": code})
            return redirect("exchange_rates")
    elif request.method == "POST":
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
        "fixed": fixed_home(),
        "typed_home": request.POST.get("home", "")[:20] or home(),
        "wrong_home": wrong_home,
        "revaluing": revaluing(),
        "lacking": lacking(actor=request.actor),
        "rates": list_rates(actor=request.actor)[:SHOWN],
        "typed": typed,
        "wrong": wrong,
    }
    return render(request, "web/orders/rates.html", context, status=422 if wrong or wrong_home else 200)
