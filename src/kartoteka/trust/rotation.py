"""The key changed while people work: a new root before the old ones, and everything brought under it.

In this order, each step safe to be killed in and done again:
1. The key file holds the new root and the former ones. From now on what is new is made under the new one; what is there
   opens with either.
2. The SQLite base is written anew under the new key, in one transaction (`PRAGMA rekey`): until it is committed the base
   is what it was. Whoever else has it open notices at the next request and opens it again (kit.sqlcipher).
3. The heads of sealed files, the wrappings of personal keys, and others' secrets, are written anew.
4. The audit's chain is sealed under the new key, which vouches for what the former one marked.
The former roots stay in the key file: old copies are opened by them, and signed-in people stay signed in. They open nothing
that is made from now on. A rotation that was stopped is gone on with by asking for it again.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from sqlcipher3 import dbapi2 as driver

from kartoteka.kit.sqlcipher.base import WrongKey, key_pragma, open_by, open_file

from . import chain, keeping, passphrases, personal_keys, sealed_text, signing, vault
from .actor import Actor, Right
from .audit import note
from .models import AuditSeal
from .sealed import rewrap

STAMP = "key-rotation"  # the name of the root that is being rotated to
Progress = Callable[[float, str], None]


class CannotRotate(Exception):
    """The key cannot be changed now; the message says why and what to do."""


@dataclass(frozen=True)
class Rotated:
    """What was done. name: of the new root; resumed: a rotation that was stopped before was gone on with."""

    name: str
    files: int
    personal_keys: int
    resumed: bool


def rotate(*, by: Actor, progress: Progress) -> Rotated:
    """Give the installation a new key. Raises CannotRotate, VaultError, NotAllowed; then everything opens as before."""
    for right in (Right.STAFF, Right.SET_UP):
        by.must(right)
    stamp: Path = settings.KARTOTEKA.home / STAMP
    resumed = _begin(stamp)
    ours = vault.current()
    progress(0.1, "base")
    rekey_base(ours)
    progress(0.6, "files")
    files = sum(rewrap(path, keys=ours.keys("files")) for path in sealed_files())
    progress(0.9, "keys")
    personal = personal_keys.rewrap_all()
    sealed_text.reseal_all()
    with transaction.atomic():
        note(
            by=by, action="rotated the key", matter="base", detail={"files": files, "personal keys": personal}
        )
    vouch_anew()
    stamp.unlink(missing_ok=True)
    progress(1.0, "")
    return Rotated(ours.name, files, personal, resumed)


def unfinished() -> bool:
    """Whether a rotation was stopped on its way."""
    stamp: Path = settings.KARTOTEKA.home / STAMP
    return stamp.exists()


def _begin(stamp: Path) -> bool:
    """Have a new root before the former ones, unless a stopped rotation left one; whether it did."""
    given = settings.KARTOTEKA
    ours = vault.current()
    if stamp.exists() and stamp.read_text("ascii").strip() == ours.name:
        return True
    if given.key:
        return _begin_by_environment(stamp, ours)
    text = given.key_path.read_text("ascii")
    new = ours.begun(secrets.token_bytes(vault.KEY_BYTES))
    roots = new.lines()
    if passphrases.is_locked(text):
        roots = passphrases.lock(roots, passphrase=passphrases.asked())
    stamp.write_text(new.name, "ascii")
    vault.write_over(given.key_path, roots)
    return False


def _begin_by_environment(stamp: Path, ours: vault.Vault) -> bool:
    """The environment is not ours to write: whoever keeps it puts the new key before the old one, then asks us."""
    if len(ours.keys("files")) < 2:
        raise CannotRotate(
            "The key comes from KARTOTEKA_KEY. Put a new one before it, with a comma between (64 hexadecimal digits, "
            "as `openssl rand -hex 32` gives), restart Kartoteka with it, and ask again."
        )
    stamp.write_text(ours.name, "ascii")
    return False


def rekey_base(ours: vault.Vault) -> bool:
    """Bring the SQLite base under the vault's present key; whether it was under another. Raises CannotRotate."""
    if connection.vendor != "sqlite":
        return False
    path = Path(connection.settings_dict["NAME"])
    keys = [key.hex() for key in ours.keys("database")]
    if _opens(path, keys[0]):
        return False
    # Every page goes through the journal once, beside the base.
    size = path.stat().st_size
    if shutil.disk_usage(path.parent).free < 2 * size:
        raise CannotRotate(f"{path.parent} needs {2 * size >> 20} MB free for a moment.")
    connection.close()
    base = open_by(keys[1:], database=path, timeout=60)
    try:
        base.execute("PRAGMA cache_size = -65536")
        base.execute(key_pragma(keys[0]).replace("PRAGMA key", "PRAGMA rekey"))
    except driver.DatabaseError as error:
        raise CannotRotate(f"The base is busy ({error}). Ask again in a moment; nothing is lost.") from error
    finally:
        base.close()
    if not _opens(path, keys[0]):
        raise CannotRotate("The base is busy: others write to it. Ask again in a moment; nothing is lost.")
    fresh = open_file(database=path, key=keys[0], timeout=60)
    try:
        fresh.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # pages under the old key leave the file
    finally:
        fresh.close()
    return True


def _opens(path: Path, key: str) -> bool:
    try:
        open_file(database=path, key=key, timeout=60).close()
    except WrongKey:
        return False
    return True


def sealed_files() -> Iterator[Path]:
    """Every file that is sealed with the installation's key; those of one person have that person's (keeping.py)."""
    media = Path(settings.MEDIA_ROOT)
    for folder, below, names in os.walk(media):
        if Path(folder) == media and keeping.OPEN in below:
            below.remove(keeping.OPEN)
        for name in (each for each in names if "." not in each):
            path = Path(folder) / name
            try:
                with path.open("rb") as file:
                    sealed = file.read(8) == b"KTKSEAL2"
            except FileNotFoundError:
                continue
            if sealed:
                yield path


def vouch_anew() -> None:
    """Seal the audit's chain under the present key."""
    chain.link()
    end = chain.head()
    if end.sequence:
        seal = AuditSeal.objects.create(
            sequence=end.sequence, hash=end.hash, at=timezone.now(), mark=signing.mark(end.text())
        )
        if chain.is_where_it_was():
            chain.write_head(end, seal.mark)


def lock(*, passphrase: str, by: Actor) -> None:
    """Lock the key file with a passphrase, or with another than before. Raises WrongPassphrase, CannotRotate."""
    by.must(Right.STAFF)
    path = _key_file()
    vault.write_over(path, passphrases.lock(vault.current().lines(), passphrase=passphrase))
    note(by=by, action="locked the key", matter="base")


def unlock(*, by: Actor) -> None:
    """Have the key file hold the key as it is, without a passphrase. Raises WrongPassphrase, CannotRotate."""
    by.must(Right.STAFF)
    vault.write_over(_key_file(), vault.current().lines())
    note(by=by, action="unlocked the key", matter="base")


def _key_file() -> Path:
    given = settings.KARTOTEKA
    if given.key:
        raise CannotRotate("The key comes from KARTOTEKA_KEY, not from a file: there is nothing to lock.")
    path: Path = given.key_path
    return path
