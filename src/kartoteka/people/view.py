"""The view: what an actor reaches is asked again where something is done, not only where it was looked for."""

import datetime as dt

from django.utils import timezone

from kartoteka.trust.actor import Actor, NotAllowed, Right
from kartoteka.trust.models import AuditEntry

from .models import Customer

# For so long whoever opened a card has its customer before them.
BEFORE_THEM = dt.timedelta(hours=12)


def must_reach(actor: Actor, *customers: Customer) -> None:
    """Raise NotAllowed unless `actor` may open the cards of all these customers. Costs nothing where nobody is hidden."""
    if not actor.walled:
        return
    keys = {each.pk for each in customers}
    if Customer.objects.open_to(actor).filter(pk__in=keys).count() < len(keys):
        raise NotAllowed(Right.SEE)


def has_before_them(actor: Actor, customer: int) -> bool:
    """Whether an actor who looks customers up one at a time did something with this one lately, such as opening their card.

    What hangs on a customer often has a number, one after the other: who reaches nobody by lists must not reach everybody
    by counting up.
    """
    since = timezone.now() - BEFORE_THEM
    own = AuditEntry.objects.filter(actor_kind=actor.kind, actor_key=actor.key, at__gt=since)
    return own.filter(matter="customer", matter_key=str(customer)).exists()
