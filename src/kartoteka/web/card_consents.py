"""What a customer lets us do, on the card: each purpose and channel with its reason, and choices taken down on the spot."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kartoteka.consent.ledger import BadChoice
from kartoteka.consent.models import Choice
from kartoteka.consent.purposes import BadPurpose
from kartoteka.consent.taking import Taking, may_we, take_down
from kartoteka.people.models import Customer
from kartoteka.trust.actor import Right

from .access import SignedIn
from .card import wanted
from .toasts import toast

# How a member of staff can have heard it.
HEARD = (Choice.How.COUNTER, Choice.How.CALL, Choice.How.PAPER, Choice.How.MESSAGE)


@require_http_methods(["GET", "POST"])
def card_consents(request: SignedIn, card: str) -> HttpResponse:
    """The section, or a choice taken down and the section as it is then."""
    request.actor.must(Right.SEE)
    customer = wanted(request, card)
    if request.method == "GET":
        return _section(request, customer)
    sent = request.POST
    taking = Taking(
        purpose=sent.get("purpose", ""),
        channel=sent.get("channel", ""),
        what=sent.get("what", ""),
        how=sent.get("how", ""),
        place=sent.get("place", "")[:255],
        point=sent.get("point", ""),
        guardian=sent.get("guardian", "")[:150],
    )
    try:
        take_down(customer=customer, taking=taking, by=request.actor)
    except (BadChoice, BadPurpose) as error:
        return toast(_section(request, customer), str(error), kind="bad")
    said = _("Written down: they agreed.") if taking.what == "given" else _("Written down: they said no.")
    return toast(_section(request, customer), said)


def _section(request: SignedIn, customer: Customer) -> HttpResponse:
    context = {
        "customer": customer,
        "found": may_we(customer=customer, actor=request.actor),
        "may_change": request.actor.may(Right.CHANGE),
        "heard": [(each.value, each.label) for each in HEARD],
        "guardian": request.POST.get("guardian", ""),
        "how": request.POST.get("how", Choice.How.COUNTER),
    }
    return render(request, "web/card/consents.html", context)
