"""Places for reading addresses: how each country writes its postcodes and house numbers, its regions and
towns."""

import re
from functools import cache
from typing import NamedTuple

from kartoteka.standard.letters import fold
from kartoteka.standard.wordlists import parts_of, words

# where the house number stands before the street's name; everywhere else behind it
NUMBER_FIRST = words("address places number first")


class Postcode(NamedTuple):
    """How a country's postcode is found in a text, and how its parts are written."""

    found: re.Pattern[str]
    written: str


def _postcode(pattern: str, written: str = r"\1") -> Postcode:
    return Postcode(re.compile(rf"(?<![\w/-])(?:{pattern})(?![\w/]|-\d)", re.I), written)


_FIVE, _FOUR = r"(\d{5})", r"(\d{4})"
POSTCODES: dict[str, Postcode] = {
    "PL": _postcode(r"(?:PL[- ]?)?(\d{2})\s?[- ]?\s?(\d{3})", r"\1-\2"),
    "FI": _postcode(r"(?:FI[N]?[- ]?)?(\d{5})"),
    "ZA": _postcode(_FOUR),
    "PH": _postcode(_FOUR),
    "MY": _postcode(_FIVE),
    "GB": _postcode(r"(GIR|[A-Z]{1,2}\d[A-Z\d]?)\s?(\d[A-Z]{2})", r"\1 \2"),
    "DE": _postcode(r"(?:D(?:E)?[- ]?)?(\d{5})"),
    "AT": _postcode(r"(?:A(?:T)?[- ]?)?(\d{4})"),
    "CH": _postcode(r"(?:CH[- ]?)?(\d{4})"),
    "US": _postcode(r"(\d{5}(?:-\d{4})?)"),
    "NL": _postcode(r"(\d{4})\s?([A-Z]{2})", r"\1 \2"),
    "SE": _postcode(r"(?:SE?[- ]?)?(\d{3})\s?(\d{2})", r"\1 \2"),
    "CZ": _postcode(r"(\d{3})\s?(\d{2})", r"\1 \2"),
    "SK": _postcode(r"(\d{3})\s?(\d{2})", r"\1 \2"),
    "IE": _postcode(r"([A-Z]\d[\dW])\s?([A-Z\d]{4})", r"\1 \2"),
    "CA": _postcode(r"([A-Z]\d[A-Z])\s?(\d[A-Z]\d)", r"\1 \2"),
    "PT": _postcode(r"(\d{4}-\d{3})"),
    "BR": _postcode(r"(\d{5})-?(\d{3})", r"\1-\2"),
    "IN": _postcode(r"(\d{3})\s?(\d{3})", r"\1\2"),
    "SG": _postcode(r"(?:S\s?\(?)?(\d{6})\)?"),
    **{one: _postcode(_FIVE) for one in ("FR", "ES", "IT", "MX", "EE", "UA", "TR", "HR", "TH", "ID", "KR")},
    **{one: _postcode(_FOUR) for one in ("BE", "DK", "NO", "AU", "NZ", "HU", "LU", "SI", "BG")},
    "RU": _postcode(r"(\d{6})"),
    "CN": _postcode(r"(\d{6})"),
    "RO": _postcode(r"(\d{6})"),
    "JP": _postcode(r"(\d{3}-\d{4})"),
    "LT": _postcode(r"(?:LT-)?(\d{5})"),
    "LV": _postcode(r"(LV-\d{4})"),
}

# the figures of a postcode whose country writes it with a fixed length: what a spreadsheet cuts off in front
FIGURES = {"ZA": 4, "FI": 5, "DE": 5, "MY": 5, "US": 5, "FR": 5, "ES": 5, "IT": 5, "PL": 5, "PH": 4, "SG": 6}


@cache
def places(kind: str) -> dict[str, frozenset[str]]:
    """The folded "region", "city" or "country" names by country."""
    return {
        country: frozenset(fold(word.replace("_", " ")) for word in words)
        for (what, country), words in parts_of("places.txt")
        if what == kind
    }


@cache
def country_names() -> dict[str, str]:
    """Folded names of countries, in their own and the six languages, and their codes."""
    return {name: code for code, names in places("country").items() for name in names}
