"""What can be said of a file as a whole: the country and the language it is at home in, the order of its
dates.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

import phonenumbers
from stdnum.pl import pesel

from kartoteka.intake.files.book import Cell, DateText
from kartoteka.intake.files.content import HETU, MYKAD, POSTCODES, country_of
from kartoteka.intake.files.fields import target
from kartoteka.intake.files.headings import fold
from kartoteka.intake.files.mapping import ColumnMap
from kartoteka.intake.files.presets import preset_of

DATES = ("birth", "created")
#: How mobile numbers are written at home, digits only; those of two countries may look alike, hence half a
#: voice.
AT_HOME = {
    "PL": re.compile(r"[45678]\d{8}"),
    "FI": re.compile(r"0[45]\d{6,9}"),
    "ZA": re.compile(r"0[678]\d{8}"),
    "PH": re.compile(r"09\d{9}"),
    "MY": re.compile(r"01\d{8,9}"),
    "DE": re.compile(r"01[567]\d{8,9}"),
    "GB": re.compile(r"07\d{9}"),
}
PERSONAL_NUMBERS: dict[str, Callable[[str], object]] = {
    "FI": HETU.fullmatch,
    "MY": MYKAD.fullmatch,
    "PL": lambda value: value.isdecimal() and pesel.is_valid(value),
    "ZA": lambda value: value.isdecimal() and len(value) == 13,
}
_POSTCODE_IN = {code: re.compile(rf"\b{shape.pattern}\b").search for code, shape in POSTCODES.items() if code}
TOP_DOMAINS = {"pl": "PL", "fi": "FI", "za": "ZA", "ph": "PH", "my": "MY", "de": "DE", "uk": "GB"}
COUNTRY_OF = {"pl": "PL", "fi": "FI", "de": "DE", "ms": "MY", "fil": "PH", "af": "ZA"}
#: Folded words of headings and cells that hardly stand in another of our languages.
TELLING = {
    "pl": "imie nazwisko nazwa ulica miasto kod pocztowy adres uwagi telefonu urodzenia klient miejscowosc ul os al",
    "fi": "nimi etunimi sukunimi puhelin puh osoite postinumero kaupunki sahkoposti syntymaaika asiakas katuosoite",
    "de": "vorname nachname strasse plz ort telefon geburtsdatum kunde bemerkung hausnummer anrede herr frau",
    "af": "naam van straat stad dorp poskode selnommer epos geboortedatum adres opmerkings mnr mev mej",
    "ms": "nama alamat poskod bandar negeri tarikh lahir jalan jln taman lorong kampung bin binti encik puan",
    "fil": "pangalan apelyido tirahan lungsod telepono kaarawan kapanganakan petsa bayan ng mga brgy barangay",
    "en": "name first last surname phone address city street postcode zip date birth notes country road avenue",
}
LETTERS = {"pl": "ąćęłńśźż", "de": "ßü", "fi": "äö", "af": "êëôû"}


def guess_country(
    rows: Iterable[Sequence[Cell]], fields: Sequence[str | None], headings: Sequence[str] = ()
) -> str:
    """ISO alpha-2 of the country most rows (a sample is enough) are at home in; "" when none has the say.

    fields: the field key of each column, or None. Heard are a country column, phones with a country's code,
    the shape of postcodes and personal numbers, the ends of e-mail addresses, mobile numbers as written at
    home, and words and letters of the language.
    """
    sample = list(rows)
    voices: dict[str, float] = defaultdict(float)
    for row in sample:
        for field, value in zip(fields, row, strict=False):
            if value and field:
                for country, voice in _voices(field, value).items():
                    voices[country] += voice
    language = guess_language(sample, headings)
    if language in COUNTRY_OF:
        voices[COUNTRY_OF[language]] += max(1.0, 0.2 * len(sample))
    if not voices:
        return ""
    country = max(voices, key=lambda each: voices[each])
    return country if voices[country] > 0.5 * sum(voices.values()) else ""


def row_voices(cells: Iterable[tuple[str, str]]) -> dict[str, float]:
    """How strongly one row speaks for each country (ISO alpha-2): its (field key, value) pairs heard one by one.

    The same ear as `guess_country`, for files that hold customers of several countries.
    """
    voices: dict[str, float] = defaultdict(float)
    for field, value in cells:
        for country, voice in _voices(field, value).items():
            voices[country] += voice
    return voices


@lru_cache(maxsize=50_000)
def _voices(field: str, value: str) -> Mapping[str, float]:
    """The countries one cell speaks for, each with its weight."""
    goal = target(field)
    if goal.base == "phone":
        return _phone_voices(value)
    if goal.base == "address":
        return _address_voices(goal.part, value)
    country, weight = "", 1.0
    if goal.base == "email":
        country, weight = TOP_DOMAINS.get(value.rstrip(" >").rpartition(".")[2].lower(), ""), 0.7
    elif goal.base == "national_id":
        country = next((code for code, holds in PERSONAL_NUMBERS.items() if holds(value)), "")
    return {country: weight} if country else {}


def _address_voices(part: str, value: str) -> dict[str, float]:
    if part in ("country", "") and (country := country_of(re.split(r"[\s,]{2,}|,", value.strip())[-1])):
        return {country: 2.0}
    if part in ("postcode", "place", ""):
        return {code: 1.0 for code, stands_in in _POSTCODE_IN.items() if stands_in(value)}
    return {}


def _phone_voices(value: str) -> dict[str, float]:
    digits = re.sub(r"\D", "", value)
    if value.lstrip(" (").startswith(("+", "00")):
        digits = digits.lstrip("0")
        for length in (1, 2, 3):
            region = phonenumbers.region_code_for_country_code(int(digits[:length] or 0))
            if region not in ("ZZ", "001"):
                return {region: 1.0}
        return {}
    fitting = [country for country, shape in AT_HOME.items() if shape.fullmatch(digits)]
    return {country: 0.5 / len(fitting) for country in fitting}


def guess_language(rows: Iterable[Sequence[Cell]], headings: Sequence[str] = ()) -> str:
    """The language (en, af, fil, ms, fi, pl, de) of headings and values; "" when none stands out."""
    heard: Counter[str] = Counter()
    told = {language: frozenset(words.split()) for language, words in TELLING.items()}
    texts = list(headings)
    for row in list(rows)[:300]:
        texts += [cell for cell in row if cell and not cell[0].isdecimal() and len(cell) < 80]
    for place, text in enumerate(texts):
        weight = 3 if place < len(headings) else 1
        words = set(fold(text).split())
        lower = text.lower()
        for language, telling in told.items():
            heard[language] += weight * len(words & telling)
        for language, letters in LETTERS.items():
            heard[language] += any(letter in lower for letter in letters)
    (first, most), *_others = heard.most_common(1) or [("", 0)]
    return first if most > 0.5 * heard.total() else ""


def date_orders(
    rows: Iterable[Sequence[Cell]], mapping: Sequence[ColumnMap], *, country: str = ""
) -> dict[int, str]:
    """Column -> "dmy", "mdy" or "ymd" ("" when it cannot be told) for each column of dates, by all its
    values.

    Cells that came typed as dates have no say: they are ISO already.
    """
    from kartoteka.standard.dates import order_of

    sample = list(rows)
    preset = preset_of(each.header for each in mapping)
    orders = {}
    for each in mapping:
        if each.field in DATES:
            if preset and preset.name == "Mailchimp" and each.field == "birth":
                orders[each.column] = "mdy"  # Mailchimp's own way, MM/DD
                continue
            cells = (row[each.column] for row in sample if each.column < len(row))
            orders[each.column] = order_of(
                [cell for cell in cells if cell and not isinstance(cell, DateText)], country=country
            )
    return orders
