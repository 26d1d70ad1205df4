"""The gate for lists: who of any number of customers may be reached, and a last look before anything is sent."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kartoteka.kit import bulk
from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor, Right

from .alike import judged
from .gate import Asked
from .models import Channel, Purpose
from .reasons import ALLOWING, Reason


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
    at_once: bool = False,
) -> Passed:
    """May these customers be reached for this purpose, by this channel? In some statements for each 20,000.

    customers: a queryset, or keys. at: the moment to judge, now by default. at_once: they are reached at that very moment,
    so that who is in quiet times then does not pass. Raises NotAllowed.
    """
    by.must(Right.SEE)
    asked = Asked(purpose, Channel(channel), at or timezone.now())
    points: dict[int, int | None] = {}
    reasons: Counter[Reason] = Counter()
    for key, reason, point in judged(customers, asked, at_once=at_once):
        reasons[reason] += 1
        if reason in ALLOWING:
            points[key] = point
    return Passed(purpose, channel, asked.at, points, reasons)


def answers(*, customers: Iterable[int], purpose: Purpose, channel: str, by: Actor) -> dict[int, Reason]:
    """What the gate says of each of these customers now, quiet times aside. Raises NotAllowed."""
    by.must(Right.SEE)
    asked = Asked(purpose, Channel(channel), timezone.now())
    return {key: reason for key, reason, _point in judged(customers, asked)}


def still_allowed(
    passed: Passed, keys: Iterable[int], *, by: Actor, at_once: bool = False
) -> dict[int, int | None]:
    """Those of these customers of a list who may be reached, with the contact point: what was withdrawn since counts.

    Nobody comes back who had not passed when the list was made. at_once: as in may_all, for who sends.
    """
    wanted = [key for key in keys if key in passed.points]
    found = may_all(customers=wanted, purpose=passed.purpose, channel=passed.channel, by=by, at_once=at_once)
    return dict(found.points)


@contextmanager
def list_for(passed: Passed, keys: Iterable[int], *, by: Actor) -> Iterator[dict[int, int | None]]:
    """The last look at a list while messages are written: customer -> contact point of those who may be reached.

    Inside the block nobody's choice can be written, so that a withdrawal is either seen here or comes after what was done
    here: the withdrawal wins. Write rows in it that say what is to be sent; it is one transaction.
    """
    with transaction.atomic():
        bulk.be_the_writer()
        yield still_allowed(passed, keys, by=by)
