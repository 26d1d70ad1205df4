"""Copies by themselves: one a day at the owner's hour, the old ones removed by rule."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import backups
from .actor import SYSTEM, Actor, Right
from .audit import note
from .models import BackupCopy, BackupPlan
from .stores import Folder, Store, StoreError, store_in_use

AGAIN_AFTER = dt.timedelta(hours=1)  # a failed copy is tried again so much later
GIVEN_UP = dt.timedelta(hours=12)  # a copy under way for longer was left by a worker that died
_MOST = 400


class BadPlan(ValueError):
    """The plan cannot be so. `field` names what to change, the message says why."""

    def __init__(self, message: str, *, field: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Kept:
    """What the owner sees of the copies: the plan, where they go, the newest good one, the latest rows."""

    plan: BackupPlan
    place: str
    last: BackupCopy | None
    copies: tuple[BackupCopy, ...]

    @property
    def busy(self) -> bool:
        """Whether one is being made or waits to be."""
        open_ones = (BackupCopy.State.ASKED, BackupCopy.State.MAKING)
        return any(each.state in open_ones for each in self.copies)


def plan() -> BackupPlan:
    """The plan; the usual one until somebody set another. It counts from when it was first asked for."""
    return BackupPlan.objects.get_or_create(pk=1, defaults={"since": timezone.now()})[0]


def copies_kept(*, actor: Actor, latest: int = 30) -> Kept:
    """The plan and the latest copies. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    try:
        place = store_in_use().place
    except StoreError as error:
        place = str(error)
    return Kept(plan(), place, last_good(), tuple(BackupCopy.objects.all()[:latest]))


def last_good() -> BackupCopy | None:
    """The newest copy that was restored and checked."""
    return BackupCopy.objects.filter(checked_at__isnull=False).order_by("-made_at").first()


def copy_to_tell(*, actor: Actor) -> BackupCopy | None:
    """The newest good copy, for whoever looks after the installation; None for others and where there is none."""
    return last_good() if actor.may(Right.SET_UP) else None


def set_plan(*, on: bool, at: str, daily: str, weekly: str, monthly: str, by: Actor) -> None:
    """Set when copies are made (`at`: "03:10", local time) and how many are kept. Raises BadPlan, NotAllowed."""
    by.must(Right.SET_UP)
    try:
        hour = dt.time.fromisoformat(at.strip())
    except ValueError as error:
        raise BadPlan(_("Write the hour as 03:10."), field="at") from error
    counts: dict[str, int] = {}
    for name, text in (("daily", daily), ("weekly", weekly), ("monthly", monthly)):
        if not (text.strip().isascii() and text.strip().isdigit() and len(text.strip()) < 4):
            raise BadPlan(_("Write a number, such as 7."), field=name)
        counts[name] = int(text)
    if not 0 < counts["daily"] <= _MOST:
        raise BadPlan(_("Keep at least one day's copy, and no more than 400."), field="daily")
    BackupPlan.objects.filter(pk=plan().pk).update(on=on, at=hour.replace(tzinfo=None), **counts)
    note(by=by, action="changed backups", matter="base", detail={"on": on, "at": f"{hour:%H:%M}", **counts})


# ---- when


def due_at(its: BackupPlan, now: dt.datetime) -> dt.datetime | None:
    """The latest moment at which a copy was to be made; None if there was none since the plan stands.

    In the business's own time zone; a hour that the clocks leap over is the one after it.
    """
    zone = timezone.get_default_timezone()
    today = now.astimezone(zone).date()
    for day in (today, today - dt.timedelta(days=1)):
        moment = dt.datetime.combine(day, its.at, tzinfo=zone).astimezone(dt.UTC)
        if moment <= now:
            return moment if moment > its.since else None
    return None


def make_due_copy() -> bool:
    """Make the copy that is due, if one is; whether one was tried. The worker's job."""
    its, now = plan(), timezone.now()
    due = due_at(its, now) if its.on else None
    row = _asked_for(now) or (_taken(due, now) if due else None)
    if row is None:
        return False
    try:
        store = store_in_use()
        row.place = store.place
        _sweep(_workplace(store))
        backups.backup(
            to=_workplace(store), by=SYSTEM, store=None if isinstance(store, Folder) else store, row=row
        )
        remove_old(its, store)
    except (backups.CopyError, StoreError) as error:
        row.state, row.problem = BackupCopy.State.FAILED, str(error)[:500]
        row.save()
    return True


