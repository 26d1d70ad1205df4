"""The gate's set-based twin: the same answers for any number of customers, worked out by the database.

Every step stands in `gate.decide` as well; tests/laws holds the two equal on random ledgers.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from kartoteka.kit import bulk
from kartoteka.people.models import Batch, Claim, Contact, Customer, Ground
from kartoteka.trust.actor import Actor, Right

from .countries import ELSEWHERE, LAWS, Law
from .facts import STAFF, holds, stopped_at
from .gate import Asked
from .models import Channel, Choice, Purpose, Settling, Suppression
from .reasons import ALLOWING, Reason

_NOBODY = Q(pk__in=[])
_EVERYBODY = ~_NOBODY


@dataclass(frozen=True)
class Passed:
    """Who passed the gate: customer -> contact point (None where the channel needs none); and why the others did not.

    as_of: the moment at which it was so. What somebody withdraws after that does not stand here: ask
    `still_allowed` right
    before anything is sent.
    """

    purpose: Purpose
    channel: str
    as_of: dt.datetime
    points: Mapping[int, int | None]
    reasons: Mapping[Reason, int]


def may_all(
    *,
    customers: "QuerySet[Customer] | Iterable[int]",
    purpose: Purpose,
    channel: str,
    by: Actor,
    at: dt.datetime | None = None,
) -> Passed:
    """May these customers be reached for this purpose, by this channel? In one statement, or one for each 20,000 keys.

    customers: a queryset, or keys. at: the moment to judge, now by default. Raises NotAllowed.
    """
    by.must(Right.SEE)
    asked = Asked(purpose, Channel(channel), at or timezone.now())
    points: dict[int, int | None] = {}
    reasons: Counter[Reason] = Counter()
    for rows in _some(customers):
        told = verdicts(rows, asked).order_by().values_list("pk", "verdict", "point")
        for key, verdict, point in told.iterator(chunk_size=5000):
            reasons[Reason(verdict)] += 1
            if verdict in ALLOWING:
                points[key] = point
    return Passed(purpose, channel, asked.at, points, reasons)


def answers(*, customers: Iterable[int], purpose: Purpose, channel: str, by: Actor) -> dict[int, Reason]:
    """What the gate says of each of these customers now. Raises NotAllowed."""
    by.must(Right.SEE)
    asked = Asked(purpose, Channel(channel), timezone.now())
    found: dict[int, Reason] = {}
    for rows in _some(customers):
        told = verdicts(rows, asked).order_by().values_list("pk", "verdict")
        found.update((key, Reason(verdict)) for key, verdict in told)
    return found


def still_allowed(passed: Passed, keys: Iterable[int], *, by: Actor) -> dict[int, int | None]:
    """Those of these customers of a list who may be reached now, with the contact point: what was withdrawn since counts.

    Nobody comes back who had not passed when the list was made.
    """
    wanted = [key for key in keys if key in passed.points]
    return dict(may_all(customers=wanted, purpose=passed.purpose, channel=passed.channel, by=by).points)


@contextmanager
def list_for(passed: Passed, keys: Iterable[int], *, by: Actor) -> Iterator[dict[int, int | None]]:
    """The last look at a list while messages are written: customer -> contact point of those who may be reached.

    Inside the block nobody's choice can be written, so that a withdrawal is either seen here or comes after what was done
    here: the withdrawal wins. Write rows in it that say what is to be sent; it is one transaction.
    """
    with transaction.atomic():
        bulk.be_the_writer()
        yield still_allowed(passed, keys, by=by)


def allowed(rows: "QuerySet[Customer]", *, purpose: Purpose, channel: str) -> "QuerySet[Customer]":
    """Those of these customers who may be reached now, for a list that is read page by page."""
    asked = Asked(purpose, Channel(channel), timezone.now())
    return verdicts(rows, asked, only_to_filter=True).filter(verdict__in=sorted(ALLOWING))


def _some(customers: "QuerySet[Customer] | Iterable[int]") -> "Iterator[QuerySet[Customer]]":
    if isinstance(customers, QuerySet):
        yield customers
        return
    for keys in bulk.chunks(customers, 20_000):
        yield Customer.objects.filter(pk__in=keys)


def verdicts(rows: "QuerySet[Customer]", asked: Asked, *, only_to_filter: bool = False) -> "QuerySet[Any]":
    """The customers with `verdict` (a Reason) and `point` (the key of the contact point to use, or null).

    only_to_filter: they are not read with the rows, which would work them out a second time, but narrowed by.
    """
    named = Choice.objects.filter(
        purpose=asked.purpose.pk, channel=asked.channel, point__isnull=False
    ).exists()
    put = QuerySet.alias if only_to_filter else QuerySet.annotate
    judged = put(rows, point=_point(asked, named=named))
    verdict = Case(*_cases(asked), default=_by_choice(asked, named=named), output_field=CharField())
    return put(judged, verdict=verdict)


def _cases(asked: Asked) -> list[When]:
    ended = asked.purpose.ended_at is not None and asked.purpose.ended_at <= asked.at
    held = _NOBODY
    for query in holds():
        held |= Q(Exists(query(asked.at).filter(customer_id=OuterRef("pk"))))
    no_point = _NOBODY
    suppressed = _NOBODY
    if asked.kind:
        suppressed = Q(point=None)
        no_point = suppressed & ~Q(
            Exists(Contact.objects.filter(customer=OuterRef("pk"), point__kind=asked.kind))
        )
    told = [
        (Q(merged_into__isnull=False), Reason.GONE),
        (held, Reason.HELD),
        (_EVERYBODY if ended else _NOBODY, Reason.ENDED),
        (_groundless(), Reason.NO_GROUND),
        (no_point, Reason.NO_POINT),
        (suppressed, Reason.SUPPRESSED),
        (_children(asked), Reason.CHILD),
    ]
    return [When(test, then=Value(reason)) for test, reason in told if test is not _NOBODY]


def _groundless() -> Q:
    """Nothing is held of them on a ground.

    Where every batch has one, which is so but for spoilt bases, nobody is looked at.
    """
    without = list(Batch.objects.exclude(ground__in=Ground.values).values_list("pk", flat=True))
    claims = Claim.objects.filter(identity__customer=OuterRef("pk"))
    return ~Q(Exists(claims.exclude(batch__in=without) if without else claims))


def _laws() -> list[tuple[Law, Q]]:
    """Each law with the customers it holds for."""
    home = LAWS.get(settings.KARTOTEKA.country, ELSEWHERE)
    found = []
    for law in (*LAWS.values(), ELSEWHERE):
        here = Q(country=law.country) if law.country else ~Q(country__in=["", *LAWS])
        found.append((law, here | Q(country="") if law is home else here))
    return found


def _children(asked: Asked) -> Q:
    """Those who may be too young, where it matters; by the later end of a date that lacks its day or month."""
    young = _NOBODY
    for law, here in _laws():
        if asked.purpose.marketing or asked.asks_consent(law, bought=False):
            day = asked.born_after(law)
            child = Q(birth__gt=day) | Q(birth__in=[day[:4], day[:7]])
            young = (young | (here & child)) if young is not _NOBODY else here & child
    return young


def _point(asked: Asked, *, named: bool) -> Any:
    """The contact point to use: of those not suppressed the one that the newest grant names, else the preferred one.

    named: any line for this purpose and channel names one. Where none does, much need not be looked at.
    """
    if not asked.kind:
        return Value(None, output_field=Contact._meta.get_field("id"))
    stops = Suppression.objects.filter(stopped_at(asked.at), point=OuterRef("point")).filter(
        Q(purpose=None) | Q(purpose=asked.purpose.pk)
    )
    if not asked.refusable:
        stops = stops.filter(why=Suppression.Why.BOUNCE)
    free = Contact.objects.filter(point__kind=asked.kind).exclude(Exists(stops))
    best = free.filter(customer=OuterRef("pk")).order_by("-preferred", "position", "pk").values("point")[:1]
    if not named:
        return Subquery(best)
    here = free.filter(customer=OuterRef(OuterRef("pk")), point=OuterRef("point"))
    naming = _lines(asked, OuterRef("pk")).filter(Exists(here), what=Choice.What.GIVEN)
    return Coalesce(Subquery(naming.order_by("-at", "-pk").values("point")[:1]), Subquery(best))


def _lines(asked: Asked, customer: Any) -> "QuerySet[Choice]":
    return Choice.objects.filter(
        identity__customer=customer, purpose=asked.purpose.pk, channel=asked.channel, at__lte=asked.at
    )


def _about(point: Any, *, named: bool) -> Q:
    """The lines that concern a contact point."""
    if not named:
        return ~Q(what=Choice.What.ASKED)
    return Q(what=Choice.What.WITHDRAWN) | (Q(what=Choice.What.GIVEN) & (Q(point=None) | Q(point=point)))


def _left(asked: Asked, *, named: bool) -> "QuerySet[Choice]":
    """The lines that count: of each identity the newest, without those that another of the customer's settled."""
    at = OuterRef("at")
    newer = Choice.objects.filter(
        _about(OuterRef(OuterRef("point")), named=named),
        identity=OuterRef("identity"),
        purpose=asked.purpose.pk,
        channel=asked.channel,
        at__lte=asked.at,
        at__gte=at,
    ).filter(Q(at__gt=at) | Q(pk__gt=OuterRef("pk")))
    settlers = Choice.objects.filter(
        _about(OuterRef(OuterRef(OuterRef("point"))), named=named),
        pk=OuterRef("choice"),
        identity__customer=OuterRef(OuterRef(OuterRef("pk"))),
        at__lte=asked.at,
    )
    settled = Settling.objects.filter(Exists(settlers), settled=OuterRef("pk"))
    return (
        _lines(asked, OuterRef("pk"))
        .filter(_about(OuterRef("point"), named=named))
        .exclude(Exists(newer))
        .exclude(Exists(settled))
    )


