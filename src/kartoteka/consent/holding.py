"""Legal holds: whose data must stay for a dispute or an authority, whatever the rules say and whoever asks."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.people.editing import own_identity
from kartoteka.people.models import Customer, Identity
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .models import LegalHold


class CannotHold(ValueError):
    """This cannot be held so; the message says what to do."""


def keep_for_law(*, customer: Customer, why: str, by: Actor) -> LegalHold:
    """Keep this customer's data until `let_go`. why: the dispute or the authority's number.

    Raises CannotHold, NotAllowed.
    """
    by.must(Right.PRIVACY)
    if not why.strip():
        raise CannotHold(_("Write for which dispute or authority their data must be kept."))
    with transaction.atomic():
        identity = own_identity(customer)
        made = LegalHold.objects.create(
            identity=identity, why=why.strip()[:300], at=timezone.now(), **by.as_columns
        )
        note(by=by, action="put under legal hold", matter="customer", key=customer.pk)
    return made


def let_go(*, customer: Customer, by: Actor) -> int:
    """The dispute is over: the rules hold for them again. How many holds there were. Raises NotAllowed."""
    by.must(Right.PRIVACY)
    ended = holds_of(customer).update(ended_at=timezone.now(), ended_by=by.name)
    if ended:
        note(by=by, action="ended legal hold", matter="customer", key=customer.pk)
    return ended


def holds_of(customer: Customer) -> QuerySet[LegalHold]:
    """The holds that stand on this customer now."""
    return LegalHold.objects.filter(identity__customer=customer, ended_at=None)


def held_now() -> QuerySet[Any]:
    """Whose data must stay now: rows with a `customer_id`."""
    return Identity.objects.filter(legal_holds__in=LegalHold.objects.filter(ended_at=None))


def anybody_held(customers: Iterable[int]) -> bool:
    """Whether one of these customers is under a hold."""
    return held_now().filter(customer__in=list(customers)).exists()
