"""A key file locked with a passphrase: whoever finds the file cannot use it.

The lock is one line: `kartoteka-locked-key:1:N:r:p:salt:sealed`, the salt and the sealed roots in base64. The passphrase
is stretched by scrypt (RFC 7914) with the parameters that stand in the line, so that they can be raised later without
locking anybody out; what is sealed is sealed by AES-256-GCM with the parameters as associated data.

The passphrase is asked for once in a process, without echo, or read from the file descriptor in
KARTOTEKA_PASSPHRASE_FD (for machines whose secrets come from elsewhere: systemd-ask-password, a pipe). Processes
that are forked later have it too.
"""

from __future__ import annotations

import base64
import getpass
import os
import secrets
import sys
import unicodedata
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MARK = "kartoteka-locked-key"
FROM_FD = "KARTOTEKA_PASSPHRASE_FD"
NEW_FROM_FD = "KARTOTEKA_NEW_PASSPHRASE_FD"  # of `kartoteka key lock`
# About a quarter of a second and 128 MB: once at a start, and for a guesser at every guess.
_COST = (1 << 17, 8, 1)
LEAST = 12
_MOST_MEMORY = 1 << 31


class WrongPassphrase(ValueError):
    """The passphrase does not open the key file, is not to be had, or is too short; the message says what to do."""


def is_locked(text: str) -> bool:
    """Whether what a key file holds is locked."""
    return text.startswith(f"{MARK}:")


def lock(roots: str, *, passphrase: str) -> str:
    """The lines of a key file (`roots`), locked. Raises WrongPassphrase for one that is too short."""
    if len(passphrase) < LEAST:
        raise WrongPassphrase(
            f"Take a passphrase of at least {LEAST} characters: four or five words are good."
        )
    salt = secrets.token_bytes(16)
    head = ":".join([MARK, "1", *map(str, _COST), base64.b64encode(salt).decode()])
    nonce = secrets.token_bytes(12)
    sealed = nonce + AESGCM(_stretched(passphrase, salt, _COST)).encrypt(nonce, roots.encode(), head.encode())
    return f"{head}:{base64.b64encode(sealed).decode()}\n"


def unlock(text: str, *, passphrase: str | None = None) -> str:
    """The roots in a locked key file; asks for the passphrase if none is given. Raises WrongPassphrase."""
    head, _, sealed = text.strip().rpartition(":")
    try:
        _mark, version, n, r, p, salt = head.split(":")
        cost = int(n), int(r), int(p)
        raw = base64.b64decode(sealed, validate=True)
        if version != "1" or 128 * cost[0] * cost[1] > _MOST_MEMORY:
            raise ValueError(version)
        key = _stretched(asked() if passphrase is None else passphrase, base64.b64decode(salt), cost)
    except WrongPassphrase:
        raise
    except ValueError as error:
        raise WrongPassphrase("The key file is damaged. Put it back from where you keep its copy.") from error
    try:
        return AESGCM(key).decrypt(raw[:12], raw[12:], head.encode()).decode()
    except InvalidTag as error:
        asked.cache_clear()
        raise WrongPassphrase("The passphrase does not open the key file.") from error


@cache
def asked() -> str:
    """The passphrase, from the descriptor in KARTOTEKA_PASSPHRASE_FD or from the person at the keyboard; asked once."""
    if (handed := _from_fd(FROM_FD)) is not None:
        return handed
    if not _somebody_there():
        raise WrongPassphrase(
            f"The key file is locked with a passphrase. Start Kartoteka where it can ask, or set {FROM_FD}."
        )
    return getpass.getpass("Passphrase of the key: ")


def asked_anew() -> str:
    """A new passphrase, typed twice, or from the descriptor in KARTOTEKA_NEW_PASSPHRASE_FD. Raises WrongPassphrase."""
    if (handed := _from_fd(NEW_FROM_FD)) is not None:
        return handed
    if not _somebody_there():
        raise WrongPassphrase(
            f"The new passphrase is asked for at the keyboard. Type this where it can ask, or set {NEW_FROM_FD}."
        )
    while True:
        first = getpass.getpass("New passphrase: ")
        if first == getpass.getpass("Once more: "):
            return first
        print("These two are not the same.", file=sys.stderr)


def _from_fd(variable: str) -> str | None:
    """The first line of the descriptor that a variable of the environment names; None where it names none."""
    number = os.environ.get(variable, "")
    if not number:
        return None
    try:
        with os.fdopen(int(number), encoding="utf-8") as source:
            return source.readline().rstrip("\r\n")
    except (OSError, ValueError) as error:
        raise WrongPassphrase(f"{variable} must be the number of an open descriptor to read from.") from error


def _somebody_there() -> bool:
    return bool(sys.stdin) and sys.stdin.isatty()


def _stretched(passphrase: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    # Keyboards write the same letter in more than one way.
    plain = unicodedata.normalize("NFKC", passphrase).encode()
    n, r, p = cost
    return Scrypt(salt=salt, length=32, n=n, r=r, p=p).derive(plain)
