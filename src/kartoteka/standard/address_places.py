"""Places for reading addresses: how each country writes its postcodes and house numbers, its regions and towns."""

import re
from functools import cache
from typing import NamedTuple

from kartoteka.standard.letters import fold
from kartoteka.standard.lore import parts_of

# where the house number stands before the street's name; everywhere else behind it
NUMBER_FIRST = frozenset("GB IE US CA AU NZ ZA PH MY SG IN HK FR LU BN KE NG".split())


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
    "RU": _postcode(r"(\d{6})"), "CN": _postcode(r"(\d{6})"), "RO": _postcode(r"(\d{6})"),
    "JP": _postcode(r"(\d{3}-\d{4})"), "LT": _postcode(r"(?:LT-)?(\d{5})"), "LV": _postcode(r"(LV-\d{4})"),
}  # fmt: skip

# the figures of a postcode whose country writes it with a fixed length: what a spreadsheet cuts off in front
FIGURES = {"ZA": 4, "FI": 5, "DE": 5, "MY": 5, "US": 5, "FR": 5, "ES": 5, "IT": 5, "PL": 5, "PH": 4, "SG": 6}

COUNTRY_NAMES = {
    fold(name.replace("_", " ")): code
    for code, names in {
        "PL": "Poland Polska Polen Puola Pologne PL Rzeczpospolita_Polska",
        "FI": "Finland Suomi Finlandia Finnland FI FIN",
        "ZA": "South_Africa Suid-Afrika RSA ZA Republic_of_South_Africa iNingizimu_Afrika",
        "PH": "Philippines Pilipinas Phils PHL Republic_of_the_Philippines",
        "MY": "Malaysia MYS",
        "GB": "United_Kingdom UK GB Great_Britain England Scotland Wales U.K. Northern_Ireland",
        "DE": "Germany Deutschland Niemcy Saksa DEU Duitsland",
        "US": "USA United_States U.S.A. United_States_of_America",
        "AT": "Austria Österreich", "CH": "Switzerland Schweiz Suisse Szwajcaria", "NL": "Netherlands The_Netherlands Nederland Holland Holandia",
        "SE": "Sweden Sverige Ruotsi Szwecja", "NO": "Norway Norge Norja Norwegia", "DK": "Denmark Danmark Tanska Dania", "FR": "France Francja Frankreich Ranska",
        "ES": "Spain España Hiszpania Espanja", "IT": "Italy Italia Włochy Italien", "BE": "Belgium België Belgique Belgia", "IE": "Ireland Irlandia Éire",
        "CZ": "Czech_Republic Czechia Czechy Česko Česká_republika", "SG": "Singapore Singapura", "AU": "Australia", "CA": "Canada", "NZ": "New_Zealand",
        "EE": "Estonia Eesti Viro", "UA": "Ukraine Ukraina", "IN": "India", "PT": "Portugal Portugalia", "SK": "Slovakia Slovensko Słowacja", "HU": "Hungary Magyarország Węgry",
    }.items()
    for name in names.split()
}  # fmt: skip


@cache
def places(kind: str) -> dict[str, frozenset[str]]:
    """The folded "region" or "city" names by country."""
    return {
        country: frozenset(fold(word.replace("_", " ")) for word in words)
        for (what, country), words in parts_of("places.txt")
        if what == kind
    }
