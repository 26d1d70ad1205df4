"""The gate for a whole base: customers who are alike to it are judged once, by `gate.decide` itself.

Of each customer no more is read than what the gate looks at: a handful of statements for each 20,000 customers. What is
read is put into a pattern without names, keys and moments (which contact points are stopped and why, what was said in which
order, which of it is too old). A base of a million knows some dozens of patterns, so that judging is a look into a table.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from kartoteka.kit import bulk
from kartoteka.people.models import Batch, Claim, Contact, Customer, Ground

from .countries import law_of
from .facts import STAFF, Facts, Reach, facts_of, holds, stopped_at
from .gate import Asked, decide, is_child
from .listed import registers_for
from .models import Choice, Listed, Settling, Suppression
from .quiet import quiet
from .reasons import ALLOWING, Reason
from .standing import Said

AT_ONCE = 20_000
_FEW_STOPS = 100_000
_LITTLE = dt.timedelta(microseconds=1)

Stops = frozenset[tuple[str, int | None]]
# A line of the ledger: what was said, whether it is young enough, confirmed, a guardian's, settled; then identity and
# contact point by their place, and the places of the lines that settle it.
Line = tuple[str, int, int, int, int, int, int | None, frozenset[int]]
Row = tuple[int, int | None, str, str]
Verdict = tuple[Reason, int | None]


class Pattern(NamedTuple):
    """What the gate sees of a customer. birth: only of whoever may be a child. lines: the oldest first; none
    where a register names one of their contact points, as the moments of these must be compared one by one."""

    merged: bool
    held: bool
    grounded: bool
    bought: bool
    birth: str
    country: str
    stops: tuple[Stops, ...]
    # The places of the contact points that a register names; the one past the last, where it names the customer.
    listed: tuple[int, ...]
    lines: tuple[Line, ...]


_FREE: Stops = frozenset()
_BY_NONE: frozenset[int] = frozenset()
_NO_POINTS: tuple[int, ...] = ()
_NOWHERE: tuple[int, ...] = ()


def judged(
    customers: "QuerySet[Customer] | Iterable[int]", asked: Asked, *, at_once: bool = False
) -> Iterator[tuple[int, Reason, int | None]]:
    """What the gate says of each of these customers: (customer, reason, contact point to use or None), in no order.

    at_once: they are reached at the moment that is asked of, so that quiet times count.
    """
    known: dict[tuple[Any, ...], Verdict] = {}
    stops = _few_stops(asked) if isinstance(customers, QuerySet) else None
    for rows in _some(customers):
        found = _judge(rows, asked, known, stops)
        yield from _in_peace(list(found), rows, asked) if at_once else found


def _in_peace(
    found: list[tuple[int, Reason, int | None]], rows: Sequence[Row], asked: Asked
) -> Iterator[tuple[int, Reason, int | None]]:
    """The same, but for those who may be reached and are in quiet times."""
    countries = {row[0]: row[3] for row in rows}
    reached = {key: (countries[key], point) for key, reason, point in found if reason in ALLOWING}
    told = quiet(reached, asked)
    return ((key, told.get(key, reason), point) for key, reason, point in found) if told else iter(found)


def _some(customers: "QuerySet[Customer] | Iterable[int]") -> Iterator[list[Row]]:
    columns = ("pk", "merged_into", "birth", "country")
    if isinstance(customers, QuerySet):
        # In the order of the keys the other tables are read where the last read ended.
        rows = customers.order_by("pk").values_list(*columns).iterator(chunk_size=AT_ONCE)
        yield from bulk.chunks(rows, AT_ONCE)
        return
    for keys in bulk.chunks(customers, AT_ONCE):
        yield bulk.rows_of(Customer.objects.filter(pk__in=bulk.these(keys)).values_list(*columns))


def _judge(
    rows: Sequence[Row], asked: Asked, known: dict[tuple[Any, ...], Verdict], stops: dict[int, Stops] | None
) -> Iterator[tuple[int, Reason, int | None]]:
    keys = [row[0] for row in rows]
    held = _held(keys, asked)
    groundless, bought = _grounds(keys, asked)
    points = _reaches(keys, asked)
    if stops is None:
        among = bulk.these(chain.from_iterable(points.values()))
        stops = _by_point(_stopping(asked).filter(point__in=among)) if points else {}
    said, more = _said(keys, asked)
    settled = _settled(more)
    listed = _listed(keys, asked, points)
    if listed:
        alone = [key for key in listed if key in said]
        for key, facts in facts_of(alone, at=asked.at).items():
            answer = decide(facts, asked)
            yield key, answer.reason, answer.point
        rows = [row for row in rows if row[0] not in listed or row[0] not in said]
    child_after: dict[str, str] = {}
    for key, into, born, country in rows:
        birth = ""
        if born:
            if country not in child_after:
                child_after[country] = asked.born_after(law_of(country))
            if is_child(born, child_after[country]):
                birth = born
        its = points.get(key, _NO_POINTS)
        one = said.get(key)
        if one is None:
            lines: tuple[Line, ...] = ()
        elif key in more:
            lines = _in_places(more[key], its, settled)
        else:
            lines = ((*one[4:], 0, one[3] if one[3] is None else _place(one[3], its), _BY_NONE),)
        # A Pattern's parts, as a tuple: it is made for everybody, the Pattern for the dozens that differ.
        pattern = (
            into is not None, key in held, key not in groundless, key in bought, birth, country,
            tuple([stops.get(point, _FREE) for point in its]) if stops else (_FREE,) * len(its),
            listed.get(key, _NOWHERE) if listed else _NOWHERE, lines,
        )  # fmt: skip
        told = known.get(pattern)
        if told is None:
            told = known[pattern] = _decided(Pattern(*pattern), asked)
        reason, place = told
        yield key, reason, None if place is None else its[place]


def _decided(pattern: Pattern, asked: Asked) -> Verdict:
    """The gate's answer to a pattern: the reason, and the place of the contact point to use among the customer's."""
    old = (asked.not_before or asked.at) - _LITTLE
    said = tuple(
        Said(
            key, identity, asked.purpose.pk, asked.channel, what, asked.at if young else old, point, bool(sure), by,
            bool(guardian),
        )
        for key, (what, young, sure, guardian, _settled, identity, point, by) in enumerate(pattern.lines)
    )  # fmt: skip
    told = ((asked.channel, asked.at),)
    # A register that names the customer, whatever the channel uses, does it by a contact point that is looked at alone.
    places = (*pattern.stops, _FREE) if len(pattern.stops) in pattern.listed else pattern.stops
    reaches = tuple(
        Reach(place, asked.kind, "", stops, told if place in pattern.listed else ())
        for place, stops in enumerate(places)
    )
    answer = decide(Facts(0, *pattern[:6], reaches, said), asked)
    return answer.reason, answer.point


def _held(keys: Sequence[int], asked: Asked) -> set[int]:
    found: set[int] = set()
    for query in holds():
        found.update(
            query(asked.at).filter(customer_id__in=bulk.these(keys)).values_list("customer_id", flat=True)
        )
    return found


def _grounds(keys: Sequence[int], asked: Asked) -> tuple[set[int], set[int]]:
    """Of whom nothing is held on a ground; and who bought, where that can matter."""
    these = Customer.objects.filter(pk__in=bulk.these(keys))
    claims = Claim.objects.filter(identity__customer=OuterRef("pk"))
    # Every batch has a ground but in spoilt bases, so that nobody's need be looked at.
    without = list(Batch.objects.exclude(ground__in=Ground.values).values_list("pk", flat=True))
    grounded = claims.exclude(batch__in=without) if without else claims
    groundless = set(these.exclude(Exists(grounded)).values_list("pk", flat=True))
    if not asked.purpose.soft_opt_in:
        return groundless, set()
    contracts = Batch.objects.filter(ground=Ground.CONTRACT).exclude(source__kind=STAFF)
    bought = these.filter(Exists(claims.filter(batch__in=contracts)))
    return groundless, set(bought.values_list("pk", flat=True))


def _reaches(keys: Sequence[int], asked: Asked) -> dict[int, tuple[int, ...]]:
    """The contact points that the channel can use, the best first, by customer."""
    if not asked.kind:
        return {}
    rows = Contact.objects.filter(customer__in=bulk.these(keys), point__kind=asked.kind)
    found: dict[int, tuple[int, ...]] = {}
    in_order = rows.order_by("-preferred", "position", "pk").values_list("customer_id", "point_id")
    for customer, point in bulk.rows_of(in_order):
        found[customer] = (*found[customer], point) if customer in found else (point,)
    return found


def _stopping(asked: Asked) -> "QuerySet[Suppression]":
    return Suppression.objects.filter(stopped_at(asked.at)).order_by()


def _few_stops(asked: Asked) -> dict[int, Stops] | None:
    """What stops contact points, of the whole base, where that is little enough to be read once for everybody."""
    rows = _stopping(asked)[: _FEW_STOPS + 1]
    return None if rows.count() > _FEW_STOPS else _by_point(rows)


def _by_point(suppressed: "QuerySet[Suppression]") -> dict[int, Stops]:
    stops: dict[int, Stops] = {}
    for point, why, purpose in bulk.rows_of(suppressed.values_list("point_id", "why", "purpose_id")):
        stops[point] = stops.get(point, _FREE) | {(why, purpose)}
    return stops


def _listed(
    keys: Sequence[int], asked: Asked, points: dict[int, tuple[int, ...]]
) -> dict[int, tuple[int, ...]]:
    """Whom a register of people who want no advertising names: the places of those contact points, by customer."""
    registers = registers_for(asked.channel) if asked.purpose.marketing else []
    if not registers:
        return {}
    rows = Listed.objects.filter(register__in=registers)
    named = Contact.objects.filter(customer__in=bulk.these(keys), point__in=rows.values("point"))
    found: dict[int, tuple[int, ...]] = {}
    for customer, point in named.values_list("customer_id", "point_id"):
        its = points.get(customer, _NO_POINTS)
        if not asked.kind:
            found[customer] = (len(its),)
        elif point in its:
            found[customer] = tuple(sorted((*found.get(customer, _NOWHERE), its.index(point))))
    return found


def _said(keys: Sequence[int], asked: Asked) -> tuple[dict[int, Any], dict[int, list[Any]]]:
    """What was said for the purpose and channel: of each customer the oldest line, and all of those who said more.

    A line: customer, key, identity, contact point, what, young enough, confirmed, a guardian's, settled.
    """
    told = Choice.objects.filter(
        identity__customer__in=bulk.these(keys), purpose=asked.purpose.pk, channel=asked.channel, at__lte=asked.at
    ).annotate(
        of=F("identity__customer"),
        young=_number(Q(at__gte=asked.not_before)) if asked.not_before else Value(1),
        sure=_number(Q(confirmed=True)),
        guarded=_number(~Q(guardian="")),
        over=_number(Q(Exists(Settling.objects.filter(settled=OuterRef("pk"))))),
    )  # fmt: skip
    columns = ("of", "pk", "identity_id", "point_id", "what", "young", "sure", "guarded", "over")
    first: dict[int, Any] = {}
    more: dict[int, list[Any]] = {}
    for row in bulk.rows_of(told.order_by("at", "pk").values_list(*columns)):
        customer = row[0]
        if customer not in first:
            first[customer] = row
        elif customer in more:
            more[customer].append(row)
        else:
            more[customer] = [first[customer], row]
    return first, more


def _number(test: Q) -> Case:
    """1 where it is so, else 0: numbers come from the database as they are."""
    return Case(When(test, then=Value(1)), default=Value(0))


def _settled(more: dict[int, list[Any]]) -> dict[int, set[int]]:
    """By which lines each that is settled is; those of somebody else fall out when they are put in places.

    Whose only line is settled has it settled by somebody else's.
    """
    over = [row[1] for some in more.values() for row in some if row[-1]]
    found: dict[int, set[int]] = defaultdict(set)
    if over:
        for old, new in Settling.objects.filter(settled__in=bulk.these(over)).values_list(
            "settled_id", "choice_id"
        ):
            found[old].add(new)
    return found


def _place(point: int, points: Sequence[int]) -> int:
    """The place of a contact point among the customer's; -1 for one that is none of theirs by now."""
    return points.index(point) if point in points else -1


def _in_places(some: Sequence[Any], points: Sequence[int], settled: dict[int, set[int]]) -> tuple[Line, ...]:
    """Several lines of a customer, with places in the stead of keys."""
    identities: dict[int, int] = {}
    order = {row[1]: place for place, row in enumerate(some)}
    return tuple([
        (
            what, young, sure, guarded, over,
            identities.setdefault(identity, len(identities)),
            point if point is None else _place(point, points),
            frozenset(order[by] for by in settled[key] if by in order) if over else _BY_NONE,
        )
        for _customer, key, identity, point, what, young, sure, guarded, over in some
    ])  # fmt: skip
