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
    joint: str  # what stands between its two halves

    def written(self, found: re.Match[str]) -> str:
        """A postcode that was found, as its country writes it."""
        return self.joint.join(found.groups()).upper()


_FIVE, _FOUR = r"(\d{5})", r"(\d{4})"
_POSTCODES: dict[str, tuple[str, str]] = {
    "PL": (r"(?:PL[- ]?)?(\d{2})\s?[- ]?\s?(\d{3})", "-"),
    "FI": (r"(?:FI[N]?[- ]?)?(\d{5})", ""),
    "ZA": (_FOUR, ""),
    "PH": (_FOUR, ""),
    "MY": (_FIVE, ""),
    "GB": (r"(GIR|[A-Z]{1,2}\d[A-Z\d]?)\s?(\d[A-Z]{2})", " "),
    "DE": (r"(?:D(?:E)?[- ]?)?(\d{5})", ""),
    "AT": (r"(?:A(?:T)?[- ]?)?(\d{4})", ""),
    "CH": (r"(?:CH[- ]?)?(\d{4})", ""),
    "US": (r"(\d{5}(?:-\d{4})?)", ""),
    "NL": (r"(\d{4})\s?([A-Z]{2})", " "),
    "SE": (r"(?:SE?[- ]?)?(\d{3})\s?(\d{2})", " "),
    "CZ": (r"(\d{3})\s?(\d{2})", " "),
    "SK": (r"(\d{3})\s?(\d{2})", " "),
    "IE": (r"([A-Z]\d[\dW])\s?([A-Z\d]{4})", " "),
    "CA": (r"([A-Z]\d[A-Z])\s?(\d[A-Z]\d)", " "),
    "PT": (r"(\d{4}-\d{3})", ""),
    "BR": (r"(\d{5})-?(\d{3})", "-"),
    "IN": (r"(\d{3})\s?(\d{3})", ""),
    "SG": (r"(?:S\s?\(?)?(\d{6})\)?", ""),
    **dict.fromkeys(("FR", "ES", "IT", "MX", "EE", "UA", "TR", "HR", "TH", "ID", "KR"), (_FIVE, "")),
    **dict.fromkeys(("BE", "DK", "NO", "AU", "NZ", "HU", "LU", "SI", "BG"), (_FOUR, "")),
    "RU": (r"(\d{6})", ""),
    "CN": (r"(\d{6})", ""),
    "RO": (r"(\d{6})", ""),
    "JP": (r"(\d{3}-\d{4})", ""),
    "LT": (r"(?:LT-)?(\d{5})", ""),
    "LV": (r"(LV-\d{4})", ""),
}


@cache
def postcode_in(country: str) -> Postcode | None:
    """How the country's postcode is found and written; None where it is not known."""
    known = _POSTCODES.get(country)
    if known is None:
        return None
    pattern, joint = known
    return Postcode(re.compile(rf"(?<![\w/-])(?:{pattern})(?![\w/]|-\d)", re.I), joint)


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
