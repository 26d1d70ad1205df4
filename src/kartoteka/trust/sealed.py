"""Files sealed with the installation's key: dropped files and photos never lie readable on the disk.

Each file has a random key of its own, which lies in its head, wrapped with the installation's: when that one is changed
(rotation.py), only the heads are written anew. Format: the magic `KTKSEAL2`, eight random bytes, two places for the
wrapped key (AES-256-GCM: nonce, key, tag), of which one may be empty or spoilt by a power cut while the other holds,
then chunks of at most 1 MiB of plain text, each AES-256-GCM with the nonce (the random bytes, the chunk's number as four
bytes) and as associated data whether it is the last, so that neither the order nor the end can be changed unnoticed.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"KTKSEAL2"
_CHUNK = 1 << 20
_TAG = 16
_SALT = 8
_PLACE = 12 + 32 + _TAG
_HEAD = len(MAGIC) + _SALT + 2 * _PLACE


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
    own = secrets.token_bytes(32)
    cipher = AESGCM(own)
    salt = secrets.token_bytes(_SALT)
    size = 0
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(target, "xb", opener=_private) as out:
        out.write(MAGIC + salt + _wrapped(own, salt, key) + bytes(_PLACE))
        for number, (piece, last) in enumerate(_chunks(source, _CHUNK)):
            size += len(piece)
            out.write(cipher.encrypt(salt + number.to_bytes(4, "big"), piece, b"last" if last else b"more"))
    return size


def unseal(source: Path, target: IO[bytes], *, key: bytes | Sequence[bytes]) -> None:
    """Write the plain bytes of a sealed file to `target`; with several keys, whichever fits. Raises SealBroken."""
    with source.open("rb") as sealed:
        salt, places = _head(sealed, source.name)
        own = _own_key(salt, places, [key] if isinstance(key, bytes) else key)
        if own is None:
            raise SealBroken(f"{source.name} was sealed with another key, or was damaged.")
        cipher = AESGCM(own)
        try:
            for number, (piece, last) in enumerate(_chunks(sealed, _CHUNK + _TAG)):
                nonce = salt + number.to_bytes(4, "big")
                target.write(cipher.decrypt(nonce, piece, b"last" if last else b"more"))
        except InvalidTag as error:
            raise SealBroken(f"{source.name} was damaged.") from error


def rewrap(path: Path, *, keys: Sequence[bytes]) -> bool:
    """Have a sealed file open with the first of `keys`, which opened with any of them; whether it was written to.

    It stays whole if the machine stops at any moment: the former wrapping is taken away only when the new one is on the
    disk. Raises SealBroken.
    """
    with path.open("r+b") as sealed:
        salt, places = _head(sealed, path.name)
        for place, others in ((0, 1), (1, 0)):
            if _unwrapped(places[place], salt, keys[0]) is not None:
                if not any(places[others]):
                    return False
                _write_place(sealed, others, bytes(_PLACE))
                return True
        own = _own_key(salt, places, keys[1:])
        if own is None:
            raise SealBroken(f"{path.name} was sealed with another key, or was damaged.")
        present = 0 if _own_key(salt, places[:1], keys[1:]) else 1
        _write_place(sealed, 1 - present, _wrapped(own, salt, keys[0]))
        _write_place(sealed, present, bytes(_PLACE))
        return True


def _head(sealed: IO[bytes], name: str) -> tuple[bytes, list[bytes]]:
    head = sealed.read(_HEAD)
    if len(head) < _HEAD or not head.startswith(MAGIC):
        raise SealBroken(f"{name} is not a file that Kartoteka sealed.")
    start = len(MAGIC) + _SALT
    return head[len(MAGIC) : start], [head[start : start + _PLACE], head[start + _PLACE :]]


def _wrapped(own: bytes, salt: bytes, key: bytes) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, own, MAGIC + salt)


def _unwrapped(place: bytes, salt: bytes, key: bytes) -> bytes | None:
    try:
        return AESGCM(key).decrypt(place[:12], place[12:], MAGIC + salt)
    except InvalidTag:
        return None


def _own_key(salt: bytes, places: Sequence[bytes], keys: Sequence[bytes]) -> bytes | None:
    found = (_unwrapped(place, salt, key) for key in keys for place in places if any(place))
    return next((own for own in found if own), None)


def _write_place(sealed: IO[bytes], place: int, content: bytes) -> None:
    sealed.seek(len(MAGIC) + _SALT + place * _PLACE)
    sealed.write(content)
    sealed.flush()
    os.fsync(sealed.fileno())


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
