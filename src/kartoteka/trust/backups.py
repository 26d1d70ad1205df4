"""Copies of a whole installation: made while people work, sealed, opened again to be sure, and restored.

A copy is one file: a tar of `manifest.json`, the base's dump and the folders of photos and files, sealed with a
key derived from the installation's own (see sealed.py). The key itself is never in it: whoever finds the copy
can do nothing with it, and whoever restores it brings the key.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from kartoteka import __version__

from . import chain, keeping, outliving
from . import vault as vaults
from .actor import Actor, Right
from .audit import note
from .dumps import Counts, DumpError, engine
from .key_copies import copy_keys, newest_keys, remove_old_keys, restore_keys
from .models import BackupCopy
from .pipes import sealing, unsealing
from .rehearsing import rehearse
from .sealed import SealBroken
from .stores import KEYS_SUFFIX, Folder, Store, StoreError, digest, fetch, store_in_use
from .vault import Vault

log = logging.getLogger("kartoteka.backups")
SUFFIX = ".ktk"
MANIFEST, BASE = "manifest.json", "base"
# Not the installation's own: copies, what is built, what is written anew from the base, and drafts.
LEFT_OUT = {"backups", "static", "tmp", "mail", "events"}


class CopyError(Exception):
    """A copy could not be made, is not whole, or cannot be restored here; the message says what to do."""


@dataclass(frozen=True)
class Copy:
    """A copy that was opened again and found whole. `rows`: rows per table; `size` in bytes."""

    path: Path
    made_at: datetime
    engine: str
    version: str
    rows: Counts
    files: int
    size: int
    digest: str = ""
    head: str = ""
    counted: dict[str, int] = field(default_factory=dict)

    @property
    def row_count(self) -> int:
        return sum(self.rows.values())

    def as_data(self) -> dict[str, object]:
        """As plain values, for a program that reads them."""
        when = self.made_at.astimezone(UTC).isoformat()
        return {**asdict(self), "path": str(self.path), "made_at": when}


def backup(*, to: Path, by: Actor, store: Store | None = None, row: BackupCopy | None = None) -> Copy:
    """Copy the base and its files, and prove the copy by restoring it into a scratch place. Raises CopyError.

    to: the folder it is made in, and where it stays unless a `store` is given. row: what is filled with the outcome; a new
    one by default. People go on working meanwhile; the copy shows the base as it was at one moment.
    """
    by.must(Right.EXPORT)
    made_at = timezone.now()
    row = row or BackupCopy.objects.create(begun_at=made_at, place=store.place if store else str(to))
    try:
        copy = _made(to, made_at)
        keys = copy_keys(to, made_at=made_at)
        if store:
            try:
                store.put(copy.path)
                store.put(keys)
                outliving.put_with_copies(store)
                if digest(store, copy.path.name) != copy.digest:
                    raise CopyError(f"What arrived at {store.place} is not what was sent. Try again.")
            finally:
                copy.path.unlink(missing_ok=True)
                keys.unlink(missing_ok=True)
        else:
            outliving.put_with_copies(Folder(to))
        remove_old_keys(store or Folder(to))
    except (CopyError, StoreError) as error:
        row.state, row.problem = BackupCopy.State.FAILED, str(error)[:500]
        row.save()
        raise CopyError(str(error)) from error
    row.name, row.state, row.made_at, row.checked_at = (
        copy.path.name, BackupCopy.State.CHECKED, made_at, timezone.now(),
    )  # fmt: skip
    row.size, row.rows, row.counted, row.digest = copy.size, copy.row_count, copy.counted, copy.digest
    row.save()
    log.info("a backup was made and checked", extra={"rows": copy.row_count, "head": copy.head})
    note(by=by, action="made a backup", matter="base", detail={"rows": copy.row_count, "files": copy.files})
    return copy


def _made(to: Path, made_at: datetime) -> Copy:
    """A copy in the folder `to`, restored once and found good. Raises CopyError."""
    vault = vaults.current()
    chain.link()
    try:
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CopyError(f"The copy could not be written to {to}: {error.strerror or error}.") from error
    _room(to, 3 * engine().size() + 2 * _files_size())
    target = to / f"kartoteka-{made_at:%Y%m%d-%H%M%S}{SUFFIX}"
    draft = target.with_suffix(".part")
    try:
        with _workshop(to) as workshop:
            dump = workshop / BASE
            head = chain.head()
            rows = engine().dump(dump, vault=vault)
            manifest = {
                "made_at": made_at.isoformat(),
                "engine": engine().vendor,
                "version": __version__,
                "rows": rows,
                "head": str(head),
            }
            with sealing(draft, key=vault.key("backup")) as stream:
                _pack(stream, manifest, dump)
        copy = verify(draft, vault=vault)
        if copy.rows != rows:
            raise CopyError(f"The copy in {to} does not hold what the base held. Try again.")
        os.replace(draft, target)
    except (DumpError, SealBroken) as error:
        raise CopyError(str(error)) from error
    except OSError as error:
        raise CopyError(f"The copy could not be written to {to}: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return replace(copy, path=target)


def verify(path: Path, *, vault: Vault | None = None) -> Copy:
    """Open the copy at `path` to its last byte, restore its base into a scratch place, count. Raises CopyError."""
    vault = vault or vaults.current()
    with _workshop(path.parent) as folder:
        copy = _unpack(path, folder, vault=vault)
        try:
            known = chain.head_of(copy.head) if copy.head else None
            return replace(copy, counted=rehearse(folder / BASE, vault=vault, head=known))
        except (DumpError, DatabaseError) as error:
            raise CopyError(f"The base in {path} cannot be restored: {error}") from error


def restore(*, source: Path, by: Actor) -> Copy:
    """Put the copy at `source` into the empty home and base that the settings name. Raises CopyError.

    Nothing is laid in place before the whole copy was read and checked. Whoever was forgotten since it was made is
    forgotten again (outliving.py).
    """
    by.must(Right.SET_UP)
    home: Path = settings.KARTOTEKA.home
    if not source.is_file():
        raise CopyError(f"There is no copy at {source}.")
    vault = _vault_for(home)
    try:
        engine().must_be_empty()
    except DumpError as error:
        raise CopyError(str(error)) from error
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    _room(home, 2 * source.stat().st_size)
    try:
        with _workshop(home) as workshop:
            copy = _unpack(source, workshop, vault=vault)
            _fits(copy, home, workshop)
            engine().load(workshop / BASE, vault=vault)
            keys = newest_keys(source.parent)
            since = outliving.told([source.parent])
            for folder in _folders(workshop):
                os.replace(folder, home / folder.name)
    except DumpError as error:
        raise CopyError(str(error)) from error
    except OSError as error:
        raise CopyError(f"The copy could not be restored to {home}: {error.strerror or error}.") from error
    chain.head_file().unlink(missing_ok=True)
    call_command("migrate", verbosity=0, interactive=False)  # the copy may be of an older version
    known = restore_keys(keys) if keys else 0
    again = outliving.take_up_again(since)
    detail = {"rows": copy.row_count, "personal keys": known, **again}
    note(by=by, action="restored a backup", matter="base", detail=detail)
    return copy


def restore_named(*, source: str, by: Actor) -> Copy:
    """Restore a copy by its file, or by its name in the store that the settings name. Raises CopyError."""
    path = Path(source).absolute()
    if path.is_file() or os.sep in source:
        return restore(source=path, by=by)
    by.must(Right.SET_UP)
    _vault_for(settings.KARTOTEKA.home)
    try:
        store = store_in_use()
        with tempfile.TemporaryDirectory(prefix="kartoteka-") as folder:
            for name in store.names(KEYS_SUFFIX)[-1:]:
                fetch(store, name, into=Path(folder))
            outliving.fetch_from(store, into=Path(folder))
            return restore(source=fetch(store, source, into=Path(folder)), by=by)
    except StoreError as error:
        raise CopyError(str(error)) from error


def last_backup() -> datetime | None:
    """When the last copy that proved whole was made; None if never."""
    good = BackupCopy.objects.filter(checked_at__isnull=False)
    return good.order_by("-made_at").values_list("made_at", flat=True).first()


# ---- the file


def _pack(stream: IO[bytes], manifest: Mapping[str, object], dump: Path) -> None:
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        text = json.dumps(manifest).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
        tar.add(dump, BASE)
        for path in _files():
            try:
                tar.add(path, path.relative_to(settings.KARTOTEKA.home).as_posix(), recursive=False)
            except FileNotFoundError:
                continue  # removed by somebody since we listed it


def _unpack(path: Path, folder: Path, *, vault: Vault) -> Copy:
    """Lay out a copy in `folder`, check the base in it and say what it is."""
    try:
        with unsealing(path, key=vault.keys("backup")) as stream:
            files = _lay_out(stream, folder)
    except SealBroken as error:
        raise CopyError(
            f"{path} cannot be opened: it was made with another key, or it is damaged. Restore it with the "
            "key of the installation it was made by (KARTOTEKA_KEY_FILE names its file)."
        ) from error
    except (tarfile.TarError, EOFError) as error:
        raise CopyError(f"{path} is not a copy that Kartoteka made.") from error
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        made_at, vendor = datetime.fromisoformat(manifest["made_at"]), str(manifest["engine"])
        rows, version = dict(manifest["rows"]), str(manifest["version"])
        head = str(manifest.get("head", ""))
    except (OSError, ValueError, KeyError) as error:
        raise CopyError(f"{path} is not a copy that Kartoteka made.") from error
    if vendor != engine().vendor:
        raise CopyError(
            f"This copy is of a {_name(vendor)} base, and the settings name a {_name(engine().vendor)} base. "
            "Restore it with KARTOTEKA_DATABASE_URL as it was; `kartoteka move` then brings it over."
        )
    try:
        found = engine().count(folder / BASE, vault=vault)
    except DumpError as error:
        raise CopyError(str(error)) from error
    if found != rows:
        raise CopyError(f"The base in {path} does not hold what it held when it was copied.")
    with path.open("rb") as file:
        its_digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Copy(path, made_at, vendor, version, rows, files, path.stat().st_size, its_digest, head)


def _lay_out(stream: IO[bytes], folder: Path) -> int:
    """Write the tar's files below `folder` and nowhere else; how many there were besides the base."""
    files = 0
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for entry in tar:
            name = PurePosixPath(entry.name)
            content = tar.extractfile(entry) if entry.isfile() else None
            if content is None or name.is_absolute() or ".." in name.parts:
                continue
            target = folder.joinpath(*name.parts)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                shutil.copyfileobj(content, out, 1 << 20)
            files += len(name.parts) > 1
    while stream.read(1 << 20):
        pass  # to the seal's last byte, or a file cut short would pass
    return files


