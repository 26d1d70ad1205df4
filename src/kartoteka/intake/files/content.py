"""What the values of a column look like, whatever its heading says: cheap tests over a sample."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from babel import Locale
from stdnum.pl import nip, pesel

from kartoteka.intake.files.book import DateText
from kartoteka.intake.files.headings import fold

LANGUAGES = ("en", "pl", "fi", "de", "af", "ms", "fil")
MONTHS = (
    r"jan|feb|mar|apr|ma[yijr]|jun|jul|aug|sep|o[ck]t|nov|de[cszk]|sty|lut|kwi|cze|lip|sie|wrz|paz|lis|gru|ene|peb|abr|hun|"
    r"ago|set|nob|dis|tam|hel|maa|huh|tou|kes|hei|elo|syy|lok|mrt|mei|ogo|mac|märz"
)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
DATE = re.compile(
    r"(\d{1,2}[./ -]{1,2}\d{1,2}[./ -]{1,2}(\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2})"
    r"\.?( ?r\.?)?([ T]\d\d?:\d\d.*)?"
    rf"|\d{{1,2}}[. -]*({MONTHS})[^\W\d]*[., -]*(\d{{4}}|\d\d)?"
    rf"|({MONTHS})[^\W\d]*[. -]*\d{{1,2}},? *(\d{{4}})?"
    r"|(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])|--\d\d-?\d\d",
    re.IGNORECASE,
)
OLD = re.compile(r"19\d\d|200[0-5]")  # who buys is grown up, or nearly; when they came or bought is newer
MONTH_DAY = re.compile(r"\d{1,2}[./-]\d{1,2}\.?")
YEAR = re.compile(r"(19[0-9]\d|20[0-2]\d)")
PHONE = re.compile(
    r"(?:tel\.?:?\s*)?[+(]?[\d(][\d\s()./–-]{5,22}\d(?:\s*(?:ext|x|wew)\.?\s*\d+)?(?:\s*[,;/].*)?",
    re.IGNORECASE,
)
URL = re.compile(
    r"(https?://|www\.)\S+|[\w-]+(\.[\w-]+)*\.(com|pl|fi|de|co\.za|com\.my|ph|org|net|eu)(/\S*)?",
    re.IGNORECASE,
)
HANDLE = re.compile(r"@[\w.]{2,30}")
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
CODE = re.compile(r"[A-Za-z]{1,6}[-_/]?\d{2,}([-_/]\w+)*")
STREET = re.compile(
    r"(?:ul|al|os|pl|str)\.\s*\w.*"
    r"|.*(?:katu|tie|kuja|polku|straat|stra(?:ß|ss)e|str\.|weg|gasse|platz|allee|laan)\s*\d.*"
    r"|.*\b(?:street|st|road|rd|avenue|ave|lane|drive|dr|close|crescent|jalan|jln|lorong|taman|kampung"
    r"|brgy|barangay|calle)\b.*"
    r"|[^\W\d][^\d,@]{2,40}\s\d{1,4}\s?[a-zA-Z]?(?:\s?[/m-]\.?\s?\d{1,4}\w?)?"
    r"|\d{1,5}[a-zA-Z]?,? [^\W\d][^\d@]{3,40}",
    re.IGNORECASE,
)
WHOLE_ADDRESS = re.compile(
    r".*\d.*(?:[,;\n]\s*|\s)(?:[A-Z]{1,2}-)?\d{2}-?\d{2,3}(?!\d).*[^\W\d]{3}.*|.*\d.*,.*,.*[^\W\d]{3,}.*",
    re.DOTALL,
)
PLACE = re.compile(
    r"(?:[A-Z]{1,3}-)?(?:\d\d-\d{3}|\d{4,5})[ ,]+[^\W\d].*|[^\W\d][^\d]+[ ,]+(?:\d\d-\d{3}|\d{4,5})"
)
POSTCODES = {
    "PL": re.compile(r"\d\d-\d{3}"),
    "GB": re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE),
    "": re.compile(r"(?:(?:FI|D|DE|MY|ZA|PH|A|CH)-)?\d{4,5}"),
}
SHAPES = [
    ("integer", re.compile(r"\d+")),
    ("year", YEAR),
    ("code", UUID),
    ("code", CODE),
    ("month day", MONTH_DAY),
]
WHOLE_SHAPES = [("place", PLACE), ("address", WHOLE_ADDRESS), ("street", STREET)]  # the first that fits
FORMS = re.compile(
    r"\b(sp\.? ?z ?o\.? ?o\.?|s\.a\.|sp\.? ?[jk]\.?|s\.c\.|p\.?p\.?h\.?u\.?|fhu|oyj?|ky|tmi|ay|gmbh|ag|kg|ohg|ug"
    r"|e\.k\.|\(?pty\)? ?ltd|cc|ltd|limited|llc|inc|corp|plc|sdn\.? ?bhd|bhd|enterprise|company|firma|yritys"
    r"|holdings|trading|group|services)\b\.?",
    re.IGNORECASE,
)
HETU = re.compile(r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Z]", re.IGNORECASE)
MYKAD = re.compile(r"\d{6}-\d{2}-\d{4}")
NAME = re.compile(r"[^\W\d_][^\d@_:;/\\|]{0,59}")
_SEXES = (
    "m f male female k man woman mężczyzna kobieta mies nainen n manlik vroulik vrou lelaki perempuan "
    "lalaki babae l p männlich weiblich w d mr mrs herr frau pan pani"
)
_TITLES = (
    "mr mrs ms miss dr prof pan pani herr frau mnr mev me mej en encik puan cik tuan datuk hra rva g gng bb"
)
_YESNO = (
    "yes no y n tak nie kyllä ei k e ja nee nein oo hindi ya tidak true false 1 0 t f on off x "
    "subscribed unsubscribed"
)
SEXES, TITLES, YESNO = (frozenset(words.split()) for words in (_SEXES, _TITLES, _YESNO))


@dataclass(frozen=True, slots=True)
class Look:
    """The look of a column: how many values, what share of them differ, what share passed each test."""

    count: int
    distinct: float
    length: float
    shares: dict[str, float]
    running: bool

    def share(self, *tests: str) -> float:
        """The share of the test passed most."""
        return max((self.shares.get(test, 0.0) for test in tests), default=0.0)


# What a cell is shows in its beginning; a whole book in one cell must not keep us.
_TELLING = 400
# Whoever writes as many words writes sentences: no address and no company, whatever figures and words are in them.
_WORDS_OF_PROSE = 16


def look(values: Iterable[str | None]) -> Look:
    """Look at a column's values (a few hundred are enough)."""
    given = [value if len(value) <= _TELLING else value[:_TELLING] for value in values if value]
    if not given:
        return Look(0, 0.0, 0.0, {}, False)
    passed: dict[str, int] = {}
    for value in given:
        for test in tests_passed(value):
            passed[test] = passed.get(test, 0) + 1
    count = len(given)
    return Look(
        count,
        len({value.casefold() for value in given}) / count,
        sum(map(len, given)) / count,
        {test: number / count for test, number in passed.items()},
        is_running(given),
    )


