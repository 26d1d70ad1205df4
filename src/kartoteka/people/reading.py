"""Reading claims back, as resolve wants them."""

from collections import defaultdict
from collections.abc import Sequence

from .models import Claim
from .record import Said


def load_said(customers: Sequence[int]) -> dict[int, list[Said]]:
    """All claims of these customers, by customer. Customers without claims are not in it."""
    found: dict[int, list[Said]] = defaultdict(list)
    claims = Claim.objects.filter(identity__customer__in=customers).values_list(
        "identity__customer_id", "id", "values", "standing", "identity__source__trust", "at", "identity_id"
    )
    for customer, key, values, standing, trust, at, identity in claims.iterator(chunk_size=5000):
        found[customer].append(Said(key, values, standing, trust, at, identity))
    return found
