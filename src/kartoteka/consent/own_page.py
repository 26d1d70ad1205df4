"""What a customer does on their own page: correct, ask, take along. Each becomes a request, with its proof."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kartoteka.people.models import Customer
from kartoteka.trust.actor import SYSTEM

from .along import as_json, as_pdf
from .correcting import changes_for
from .links import Visit
from .models import PrivacyRequest
from .requests import BadRequest, Handed, answer, receive

_Kind, _Through = PrivacyRequest.Kind, PrivacyRequest.Through
FORMS: Mapping[str, Callable[[Customer], Handed]] = {"json": as_json, "pdf": as_pdf}
# What the page asks for in words; the others have their own parts of it.
ASKED = (_Kind.ERASURE, _Kind.RESTRICTION, _Kind.OBJECTION, _Kind.ACCESS)


def ask(*, visit: Visit, kind: str, said: str = "") -> PrivacyRequest:
    """Take down what the customer asks: to be forgotten, to restrict or stop the use, to be told. Raises BadRequest.

    To stop all advertising needs nobody's yes (GDPR art. 21(3)): it is done at once, as their switches are.
    """
    if kind not in ASKED:
        raise BadRequest("kind", _("This cannot be asked here."))
    with transaction.atomic():
        made = _received(visit, kind, said=said)
        if kind == _Kind.OBJECTION:
            answer(request=made, by=SYSTEM)
    return made


def correct(*, visit: Visit, field: str, place: int, text: str) -> PrivacyRequest:
    """The customer says that a value is wrong, and what it should be; staff confirm it before it counts.

    The rest: see `changes_for`. Raises BadRequest, BadValue.
    """
    changes = changes_for(visit.customer, field=field, place=place, text=text)
    return _received(visit, _Kind.CORRECTION, changes=changes)


def take_along(*, visit: Visit, form: str) -> Handed:
    """All we hold, as a file for the customer to keep; the request and the file's hash are kept. Raises BadRequest."""
    if form not in FORMS:
        raise BadRequest("form", _("Choose one of: %(all)s.") % {"all": ", ".join(FORMS)})
    with transaction.atomic():
        handed = FORMS[form](visit.customer)
        answer(request=_received(visit, _Kind.PORTABILITY), by=SYSTEM, handed=handed)
    return handed


def _received(
    visit: Visit, kind: str, *, said: str = "", changes: Mapping[str, Any] | None = None
) -> PrivacyRequest:
    """The request, known to be theirs as they came by a link of theirs."""
    # Staff read it, so it is not in the customer's language.
    with translation.override(settings.LANGUAGE_CODE):
        known_by = (
            _("by the link sent to their e-mail") if visit.link.mailed else _("by the link they were given")
        )
    return receive(
        customer=visit.customer,
        kind=kind,
        through=_Through.PAGE,
        by=visit.actor,
        said=said,
        changes=changes,
        known_by=known_by,
    )
