"""How many customers there are, how many are new, lack something, or have facts to be confirmed anew."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from kartoteka.trust.actor import Actor

from .checking import fields
from .freshness import day_of
from .listing import lacks
from .models import NO_PERSON, Customer
from .rules import weights_now

NEW_DAYS = 30
# The fields that count most; a home page of forty gaps helps nobody.
GAPS_SHOWN = 6
# With an order, and a limit that keeps it, the count is read off the index of those who lack the field.
_ALL = 2**62


@dataclass(frozen=True)
class Tally:
    """The counts. stale: with a fact to be confirmed anew. gaps: field key -> how many lack
    it, the weightiest first."""

    customers: int
    organisations: int
    new: int
    stale: int
    gaps: dict[str, int]


def tally(*, actor: Actor | None = None) -> Tally:
    """Count the whole base, or what `actor` sees of it: each number is the length of an index."""
    now = timezone.now()
    catalogue = fields()
    weights = weights_now()
    weighty = sorted((key for key in weights if key in catalogue), key=lambda key: (-weights[key], key))
    alive = Customer.objects.filter(merged_into=None)
    if actor is not None:
        alive = Customer.objects.visible_to(actor)
    return Tally(
        customers=alive.count(),
        organisations=alive.filter(NO_PERSON).count(),
        new=alive.filter(made_at__gte=now - dt.timedelta(days=NEW_DAYS)).count(),
        stale=alive.filter(due_on__lt=day_of(now)).count(),
        gaps={
            key: alive.filter(lacks(catalogue[key])).order_by("sort_name")[:_ALL].count()
            for key in weighty[:GAPS_SHOWN]
        },
    )
