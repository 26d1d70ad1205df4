"""Which encoding a text file is in, told by its bytes and by the letters that come out of them."""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import chardet

from kartoteka.intake.files.source import MB, Source
from kartoteka.intake.files.unreadable import Unreadable

SCAN = 64 * MB  # how far into the file telling bytes are looked for
TELLING = 96 * 1024  # as many bytes of lines with other than ASCII letters are judged

BOMS = [
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
# One-byte encodings of our languages, the likelier first: the first wins a tie.
LEGACY = [
    "cp1252",
    "cp1250",
    "iso8859-2",
    "iso8859-15",
    "mac_roman",
    "cp852",
    "cp850",
    "mac_latin2",
    "cp1257",
]
# Letters that belong together: a file is in one language, or in neighbours.
FAMILIES = [
    "ąćęłńóśźż",
    "äöüßåé",
    "áéíóúñüç",
    "àâæçéèêëîïôœùûüÿ",
    "äöåšžéüëïêôáèûîßóíúçøæñ",
    "áčďéěíňóřšťúůýžľĺŕäô",
    "áéíóöőúüű",
    "āčēģīķļņšūž",
    "ąčęėįšųūž",
]
# Marks seen in any text; between two letters they speak against the encoding.
MARKS = set("„”“‘’–—…€°§№«»´¨©®™•·½²³ªº¿¡ \u00ad£")
FRIENDLY_MARKS = set("’‘´")
MARK_WORTH = 0.3
AMONG = re.compile(r"(?s)(?=(.[^\x00-\x7f].))")  # a letter beyond ASCII, and what stands on either side
SURE = 0.6  # below this our own judgement is not trusted and chardet is asked


@dataclass(frozen=True, slots=True)
class Encoding:
    """name: a Python codec; fallback: the one-byte codec for stray bytes in a file that is mostly UTF-8.

    twice: the one-byte codec that UTF-8 was once taken for and saved as ("KoÅ‚o" for "Koło"), or "".
    """

    name: str
    fallback: str = "cp1252"
    twice: str = ""


def find_encoding(source: Source) -> Encoding:
    """The encoding of a text file. Raises Unreadable ("binary") when the bytes are no text at all."""
    head = source.head()
    for bom, name in BOMS:
        if head.startswith(bom):
            return Encoding(name, twice=_twice(head.decode(name, "ignore").splitlines()))
    if wide := _wide(head):
        return Encoding(wide)
    if _is_junk(head):
        raise Unreadable("binary", name=source.name)
    return judge(b"".join(_telling_lines(source)))


def judge(telling: bytes) -> Encoding:
    """The encoding that lines with other than ASCII bytes are most likely in; UTF-8 when there are none."""
    text = telling.decode("utf-8", "surrogateescape")
    bad = sum("\udc80" <= letter <= "\udcff" for letter in text)
    good = sum(letter > "\x7f" for letter in text) - bad
    legacy = _legacy(telling) if bad else "cp1252"
    # A one-byte file hardly ever forms valid UTF-8 by chance, so a few good characters are telling.
    if not bad or (good >= 2 and good > bad):
        return Encoding("utf-8", legacy, _twice(text.splitlines()) if good else "")
    return Encoding(legacy, legacy)


def repaired(line: str, twice: str) -> str:
    """A line as it was before its UTF-8 was taken for `twice`; a line that it did not happen to stays as it is."""
    if line.isascii():
        return line
    try:
        return line.translate(_bytes_of(twice)).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return line


@cache
def _bytes_of(codec: str) -> dict[int, int]:
    """Letter -> the byte it stands for; positions a codec leaves free count as themselves, as Windows has it."""
    pairs = ((bytes([byte]).decode(codec, "ignore"), byte) for byte in range(0x80, 0x100))
    return {ord(letter): byte for letter, byte in pairs if letter}


def _twice(lines: list[str]) -> str:
    """The codec through which a good part of the lines went once too often. Right lines hardly ever look like it."""
    others = [line for line in lines if not line.isascii()]
    for codec in ("cp1252", "cp1250"):
        if sum(repaired(line, codec) != line for line in others) > max(1, 0.1 * len(others)):
            return codec
    return ""


def _legacy(telling: bytes) -> str:
    scores = {name: _likeness(telling, name) for name in LEGACY}
    best = max(LEGACY, key=lambda name: scores[name])  # max keeps the first of equals
    if scores[best] >= SURE:
        return best
    guess = chardet.detect(telling, prefer_superset=True)
    name, confidence = guess.get("encoding"), guess.get("confidence") or 0.0
    if name and confidence > max(0.4, scores[best]) and not name.lower().startswith(("utf", "ascii")):
        try:
            telling.decode(name)
        except (LookupError, UnicodeDecodeError):
            return best
        return str(name).lower()
    return best


def _likeness(telling: bytes, name: str) -> float:
    """How much the decoded letters look like words of one family of languages: 1.0 altogether, below 0 not."""
    text = telling.decode(name, "replace")
    seen = Counter(AMONG.findall(f"\n{text}\n"))  # few different ones, however long the text
    if not seen:
        return 0.0
    best = max(
        sum(_worth(around[1], around[:1], around[2:], family) * count for around, count in seen.items())
        for family in FAMILIES
    )
    return best / seen.total()


def _worth(letter: str, before: str, after: str, family: str) -> float:
    if letter == "\ufffd" or letter < "\xa0":
        return -3.0
    inside = before.isalpha() and after.isalpha()
    if letter in MARKS:
        return MARK_WORTH if not inside or letter in FRIENDLY_MARKS else -1.0
    if letter.lower() not in family:
        return -0.3 if letter.isalpha() and letter < "\u0180" else -1.5
    if letter.isupper() and before.islower():
        return -0.5
    return 1.0


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of Latin text is zero."""
    sample = head[:4096]
    half = len(sample) // 2
    if half < 2 or sample.count(0) < half * 0.4:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.5 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.5 * half and odd < 0.1 * half:
        return "utf-16-be"
    return ""


def _is_junk(head: bytes) -> bool:
    """Too many control characters for a text; a few, and null bytes from old programs, are let through."""
    if head.startswith((b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe")):
        return True
    kept = head.replace(b"\0", b"")
    controls = len(kept) - len(
        kept.translate(None, bytes(set(range(0x20)) - set(b"\t\n\r\x0b\x0c\x1a\x1f\x1e\x1d")))
    )
    return len(kept) < 0.5 * len(head) or controls > 0.02 * len(kept)


def _telling_lines(source: Source) -> Iterator[bytes]:
    """Lines with bytes beyond ASCII from the first 64 MB, and from places further on when the file can be
    sought.
    """
    room = TELLING
    with source.open() as stream:
        for _ in range(SCAN // MB):
            block = stream.read(MB) + stream.readline(4096)
            if not block:
                return
            for line in _beyond_ascii(block):
                yield line
                room -= len(line)
                if room <= 0:
                    return
        size = source.path.stat().st_size
        if not stream.seekable() or size <= SCAN:
            return
        for part in range(16):
            stream.seek(SCAN + (size - SCAN) * part // 16)
            for line in _beyond_ascii(stream.read1(64 * 1024).partition(b"\n")[2].rpartition(b"\n")[0]):
                yield line + b"\n"


def _beyond_ascii(block: bytes) -> Iterator[bytes]:
    """The lines of a block that hold other than ASCII bytes."""
    if not block.isascii():
        for line in block.splitlines(keepends=True):
            if not line.isascii():
                yield line
