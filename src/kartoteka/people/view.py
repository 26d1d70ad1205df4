"""The view: what an actor reaches is asked again where something is done, not only where it was looked for."""

from kartoteka.trust.actor import Actor, NotAllowed, Right

from .models import Customer


def must_reach(actor: Actor, *customers: Customer) -> None:
    """Raise NotAllowed unless `actor` may open the cards of all these customers. Costs nothing where nobody is hidden."""
    if not actor.walled:
        return
    keys = {each.pk for each in customers}
    if Customer.objects.open_to(actor).filter(pk__in=keys).count() < len(keys):
        raise NotAllowed(Right.SEE)
