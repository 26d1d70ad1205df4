"""Hashes of contact points for comparing lists: HMAC-SHA-256 with a salt of the one exchange. Pure.

The format, also for a partner without Kartoteka, stands in docs/reference/partner-lists.md. A hash hides nothing from who
has the salt: phone numbers are few enough to be tried one after another, e-mails can be guessed. So a list is for the
partner of one exchange only, its salt is never used again, and it is deleted once it was answered.
"""

import hashlib
import hmac
import re
from collections.abc import Collection, Iterator
from typing import IO

from django.utils.translation import gettext as _

SALT_BYTES = 32
_HASH = re.compile(r"[0-9a-f]{64}")
_SALT = re.compile(r"[0-9a-f]{64}")
_LONGEST_LINE = 1000
MOST = 5_000_000


class NoHashes(ValueError):
    """A list of hashes cannot be read; the message names the line and what to do."""


def hash_of(salt: bytes, value: str) -> bytes:
    """The hash of an e-mail or of a phone in E.164: of its text in small letters, as UTF-8, without spaces around it."""
    return hmac.digest(salt, value.strip().lower().encode(), "sha256")


def salt_of(text: str) -> bytes:
    """The bytes of a salt of 64 hexadecimal digits. Raises NoHashes."""
    text = text.strip().lower()
    if not _SALT.fullmatch(text):
        raise NoHashes(_("The salt has 64 digits and letters from a to f. Copy it whole."))
    return bytes.fromhex(text)


def read_hashes(stream: IO[bytes]) -> set[bytes]:
    """The hashes of a list: one a line, the first column where there are several; a heading may stand first.

    Raises NoHashes, which names the line and never what stands in it.
    """
    found: set[bytes] = set()
    for number, line in _lines(stream):
        cell = re.split(r"[,;\t]", line, maxsplit=1)[0].strip().strip('"').lower()
        if "@" in line or re.search(r"\+\d{7}", line):
            raise NoHashes(
                _("Line %(line)s holds an e-mail or a phone as it is. Nothing was read. Ask for hashes only.")
                % {"line": number}
            )
        if not cell or (number == 1 and not _HASH.fullmatch(cell)):
            continue
        if not _HASH.fullmatch(cell):
            raise NoHashes(
                _("Line %(line)s is no hash: a hash has 64 digits and letters from a to f.")
                % {"line": number}
            )
        found.add(bytes.fromhex(cell))
        if len(found) > MOST:
            raise NoHashes(_("This list is too long; at most %(most)s hashes.") % {"most": MOST})
    if not found:
        raise NoHashes(_("There is no hash in this list."))
    return found


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, str]]:
    number = 0
    while line := stream.readline(_LONGEST_LINE):
        number += 1
        yield number, line.decode("utf-8-sig" if number == 1 else "utf-8", errors="replace").strip()


def digest_of(hashes: Collection[bytes]) -> str:
    """SHA-256, in hexadecimal, of these hashes in order, each in hexadecimal on a line of its own."""
    told = hashlib.sha256()
    for each in sorted(hashes):
        told.update(each.hex().encode() + b"\n")
    return told.hexdigest()
