"""Double opt-in: a link is sent to an address, and a choice counts once somebody who reads it there has clicked.

The token is signed, so that junk costs no look into the base; the base keeps only its hash. To open the link changes
nothing, as mail scanners open links too: it is the button on its page that confirms.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kartoteka.people.models import ContactPoint, Customer
from kartoteka.trust.actor import Actor, Right

from . import ledger
from .mailing import send
from .models import Asking, Channel, Choice, Purpose, Suppression, Wording
from .public import address_of
from .purposes import wording_for
from .suppressing import lift_all

LIFE = dt.timedelta(days=7)
PATH = "/confirm/"
_A_DAY = 3  # so that nobody can fill somebody else's letter box through us
_signer = signing.Signer(salt="kartoteka.consent.asking")


@dataclass(frozen=True)
class Confirmation:
    """What a link would confirm, or has confirmed: the purpose, the very words, in their language."""

    purpose: Purpose
    channel: str
    words: str
    language: str
    done: bool


def customer_actor(customer: Customer) -> Actor:
    """The customer themselves, who may change their own choices."""
    return Actor("customer", customer.pk, _("the customer"), frozenset({Right.SEE, Right.CHANGE}))


def ask(
    *,
    customer: Customer,
    purpose: Purpose,
    point: int,
    taken: ledger.Taken,
    by: Actor,
    wording: Wording | None = None,
) -> Choice:
    """Send a link to this e-mail address with which the customer confirms the choice; it holds for seven days.

    point: the key of the contact point. taken: where they were asked. wording: the words they were shown, else those of
    today in the customer's language. Raises BadChoice (no such address of theirs, the mail server refused), NotAllowed.
    """
    language = taken.language or customer.language or translation.get_language() or "en"
    words = wording or taken.wording or wording_for(purpose, Channel.EMAIL, language)
    token = _signer.sign(secrets.token_urlsafe(24))
    told = ledger.Taken(
        how=taken.how,
        place=taken.place,
        wording=words,
        language=language,
        point=point,
        evidence=taken.evidence,
    )
    _must_be_free(point)
    with transaction.atomic():
        choice = ledger.asked(customer=customer, purpose=purpose, channel=Channel.EMAIL, taken=told, by=by)
        Asking.objects.create(choice=choice, hash=_hash(token), expires_at=timezone.now() + LIFE)
    # Outside the transaction: a slow mail server must not keep everybody else from writing.
    try:
        _send(ContactPoint.objects.get(pk=point).value, purpose, words, token, language)
    except ledger.BadChoice:
        ledger.was_not_asked(choice)
        raise
    return choice


def _must_be_free(point: int) -> None:
    """Raise BadChoice for an address that came back or complained, or was asked often enough today."""
    stops = [Suppression.Why.BOUNCE, Suppression.Why.COMPLAINT]
    if Suppression.objects.filter(point=point, ended_at=None, why__in=stops).exists():
        raise ledger.BadChoice(
            "point", _("Mail to this address came back, or its owner complained. Ask for another.")
        )
    lately = Choice.objects.filter(
        point=point, what=Choice.What.ASKED, at__gt=timezone.now() - dt.timedelta(days=1)
    )
    if lately.count() >= _A_DAY:
        raise ledger.BadChoice(
            "point", _("This address has been sent three links today. Try again tomorrow.")
        )


def _send(to: str, purpose: Purpose, words: Wording | None, token: str, language: str) -> None:
    # In the customer's language is the mail, not what staff are told where it cannot be sent.
    with translation.override(language):
        subject = _("Please confirm: %(purpose)s") % {"purpose": purpose.name_in(language)}
        text = _(
            "Hello,\n\nsomebody gave us this address and said:\n\n%(words)s\n\nWas it you? Then open this page and "
            "press the button:\n\n%(address)s\n\nIf it was not you, do nothing: nothing will be sent, and the link "
            "ends in seven days.\n"
        ) % {
            "words": words.text if words else purpose.name_in(language),
            "address": address_of(PATH + token),
        }
    send(to=to, subject=subject, text=text)


def look_up(token: str) -> Confirmation | None:
    """What this link would confirm, without confirming it; None where it is unknown or has ended."""
    asking = _asking(token)
    if asking is None:
        return None
    choice = asking.choice
    words = choice.wording.text if choice.wording else choice.purpose.name_in(choice.language)
    return Confirmation(choice.purpose, choice.channel, words, choice.language, asking.used_at is not None)


def confirm(*, token: str, evidence: Mapping[str, Any] | None = None) -> Confirmation | None:
    """The customer pressed the button: the choice is given, through the address itself. Twice is once.

    evidence: what shows it (ip, agent). None where the link is unknown or has ended. Whatever that address had unsubscribed
    from for this purpose is lifted, as it speaks for itself.
    """
    with transaction.atomic():
        found = look_up(token)
        asking = _asking(token)
        if found is None or asking is None or found.purpose.ended_at is not None:
            return None
        # The update decides a race: only one of two callers sees a changed row.
        if not Asking.objects.filter(pk=asking.pk, used_at=None).update(used_at=timezone.now()):
            return found
        choice = asking.choice
        customer = choice.identity.customer
        by = customer_actor(customer)
        point = choice.point_id
        ledger.give(
            customer=customer,
            purpose=choice.purpose,
            channel=choice.channel,
            taken=ledger.Taken(
                how=Choice.How.LINK,
                place=choice.place,
                wording=choice.wording,
                language=choice.language,
                point=point,
                evidence={**(evidence or {}), "asked": choice.pk},
                confirmed=True,
            ),
            by=by,
        )
        if point is not None:
            why = [Suppression.Why.UNSUBSCRIBE]
            lift_all(point=point, purpose=choice.purpose, why=why, said=_("confirmed by link"), by=by)
    return Confirmation(found.purpose, found.channel, found.words, found.language, True)


def _asking(token: str) -> Asking | None:
    try:
        _signer.unsign(token)
    except signing.BadSignature:
        return None
    rows = Asking.objects.filter(hash=_hash(token), expires_at__gt=timezone.now())
    return rows.select_related("choice__purpose", "choice__wording", "choice__identity__customer").first()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
