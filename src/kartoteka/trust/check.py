"""The self-check: what is unsafe or neglected in this installation, and what to do about it.

A check is a function that yields findings. Domains above register their own with `checks.register` in their
app's `ready()`.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kartoteka.kit.addresses import is_this_machine
from kartoteka.kit.checks import Finding, Level, register, run_all
from kartoteka.kit.sqlcipher.base import is_plain

from .actor import Actor, Right
from .backup_plan import last_good
from .models import BackupCopy
from .passphrases import is_locked
from .vault import VaultError, current

LOW_DISK = 1 << 30
THIS_MACHINE = {"", "localhost", "127.0.0.1", "::1", "[::1]"}


def findings() -> list[Finding]:
    """Everything there is to say, the worst first."""
    return run_all()


def findings_for(*, actor: Actor) -> list[Finding]:
    """The same for whoever looks after the installation. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    return findings()


def tally_of_findings() -> dict[str, int]:
    """How many there are, by level."""
    levels = [each.level for each in findings()]
    return {level.value: levels.count(level) for level in Level}


@register
def key() -> Iterator[Finding]:
    """The key can be read by us, and by us only; it does not lie among the copies."""
    try:
        current()
    except VaultError as error:
        yield Finding(Level.ERROR, str(error), _("Mend the key before anything else."))
        return
    given = settings.KARTOTEKA
    if _key_lies_in(given.backup_folder) or (not given.key and given.backup_folder in given.key_path.parents):
        yield Finding(
            Level.ERROR,
            _("The key lies among the backups: who finds one has both."),
            _("Move the key out of the backup folder and set KARTOTEKA_KEY_FILE."),
        )
    elif not given.key and not is_locked(given.key_path.read_text("ascii", errors="replace")):
        beside = connection.vendor == "sqlite" and given.key_path.parent == given.home
        if beside:
            yield Finding(
                Level.WARNING,
                _("The key lies beside the base: who takes the disk has both."),
                _(
                    "Lock it with a passphrase (kartoteka key lock), or keep it elsewhere by KARTOTEKA_KEY_FILE."
                ),
            )


def _key_lies_in(folder: Path) -> bool:
    """Whether a copy of our key, under any name, is in a folder."""
    ours = {line for line in current().lines().split() if line}
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.is_file() and path.stat().st_size < 4096 and ours & set(path.read_text("latin-1").split()):
            return True
    return False


@register
def home() -> Iterator[Finding]:
    """Nobody else on the machine can look into the home."""
    folder: Path = settings.KARTOTEKA.home
    if os.name == "posix" and folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o022:
        yield Finding(
            Level.ERROR,
            _("Others on this machine can change files in %(folder)s.") % {"folder": folder},
            _("Close it with: chmod 700 %(folder)s") % {"folder": folder},
        )


@register
def encryption() -> Iterator[Finding]:
    """The SQLite base is unreadable without its key."""
    if connection.vendor == "sqlite" and is_plain(Path(connection.settings_dict["NAME"])):
        yield Finding(
            Level.ERROR,
            _("The base is not encrypted: whoever copies the file can read it."),
            _("Make a new base with `kartoteka init` and bring the data over."),
        )


@register
def postgres_tls() -> Iterator[Finding]:
    """What goes to a PostgreSQL server on another machine is not read on the way, nor answered by somebody else."""
    given = connection.settings_dict
    if connection.vendor != "postgresql" or is_this_machine(given["HOST"]):
        return
    if given["OPTIONS"].get("sslmode") != "verify-full":
        yield Finding(
            Level.ERROR,
            _("The connection to PostgreSQL at %(host)s may be read or taken over.")
            % {"host": given["HOST"]},
            _("Add ?sslmode=verify-full to KARTOTEKA_DATABASE_URL."),
        )


@register
def debug() -> Iterator[Finding]:
    """Nobody is shown the code's state."""
    if settings.DEBUG:
        yield Finding(
            Level.ERROR,
            _("Debugging is on: error pages show what customers' records hold."),
            _("Take KARTOTEKA_DEBUG out of the environment."),
        )


@register
def cookies() -> Iterator[Finding]:
    """As soon as others than this machine come in, sign-in cookies travel by https only."""
    listens = settings.KARTOTEKA.listen.rpartition(":")[0]
    if settings.KARTOTEKA.secure or (
        listens in THIS_MACHINE - {""} and set(settings.ALLOWED_HOSTS) <= THIS_MACHINE
    ):
        return
    yield Finding(
        Level.ERROR,
        _("Others can reach Kartoteka, and sign-in cookies may travel unencrypted."),
        _("Put a server with https in front of it and set KARTOTEKA_SECURE=1."),
    )


@register
def tables() -> Iterator[Finding]:
    """The base has the tables this version needs."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding(
            Level.ERROR,
            _("The base is older than this version of Kartoteka."),
            _("Bring it up to date with: kartoteka init"),
        )


@register
def disk() -> Iterator[Finding]:
    """There is room for a day's work and a copy."""
    folder: Path = settings.KARTOTEKA.home
    free = shutil.disk_usage(folder if folder.exists() else folder.anchor).free
    if free < LOW_DISK:
        yield Finding(
            Level.WARNING,
            _("Only %(free)s MB are free where the base is.") % {"free": free >> 20},
            _("Make room, or move KARTOTEKA_HOME to a larger disk."),
        )


@register
def copies() -> Iterator[Finding]:
    """There is a copy that is not too old, was restored once, and does not burn with the house."""
    given = settings.KARTOTEKA
    last, newest = last_good(), BackupCopy.objects.first()
    if newest and newest.state == BackupCopy.State.FAILED:
        yield Finding(
            Level.ERROR,
            _("The last backup failed: %(why)s") % {"why": newest.problem},
            _("Mend that, then make one with: kartoteka backup"),
        )
    if last is None or last.made_at is None:
        yield Finding(
            Level.WARNING,
            _("No backup was ever made."),
            _("Make one with: kartoteka backup (best to a disk that leaves the house)"),
        )
        return
    if timezone.now() - last.made_at > timedelta(days=given.backup_days):
        yield Finding(
            Level.WARNING,
            _("The last backup is of %(day)s.") % {"day": f"{last.made_at:%Y-%m-%d}"},
            _("Make one with: kartoteka backup"),
        )
    if not last.counted:
        yield Finding(
            Level.WARNING,
            _(
                "The last backup was read through, but not restored: the database account may not make a scratch base."
            ),
            _("Give it the right: ALTER ROLE … CREATEDB"),
        )
    folder = Path(last.place)
    here = connection.vendor == "sqlite" and folder.is_absolute() and folder.exists() and given.home.exists()
    if here and folder.stat().st_dev == given.home.stat().st_dev:
        yield Finding(
            Level.WARNING,
            _("The backups lie on the same disk as the base: they are lost with it."),
            _("Set KARTOTEKA_BACKUPS to another disk, or KARTOTEKA_BACKUPS_S3 to a store elsewhere."),
        )
