"""How many customers there are, how many are new, lack something, or have gone silent: one statement over the base."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from .checking import fields
from .completeness import weights_now
from .listing import lacks
from .models import Customer

NEW_DAYS = 30
SILENT_DAYS = 730
# The fields that count most; a home page of forty gaps helps nobody.
GAPS_SHOWN = 6


@dataclass(frozen=True)
class Tally:
    """The counts. gaps: field key -> how many lack it, the weightiest first."""

    customers: int
    organisations: int
    new: int
    silent: int
    gaps: dict[str, int]


def tally() -> Tally:
    """Count the whole base, in one pass over its table."""
    now = timezone.now()
    catalogue = fields()
    weights = weights_now()
    weighty = sorted((key for key in weights if key in catalogue), key=lambda key: (-weights[key], key))
    gaps = {f"gap_{place}": key for place, key in enumerate(weighty[:GAPS_SHOWN])}
    person = Q(kind=Customer.CustomerKind.PERSON)
    counts = Customer.objects.filter(merged_into=None).aggregate(
        customers=Count("pk"),
        organisations=Count("pk", filter=~person),
        new=Count("pk", filter=Q(made_at__gte=now - dt.timedelta(days=NEW_DAYS))),
        silent=Count("pk", filter=Q(heard_at__lt=now - dt.timedelta(days=SILENT_DAYS))),
        **{name: Count("pk", filter=lacks(catalogue[key])) for name, key in gaps.items()},
    )
    return Tally(
        customers=counts["customers"],
        organisations=counts["organisations"],
        new=counts["new"],
        silent=counts["silent"],
        gaps={key: counts[name] for name, key in gaps.items()},
    )
