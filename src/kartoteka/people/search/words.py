import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from kartoteka.standard.letters import fold

LONGEST = 40
# A phone number is in the index from its end and from its start (without the country), so that both can be begun.
TAIL = "#"
START = "+"
# A birthday: with its year as eight digits after this sign, and without as four.
DAY = "="
# The part of an e-mail address that is put together from the names of its owner: found by itself, but no word of a language
# that a misspelt one could be corrected to.
MADE = "@"
# A word of the name, once more for itself: on PostgreSQL, whose index does not tell where a word is from.
NAME = "."

_IN_NAME = ("given", "middle", "family")
_NAMES = ("given", "middle", "family", "nickname", "company")
_PHONES, _EMAILS, _ADDRESSES, _BIRTH, _WEBSITE = "phones", "emails", "addresses", "birth", "website"
# Of the name, or nothing anybody searches by.
_ELSEWHERE = frozenset({"name", *_NAMES, "kind", "sex", "language"})
_APART = frozenset({_PHONES, _EMAILS, _ADDRESSES, _BIRTH, _WEBSITE})
_SILENT_PARTS = frozenset(
    {"label", "network", "kind", "country", "hours", "language", "preferred", "currency", "type"}
)
_ADDRESS_PARTS = ("street", "number", "flat", "city", "region")
_APOSTROPHES = re.compile("['’‘`ʼ´]")
_PIECES = re.compile(r"[^\W\d_]+|\d+")
_WEB = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)


def _cut(text: str) -> list[str]:
    if text.isascii():
        found = _PIECES.findall(text.lower().replace("'", ""))
    else:
        whole = _APOSTROPHES.sub("", unicodedata.normalize("NFC", text))
        found = [piece.lower() if piece.isascii() else fold(piece) for piece in _PIECES.findall(whole)]
        # What a letter stands for can be several words, or none.
        found = [
            word for piece in found for word in (_PIECES.findall(piece) if not piece.isalnum() else (piece,))
        ]
    return found if len(text) <= LONGEST else [piece[:LONGEST] for piece in found]


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """The words and numbers of `text`, folded: "O'Brien, 12b" is obrien, 12, b."""
    return tuple(_cut(text))


def is_number(word: str) -> bool:
    """Whether it is made of digits only."""
    return word.isdecimal()


def phone_words(number: str) -> tuple[str, ...]:
    """A phone number (E.164) as it stands in the index: from its end, and from its start without the country."""
    digits = number[1:] if number[:1] == "+" else number
    if not digits.isdecimal():
        digits = "".join(filter(str.isdecimal, digits))
    if not digits:
        return ()
    return TAIL + digits[::-1], START + national(digits)


_CALLING = frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))


def national(digits: str) -> str:
    """An international number without its country's code."""
    for length in (2, 3, 1):  # no code is the beginning of another
        if digits[:length] in _CALLING:
            return digits[length:]
    return digits


@lru_cache(maxsize=30_000)
def birth_words(birth: str) -> tuple[str, ...]:
    """A birth date (ISO, maybe partial) as it stands in the index: whole, the day alone, the year."""
    if birth.startswith("--"):
        year, month, day = "", birth[2:4], birth[5:7]
    else:
        year, month, day = birth[:4], birth[5:7], birth[8:10]
    found = [year] if year else []
    if day:
        found.append(DAY + month + day)
        if year:
            found.append(DAY + year + month + day)
    return tuple(found)


def email_words(address: str, names: list[str]) -> list[str]:
    """The words of an e-mail address, without the top-level domain. names: those of its owner, folded."""
    local, _, domain = address.rpartition("@")
    found = _cut(local)
    for place, piece in enumerate(found):
        if piece not in names:
            for name in names:
                if name in piece and len(name) > 3:
                    found[place] = MADE + piece
                    break
    found += words(domain.rpartition(".")[0])
    return found


def site_text(link: str) -> str:
    """What can be found of a web address: without the scheme, www and the top-level domain."""
    host, _slash, path = _WEB.sub("", link).partition("/")
    return f"{host.rpartition('.')[0]} {path}"


def _texts(value: Any) -> Iterator[str]:
    """The texts in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if key not in _SILENT_PARTS:
                yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def _name_words(values: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for key in _NAMES:
        if text := values.get(key):
            pieces = words(str(text))
            found += pieces
            if len(pieces) > 1 and key == "family":
                found.append("".join(pieces)[:LONGEST])  # "van der Berg" is also asked for as vanderberg
    name = values.get("name")
    # Mostly there is nothing in the whole name that is not in its parts.
    if name and name != " ".join([str(text) for key in _IN_NAME if (text := values.get(key))]):
        found += _cut(str(name))
    return list(dict.fromkeys(found))


def _other_words(values: Mapping[str, Any], names: list[str], hidden: frozenset[str]) -> list[str]:
    found: list[str] = []
    behind: list[str] = []
    for key, value in values.items():
        if not value or key in _ELSEWHERE or key in hidden:
            continue
        if key not in _APART:
            for text in _texts(value):
                behind += _cut(text)
        elif key == _PHONES:
            for entry in value:
                found += phone_words(str(entry.get("value") or ""))
        elif key == _EMAILS:
            for entry in value:
                found += email_words(str(entry.get("value") or ""), names)
        elif key == _ADDRESSES:
            for entry in value:
                found += _postcode_words(str(entry.get("postcode") or ""))
                behind += _street_words(entry)
        elif key == _BIRTH:
            found += birth_words(str(value))
        elif key == _WEBSITE:
            behind += _cut(site_text(str(value)))
    return found + behind


def _street_words(address: Mapping[str, Any]) -> list[str]:
    """The words of an address but for its postcode; what is cut is remembered, as streets and towns repeat."""
    return [word for part in _ADDRESS_PARTS if (text := address.get(part)) for word in words(str(text))]


@lru_cache(maxsize=5_000)
def _postcode_words(postcode: str) -> tuple[str, ...]:
    """Its groups, and its digits in one: 00-950 is also typed 00950."""
    pieces = words(postcode)
    together = "".join(pieces)
    return (*pieces, together) if len(pieces) > 1 and is_number(together) else pieces


def words_of(values: Mapping[str, Any], hidden: frozenset[str]) -> tuple[list[str], list[str]]:
    """The words of a record: those of its name, and the others, each once.

    hidden: the fields to leave out, as `rules.hidden_fields` gives them.
    """
    names = _name_words(values)
    others = dict.fromkeys(_other_words(values, names, hidden))
    for name in names:
        others.pop(name, None)
    return names, list(others)
