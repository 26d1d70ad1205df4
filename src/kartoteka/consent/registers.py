"""Opt-out registers as the owner keeps them: which there are, the file of each read anew, and how old it has become."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.kit.checks import Finding, Level
from kartoteka.kit.news import announce
from kartoteka.trust import vault
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .listed import look_for_all, newest_files
from .models import Channel, Listed, Register, RegisterFile, RegisterLine
from .news import MayHaveChanged
from .register_file import Tally, mark, read
from .register_presets import PRESETS

_AT_ONCE = 10_000
# Who speaks to customers by these can be asked not to.
CHANNELS = (Channel.PHONE, Channel.SMS, Channel.EMAIL, Channel.POST)


class BadRegister(ValueError):
    """A register cannot be so. `field` names what to change, the message says why."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Kept:
    """A register with the file that counts (None before the first), how old that is in days, and how many of ours it names.

    late: it is older than it may be, or there is none.
    """

    register: Register
    file: RegisterFile | None
    age: int
    late: bool
    ours: int

    @property
    def by(self) -> list[str]:
        """The channels it holds for, in words."""
        return [str(Channel(each).label) for each in self.register.channels]


def kept_registers(*, actor: Actor) -> list[Kept]:
    """The registers there are. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    return _kept()


def _kept() -> list[Kept]:
    files = newest_files()
    ours = dict(Listed.objects.values_list("register").annotate(n=Count("pk")).order_by())
    today = timezone.localdate()
    found = []
    for each in Register.objects.all():
        file = files.get(each.pk)
        age = (today - file.as_of).days if file else 0
        late = file is None or (each.days > 0 and age > each.days)
        found.append(Kept(each, file, age, late, ours.get(each.pk, 0)))
    return found


def offered(*, actor: Actor) -> list[tuple[str, str]]:
    """The well-known registers that are not kept yet: key and name. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    known = set(Register.objects.values_list("key", flat=True))
    return [(each.key, each.name) for each in PRESETS.values() if each.key not in known]


def add_preset(*, key: str, by: Actor) -> Register:
    """Keep one of the well-known registers. Raises BadRegister, NotAllowed."""
    its = PRESETS.get(key)
    if its is None:
        known = ", ".join(PRESETS)
        raise BadRegister("key", _("Choose one of the registers: %(known)s.") % {"known": known})
    return add_register(
        name=its.name, country=its.country, channels=its.channels, days=its.days, by=by, key=its.key
    )


def add_register(
    *, name: str, country: str, channels: Iterable[str], days: int, by: Actor, key: str = ""
) -> Register:
    """Keep a register. country: of numbers without one, ISO alpha-2; days: for how long a file holds, 0: nobody says.

    Raises BadRegister, NotAllowed.
    """
    by.must(Right.SET_UP)
    name, country = " ".join(name.split())[:150], country.strip().upper()
    wanted = [each.value for each in CHANNELS if each in set(channels)]
    key = key or slugify(name)[:50]
    if not key:
        raise BadRegister("name", _("Give the register a name."))
    if country and (len(country) != 2 or not country.isalpha()):
        raise BadRegister("country", _("Write the country as two letters, such as GB."))
    if not wanted:
        raise BadRegister("channels", _("Choose by which ways people in it must not be reached."))
    if not 0 <= days <= 3650:
        raise BadRegister("days", _("Say for how many days a file holds."))
    with transaction.atomic():
        if Register.objects.filter(key=key).exists():
            raise BadRegister("name", _("This register is kept already."))
        made = Register.objects.create(key=key, name=name, country=country, channels=wanted, days=days)
        note(by=by, action="added a register", matter="register", key=made.pk, detail={"register": key})
    return made


def register_named(key: str) -> Register:
    """The register of this key. Raises BadRegister."""
    found = Register.objects.filter(key=key).first()
    if found is None:
        raise BadRegister("key", _("There is no such register. Add it first."))
    return found


def register_or_preset(*, key: str, by: Actor) -> Register:
    """The register of this key; one of the well-known is kept from now on. Raises BadRegister, NotAllowed."""
    by.must(Right.SET_UP)
    if key in PRESETS and not Register.objects.filter(key=key).exists():
        return add_preset(key=key, by=by)
    return register_named(key)


