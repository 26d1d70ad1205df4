"""The timeline: everything that happened with a customer in one stream, newest first, gathered from every domain's own.

A domain contributes a Stream, registered from its app's `ready()`. Entries hang on identities, so they go along when
customers are joined or separated. Each stream is read by its place in an index (`newest`), a piece at a time, so that the
first fifty of a hundred thousand entries cost no more than the first fifty of sixty.

Streams need not think of walls and veils: whether the actor may open the card is asked here, contact points in texts are
veiled here, and words are looked for in what the actor is shown, so that a search tells nothing that is hidden. What is
sensitive (people.catalogue) a stream leaves out itself.
"""

import base64
import datetime as dt
import heapq
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol, TypeVar

import orjson
from django.db import connection
from django.db.models import F, Model, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from kartoteka.kit.paging import BadCursor
from kartoteka.standard.names import fold
from kartoteka.trust.actor import Actor

from .catalogue import Kind, Text
from .models import Customer, Identity
from .veil import veil_text
from .view import must_reach

M = TypeVar("M", bound=Model)
LIMIT = 50
# So many entries at most a stream gives at once to a search, and so many are looked through before "older" is asked for
# anew.
_PIECE = 500
_LOOKED = 2500
_ARMS = 200  # SQLite joins at most 500 selects
_ONE = -(2**62) - 1  # stands for an identity, and is none


@dataclass(frozen=True)
class EntryKind:
    """A kind of entry that can be filtered by. hue: which of the four kinds of information it is, for its colour."""

    key: str
    label: Text
    icon: str
    hue: Kind = Kind.EPISODIC


@dataclass(frozen=True)
class Entry:
    """One thing that happened. key: unique in its stream, and in the order of `rank`; kind: an EntryKind of the stream.

    amount, currency: money, where it is about money. who: who did it, where it was one of us.
    """

    at: dt.datetime
    stream: str
    key: str
    kind: str
    title: str
    detail: str = ""
    url: str = ""
    amount: Decimal | None = None
    currency: str = ""
    who: str = ""

    @property
    def mark(self) -> "Mark":
        """Its place in the timeline."""
        return Mark(self.at, self.stream, self.key)


@dataclass(frozen=True)
class Mark:
    """A place in the timeline: the entries that follow are those of a lower rank."""

    at: dt.datetime
    stream: str
    key: str

    @property
    def rank(self) -> tuple[dt.datetime, str, int, str]:
        """What the timeline is ordered by. Keys are compared as numbers are: a longer one is the greater."""
        return (self.at, self.stream, len(self.key), self.key)

    @property
    def cursor(self) -> str:
        """As text, for an address."""
        told = orjson.dumps([self.at.astimezone(dt.UTC).isoformat(), self.stream, self.key])
        return base64.urlsafe_b64encode(told).decode().rstrip("=")

    @classmethod
    def read(cls, cursor: str) -> "Mark | None":
        """What `cursor` wrote; None for "". Raises BadCursor for anything else."""
        if not cursor:
            return None
        try:
            at, stream_, key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            moment = dt.datetime.fromisoformat(at).astimezone(dt.UTC)
            if "\x00" in stream_ + key:
                raise ValueError(cursor)
        except (ValueError, TypeError, OverflowError) as error:
            raise BadCursor("This place in the list cannot be found; start from the top.") from error
        return cls(moment, stream_, key)


@dataclass(frozen=True)
class Asked:
    """What a stream is asked for: at most `limit` entries of these identities behind `before`, newest first.

    actor: who looks. kinds: only these of the stream's own; all of them where it is empty.
    """

    identities: Sequence[int]
    actor: Actor
    before: Mark | None
    kinds: Collection[str]
    limit: int


class Stream(Protocol):
    """What a domain contributes. One contract test (tests/people/test_timeline.py) runs over all of them."""

    @property
    def name(self) -> str:
        """Unique, and part of the order."""

    @property
    def label(self) -> Text:
        """What it is, for people."""

    @property
    def kinds(self) -> Sequence[EntryKind]:
        """The kinds of its entries."""

    def entries(self, asked: Asked) -> Sequence[Entry]:
        """What was asked for; all there are, if fewer than the limit."""


@dataclass(frozen=True)
class Page:
    """Some entries, newest first. before: the cursor of what is older ("": nothing is). looked_to: how far back it was
    looked where a search found less than it may show, and there is more to look through."""

    entries: tuple[Entry, ...]
    before: str = ""
    looked_to: dt.datetime | None = None


_streams: dict[str, Stream] = {}


def stream(contributed: Stream) -> None:
    """Have a stream take part. Called from an app's `ready()`."""
    _streams[contributed.name] = contributed


def streams() -> tuple[Stream, ...]:
    """All that take part."""
    return tuple(_streams.values())


def entry_kinds() -> dict[str, EntryKind]:
    """Every kind there is, by key, in the order of the streams."""
    return {kind.key: kind for each in _streams.values() for kind in each.kinds}


