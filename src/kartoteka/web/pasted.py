"""A message pasted in, read into a draft of an order, looked at by staff and taken down."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kartoteka.activity.currencies import home
from kartoteka.intake.messages.reading import Draft
from kartoteka.intake.messages.taking import CHANNELS, BadDraft, Line, Looked, draft_of, take_message
from kartoteka.trust.actor import Right

from .access import SignedIn

_SPARE = 2


@require_http_methods(["GET", "POST"])
def pasted_order(request: SignedIn) -> HttpResponse:
    """One field for the message; then the draft, each guess marked; then the customer's card."""
    request.actor.must(Right.CHANGE)
    sent = request.POST
    if request.method != "POST":
        return render(request, "web/pasted/page.html", {})
    if "confirm" not in sent:
        return _read(request, sent.get("text", ""))
    looked = Looked(
        text=sent.get("text", ""),
        name=sent.get("name", ""),
        phone=sent.get("phone", ""),
        email=sent.get("email", ""),
        when=sent.get("when", ""),
        where=sent.get("where", ""),
        channel=sent.get("channel", ""),
        currency=sent.get("currency", ""),
        lines=tuple(
            Line(*each)
            for each in zip(
                sent.getlist("item"), sent.getlist("quantity"), sent.getlist("price"), strict=False
            )
        ),
    )
    try:
        order = take_message(looked=looked, by=request.actor)
    except BadDraft as error:
        return _form(request, looked, (), status=422, errors={error.field: str(error)})
    messages.success(request, _("Order %(number)s is taken down.") % {"number": order.number})
    assert order.identity is not None
    return redirect("customer", order.identity.customer.card)


def _read(request: SignedIn, text: str) -> HttpResponse:
    try:
        draft = draft_of(text=text, by=request.actor)
    except BadDraft as error:
        return render(request, "web/pasted/page.html", {"errors": {error.field: str(error)}}, status=422)
    looked = Looked(
        text=draft.text,
        name=draft.name.text,
        phone=draft.phone.text,
        email=draft.email.text,
        when=draft.when.text,
        where=draft.where.text,
        channel=draft.channel or "sms",
        currency=draft.currency or home(),
        lines=tuple(
            Line(each.name, f"{each.quantity.normalize():f}", "" if each.price is None else f"{each.price:f}")
            for each in draft.items
        ),
    )
    return _form(request, looked, _unsure(draft))


def _unsure(draft: Draft) -> set[str | int]:
    """What is a guess: fields by their names, lines by their places."""
    fields = {
        "name": draft.name, "phone": draft.phone, "email": draft.email, "when": draft.when, "where": draft.where,
    }  # fmt: skip
    return {name for name, guess in fields.items() if guess.text and not guess.sure} | {
        place for place, each in enumerate(draft.items) if not each.sure
    }


def _form(
    request: SignedIn,
    looked: Looked,
    unsure: Collection[str | int],
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "looked": looked,
        "hints": {name: _("A guess: look at it once.") for name in unsure if isinstance(name, str)},
        "lines": [
            (each, place in unsure) for place, each in enumerate((*looked.lines, *[Line("", "")] * _SPARE))
        ],
        "channels": [(each, _CHANNEL_NAMES[each]) for each in CHANNELS],
        "errors": errors or {},
    }
    return render(request, "web/pasted/draft.html", context, status=status)


_CHANNEL_NAMES = {
    "whatsapp": "WhatsApp",
    "viber": "Viber",
    "sms": "SMS",
    "messenger": "Messenger",
    "phone": "☎",
}