def ask_for_copy(*, by: Actor) -> BackupCopy:
    """Have the worker make a copy now; no rule removes it. One that waits already is enough. Raises NotAllowed."""
    by.must(Right.EXPORT)
    open_ones = BackupCopy.objects.filter(state__in=(BackupCopy.State.ASKED, BackupCopy.State.MAKING))
    waiting = open_ones.filter(begun_at__gt=timezone.now() - GIVEN_UP).first()
    return waiting or BackupCopy.objects.create(state=BackupCopy.State.ASKED, begun_at=timezone.now())


def _asked_for(now: dt.datetime) -> BackupCopy | None:
    row = BackupCopy.objects.filter(state=BackupCopy.State.ASKED).order_by("begun_at").first()
    mine = BackupCopy.objects.filter(pk=row.pk, state=BackupCopy.State.ASKED) if row else None
    if row is None or mine is None or not mine.update(state=BackupCopy.State.MAKING, begun_at=now):
        return None
    row.state, row.begun_at = BackupCopy.State.MAKING, now
    return row


def _taken(due: dt.datetime, now: dt.datetime) -> BackupCopy | None:
    """A row for the copy due then, ours alone; None where somebody is at it, or did it, or failed a moment ago."""
    BackupCopy.objects.filter(state=BackupCopy.State.MAKING, begun_at__lt=now - GIVEN_UP).update(
        state=BackupCopy.State.FAILED, problem="stopped"
    )
    found = BackupCopy.objects.filter(due_at=due).first()
    if found is None:
        try:
            with transaction.atomic():
                return BackupCopy.objects.create(due_at=due, begun_at=now)
        except IntegrityError:
            return None
    if found.state != BackupCopy.State.FAILED or now - found.begun_at < AGAIN_AFTER:
        return None
    again = BackupCopy.objects.filter(pk=found.pk, begun_at=found.begun_at)
    taken = again.update(begun_at=now, state=BackupCopy.State.MAKING, problem="")
    return BackupCopy.objects.get(pk=found.pk) if taken else None


def under_way() -> bool:
    """Whether a copy is being made."""
    since = timezone.now() - GIVEN_UP
    return BackupCopy.objects.filter(state=BackupCopy.State.MAKING, begun_at__gt=since).exists()


def _workplace(store: Store) -> Path:
    """The folder in which a copy is put together: where it stays, or a scratch place before it goes off."""
    home: Path = settings.KARTOTEKA.home
    folder: Path = settings.KARTOTEKA.backup_folder
    return folder if isinstance(store, Folder) else home / "tmp"


def _sweep(folder: Path) -> None:
    """Take away the halves that a killed worker left; a running one's are younger."""
    for path in folder.glob("*") if folder.is_dir() else ():
        half = path.name.startswith(".kartoteka-") or path.suffix == ".part"
        if half and timezone.now().timestamp() - path.stat().st_mtime > GIVEN_UP.total_seconds():
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else os.unlink(path)


# ---- how many


def kept_by_rule(
    made: Iterable[dt.datetime], *, daily: int, weekly: int, monthly: int, zone: dt.tzinfo
) -> set[dt.datetime]:
    """Which copies stay: the newest of each of the last `daily` days, weeks (from Monday) and months that have any.

    The newest of all always stays.
    """
    newest_first = sorted(set(made), reverse=True)
    kept = set(newest_first[:1])
    for count, span in ((daily, "%Y-%m-%d"), (weekly, "%G-%V"), (monthly, "%Y-%m")):
        spans: dict[str, dt.datetime] = {}
        for moment in newest_first:
            spans.setdefault(moment.astimezone(zone).strftime(span), moment)
        kept |= set(list(spans.values())[:count])
    return kept


def remove_old(its: BackupPlan, store: Store) -> int:
    """Remove the plan's own copies that the rule does not keep; how many. What people made by hand stays."""
    rows = BackupCopy.objects.filter(
        state=BackupCopy.State.CHECKED, due_at__isnull=False, place=store.place, made_at__isnull=False
    )
    by_moment = {row.made_at: row for row in rows if row.made_at}
    zone = timezone.get_default_timezone()
    kept = kept_by_rule(by_moment, daily=its.daily, weekly=its.weekly, monthly=its.monthly, zone=zone)
    gone = [row for moment, row in by_moment.items() if moment not in kept]
    for row in gone:
        store.remove(row.name)
        row.state, row.removed_at = BackupCopy.State.REMOVED, timezone.now()
        row.save(update_fields=["state", "removed_at"])
    return len(gone)