# ---- what belongs to an installation


def _folders(home: Path) -> list[Path]:
    """The folders with photos and files of an installation."""
    return sorted(
        path for path in home.iterdir() if path.is_dir() and path.name not in LEFT_OUT and path.name[0] != "."
    )


def _files() -> Iterator[Path]:
    home, media = settings.KARTOTEKA.home, Path(settings.MEDIA_ROOT)
    passed_over = {settings.KARTOTEKA.backup_folder, *(media / each for each in keeping.PASSING)}
    for folder in _folders(home) if home.is_dir() else []:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and passed_over.isdisjoint(path.parents):
                yield path


def _files_size() -> int:
    return sum(path.stat().st_size for path in _files())


def _room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CopyError(f"{folder} has {free >> 20} MB free; {needed >> 20} MB are needed.")


def _vault_for(home: Path) -> Vault:
    """The vault to restore with. A key made up just now opens nothing, so a missing one is said at once."""
    given = settings.KARTOTEKA
    if not given.key and not given.key_path.exists():
        raise CopyError(
            f"The key is missing. Put the key file of the installation the copy was made by at {home / 'key'}."
        )
    return vaults.current()


def _fits(copy: Copy, home: Path, workshop: Path) -> None:
    for folder in _folders(workshop):
        there = home / folder.name
        if there.exists() and any(there.iterdir()):
            raise CopyError(f"There are files already in {there}. Set KARTOTEKA_HOME to an empty folder.")
    if tuple(map(_number, copy.version.split("."))) > tuple(map(_number, __version__.split("."))):
        raise CopyError(
            f"This copy was made by Kartoteka {copy.version}, which is newer than this one ({__version__})."
        )


def _number(part: str) -> int:
    return int("".join(filter(str.isdigit, part)) or 0)


def _name(vendor: str) -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(vendor, vendor)


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A folder for halves, beside where the whole goes, gone at the end whatever happens."""
    with tempfile.TemporaryDirectory(prefix=".kartoteka-", dir=folder) as name:
        yield Path(name)
