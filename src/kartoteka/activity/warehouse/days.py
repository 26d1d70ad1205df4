"""Writing days into the event store: whatever changes a day's events marks it as due, the worker writes those that are.

A row of SiteDay is the truth of what is kept. A worker that is killed leaves a row that says that the day is due, and
a draft that nobody reads and that is taken away. The day that goes on rests between two writings twenty times as long
as one takes, so that a busy site does not keep the worker busy. Arrow and DuckDB are loaded with the first day written:
every command can mark days, hardly one writes them.
"""

import datetime as dt
import time
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from kartoteka.activity.event_models import Event
from kartoteka.kit import bulk
from kartoteka.trust import vault

from .models import SiteDay

_REST, _RESTS = dt.timedelta(minutes=1), 20
_LEFT_AFTER = dt.timedelta(minutes=10)
_QUARTER = 15 * 60  # zones are apart by quarters of an hour at least


def day_of(second: int) -> dt.date:
    """The day of the business's calendar in which this second since 1970 lies."""
    return _day(second // _QUARTER, timezone.get_default_timezone_name())


@lru_cache(maxsize=4096)
def _day(quarter: int, _zone: str) -> dt.date:
    at = dt.datetime.fromtimestamp(quarter * _QUARTER, dt.UTC)
    return timezone.localdate(at, timezone.get_default_timezone())


def bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The first moment of a day, and the first after it."""
    zone = timezone.get_default_timezone()
    begin, end = (dt.datetime.combine(each, dt.time(), zone) for each in (day, day + dt.timedelta(days=1)))
    return begin, end


def mark(sessions: Iterable[int], *, urgent: bool = False) -> None:
    """The days of these visits (by the second in which they began) are due. In the transaction that changes their events.

    urgent: somebody was forgotten, so they do not rest.
    """
    days = sorted({day_of(each) for each in sessions})
    if not days:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO activity_siteday (day, changed, written, kept_as, zone, sources, events, visits, urgent)"
            " VALUES (%s, 1, 0, '', '', '[]', 0, 0, FALSE)"
            " ON CONFLICT (day) DO UPDATE SET changed = activity_siteday.changed + 1",
            [(day.isoformat(),) for day in days],
        )
    if urgent:
        SiteDay.objects.filter(day__in=days).update(urgent=True)


def mark_all() -> None:
    """Every day on which something happened is due."""
    SiteDay.objects.update(changed=F("changed") + 1)
    sessions = Event.objects.filter(bot=False).order_by().values_list("session", flat=True).distinct()
    mark({each - each % _QUARTER for each in sessions.iterator(chunk_size=10_000)})


def forget_visitors(visitors: Sequence[int]) -> None:
    """The days of these visitors (by key) are written anew, without them, before their forgetting is over.

    In the transaction that forgets them, while their events are there.
    """
    rows = bulk.fetch(Event, ("session",), by="visitor_id", among=visitors)
    mark({session for (session,) in rows}, urgent=True)


def run_due_day() -> bool:
    """Write the newest day that is due and has rested; whether there was one."""
    _look_round()
    rested = Q(rests_until=None) | Q(rests_until__lte=timezone.now()) | Q(urgent=True)
    return _write_one(rested)


def write_forgotten() -> bool:
    """Write the days of those who were forgotten; False where another worker is at one of them still."""
    while _write_one(Q(urgent=True)):
        pass
    return not SiteDay.objects.filter(urgent=True, changed__gt=F("written")).exists()


def rebuild() -> int:
    """Write every day anew from the main database, at once; how many there are."""
    with transaction.atomic():
        mark_all()
    done = 0
    while _write_one(Q()):
        done += 1
    return done


def under_way() -> bool:
    """Whether somebody is writing a day now."""
    return SiteDay.objects.filter(taken_until__gt=timezone.now()).exists()


def gone(name: str) -> None:
    """The day kept under this name is not there any more: it is due, unless it was written under another meanwhile."""
    SiteDay.objects.filter(kept_as=name).update(kept_as="", changed=F("changed") + 1, rests_until=None)


_looked: set[tuple[str, ...]] = set()


def _look_round() -> None:
    """What is kept beside what should be: once in each process, and again when the key or the zone is another."""
    zone = timezone.get_default_timezone_name()
    now = (str(settings.EVENTS_ROOT), zone, vault.current().name)
    if now in _looked:
        return
    _looked.add(now)
    from .store import store

    kept = store()
    kept.tidy()
    there = kept.kept()
    rows = dict(SiteDay.objects.exclude(kept_as="").values_list("kept_as", "zone"))
    kept.throw_away(there - rows.keys())
    for name in rows.keys() - there:
        gone(name)
    former = [name for name in rows.keys() & there if not kept.is_current(name)]
    SiteDay.objects.filter(kept_as__in=former).update(changed=F("changed") + 1)
    if set(rows.values()) - {zone} or (not SiteDay.objects.exists() and Event.objects.exists()):
        with transaction.atomic():
            mark_all()


def _write_one(which: Q) -> bool:
    """Take the newest of these days that is due, and write it; whether there was one."""
    now = timezone.now()
    free = Q(taken_until=None) | Q(taken_until__lt=now)
    row = SiteDay.objects.filter(which & free, changed__gt=F("written")).order_by("-day").first()
    if row is None:
        return False
    same = SiteDay.objects.filter(pk=row.pk, taken_until=row.taken_until)
    if same.update(taken_until=now + _LEFT_AFTER):
        try:
            _write(row)
        finally:
            SiteDay.objects.filter(pk=row.pk).update(taken_until=None)
    return True


def _write(row: SiteDay) -> None:
    """What comes while it is written has raised `changed` above what is noted here as written."""
    from . import digesting, reading
    from .store import store
    from .tables import Table

    began = time.monotonic()
    row.refresh_from_db()
    raw = reading.raw_of(*bounds(row.day))
    name, visits = "", 0
    if raw.num_rows:
        tables = digesting.digested(row.day, raw)
        name, visits = store().keep(row.day, tables), tables[Table.VISITS].num_rows
    now = timezone.now()
    with transaction.atomic():
        same = SiteDay.objects.filter(pk=row.pk, kept_as=row.kept_as)
        noted = same.update(
            written=row.changed,
            written_at=now,
            kept_as=name,
            zone=timezone.get_default_timezone_name(),
            sources=sorted(set(raw["source"].to_pylist())),
            events=raw.num_rows,
            visits=visits,
            rests_until=now + max(_REST, _RESTS * dt.timedelta(seconds=time.monotonic() - began)),
        )
        SiteDay.objects.filter(pk=row.pk, changed=row.changed).update(urgent=False)
    # Whoever reads the former one in this moment is told that it is gone, and asks for the row again.
    store().throw_away(each for each in [row.kept_as if noted else name] if each)
