"""Opt-out registers as the owner keeps them: which there are, the file of each read anew, and how old it has become."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.kit.checks import Finding, Level
from kartoteka.kit.news import announce
from kartoteka.trust import keeping
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .listed import files_coming, newest_files
from .models import Channel, Listed, Register, RegisterFile, RegisterLine
from .news import MayHaveChanged
from .register_presets import PRESETS

# Where dropped files lie sealed until they were read.
DRAWER = keeping.REGISTERS
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

    late: it is older than it may be, or there is none. coming: the newest file, while it waits, is read or has failed.
    """

    register: Register
    file: RegisterFile | None
    age: int
    late: bool
    ours: int
    coming: RegisterFile | None = None

    @property
    def by(self) -> list[str]:
        """The channels it holds for, in words."""
        return [str(Channel(each).label) for each in self.register.channels]


def kept_registers(*, actor: Actor) -> list[Kept]:
    """The registers there are. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    return _kept()


def _kept() -> list[Kept]:
    files, coming = newest_files(), files_coming()
    ours = dict(Listed.objects.values_list("register").annotate(n=Count("pk")).order_by())
    today = timezone.localdate()
    found = []
    for each in Register.objects.all():
        file = files.get(each.pk)
        age = (today - file.as_of).days if file else 0
        late = file is None or (each.days > 0 and age > each.days)
        found.append(Kept(each, file, age, late, ours.get(each.pk, 0), coming.get(each.pk)))
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
        for file in RegisterFile.objects.filter(register=register):
            drop_lines([file.pk])
            throw_away_file(file)
        theirs = Listed.objects.filter(register=register).values_list("point_id", flat=True)
        announce(MayHaveChanged(points=tuple(theirs)))
        Register.objects.filter(pk=register.pk).delete()


def drop_lines(files: Iterable[int]) -> None:
    """Take away the lines of files (by key) that count no more; what the files were stays as history."""
    RegisterLine.objects.filter(file__in=list(files)).delete()


def throw_away_file(file: RegisterFile) -> None:
    """Take away what was dropped, once it was read or never will be."""
    if file.kept_as:
        keeping.throw_away(file.kept_as, drawer=DRAWER)
        RegisterFile.objects.filter(pk=file.pk).update(kept_as="")


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
