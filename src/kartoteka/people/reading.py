"""Reading claims back, as resolve wants them, and what a customer's row does not hold because it is sensitive."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from kartoteka.kit import bulk

from .models import Claim, Customer
from .presence import PRESENT
from .record import Said, resolve
from .sealing import open_values

_AT_ONCE = 5000


def load_said(customers: Sequence[int], *, only: Collection[str] = ()) -> dict[int, list[Said]]:
    """All claims of these customers, opened, by customer. Customers without claims are not in it.

    only: what was said of these fields, and no other; all of them by default.
    """
    found: dict[int, list[Said]] = defaultdict(list)
    claims = Claim.objects.filter(identity__customer__in=customers)
    if only:
        claims = claims.filter(reduce(or_, (Q(values__has_key=key) for key in only)))
    rows = list(
        claims.values_list(
            "identity__customer_id",
            "id",
            "values",
            "standing",
            "identity__source__trust",
            "at",
            "identity_id",
        ).iterator(chunk_size=_AT_ONCE)
    )
    if only:
        rows = [(*row[:2], {key: row[2][key] for key in only if key in row[2]}, *row[3:]) for row in rows]
    open_values(row[2] for row in rows)
    for customer, key, values, standing, trust, at, identity in rows:
        found[customer].append(Said(key, values, standing, trust, at, identity))
    return found


def sensitive_values(customers: Sequence[int], fields: Collection[str]) -> dict[int, dict[str, Any]]:
    """What the records of these customers hold in these sensitive fields. For those alone whose row says there is any."""
    found: dict[int, dict[str, Any]] = {}
    for some in bulk.chunks(customers, _AT_ONCE):
        for customer, said in load_said(some, only=fields).items():
            found[customer] = resolve(said).values
    return found


def fill_in(customers: Sequence[Customer], fields: Collection[str]) -> None:
    """Put the values of these sensitive fields into the rows as they stand in memory, to be shown and never to be saved."""
    marked = [each for each in customers if any(each.more.get(key) == PRESENT for key in fields)]
    if not marked:
        return
    values = sensitive_values([each.pk for each in marked], fields)
    for each in marked:
        bare = {key: value for key, value in each.more.items() if key not in fields}
        each.more = {**bare, **values.get(each.pk, {})}
