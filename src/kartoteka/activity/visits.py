"""Recording what was done on a site: set-based, once for each message, with the numbers of each visitor.

A visitor's numbers are added to as events come in; `rebuild` counts them anew from the events, to the same values.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Count, Max, Q

from kartoteka.kit import bulk
from kartoteka.people.models import Source

from . import shopping
from .event_models import CategoryViews, Event, Visitor
from .event_said import EventSaid
from .facts import count_visits
from .warehouse.days import mark

# A visit ends after so many seconds of silence.
SILENCE = 30 * 60
_PAGES = (Event.Kind.PAGE, Event.Kind.SCREEN)
_EVENT = (
    "id", "visitor_id", "source_id", "at", "received_at", "kind", "name", "message", "session", "url", "path",
    "referrer", "campaign", "properties", "device", "bot", "city", "country", "network", "ip", "problem",
)  # fmt: skip
_VISITOR = ("first_at", "last_at", "session", "visits", "views", "seen_at")
Who = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Written:
    """What was new of the events: those that were not there, in the order of their time, each with its key."""

    events: Sequence[tuple[int, EventSaid]]
    doubled: int


@dataclass(slots=True)
class Known:
    """A visitor as the base has it, or is about to."""

    pk: int
    identity: int | None
    session: int
    first_at: dt.datetime
    last_at: dt.datetime
    said: int
    visits: int
    views: int
    seen_at: dt.datetime | None
    late: bool = False


def known_visitors(source: Source, who: Iterable[Who]) -> dict[Who, Known]:
    """Those of these visitors that a source has brought before."""
    wanted = set(who)
    columns = (
        "how",
        "key",
        "id",
        "identity_id",
        "session",
        "first_at",
        "last_at",
        "said",
        "visits",
        "views",
        "seen_at",
    )
    found: dict[Who, Known] = {}
    for some in bulk.chunks(sorted({key for _how, key in wanted}), 500):
        rows = Visitor.objects.filter(source=source, key__in=some).values_list(*columns)
        found.update({(how, key): Known(*rest) for how, key, *rest in rows if (how, key) in wanted})
    return found


def meet(source: Source, first: Mapping[Who, dt.datetime], known: dict[Who, Known]) -> None:
    """Have a row for each visitor who comes for the first time, and add it to `known`. Inside a transaction."""
    new = [who for who in first if who not in known]
    for who, pk in zip(new, bulk.take_ids(Visitor, len(new)), strict=True):
        known[who] = Known(pk, None, 0, first[who], first[who], 0, 0, 0, None)
    bulk.insert(
        Visitor,
        ("id", "source_id", "how", "key", "identity_id", "said", *_VISITOR),
        [(known[who].pk, source.pk, *who, None, 0, first[who], first[who], 0, 0, 0, None) for who in new],
    )


def record_events(source: Source, said: Sequence[EventSaid], known: Mapping[Who, Known]) -> Written:
    """Write those events that are not there yet, and count them for their visitors. Inside a transaction of the one writer.

    known: a row for each of their visitors.
    """
    there = {row[0] for row in bulk.fetch(Event, ("message",), by="message", among=[e.message for e in said])}
    fresh: dict[int, EventSaid] = {}
    for each in said:
        if each.message not in there:
            fresh.setdefault(each.message, each)
    events = sorted(fresh.values(), key=lambda each: each.at)
    keys = bulk.take_ids(Event, len(events))
    sessions = [_counted(each, known[each.visitor]) for each in events]
    mark(session for each, session in zip(events, sessions, strict=True) if not each.bot)
    bulk.insert(
        Event,
        _EVENT,
        [
            (
                pk, known[e.visitor].pk, source.pk, e.at, e.received_at, e.kind, e.name, e.message, session,
                e.url, e.path, e.referrer, bulk.json(e.campaign),
                bulk.json(e.properties), e.device, e.bot, e.city, e.country, e.network, e.ip, e.problem,
            )
            for pk, e, session in zip(keys, events, sessions, strict=True)
        ],
    )  # fmt: skip
    touched = {each.visitor for each in events}
    _write_numbers([known[who] for who in touched])
    _count_late([known[who].pk for who in touched if known[who].late])
    add_categories(
        Counter(
            (known[e.visitor].pk, category)
            for e in events
            if not e.bot and (category := shopping.category_seen(e.kind, e.name, e.properties))
        )
    )
    return Written(list(zip(keys, events, strict=True)), doubled=len(said) - len(events))


def _counted(event: EventSaid, visitor: Known) -> int:
    """The visit to which an event belongs, as the second in which it began; the visitor's numbers go on.

    Bots, and what is told long after a later visit, have visits of half an hour each.
    """
    second = int(event.at.timestamp())
    visitor.first_at = min(visitor.first_at, event.at)
    if event.bot:
        return second - second % SILENCE
    visitor.views += event.kind in _PAGES
    visitor.seen_at = max(visitor.seen_at or event.at, event.at)
    if visitor.session and second < visitor.session - SILENCE:
        visitor.late = True  # it may be of a visit that is counted; asked of the events afterwards
        return second - second % SILENCE
    if not visitor.session or (event.at - visitor.last_at).total_seconds() > SILENCE:
        visitor.session = second
        visitor.visits += 1
        visitor.last_at = event.at
    visitor.last_at = max(visitor.last_at, event.at)
    return visitor.session


def _write_numbers(visitors: Sequence[Known]) -> None:
    bulk.update(
        Visitor,
        _VISITOR,
        [(v.first_at, v.last_at, v.session, v.visits, v.views, v.seen_at, v.pk) for v in visitors],
    )


def _count_late(visitors: Sequence[int]) -> None:
    """Count the visits of these visitors from their events."""
    if visitors:
        rows = Event.objects.filter(visitor__in=visitors, bot=False).order_by().values_list("visitor")
        found = dict(rows.annotate(visits=Count("session", distinct=True)))
        bulk.update(Visitor, ("visits",), [(found.get(pk, 0), pk) for pk in visitors])


def add_categories(counted: Mapping[tuple[int, str], int]) -> None:
    """Add to how often visitors (by key) looked at categories."""
    if not counted:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO activity_categoryviews (visitor_id, category, views) VALUES (%s, %s, %s) "
            "ON CONFLICT (visitor_id, category) DO UPDATE SET views = activity_categoryviews.views + excluded.views",
            [(visitor, category, views) for (visitor, category), views in sorted(counted.items())],
        )


def rebuild() -> int:
    """Count the numbers of all visitors anew from their events, and their customers'; how many visitors there are."""
    with transaction.atomic():
        bulk.be_the_writer()
        CategoryViews.objects.all().delete()
        last, done = 0, 0
        while some := list(
            Visitor.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "identity")[:2000]
        ):
            last, done = some[-1][0], done + len(some)
            _rebuild([pk for pk, _identity in some])
            count_visits([identity for _pk, identity in some if identity is not None])
    return done


def _rebuild(visitors: Sequence[int]) -> None:
    rows = Event.objects.filter(visitor__gte=visitors[0], visitor__lte=visitors[-1], bot=False).order_by()
    counted = rows.values_list("visitor").annotate(
        visits=Count("session", distinct=True), views=Count("pk", filter=Q(kind__in=_PAGES)), seen=Max("at")
    )
    found = {visitor: rest for visitor, *rest in counted}
    bulk.update(
        Visitor, ("visits", "views", "seen_at"), [(*found.get(pk, (0, 0, None)), pk) for pk in visitors]
    )
    looked = rows.filter(name__in=shopping.LOOKS).values_list("visitor", "kind", "name", "properties")
    add_categories(
        Counter(
            (visitor, category)
            for visitor, kind, name, properties in looked.iterator(chunk_size=2000)
            if (category := shopping.category_seen(kind, name, properties))
        )
    )


def give_identity(given: Mapping[int, int], said: Mapping[int, int]) -> None:
    """Visitors (by key) are these identities from now on, and always were; and the digests of what was said of them."""
    bulk.update(Visitor, ("identity_id",), [(identity, pk) for pk, identity in given.items()])
    bulk.update(Visitor, ("said",), [(digest, pk) for pk, digest in said.items()])
