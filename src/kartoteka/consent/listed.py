"""Which of our contact points stand in opt-out registers: told anew by every file, and of each new one at once."""

import datetime as dt
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from kartoteka.kit import bulk
from kartoteka.kit.news import announce
from kartoteka.people.models import ContactPoint
from kartoteka.people.news import PointsMade
from kartoteka.trust import vault

from .models import Channel, Listed, Register, RegisterFile, RegisterLine
from .news import MayHaveChanged
from .register_file import mark

_AT_ONCE = 20_000

# Contact point: key and value.
Point = tuple[int, str]


def registers_for(channel: str) -> list[int]:
    """The keys of the registers that hold for this channel."""
    return [each.pk for each in Register.objects.only("channels") if channel in each.channels]


def newest_files() -> dict[int, RegisterFile]:
    """Of each register (by key) the file that counts: the newest that was read whole."""
    newest = RegisterFile.objects.filter(read_at__isnull=False).values("register").annotate(last=Max("pk"))
    rows = RegisterFile.objects.filter(pk__in=newest.values("last"))
    return {each.register_id: each for each in rows}


def up_to_date(at: dt.datetime) -> frozenset[str]:
    """The keys of the registers whose file is young enough to be relied on at this moment."""
    day = timezone.localdate(at)
    files = newest_files().values()
    registers = {each.pk: each for each in Register.objects.all()} if files else {}
    return frozenset(
        registers[each.register_id].key
        for each in files
        if not registers[each.register_id].days or (day - each.as_of).days <= registers[each.register_id].days
    )


def files_coming() -> dict[int, RegisterFile]:
    """Of each register (by key) the newest file, where it was not read whole: it waits, is read, failed or was stopped."""
    newest = RegisterFile.objects.values("register").annotate(last=Max("pk")).values("last")
    rows = RegisterFile.objects.filter(pk__in=newest, read_at=None).exclude(state=RegisterFile.State.STOPPED)
    return {each.register_id: each for each in rows}


def look_for_all(file: RegisterFile) -> int:
    """Look up every contact point of ours in this file of a register; how many stand in it."""
    before = dict(Listed.objects.filter(register=file.register_id).values_list("point_id", "pk"))
    listed = 0
    rows = ContactPoint.objects.order_by("pk").values_list("pk", "value").iterator(chunk_size=_AT_ONCE)
    for some in bulk.chunks(rows, _AT_ONCE):
        found = _found(some, {file.pk: file})
        listed += len(found)
        same = [point for point, _register, _since in found if point in before]
        kept = {before.pop(point) for point in same}
        bulk.delete(Listed, by="id", among=sorted(kept))
        _write(found)
        announce(MayHaveChanged(points=tuple(point for point, *_rest in found if point not in same)))
    bulk.delete(Listed, by="id", among=sorted(before.values()))  # who stands in it no more
    announce(MayHaveChanged(points=tuple(before)))
    return listed


def look_for_new(news: PointsMade) -> None:
    """Look up contact points that are new to us in all registers, in the transaction that makes them."""
    files = {each.pk: each for each in newest_files().values()}
    if files:
        _write(_found([(key, value) for key, _kind, value in news.points], files))


def _found(points: Sequence[Point], files: dict[int, RegisterFile]) -> list[tuple[int, int, dt.datetime]]:
    """(contact point, register, since) of those that stand in these files."""
    keys = vault.current().keys("register")
    marks: dict[int, list[int]] = {}
    for point, value in points:
        for key in keys:
            marks.setdefault(mark(key, value), []).append(point)
    rows = bulk.fetch(RegisterLine, ("hash", "file_id", "first_id"), by="hash", among=list(marks))
    rows = [row for row in rows if row[1] in files]
    days = dict(RegisterFile.objects.filter(pk__in={row[2] for row in rows}).values_list("pk", "as_of"))
    return [
        (point, files[file].register_id, day_after(days[first]))
        for hash_, file, first in rows
        for point in marks[hash_]
    ]


def _write(found: Iterable[tuple[int, int, dt.datetime]]) -> None:
    bulk.insert(Listed, ("point_id", "register_id", "since"), found, ignore=True)


def day_after(day: dt.date) -> dt.datetime:
    """The first moment after a day, where the business is: what was said on that day itself is not taken to be later."""
    zone = ZoneInfo(settings.KARTOTEKA.time_zone)
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)


def listed_now(points: Iterable[int]) -> dict[int, list[tuple[str, dt.datetime]]]:
    """Of these contact points those that stand in a register: (channel, since) for each channel that it holds for.

    As it is now, whatever the moment that the gate is asked of: it is the files that came late, not their people.
    """
    channels = {each.pk: each.channels for each in Register.objects.all()}
    found: dict[int, list[tuple[str, dt.datetime]]] = {}
    if not channels:
        return found
    rows = Listed.objects.filter(point__in=bulk.these(points))
    for point, register, since in rows.values_list("point_id", "register_id", "since"):
        found.setdefault(point, []).extend((Channel(each), since) for each in channels[register])
    return found
