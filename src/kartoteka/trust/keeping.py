"""Where sealed files live: dropped files and photos, in a folder of the installation's home."""

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from . import personal_keys, vault
from .personal_keys import Subject
from .sealed import seal, unseal

OPEN = "open"  # the drawer of files that are plain for a moment
EXPORTS, REGISTERS = "exports", "registers"
# Drawers of files that are here for a day at most. They are left out of copies: who is forgotten does not lie in one.
PASSING = (OPEN, EXPORTS, REGISTERS)


class _Hashing:
    """Reads through, and knows the digest of what went by."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self.digest.update(piece)
        return piece


def _folder(drawer: str) -> Path:
    return Path(settings.MEDIA_ROOT) / drawer


def keep(source: BinaryIO, *, drawer: str, subject: Subject | None = None) -> tuple[str, int, str]:
    """Seal what `source` gives into a drawer; the name it is kept under, its size in bytes, its SHA-256 in hex.

    subject: whose it is, if it is one person's: it is sealed with their own key then, and gone with it, also from backups.
    """
    name, key = secrets.token_hex(16), vault.current().key("files")
    if subject:
        key_name, key = personal_keys.keys_for([subject])[subject]
        name = f"{name}.{key_name}"
    hashing = _Hashing(source)
    size = seal(hashing, _folder(drawer) / name, key=key)  # type: ignore[arg-type]
    return name, size, hashing.digest.hexdigest()


def take_out(name: str, target: BinaryIO, *, drawer: str) -> None:
    """Write the plain bytes of a kept file to `target`. Raises FileNotFoundError, SealBroken, KeyGone."""
    _token, _, key_name = name.partition(".")
    keys = [personal_keys.key_named(key_name)] if key_name else vault.current().keys("files")
    unseal(_folder(drawer) / name, target, key=keys)


@contextmanager
def taken_out(name: str, *, drawer: str) -> Iterator[Path]:
    """A kept file as a plain file for as long as it is needed, in a folder that only we can read."""
    with tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=make_room()) as folder:
        path = Path(folder) / "file"
        with path.open("xb") as target:
            take_out(name, target, drawer=drawer)
        yield path


def make_room() -> Path:
    """The folder of files that lie open for a moment, swept of what processes left that are no longer there."""
    home = _folder(OPEN)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in home.iterdir():
        process = left.name.partition("-")[0]
        if left.is_dir() and process.isdigit() and not _is_alive(int(process)):
            shutil.rmtree(left, ignore_errors=True)
    return home


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def throw_away(name: str, *, drawer: str) -> None:
    """Delete a kept file; one that is not there is as good as deleted."""
    (_folder(drawer) / name).unlink(missing_ok=True)
