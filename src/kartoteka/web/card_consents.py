"""What a customer lets us do, on the card: each purpose and channel with its reason, and choices taken down on the spot."""

from __future__ import annotations

from mimetypes import guess_extension

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kartoteka.consent.ledger import BadChoice
from kartoteka.consent.models import Choice
from kartoteka.consent.proofs import proof_of
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
        proof=proof.file if (proof := request.FILES.get("proof")) else None,
    )
    try:
        written = take_down(customer=customer, taking=taking, by=request.actor)
    except (BadChoice, BadPurpose) as error:
        return toast(_section(request, customer), str(error), kind="bad")
    said = _("Written down: they agreed.") if taking.what == "given" else _("Written down: they said no.")
    if written.mailed:
        said = _(
            "Written down. It counts once they press the button behind the link we sent to their e-mail."
        )
    return toast(_section(request, customer), said)


def consent_proof(request: SignedIn, card: str, choice: int) -> HttpResponse:
    """What they signed, or the recording: as a file, for who may see contact points whole."""
    request.actor.must(Right.REVEAL)
    customer = wanted(request, card)
    found = proof_of(customer=customer, choice=min(choice, 2**63 - 1), by=request.actor)
    if found is None:
        raise Http404
    answer = HttpResponse(found.content, content_type=found.media)
    name = f"{customer.card}-{choice}{guess_extension(found.media) or ''}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _section(request: SignedIn, customer: Customer) -> HttpResponse:
    context = {
        "customer": customer,
        "found": may_we(customer=customer, actor=request.actor),
        "may_change": request.actor.may(Right.CHANGE),
        "may_prove": request.actor.may(Right.REVEAL),
        "may_privacy": request.actor.may(Right.PRIVACY),
        "heard": [(each.value, each.label) for each in HEARD],
        "guardian": request.POST.get("guardian", ""),
        "how": request.POST.get("how", Choice.How.COUNTER),
    }
    return render(request, "web/card/consents.html", context)