def remove_register(*, register: Register, by: Actor) -> None:
    """Keep a register no more: what it said of our customers is forgotten. Raises NotAllowed."""
    by.must(Right.SET_UP)
    with transaction.atomic():
        bulk.be_the_writer()
        note(
            by=by, action="removed a register", matter="register", key=register.pk,
            detail={"register": register.key},
        )  # fmt: skip
        _drop_lines(RegisterFile.objects.filter(register=register).values_list("pk", flat=True))
        theirs = Listed.objects.filter(register=register).values_list("point_id", flat=True)
        announce(MayHaveChanged(points=tuple(theirs)))
        Register.objects.filter(pk=register.pk).delete()


def read_file(*, register: Register, stream: IO[bytes], as_of: dt.date, by: Actor) -> RegisterFile:
    """Read the register's file of a day; the one before counts until the last line is in, and goes then.

    Of each phone and e-mail only a keyed hash is kept. A reading that was stopped is done again from the start. Raises
    NotARegister, BadRegister, NotAllowed.
    """
    by.must(Right.SET_UP)
    if as_of > timezone.localdate():
        raise BadRegister("as_of", _("This day is still to come. Write the day of the file."))
    before = newest_files().get(register.pk)
    if before is not None and before.as_of > as_of:
        raise BadRegister("as_of", _("A newer file of this register was read already."))
    tally = Tally()
    file = RegisterFile.objects.create(
        register=register, as_of=as_of, began_at=timezone.now(), **by.as_columns
    )
    values = read(stream, country=register.country, tally=tally)
    try:
        for some in bulk.chunks(_marks(values), _AT_ONCE):
            with transaction.atomic():
                _write(some, file, before)
        _check_any(file)
    except ValueError:
        _drop_file(file.pk)
        raise
    with transaction.atomic():
        bulk.be_the_writer()
        file.count = RegisterLine.objects.filter(file=file).count()
        file.unread, file.read_at = tally.unread, timezone.now()
        file.save()
        ours = look_for_all(file)
        detail = {"register": register.key, "of": as_of.isoformat(), "count": file.count, "ours": ours}
        note(by=by, action="read a register", matter="register", key=register.pk, detail=detail)
    _drop_lines(RegisterFile.objects.filter(register=register, pk__lt=file.pk).values_list("pk", flat=True))
    return file


def _marks(values: Iterable[str]) -> Iterator[tuple[int, ...]]:
    """Of each value its mark by the present key of the vault, and those by the former ones behind it."""
    keys = vault.current().keys("register")
    return (tuple(mark(key, value) for key in keys) for value in values)


def _write(marks: Sequence[tuple[int, ...]], file: RegisterFile, before: RegisterFile | None) -> None:
    """These lines, each with the file in which it stood first without a break since."""
    first: dict[int, int] = {}
    if before is not None:
        wanted = list({one for each in marks for one in each})
        first = dict(
            bulk.fetch(
                RegisterLine, ("hash", "first_id"), by="hash", among=wanted, also={"file_id": before.pk}
            )
        )
    lines = {each[0]: next((first[one] for one in each if one in first), file.pk) for each in marks}
    rows = ((now, file.pk, since) for now, since in lines.items())
    bulk.insert(RegisterLine, ("hash", "file_id", "first_id"), rows, ignore=True)


def _check_any(file: RegisterFile) -> None:
    if not RegisterLine.objects.filter(file=file).exists():
        raise BadRegister("file", _("There is no phone and no e-mail in this file. Nothing was changed."))


def _drop_file(key: int) -> None:
    _drop_lines([key])
    RegisterFile.objects.filter(pk=key).delete()


def _drop_lines(files: Iterable[int]) -> None:
    """The lines of files that count no more; what the files were stays as history."""
    RegisterLine.objects.filter(file__in=list(files)).delete()


def too_old() -> Iterator[Finding]:
    """Registers whose file is older than it may be: who is called by it may have registered since."""
    for each in _kept():
        if not each.late:
            continue
        said: dict[str, Any] = {"name": each.register.name, "days": each.register.days, "age": each.age}
        yield Finding(
            Level.WARNING,
            _("The register “%(name)s” was never read.") % said
            if each.file is None
            else _("The register “%(name)s” is %(age)s days old; it holds for %(days)s.") % said,
            _("Get today's file from its keeper and read it on the page Registers."),
        )
