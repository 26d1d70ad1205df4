"""The events of a day, read from the main database as the reports need them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
from django.db.models import Q, QuerySet

from kartoteka.activity.event_models import Event
from kartoteka.activity.shopping import number, text

from .tables import RAW

# What tells how long a page was visible, and what tells that somebody shared something (k.js, and the tracking standard).
LEFT = "Page Left"
SHARED = frozenset({"Page Shared", "Product Shared", "Cart Shared"})
# Nobody looks at one page longer without a break: more is a clock gone wrong.
LONGEST_LOOK = 4 * 3600
_AT_ONCE = 20_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_COLUMNS = (
    "pk", "visitor_id", "visitor__identity__customer", "source_id", "session", "at", "kind", "name", "path", "url",
    "referrer", "campaign", "properties", "device",
)  # fmt: skip
COUNTED = Q(bot=False, kind__in=(Event.Kind.PAGE, Event.Kind.SCREEN, Event.Kind.TRACK))


def raw_of(begin: dt.datetime, end: dt.datetime) -> pa.Table:
    """The events (tables.RAW) of the visits that began from `begin` until before `end`. Bots are left out."""
    rows: QuerySet[Event, tuple[Any, ...]] = (
        Event.objects.filter(COUNTED, session__gte=int(begin.timestamp()), session__lt=int(end.timestamp()))
        .order_by()
        .values_list(*_COLUMNS)
    )
    batches = list(_batches(rows.iterator(chunk_size=2000)))
    return pa.Table.from_batches(batches, RAW)


def _batches(rows: Iterator[tuple[Any, ...]]) -> Iterator[pa.RecordBatch]:
    while some := [_raw(row) for row in islice(rows, _AT_ONCE)]:
        yield pa.RecordBatch.from_arrays(
            [pa.array(column, each.type) for column, each in zip(zip(*some, strict=True), RAW, strict=True)],
            schema=RAW,
        )


def _raw(row: tuple[Any, ...]) -> Sequence[Any]:
    (
        pk, visitor, customer, source, session, at, kind, name, path, url, referrer, campaign, properties, device,
    ) = row  # fmt: skip
    shown = kind != Event.Kind.TRACK
    left = not shown and name == LEFT
    shared = not shown and name in SHARED
    # What is told of a page as it is left, or shared, may come when the address is already the next page's.
    page = page_named(text(properties.get("path"), 300) if left or shared else "") or page_named(path)
    if shown and not page:
        page = name
    return (
        pk, visitor, -visitor if customer is None else customer, source, session,
        (at - _EPOCH) // dt.timedelta(microseconds=1), "page" if shown else "left" if left else "event", page,
        "" if shown else name, shared, _seconds(properties) if left else 0.0, device, _from_outside(referrer, url),
        campaign.get("source", ""), campaign.get("medium", ""), campaign.get("name", ""),
    )  # fmt: skip


def _seconds(properties: dict[str, Any]) -> float:
    told = number(properties.get("seconds"))
    return 0.0 if told is None or told < 0 else min(float(told), LONGEST_LOOK)


@lru_cache(maxsize=4096)
def page_named(path: str) -> str:
    """A page as reports call it: its path without what is asked of it, and without a slash at its end."""
    bare = path.partition("?")[0].partition("#")[0].strip()
    return bare.rstrip("/") or "/" if bare.startswith("/") else bare


def _from_outside(referrer: str, url: str) -> str:
    """The site they came from; "" where it is this one, or was not told."""
    host = _host(referrer)
    return "" if host == _host(url) else host


@lru_cache(maxsize=8192)
def _host(address: str) -> str:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").lower()
