"""Retention: the rules, what each would take now, and the switch; and the legal hold on a customer's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from kartoteka.consent import holding, retention
from kartoteka.consent.countries import LAWS
from kartoteka.consent.holding import CannotHold
from kartoteka.consent.retention import BadRetention, RuleNow

from .access import SignedIn
from .card import wanted

_TYPED = ("what", "ground", "source", "country", "months", "why")


@require_http_methods(["GET", "POST"])
def rules(request: SignedIn) -> HttpResponse:
    """Every rule, and a form for one more."""
    typed = {name: request.POST.get(name, "").strip() for name in _TYPED}
    error: BadRetention | None = None
    if request.method == "POST":
        try:
            number = typed["months"] if typed["months"].isdecimal() and len(typed["months"]) < 6 else "-1"
            source = typed["source"] if typed["source"].isdecimal() and len(typed["source"]) < 18 else "0"
            given = {name: typed[name] for name in ("what", "ground", "country", "why")}
            made = retention.add(**given, months=int(number), source=int(source), by=request.actor)
        except BadRetention as problem:
            error = problem
        else:
            messages.success(request, _("Added, and switched off. See first what it would take."))
            return redirect("retention_rule", made.pk)
    sources = retention.sources_to_choose(actor=request.actor)
    context = {
        "rules": retention.rules(actor=request.actor),
        "typed": {**typed, "months": typed["months"] or "24"},
        "errors": {error.field: str(error)} if error else {},
        "whats": retention.what_choices(),
        "grounds": retention.ground_choices(),
        "sources": [("", gettext_lazy("any")), *((str(each.pk), each.name) for each in sources)],
        "countries": [("", gettext_lazy("any")), *((code, str(law.name)) for code, law in LAWS.items())],
    }
    return render(request, "web/retention/list.html", context, status=422 if error else 200)


@require_POST
def usual_rules(request: SignedIn) -> HttpResponse:
    """Begin with the usual ones of the business's country."""
    retention.make_presets(by=request.actor)
    return redirect("retention")


def rule(request: SignedIn, key: int) -> HttpResponse:
    """One rule: what it would take now, and the switch."""
    found = _found(request, key)
    told = retention.preview(rule=found.rule, actor=request.actor)
    return render(request, "web/retention/rule.html", {"found": found, "rule": found.rule, "told": told})


@require_POST
def switch_rule(request: SignedIn, key: int) -> HttpResponse:
    """Have the clock run it, or no more."""
    on = request.POST.get("on") == "1"
    retention.switch(rule=_found(request, key).rule, on=on, by=request.actor)
    messages.success(
        request, _("On. It begins in a moment.") if on else _("Off. Nothing goes by it any more.")
    )
    return redirect("retention_rule", key)


@require_POST
def end_rule(request: SignedIn, key: int) -> HttpResponse:
    """Take it off the list."""
    retention.end(rule=_found(request, key).rule, by=request.actor)
    return redirect("retention")


def _found(request: SignedIn, key: int) -> RuleNow:
    found = retention.rule_of(actor=request.actor, key=key)
    if found is None:
        raise Http404
    return found


@require_POST
def hold_customer(request: SignedIn, card: str) -> HttpResponse:
    """Keep their data for a dispute, or no more."""
    customer = wanted(request, card)
    if request.POST.get("end"):
        holding.let_go(customer=customer, by=request.actor)
        messages.success(request, _("The legal hold is over."))
        return redirect("customer_privacy", customer.card)
    try:
        holding.keep_for_law(customer=customer, why=request.POST.get("why", ""), by=request.actor)
    except CannotHold as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Their data stays until you end the hold."))
    return redirect("customer_privacy", customer.card)
