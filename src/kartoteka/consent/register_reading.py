"""The file of an opt-out register read, which takes minutes where it has millions of lines: by the worker, with progress.

A dropped file lies sealed until it was read, failed or was stopped; then it is thrown away. The file before counts until
the last line is in, so a reading that was stopped, or whose worker died, is done again from the start.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk, runs
from kartoteka.trust import keeping, vault
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .listed import look_for_all, newest_files
from .models import Register, RegisterFile, RegisterLine
from .register_file import NotARegister, Tally, mark, read
from .registers import DRAWER, BadRegister, drop_lines, throw_away_file

_AT_ONCE = 10_000
State = RegisterFile.State


class _Stopped(Exception):
    """Somebody asked that the reading end."""


def receive_file(*, register: Register, stream: IO[bytes], as_of: dt.date, by: Actor) -> RegisterFile:
    """Keep the register's file of a day, sealed, for the worker to read. Raises BadRegister, NotAllowed."""
    by.must(Right.SET_UP)
    _check_day(register, as_of)
    name, size, _digest = keeping.keep(stream, drawer=DRAWER)  # type: ignore[arg-type]
    try:
        with transaction.atomic():
            bulk.be_the_writer()
            if RegisterFile.objects.filter(
                register=register, state__in=[State.QUEUED, State.RUNNING]
            ).exists():
                raise BadRegister(
                    "file", _("A file of this register is being read. Wait for it, or stop it.")
                )
            return RegisterFile.objects.create(
                register=register,
                as_of=as_of,
                began_at=timezone.now(),
                kept_as=name,
                size=size,
                **by.as_columns,
            )
    except BaseException:
        keeping.throw_away(name, drawer=DRAWER)
        raise


def read_file(*, register: Register, stream: IO[bytes], as_of: dt.date, by: Actor) -> RegisterFile:
    """Read the register's file of a day here, to its end. Raises NotARegister, BadRegister, NotAllowed.

    Of each phone and e-mail only a keyed hash is kept.
    """
    by.must(Right.SET_UP)
    _check_day(register, as_of)
    now = timezone.now()
    file = RegisterFile.objects.create(
        register=register, as_of=as_of, began_at=now, state=State.RUNNING, heartbeat=now, **by.as_columns
    )
    try:
        _carry_out(file, stream)
    except ValueError:
        drop_lines([file.pk])
        file.delete()
        raise
    return file


def stop_reading(*, register: Register, by: Actor) -> bool:
    """Have the reading of this register's file stop; the file before goes on counting. Whether there was one.

    Raises NotAllowed.
    """
    by.must(Right.SET_UP)
    with transaction.atomic():
        bulk.be_the_writer()
        file = RegisterFile.objects.filter(register=register, state__in=[State.QUEUED, State.RUNNING]).first()
        if file is None:
            return False
        RegisterFile.objects.filter(pk=file.pk).update(stop_asked=timezone.now())
        if RegisterFile.objects.filter(pk=file.pk, state=State.QUEUED).update(state=State.STOPPED):
            throw_away_file(file)
        detail = {"register": register.key}
        note(by=by, action="stopped a register", matter="register", key=register.pk, detail=detail)
    return True


def under_way() -> bool:
    """Whether a worker is at a register's file now."""
    return runs.under_way(RegisterFile.objects.all())


def run_due_reading() -> bool:
    """Read one file that waits or was left; whether there was one."""
    file = runs.take(RegisterFile.objects.exclude(kept_as=""))
    if file is None:
        return False
    drop_lines([file.pk])  # of a worker that died at it
    try:
        with keeping.taken_out(file.kept_as, drawer=DRAWER) as path, path.open("rb") as stream:
            _carry_out(file, stream)
    except _Stopped:
        _end(file, State.STOPPED)
    except (NotARegister, BadRegister) as error:
        _end(file, State.FAILED, str(error))
    except Exception:
        _end(file, State.FAILED, _("Something went wrong on our side. Read the file again."))
        raise
    throw_away_file(file)
    return True


def _check_day(register: Register, as_of: dt.date) -> None:
    if as_of > timezone.localdate():
        raise BadRegister("as_of", _("This day is still to come. Write the day of the file."))
    before = newest_files().get(register.pk)
    if before is not None and before.as_of > as_of:
        raise BadRegister("as_of", _("A newer file of this register was read already."))


def _carry_out(file: RegisterFile, stream: IO[bytes]) -> None:
    register, tally = file.register, Tally()
    before = newest_files().get(register.pk)
    for some in bulk.chunks(_marks(read(stream, country=register.country, tally=tally)), _AT_ONCE):
        with transaction.atomic():
            _tell(file, stream.tell())
            _write(some, file, before)
    if not RegisterLine.objects.filter(file=file).exists():
        raise BadRegister("file", _("There is no phone and no e-mail in this file. Nothing was changed."))
    with transaction.atomic():
        bulk.be_the_writer()
        _tell(file, file.size)
        file.count = RegisterLine.objects.filter(file=file).count()
        file.unread, file.read_at, file.state = tally.unread, timezone.now(), State.DONE
        file.save(update_fields=["count", "unread", "read_at", "state"])
        ours = look_for_all(file)
        detail = {"register": register.key, "of": file.as_of.isoformat(), "count": file.count, "ours": ours}
        by = Actor(file.by_kind, file.by_key, file.by_name, frozenset())
        note(by=by, action="read a register", matter="register", key=register.pk, detail=detail)
    drop_lines(RegisterFile.objects.filter(register=register, pk__lt=file.pk).values_list("pk", flat=True))


def _tell(file: RegisterFile, place: int) -> None:
    """Note how far it is. Raises _Stopped where somebody asked for it, or took the register away."""
    ours = RegisterFile.objects.filter(pk=file.pk, stop_asked=None)
    if not ours.update(heartbeat=timezone.now(), done=min(place, file.size)):
        raise _Stopped


def _end(file: RegisterFile, state: str, problem: str = "") -> None:
    drop_lines([file.pk])
    throw_away_file(file)
    RegisterFile.objects.filter(pk=file.pk).update(state=state, problem=problem[:300])


def _marks(values: Iterable[str]) -> Iterator[tuple[int, ...]]:
    """Of each value its mark by the present key of the vault, and those by the former ones behind it."""
    keys = vault.current().keys("register")
    return (tuple(mark(key, value) for key in keys) for value in values)


def _write(marks: Sequence[tuple[int, ...]], file: RegisterFile, before: RegisterFile | None) -> None:
    """These lines, each with the file in which it stood first without a break since."""
    first: dict[int, int] = {}
    if before is not None:
        wanted = list({one for each in marks for one in each})
        also = {"file_id": before.pk}
        first = dict(bulk.fetch(RegisterLine, ("hash", "first_id"), by="hash", among=wanted, also=also))
    lines = {each[0]: next((first[one] for one in each if one in first), file.pk) for each in marks}
    rows = ((now, file.pk, since) for now, since in lines.items())
    bulk.insert(RegisterLine, ("hash", "file_id", "first_id"), rows, ignore=True)
