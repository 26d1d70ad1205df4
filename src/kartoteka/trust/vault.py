"""The one secret of an installation, and every other key derived from it.

The root is 256 random bits in a file of its own, apart from the base and readable by its owner only, or in
the environment; locked with a passphrase if the owner wants (passphrases.py). Each purpose gets its own key by
HKDF (RFC 5869), so that one key told tells nothing of another. After a rotation (rotation.py) the former roots
stand behind the present one: what was made under them is still opened, and nothing new is made with them.
Settings read this module, so it must not import models.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from . import passphrases

Purpose = Literal[
    "database", "django", "backup", "link", "files", "audit", "personal", "blind", "name", "forgotten",
    "secret", "visitor", "outliving", "events", "register",
]  # fmt: skip
KEY_BYTES = 32


class VaultError(Exception):
    """The key is missing, spoilt or badly kept; the message says what to do."""


@lru_cache(maxsize=256)
def _derived(root: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"kartoteka/{purpose}/1".encode()).derive(root)


@dataclass(frozen=True)
class Vault:
    """Holds the root secret and hands out keys; it never shows the root, not even in a traceback."""

    _root: bytes = field(repr=False)
    _former: tuple[bytes, ...] = field(default=(), repr=False)

    def key(self, purpose: Purpose) -> bytes:
        """The 32-byte key for `purpose`: always the same one for the same root."""
        return _derived(self._root, purpose)

    def keys(self, purpose: Purpose) -> tuple[bytes, ...]:
        """The keys for `purpose` by the present root and the former ones, the newest first."""
        return tuple(_derived(root, purpose) for root in (self._root, *self._former))

    @property
    def name(self) -> str:
        """Eight letters that tell the present root from others and tell nothing of it."""
        return _derived(self._root, "name")[:4].hex()

    def named(self) -> dict[str, Vault]:
        """The present root and the former ones by name, each alone."""
        return {each.name: each for each in (Vault(root) for root in (self._root, *self._former))}

    def begun(self, root: bytes) -> Vault:
        """This vault with a new root before the others."""
        return Vault(root, (self._root, *self._former))

    def lines(self) -> str:
        """As a key file holds it: a root a line, the present one first."""
        return "".join(f"{root.hex()}\n" for root in (self._root, *self._former))


def open_vault(*, home: Path, key: str = "", key_file: Path | None = None) -> Vault:
    """The vault of the installation in `home`.

    `key` (64 hexadecimal digits, from the environment; former keys behind it, with commas) wins over `key_file`,
    which defaults to `home`/key. A key is made where neither it nor a base exists. Raises VaultError.
    """
    if key:
        return _parsed(key.replace(",", "\n"), "KARTOTEKA_KEY")
    path = key_file or home / "key"
    try:
        found = path.stat()
    except FileNotFoundError:
        if (home / "kartoteka.db").exists():
            raise VaultError(
                f"The key file {path} is missing, and the base in {home} cannot be read without it. "
                "Put the key file back from where you keep its copy, or set KARTOTEKA_KEY if the base was made with that."
            ) from None
        _write_new(path)
        found = path.stat()
    except OSError as error:
        raise VaultError(f"The key file {path} cannot be read ({error.strerror}).") from error
    return _read(path, found.st_mtime_ns, found.st_ino, stat.S_IMODE(found.st_mode))


def current() -> Vault:
    """The vault of the installation that runs, as its settings say. Raises VaultError."""
    from django.conf import settings

    given = settings.KARTOTEKA
    return open_vault(home=given.home, key=given.key, key_file=given.key_file)


class FormerKeys(list[str]):
    """The former keys for a purpose, in hexadecimal: a list, as Django's settings want one, read when it is needed."""

    def __init__(self, purpose: Purpose) -> None:
        super().__init__()
        self._purpose = purpose

    def __iter__(self) -> Iterator[str]:
        return iter([key.hex() for key in current().keys(self._purpose)[1:]])


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int, _inode: int, mode: int) -> Vault:
    """The key file at `path`; read again only when it is another one."""
    if os.name == "posix" and mode & 0o077:
        raise VaultError(
            f"Others on this machine can read the key file {path}. Close it with: chmod 600 {path}"
        )
    try:
        text = path.read_text("ascii", errors="replace")
    except OSError as error:
        raise VaultError(f"The key file {path} cannot be read ({error.strerror}).") from error
    if passphrases.is_locked(text):
        if path in _last and not passphrases.asked.cache_info().currsize:
            return _last[path]  # locked since this process began, which nobody sits in front of
        try:
            text = passphrases.unlock(text)
        except passphrases.WrongPassphrase as error:
            raise VaultError(str(error)) from error
    _last[path] = _parsed(text, f"The key file {path}")
    return _last[path]


_last: dict[Path, Vault] = {}


def _parsed(text: str, where: str) -> Vault:
    roots = text.split()
    if not roots or not all(re.fullmatch(r"[0-9a-fA-F]{64}", each) for each in roots):
        raise VaultError(f"{where} does not hold a key: 64 hexadecimal digits are needed.")
    first, *former = map(bytes.fromhex, roots)
    return Vault(first, tuple(former))


def _write_new(path: Path) -> None:
    """Write a new key whole or not at all, and never over another, whoever else starts just now."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _drafted(path, f"{secrets.token_hex(KEY_BYTES)}\n") as draft, suppress(FileExistsError):
        os.link(draft, path)  # unlike a rename, a link fails where somebody was quicker
    _settle(path.parent)


def write_over(path: Path, text: str) -> None:
    """Put `text` in the place of the key file at `path`, whole or not at all, also when the power goes."""
    with _drafted(path, text) as draft:
        os.replace(draft, path)
    _settle(path.parent)


@contextmanager
def _drafted(path: Path, text: str) -> Iterator[Path]:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Have the disk remember which files are in `folder`."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
