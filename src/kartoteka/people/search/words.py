"""What of a record can be found: its words, folded, those of the name apart from the others."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from kartoteka.people.catalogue import BUILT_IN, OWN_PREFIX, Type
from kartoteka.people.models import OwnField

LONGEST = 40
# A phone number is in the index from its end and from its start (without the country), so that both can be begun.
TAIL = "#"
START = "+"
# A birthday: with its year as eight digits after this sign, and without as four.
DAY = "="

_NAME_FIELDS = ("name", "given", "middle", "family", "nickname", "company")
_SILENT_FIELDS = frozenset({"kind", "sex", "language", "phones", "emails", "addresses", "birth", "website", *_NAME_FIELDS})
_SILENT_PARTS = frozenset({"label", "network", "kind", "country", "hours", "language", "preferred", "currency", "type"})
_ADDRESS_PARTS = ("street", "number", "flat", "postcode", "city", "region")
_APOSTROPHES = re.compile("['’‘`ʼ´]")
_PIECES = re.compile(r"[^\W\d_]+|\d+")
_WEB = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
_PLAIN = str.maketrans({
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ĸ": "k",
})  # fmt: skip


def fold(text: str) -> str:
    """`text` in small letters without accents."""
    small = text.casefold()
    if small.isascii():
        return small
    bare = unicodedata.normalize("NFKD", _APOSTROPHES.sub("'", small))
    return "".join(char for char in bare if not unicodedata.combining(char)).translate(_PLAIN)


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """The words and numbers of `text`, folded: "O'Brien, 12b" is obrien, 12, b."""
    return tuple(piece[:LONGEST] for piece in _PIECES.findall(_APOSTROPHES.sub("", fold(text))))


def is_number(word: str) -> bool:
    """Whether it is made of digits only."""
    return word.isdigit()


def phone_words(number: str) -> tuple[str, ...]:
    """A phone number (E.164) as it stands in the index: from its end, and from its start without the country."""
    digits = "".join(char for char in number if char.isdigit())
    if not digits:
        return ()
    return TAIL + digits[::-1], START + national(digits)


def national(digits: str) -> str:
    """An international number without its country's code."""
    for length in (1, 2, 3):
        if int(digits[:length]) in COUNTRY_CODE_TO_REGION_CODE:
            return digits[length:]
    return digits


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


def email_words(address: str) -> tuple[str, ...]:
    """The words of an e-mail address, without the top-level domain."""
    local, _, domain = address.rpartition("@")
    return words(local) + words(domain.rpartition(".")[0])


def site_words(link: str) -> tuple[str, ...]:
    """The words of a web address, without the scheme, www and the top-level domain."""
    host, slash, path = _WEB.sub("", link).partition("/")
    return words(host.rpartition(".")[0]) + words(path if slash else "")


@cache
def _hidden_built_in() -> frozenset[str]:
    return frozenset(field.key for field in BUILT_IN if field.sensitive or field.type is Type.RELATIVES)


def hidden_fields() -> frozenset[str]:
    """The fields whose values are not to be found: the sensitive ones."""
    own = OwnField.objects.filter(sensitive=True).values_list("key", flat=True)
    return _hidden_built_in() | {OWN_PREFIX + key for key in own}


def _spoken(value: Any) -> Iterator[str]:
    """The texts in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if key not in _SILENT_PARTS:
                yield from _spoken(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _spoken(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def _name_words(values: Mapping[str, Any]) -> dict[str, None]:
    found: dict[str, None] = {}
    for key in _NAME_FIELDS:
        if text := values.get(key):
            found.update(dict.fromkeys(words(str(text))))
    family = values.get("family")
    if family and len(parts := words(str(family))) > 1:
        found["".join(parts)[:LONGEST]] = None  # "van der Berg" is also asked for as vanderberg
    return found


def _other_words(values: Mapping[str, Any], hidden: frozenset[str]) -> Iterator[Iterable[str]]:
    for entry in values.get("phones") or ():
        yield phone_words(str(entry.get("value") or ""))
    for entry in values.get("emails") or ():
        yield email_words(str(entry.get("value") or ""))
    for entry in values.get("addresses") or ():
        for part in _ADDRESS_PARTS:
            if text := entry.get(part):
                pieces = words(str(text))
                yield pieces
                if part == "postcode" and len(pieces) > 1 and all(map(is_number, pieces)):
                    yield ("".join(pieces),)
    if birth := values.get("birth"):
        yield birth_words(str(birth))
    if website := values.get("website"):
        yield site_words(str(website))
    for key, value in values.items():
        if value and key not in _SILENT_FIELDS and key not in hidden:
            for text in _spoken(value):
                yield words(text)


def words_of(values: Mapping[str, Any], hidden: frozenset[str]) -> tuple[list[str], list[str]]:
    """The words of a record: those of its name, and the others, each once.

    hidden: the fields to leave out, as `hidden_fields` gives them.
    """
    names = _name_words(values)
    others: dict[str, None] = {}
    for some in _other_words(values, hidden):
        others.update(dict.fromkeys(some))
    return list(names), [word for word in others if word not in names]
