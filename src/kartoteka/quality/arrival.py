"""Arrival: whom something that comes in is sure to belong to, told at once by sure keys.

Sure are a card number, and a verified contact point together with a name that agrees. Everything else waits for the
matching, which sees the whole base. (The same key at the same source is known before this is asked.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kartoteka.kit import bulk
from kartoteka.kit.ids import read_card
from kartoteka.people.models import Contact, ContactPoint, Customer, Identity
from kartoteka.standard.names import fold, same_given


class Coming(NamedTuple):
    """One arrival before it is placed: its key at the source, its standard values, the card number it names or ""."""

    key: str
    values: Mapping[str, Any]
    card: str = ""


@dataclass(frozen=True, slots=True)
class Sure:
    """With which customer an arrival belongs for sure, and beside which identity; nothing where that is not known."""

    customer: int | None = None
    beside: int | None = None


NOBODY = Sure()


def sure_matches(arrivals: Sequence[Coming], *, source: int) -> list[Sure]:
    """For the first arrivals, as many as can be told at once, where each is sure to belong; at least for the first one.

    An arrival can change whom a later one belongs with (by a phone it brings, a name it corrects). So the list stops before
    the first that could hang on one in front of it: write those, then ask again for the rest. That way many rows at a time
    give the same base as one by one.
    """
    by_card = _by_card([each.card for each in arrivals if each.card])
    verified = _verified(arrivals)
    if not by_card and not verified:
        return [NOBODY] * len(arrivals)
    owners = _owners(verified)
    known = dict(
        bulk.fetch(
            Identity,
            ("key", "customer_id"),
            by="key",
            among=list({each.key for each in arrivals}),
            also={"source_id": source},
        )
    )
    anchors = _first_identities([*by_card.values(), *(one["id"] for some in owners.values() for one in some)])
    touched: set[object] = set()
    found: list[Sure] = []
    for each in arrivals:
        points = [point for point in _points(each.values) if point in verified]
        customer = by_card.get(read_card(each.card)) if each.card else None
        candidates = [one for point in points for one in owners.get(point, ())]
        hangs_on = {each.key, *points, *(one["id"] for one in candidates), customer, known.get(each.key)} - {
            None
        }
        if touched & hangs_on:
            break
        if customer is None:
            customer = min((one["id"] for one in candidates if agree(each.values, one)), default=None)
        touched |= hangs_on
        found.append(NOBODY if customer is None else Sure(customer, anchors.get(customer)))
    return found


def agree(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two names are the same: family and given name, a diminutive counting as its name; or the company."""
    if one.get("family") and other.get("family"):
        return (
            fold(one["family"]) == fold(other["family"])
            and bool(one.get("given") and other.get("given"))
            and same_given(one["given"], other["given"])
            and fold(one.get("suffix") or "") == fold(other.get("suffix") or "")
        )
    if one.get("company") and other.get("company") and not (one.get("family") or other.get("family")):
        return fold(one["company"]) == fold(other["company"])
    return False


def _points(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        *(("phone", each["value"]) for each in values.get("phones") or () if each.get("value")),
        *(("email", each["value"]) for each in values.get("emails") or () if each.get("value")),
    ]


def _by_card(typed: Sequence[str]) -> dict[str, int]:
    cards = {card for card in map(read_card, typed) if card}
    found = bulk.fetch(Customer, ("card", "id", "merged_into_id"), by="card", among=list(cards))
    into = {customer: above for _card, customer, above in found if above is not None}
    edge = set(into.values())
    while edge:
        above = bulk.fetch(Customer, ("id", "merged_into_id"), by="id", among=list(edge))
        into.update({customer: kept for customer, kept in above if kept is not None})
        edge = {kept for _customer, kept in above if kept is not None}

    def now(customer: int) -> int:
        while customer in into:
            customer = into[customer]
        return customer

    return {card: now(customer) for card, customer, _above in found}


def _verified(arrivals: Sequence[Coming]) -> dict[tuple[str, str], int]:
    """The keys of those contact points that the arrivals bring and that are verified."""
    if not ContactPoint.objects.filter(verified_at__isnull=False).exists():
        return {}
    wanted = {point for each in arrivals for point in _points(each.values)}
    rows = bulk.fetch(
        ContactPoint,
        ("kind", "value", "id", "verified_at"),
        by="value",
        among=list({value for _, value in wanted}),
    )
    return {(kind, value): key for kind, value, key, at in rows if at and (kind, value) in wanted}


def _owners(verified: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Who can be reached at each of these contact points, with their names."""
    links = bulk.fetch(Contact, ("point_id", "customer_id"), by="point_id", among=list(verified.values()))
    columns = ("id", "given", "family", "suffix", "company")
    rows = bulk.fetch(Customer, columns, by="id", among=list({customer for _, customer in links}))
    people = {row[0]: dict(zip(columns, row, strict=True)) for row in rows}
    at_point: dict[int, list[dict[str, Any]]] = {}
    for point, customer in links:
        at_point.setdefault(point, []).append(people[customer])
    return {point: at_point.get(key, []) for point, key in verified.items()}


def _first_identities(customers: Sequence[int]) -> dict[int, int]:
    first: dict[int, int] = {}
    for customer, identity in bulk.fetch(
        Identity, ("customer_id", "id"), by="customer_id", among=list(set(customers))
    ):
        first[customer] = min(identity, first.get(customer, identity))
    return first