def tests_passed(value: str) -> list[str]:
    """The names of the tests one value passes."""
    folded = value.casefold().strip(". ")
    if value.count(" ") >= _WORDS_OF_PROSE:
        return ["long"]
    if EMAIL.search(value):
        return ["email"]
    if isinstance(value, DateText) or DATE.fullmatch(value):
        return ["date", "birth"] if OLD.search(value) else ["date"]
    passed = []
    digits = sum(map(str.isdecimal, value))
    if digits:
        passed += _with_digits(value, digits)
    elif NAME.fullmatch(value):
        passed += _with_letters(value, folded)
    if folded in SEXES:
        passed.append("sex")
    if folded in TITLES:
        passed.append("title")
    if folded in YESNO:
        passed.append("yesno")
    if URL.fullmatch(value):
        passed.append("url")
    if HANDLE.fullmatch(value):
        passed.append("handle")
    if FORMS.search(value):
        passed.append("company")
    if len(value) > 40 or value.count(" ") > 5:
        passed.append("long")
    return passed


def _with_digits(value: str, digits: int) -> list[str]:
    plain = value.isdecimal()
    if HETU.fullmatch(value) or MYKAD.fullmatch(value) or (digits == 11 and plain and pesel.is_valid(value)):
        passed = ["national_id"]
    elif 7 <= digits <= 40 and PHONE.fullmatch(value):
        passed = ["phone", "phone shape"] if value[0] in "+0(" or not plain else ["phone"]
    else:
        passed = []
    if 10 <= digits <= 11 and len(value) <= 15 and nip.is_valid(value):
        passed.append("tax")
    if any(pattern.fullmatch(value) for pattern in POSTCODES.values()):
        passed += ["postcode"] if plain else ["postcode", "postcode shape"]
    whole = next((test for test, shape in WHOLE_SHAPES if shape.fullmatch(value)), "")
    return [*passed, *(test for test, shape in SHAPES if shape.fullmatch(value)), *([whole] if whole else [])]


def _with_letters(value: str, folded: str) -> list[str]:
    passed = []
    words = re.findall(r"[^\W\d_]+", folded)
    given = [word for word in words if is_given(word)]
    if len(words) == 1 or (len(words) == 2 and "-" in value):
        passed.append("word")
        if given:
            passed.append("given")
    elif 2 <= len(words) <= 5:
        passed.append("words")
        if given:
            passed.append("name")
    if country_of(value):
        passed.append("country")
    return passed


def is_running(values: list[str]) -> bool:
    """1, 2, 3 ...: a running number, also with gaps where rows were deleted, or "1." written with a dot."""
    numbers = [
        int(stripped)
        for value in values
        if (stripped := value.rstrip(".)")).isdecimal() and len(stripped) < 10
    ]
    if len(numbers) < max(2, 0.95 * len(values)):
        return False
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    ones = sum(step == 1 for step in steps)
    return ones >= 0.8 * len(steps) and numbers[0] < 10


@cache
def given_names() -> frozenset[str]:
    """Common given names, folded: enough to know a column of them, not to know every name."""
    return frozenset(Path(__file__).with_name("given_names.txt").read_text(encoding="utf-8").split())


def is_given(word: str) -> bool:
    return word in given_names() or (not word.isascii() and fold(word) in given_names())


@cache
def countries() -> dict[str, str]:
    """Country names in our languages, and codes -> ISO alpha-2."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        names: dict[str, str] = dict(Locale(language).territories)
        for code, name in names.items():
            if len(code) == 2 and code.isalpha() and code != "ZZ":
                found.setdefault(str(name).casefold(), code)
    usual = {
        "uk": "GB",
        "usa": "US",
        "england": "GB",
        "great britain": "GB",
        "rsa": "ZA",
        "deutschland": "DE",
    }
    three = {
        "pol": "PL",
        "fin": "FI",
        "zaf": "ZA",
        "phl": "PH",
        "mys": "MY",
        "gbr": "GB",
        "deu": "DE",
        "rp": "PH",
    }
    return found | usual | three


def country_of(value: str) -> str:
    """ISO alpha-2 of a country's name or code, else ""."""
    folded = value.casefold().strip(". ")
    if len(folded) == 2 and value.isupper() and value in _codes():
        return value
    return countries().get(folded, "")


@cache
def _codes() -> frozenset[str]:
    return frozenset(countries().values())