def _by_choice(asked: Asked, *, named: bool) -> Case:
    left = _left(asked, named=named)
    told: list[tuple[Q | Exists, Reason]] = []
    if asked.refusable:
        told.append((Exists(left.filter(what=Choice.What.WITHDRAWN)), Reason.WITHDRAWN))
    for reason, here in _free_of_asking(asked):
        told.append((here, reason))
    grants = left.filter(what=Choice.What.GIVEN)
    fresh = grants.filter(at__gte=asked.not_before) if asked.not_before else grants
    good = fresh.filter(confirmed=True) if asked.confirmed else fresh
    told.append((Exists(good), Reason.GIVEN))
    if asked.confirmed:
        told.append((Exists(fresh), Reason.UNCONFIRMED))
    if asked.not_before:
        told.append((Exists(grants), Reason.EXPIRED))
    told.append((Exists(_lines(asked, OuterRef("pk")).filter(what=Choice.What.ASKED)), Reason.WAITING))
    return Case(
        *(When(test, then=Value(reason)) for test, reason in told),
        default=Value(Reason.NOT_ASKED),
        output_field=CharField(),
    )


def _free_of_asking(asked: Asked) -> list[tuple[Reason, Q]]:
    """Whom no consent is asked of, by their law."""
    bought = Q(
        Exists(
            Claim.objects.filter(identity__customer=OuterRef("pk"), batch__ground=Ground.CONTRACT).exclude(
                batch__source__kind=STAFF
            )
        )
    )
    found: list[tuple[Reason, Q]] = []
    for law, here in _laws():
        if not asked.asks_consent(law, bought=False):
            found.append((Reason.NOT_OBJECTED if asked.refusable else Reason.GROUND, here))
        elif not asked.asks_consent(law, bought=True):
            found.append((Reason.EXISTING, here & bought))
    return found
