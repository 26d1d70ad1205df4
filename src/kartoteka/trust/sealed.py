"""Files sealed with the installation's key: dropped files and photos never lie readable on the disk.

Format: the magic `KTKSEAL1`, eight random bytes, then chunks of at most 1 MiB of plain text, each AES-256-GCM with the
nonce (random bytes, chunk number as four bytes) and as associated data whether it is the last, so that neither the order
nor the end can be changed unnoticed.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"KTKSEAL1"
_CHUNK = 1 << 20
_TAG = 16


class SealBroken(ValueError):
    """The file was not sealed with this key, or was changed or cut off since."""


def _chunks(source: IO[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """The source in pieces of `size`, each with whether it is the last; an empty source is one empty piece."""
    piece = source.read(size)
    while True:
        following = source.read(size)
        yield piece, not following
        if not following:
            return
        piece = following


def seal(source: IO[bytes], target: Path, *, key: bytes) -> int:
    """Write what `source` gives to `target`, sealed; the number of plain bytes. The file is readable by its owner only."""
    cipher = AESGCM(key)
    salt = secrets.token_bytes(8)
    size = 0
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(target, "xb", opener=_private) as out:
        out.write(MAGIC + salt)
        for number, (piece, last) in enumerate(_chunks(source, _CHUNK)):
            size += len(piece)
            out.write(cipher.encrypt(salt + number.to_bytes(4, "big"), piece, b"last" if last else b"more"))
    return size


def key_of(source: Path, keys: Sequence[bytes]) -> bytes:
    """Which of these keys a sealed file was sealed with; the first where none was, so that unsealing tells what is wrong."""
    if len(keys) == 1:
        return keys[0]
    with source.open("rb") as sealed:
        head = sealed.read(len(MAGIC) + 8)
        salt, piece = head[len(MAGIC) :], sealed.read(_CHUNK + _TAG)
        last = b"more" if sealed.read(1) else b"last"
    for key in keys if len(salt) == 8 else ():
        with suppress(InvalidTag):
            AESGCM(key).decrypt(salt + bytes(4), piece, last)
            return key
    return keys[0]


def unseal(source: Path, target: IO[bytes], *, key: bytes) -> None:
    """Write the plain bytes of a sealed file to `target`. Raises SealBroken."""
    cipher = AESGCM(key)
    with source.open("rb") as sealed:
        head = sealed.read(len(MAGIC) + 8)
        if len(head) < len(MAGIC) + 8 or not head.startswith(MAGIC):
            raise SealBroken(f"{source.name} is not a file that Kartoteka sealed.")
        salt = head[len(MAGIC) :]
        try:
            for number, (piece, last) in enumerate(_chunks(sealed, _CHUNK + _TAG)):
                nonce = salt + number.to_bytes(4, "big")
                target.write(cipher.decrypt(nonce, piece, b"last" if last else b"more"))
        except InvalidTag as error:
            raise SealBroken(f"{source.name} was sealed with another key, or was damaged.") from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
