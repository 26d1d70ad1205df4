"""What the gate must know of customers, read for as many as are asked of in a handful of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from kartoteka.people.models import Claim, Contact, Customer, Ground

from .listed import listed_now
from .models import Choice, Settling, Suppression
from .standing import Said

STAFF = "staff"  # the kind of source of what staff typed in: that is no proof of a purchase

# Each gives the keys of customers who must be left alone at some moment, as rows with the column `customer_id`.
_holds: list[Callable[[dt.datetime], "QuerySet[Any]"]] = []


def hold(query: Callable[[dt.datetime], "QuerySet[Any]"]) -> None:
    """Have the gate leave alone whom this query names: rows with a `customer_id`. Called from an app's `ready()`."""
    if query not in _holds:
        _holds.append(query)


def holds() -> Sequence[Callable[[dt.datetime], "QuerySet[Any]"]]:
    """All that was registered."""
    return tuple(_holds)


@dataclass(frozen=True)
class Reach:
    """A contact point of a customer. stopped: (why, purpose or None) of each suppression that holds.

    listed: (channel, since) of each register of people who want no advertising in which it stands.
    """

    point: int
    kind: str
    value: str
    stopped: frozenset[tuple[str, int | None]] = frozenset()
    listed: tuple[tuple[str, dt.datetime], ...] = ()

    def listed_since(self, channel: str) -> dt.datetime | None:
        """Since when it stands in a register that holds for this channel; None where it stands in none."""
        return max((since for its, since in self.listed if its == channel), default=None)


@dataclass(frozen=True)
class Facts:
    """All that the gate must know of one customer, at one moment.

    reaches: contact points, the preferred first. grounded: something is held of them on a ground in law. bought: something
    is held because of a contract. lines: of the ledger, for any purpose and channel.
    """

    customer: int
    merged: bool
    held: bool
    grounded: bool
    bought: bool
    birth: str
    country: str
    reaches: tuple[Reach, ...]
    lines: tuple[Said, ...]


def stopped_at(at: dt.datetime) -> Q:
    """The suppressions that hold at this moment."""
    return Q(at__lte=at) & (Q(ended_at=None) | Q(ended_at__gt=at))


def facts_of(customers: Sequence[int], *, at: dt.datetime) -> dict[int, Facts]:
    """The facts of these customers at this moment, by customer."""
    rows = Customer.objects.filter(pk__in=customers).values_list("pk", "merged_into", "birth", "country")
    held = {
        key
        for query in _holds
        for key in query(at).filter(customer_id__in=customers).values_list("customer_id", flat=True)
    }
    grounds = _grounds(customers)
    reaches = _reaches(customers, at)
    lines = _lines(customers)
    return {
        key: Facts(
            customer=key,
            merged=into is not None,
            held=key in held,
            grounded=any(ground in Ground.values for ground, _kind in grounds[key]),
            bought=any(ground == Ground.CONTRACT and kind != STAFF for ground, kind in grounds[key]),
            birth=birth,
            country=country,
            reaches=tuple(reaches[key]),
            lines=tuple(lines[key]),
        )
        for key, into, birth, country in rows
    }


def _grounds(customers: Sequence[int]) -> dict[int, set[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    rows = Claim.objects.filter(identity__customer__in=customers).values_list(
        "identity__customer", "batch__ground", "batch__source__kind"
    )
    for customer, ground, kind in rows.distinct():
        found[customer].add((ground, kind))
    return found


def _reaches(customers: Sequence[int], at: dt.datetime) -> dict[int, list[Reach]]:
    contacts = Contact.objects.filter(customer__in=customers).order_by("-preferred", "position", "pk")
    rows = list(contacts.values_list("customer", "point", "point__kind", "point__value"))
    stops: dict[int, set[tuple[str, int | None]]] = defaultdict(set)
    suppressed = Suppression.objects.filter(stopped_at(at), point__in={row[1] for row in rows})
    for point, why, purpose in suppressed.values_list("point", "why", "purpose"):
        stops[point].add((why, purpose))
    listed = listed_now({row[1] for row in rows})
    found: dict[int, list[Reach]] = defaultdict(list)
    for customer, point, kind, value in rows:
        reach = Reach(point, kind, value, frozenset(stops[point]), tuple(listed.get(point, ())))
        found[customer].append(reach)
    return found


def _lines(customers: Sequence[int]) -> dict[int, list[Said]]:
    settled: dict[int, set[int]] = defaultdict(set)
    # Only by lines of the same customer: a settling between two who are no longer one is none.
    pairs = Settling.objects.filter(choice__identity__customer__in=customers).values_list(
        "settled", "choice", "settled__identity__customer", "choice__identity__customer"
    )
    for old, new, one, other in pairs:
        if one == other:
            settled[old].add(new)
    found: dict[int, list[Said]] = defaultdict(list)
    rows = Choice.objects.filter(identity__customer__in=customers).values_list(
        "identity__customer", "pk", "identity", "purpose", "channel", "what", "at", "point", "confirmed", "guardian"
    )  # fmt: skip
    for customer, key, identity, purpose, channel, what, at, point, confirmed, guardian in rows:
        by = frozenset(settled[key])
        said = Said(key, identity, purpose, channel, what, at, point, confirmed, by, bool(guardian))
        found[customer].append(said)
    return found
