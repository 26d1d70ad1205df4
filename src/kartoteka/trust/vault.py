"""The one secret of an installation, and every other key derived from it.

The root is 256 random bits in a file of its own, apart from the base and readable by its owner only, or in
the environment. Each purpose gets its own key by HKDF (RFC 5869), so that one key told tells nothing of
another. Settings read this module, so it must not import models.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Purpose = Literal["database", "django", "backup", "link", "files", "forgotten"]
KEY_BYTES = 32


class VaultError(Exception):
    """The key is missing, spoilt or badly kept; the message says what to do."""


@dataclass(frozen=True)
class Vault:
    """Holds the root secret and hands out keys; it never shows the root, not even in a traceback."""

    _root: bytes = field(repr=False)

    def key(self, purpose: Purpose) -> bytes:
        """The 32-byte key for `purpose`: always the same one for the same root."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"kartoteka/{purpose}/1".encode()).derive(self._root)


def open_vault(*, home: Path, key: str = "", key_file: Path | None = None) -> Vault:
    """The vault of the installation in `home`.

    `key` (64 hexadecimal digits, from the environment) wins over `key_file`, which defaults to `home`/key. A
    key is made where neither it nor a base exists. Raises VaultError.
    """
    if key:
        return Vault(_parsed(key, "KARTOTEKA_KEY"))
    path = key_file or home / "key"
    if not path.exists():
        if (home / "kartoteka.db").exists():
            raise VaultError(
                f"The key file {path} is missing, and the base in {home} cannot be read without it. "
                "Put the key file back from where you keep its copy."
            )
        _make(path)
    return Vault(_read(path))


def current() -> Vault:
    """The vault of the installation that runs, as its settings say. Raises VaultError."""
    from django.conf import settings

    given = settings.KARTOTEKA
    return open_vault(home=given.home, key=given.key, key_file=given.key_file)


def _read(path: Path) -> bytes:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text("ascii", errors="replace")
    except OSError as error:
        raise VaultError(f"The key file {path} cannot be read ({error.strerror}).") from error
    if os.name == "posix" and mode & 0o077:
        raise VaultError(
            f"Others on this machine can read the key file {path}. Close it with: chmod 600 {path}"
        )
    return _parsed(text, f"The key file {path}")


def _parsed(text: str, where: str) -> bytes:
    digits = text.strip()
    if not re.fullmatch(r"[0-9a-fA-F]{64}", digits):
        raise VaultError(f"{where} does not hold a key: 64 hexadecimal digits are needed.")
    return bytes.fromhex(digits)


def _make(path: Path) -> None:
    """Write a new key whole or not at all, and never over another, whoever else starts just now."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # unlike a rename, a link fails where somebody was quicker
        except FileExistsError:
            return
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
