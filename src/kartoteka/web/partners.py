"""Partners: lists compared by hashes, and who of those in both may be handed over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kartoteka.consent import exchanging
from kartoteka.consent.exchanging import CannotExchange
from kartoteka.consent.models import Channel, Exchange, Purpose
from kartoteka.consent.point_hashes import NoHashes
from kartoteka.consent.reasons import ALLOWING, Reason, in_words

from .access import SignedIn

_WAYS = [each for each in Channel.choices if each[0] in ("email", "sms", "phone")]


def partners(request: SignedIn) -> HttpResponse:
    """The exchanges there were, and the form to begin one."""
    context = {
        "exchanges": exchanging.exchanges(actor=request.actor),
        "purposes": [(each.key, f"{each.partner}: {each}") for each in exchanging.partner_purposes()],
        "ways": _WAYS,
    }
    return render(request, "web/partners/list.html", context)


@require_POST
def begin_exchange(request: SignedIn) -> HttpResponse:
    """A new exchange, with a salt of its own."""
    try:
        made = exchanging.begin(**_asked(request), by=request.actor)
    except CannotExchange as error:
        messages.error(request, str(error))
        return redirect("partners")
    return redirect("partner_exchange", made.pk)


@require_POST
def our_hashes(request: SignedIn) -> HttpResponse:
    """Our hashes by the partner's salt: of those who agreed to them, and of nobody else."""
    try:
        told = exchanging.hashes_for_partner(
            **_asked(request), salt=request.POST.get("salt", ""), by=request.actor
        )
    except (CannotExchange, NoHashes) as error:
        messages.error(request, str(error))
        return redirect("partners")
    return HttpResponse(
        "\n".join(["hash", *told, ""]),
        "text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="hashes.csv"', "Cache-Control": "no-store"},
    )


def _asked(request: SignedIn) -> dict[str, Any]:
    """The purpose that was chosen, and how to compare."""
    sent = request.POST
    purpose = next(
        (each for each in exchanging.partner_purposes() if each.key == sent.get("purpose")), Purpose()
    )
    return {"purpose": purpose, "channel": sent.get("channel", ""), "why": sent.get("why", "")}


def exchange(request: SignedIn, key: int) -> HttpResponse:
    """One exchange: its salt and how hashes are made, then the counts."""
    found = _found(request, key)
    answers = [
        (in_words(Reason(why)), count, why in ALLOWING) for why, count in sorted(found.answers.items())
    ]
    context = {"exchange": found, "answers": answers, "told": exchanging.as_data(found)}
    return render(request, "web/partners/exchange.html", context)


@require_POST
def compare_lists(request: SignedIn, key: int) -> HttpResponse:
    """Read the partner's list, compare, and forget the list."""
    found, file = _found(request, key), request.FILES.get("file")
    try:
        if file is None or file.file is None:
            raise CannotExchange(_("Choose the partner's file first."))
        exchanging.compare(exchange=found, stream=file.file, by=request.actor)
    except (CannotExchange, NoHashes) as error:
        messages.error(request, str(error))
    return redirect("partner_exchange", key)


@require_POST
def ask_for_partner_list(request: SignedIn, key: int) -> HttpResponse:
    """Ask for the file of those who agreed; it is written and approved like any export."""
    try:
        exchanging.ask_for_list(exchange=_found(request, key), format="csv", by=request.actor)
    except CannotExchange as error:
        messages.error(request, str(error))
        return redirect("partner_exchange", key)
    return redirect("exports")


def _found(request: SignedIn, key: int) -> Exchange:
    found = exchanging.exchange_of(actor=request.actor, key=key) if key < 2**63 else None
    if found is None:
        raise Http404
    return found
