"""Reading the file of an opt-out register: text of any columns, one entry a line, of phones or e-mails."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import IO

from django.utils.translation import gettext as _

from kartoteka.standard import emails, phones

_CELLS = re.compile(r"[;\t|,]")
_DIGITS = re.compile(r"\d")
_LONGEST_LINE = 2000
_FEWEST_DIGITS = 6


class NotARegister(ValueError):
    """The file cannot be read as a register's; the message says what to do."""


@dataclass(slots=True)
class Tally:
    """Lines that were looked at, and those from which nothing could be read."""

    lines: int = 0
    unread: int = 0


def read(stream: IO[bytes], *, country: str, tally: Tally) -> Iterator[str]:
    """The phones (E.164) and e-mails (in small letters) of the file, as they come; `tally` is filled on the way.

    country: what numbers without a country belong to. Empty lines, and a heading, are no entries. Raises NotARegister.
    """
    while line := stream.readline(_LONGEST_LINE):
        if tally.lines == 0 and line[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
            raise NotARegister(_("This is a workbook or a packed file. Save the list as text (CSV) first."))
        text = line.decode("utf-8-sig" if tally.lines == 0 else "utf-8", errors="replace").strip()
        if not text:
            continue
        tally.lines += 1
        found = False
        for cell in _CELLS.split(text):
            for value in _values(cell.strip(" \"'"), country):
                found = True
                yield value
        if not found and tally.lines > 1:
            tally.unread += 1


def _values(cell: str, country: str) -> Iterator[str]:
    if "@" in cell:
        for mail in emails.standardise(cell):
            if mail.value is not None:
                yield comparable(mail.value.value)
    elif len(_DIGITS.findall(cell)) >= _FEWEST_DIGITS:
        for phone in phones.standardise(cell, country=country):
            if phone.value is not None:
                yield phone.value.value


def comparable(value: str) -> str:
    """A contact point's value as it is hashed."""
    return value.strip().lower()


def mark(key: bytes, value: str) -> int:
    """64 bits of a keyed hash (BLAKE2b with a key, RFC 7693) of a contact point's value, as a whole number with a sign."""
    told = blake2b(comparable(value).encode("utf-8", "surrogatepass"), key=key, digest_size=8).digest()
    return int.from_bytes(told, "big", signed=True)