def timeline(
    customer: Customer,
    *,
    actor: Actor,
    before: Mark | None = None,
    kinds: Collection[str] = (),
    words: str = "",
    limit: int = LIMIT,
) -> Page:
    """What happened with a customer, newest first, behind `before`. kinds: only these; words: each must be in an entry.

    Case and accents of `words` do not matter. Raises NotAllowed.
    """
    actor.must_open_cards()
    must_reach(actor, customer)
    identities = list(Identity.objects.filter(customer=customer).values_list("pk", flat=True))
    known = entry_kinds()
    wanted = frozenset(kinds) & frozenset(known)
    if kinds and not wanted:
        return Page(())
    asked = Asked(identities, actor, before, wanted, limit + 1)
    told = [
        _all_of(each, asked)
        for each in _streams.values()
        if not wanted or any(kind.key in wanted for kind in each.kinds)
    ]
    sought = fold(words).split()
    found: list[Entry] = []
    last: Entry | None = None
    for looked, each in enumerate(heapq.merge(*told, key=lambda entry: entry.mark.rank, reverse=True)):
        if len(found) == limit:
            return Page(tuple(found), found[-1].mark.cursor)
        if looked == _LOOKED and last is not None:
            return Page(tuple(found), last.mark.cursor, last.at)
        last = each
        if _holds(each, sought):
            found.append(each)
    return Page(tuple(found))


def _all_of(its: Stream, asked: Asked) -> Iterator[Entry]:
    """The entries of a stream as the actor is shown them, read a piece at a time as they are needed."""
    asked = replace(asked, kinds=[kind.key for kind in its.kinds if kind.key in asked.kinds])
    while True:
        some = its.entries(asked)
        for each in some:
            yield _veiled(each) if asked.actor.veiled else each
        if len(some) < asked.limit:
            return
        asked = replace(asked, before=some[-1].mark, limit=min(2 * asked.limit, _PIECE))


def _veiled(entry: Entry) -> Entry:
    return replace(entry, title=veil_text(entry.title), detail=veil_text(entry.detail))


def _holds(entry: Entry, sought: Iterable[str]) -> bool:
    text = ""
    for word in sought:
        text = text or fold(f"{entry.title} {entry.detail} {entry.who} {entry.amount or ''} {entry.currency}")
        if word not in text:
            return False
    return True


def page_of(name: str, key: int) -> str:
    """The address of an entry's own page; "" in a program without pages."""
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""


def behind(before: Mark | None, stream_: str, *, at: str = "at", key: str = "pk") -> Q:
    """The condition of being behind `before` for a stream whose order is the columns `at` and `key` (a number)."""
    if before is None:
        return Q()
    if stream_ > before.stream:
        return Q(**{f"{at}__lt": before.at})
    if stream_ < before.stream:
        return Q(**{f"{at}__lte": before.at})
    try:
        last = min(int(before.key), 2**63 - 1)
    except ValueError as error:
        raise BadCursor("This place in the list cannot be found; start from the top.") from error
    # The first condition lets the index find the place; the second steps over the row itself.
    return Q(**{f"{at}__lte": before.at}) & (Q(**{f"{at}__lt": before.at}) | Q(**{f"{key}__lt": last}))


def newest(
    rows: QuerySet[M], asked: Asked, *, stream: str, at: str = "at", by: str = "identity_id"
) -> list[M]:
    """The newest of `rows` that hang on the identities asked for: for streams whose key is the row's.

    Read per identity off an index over (`by`, `at`), in one query for all identities and one for the rows, so that what
    lies below costs nothing. rows: filtered as the stream wants them, with its select_related. by: where rows hang on
    something else of the identities, ask with the keys of that.
    """
    identities, limit = asked.identities, asked.limit
    limited = rows.filter(behind(asked.before, stream, at=at))
    found: list[tuple[Any, int]] = []
    # Written by Django once, as that takes longer than the database: the identity is all that differs.
    arm, values = (
        limited.filter(**{by: _ONE})
        .order_by(F(at).desc(), F("pk").desc())
        .values_list(at, "pk")[:limit]
        .query.get_compiler(connection=connection)
        .as_sql()
    )
    for start in range(0, len(identities), _ARMS):
        some = identities[start : start + _ARMS]
        # Our own columns only; what was asked for goes in as values.
        together = " UNION ALL ".join([f"SELECT * FROM ({arm}) AS arm"] * len(some))  # noqa: S608
        best = f"SELECT * FROM ({together}) AS arms ORDER BY 1 DESC, 2 DESC LIMIT {limit:d}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(best, [each if value == _ONE else value for each in some for value in values])
            found += cursor.fetchall()
    keys = [key for _at, key in sorted(found, reverse=True)[:limit]]
    # Asked without the conditions, which have held already: the keys find the rows.
    whole = {row.pk: row for row in rows.filter(pk__in=keys)}
    return [whole[key] for key in keys if key in whole]
