"""Letters about a request: that it takes longer, was refused, or was done; by e-mail, in the customer's language.

They answer a right that the customer has by law, so no purpose is asked for.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor

from .countries import law_of
from .held import day_of
from .ledger import BadChoice
from .links import language_of
from .mailing import send
from .models import PrivacyRequest, RequestStep

_Kind, _What = PrivacyRequest.Kind, RequestStep.What


class NotTold(ValueError):
    """What was to be done is done, but the letter about it did not leave; the message says what to do."""


@dataclass(frozen=True)
class Addressee:
    """To whom a letter goes. Known before the answer, as after an erasure nothing is left to know it by."""

    email: str
    language: str
    country: str


def addressee(customer: Customer | None) -> Addressee | None:
    """The customer's best e-mail address with their language; None where there is none to write to."""
    if customer is None or not customer.email:
        return None
    return Addressee(customer.email, language_of(customer), customer.country)


def write(*, step: RequestStep, to: Addressee, by: Actor) -> None:
    """Send the customer what a step of their request means for them, and write down that they were told.

    Of the letter its SHA-256 is kept, as proof. Raises NotTold; the step stands nevertheless.
    """
    with translation.override(to.language):
        asked = day_of(step.request.asked_at)
        text = _("Hello,\n\nyou asked us on %(asked)s about your data. %(answer)s\n") % {
            "asked": asked,
            "answer": _answer(step, law_of(to.country).authority),
        }
        subject = _("What you asked us on %(asked)s") % {"asked": asked}
    _post(to, subject, text)
    RequestStep.objects.create(
        request=step.request,
        what=_What.TOLD,
        at=timezone.now(),
        **by.as_columns,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def write_of_end(to: Addressee) -> None:
    """Tell them that a restriction ends, which they must hear (GDPR art. 18(3)). Raises NotTold."""
    with translation.override(to.language):
        text = _(
            "Hello,\n\nyou had asked us to keep your data and not to use it. That ends today: from now on we use it again, "
            "as far as you allow.\n"
        )
        subject = _("Your data with us")
    _post(to, subject, text)


def _post(to: Addressee, subject: str, text: str) -> None:
    try:
        send(to=to.email, subject=subject, text=text)
    except BadChoice as problem:
        raise NotTold(
            _("It is done, but the e-mail about it could not be sent. Tell them another way.")
        ) from problem


def _answer(step: RequestStep, authority: str) -> str:
    """What a step means for the customer, in the active language."""
    if step.what == _What.EXTENDED:
        until = formats.date_format(dt.date.fromisoformat(step.done["until"]), "DATE_FORMAT")
        words = _(
            "It takes us longer: you hear from us by %(until)s. This is why:\n\n%(why)s\n\n%(complain)s"
        )
        return words % {"until": until, "why": step.note, "complain": _complain(authority)}
    if step.what == _What.REFUSED:
        words = _("We cannot do what you asked. This is why:\n\n%(why)s\n\n%(complain)s")
        return words % {"why": step.note, "complain": _complain(authority)}
    done = {
        _Kind.CORRECTION: _("We have corrected it as you said."),
        _Kind.ERASURE: _(
            "All we knew of you is gone from our base. What a law has us keep, such as invoices, stays without being used."
        ),
        _Kind.RESTRICTION: _("We keep it and use it for nothing, until we write to you that this ends."),
        _Kind.OBJECTION: _("We no longer use it for advertising, by any way."),
        _Kind.ACCESS: _("You are given a file with all we know of you."),
        _Kind.PORTABILITY: _("You are given a file with all we know of you."),
    }
    return "\n\n".join(filter(None, [done[_Kind(step.request.kind)], step.note]))


def _complain(authority: str) -> str:
    if not authority:
        return _(
            "If you think that this is wrong, you may complain to the data protection authority, or go to court."
        )
    return _("If you think that this is wrong, you may complain to %(authority)s, or go to court.") % {
        "authority": authority
    }
