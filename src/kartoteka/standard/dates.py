"""Birth dates in every spelling people use, as partial ISO dates: "1985-04-03", "1985-04", "1985" or "--04-03".

None lies in the future. Where day and month could change places, the `order` decided for the column decides, then the
country, then the language; where none of them does, the date is "ambiguous" and has no value: both readings are
in the note. A reading that is no date (a 31st of February, a 13th month) is "invalid".
"""

import calendar
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from kartoteka.standard.characters import fold, plain, says_nothing, words
from kartoteka.standard.months import is_noise, month, roman
from kartoteka.standard.outcome import Standard

_MONTH_FIRST = frozenset(words("US PH FM GU MH MP AS PR PW VI UM"))
_YEAR_FIRST = frozenset(words("CN JP KR KP TW HU LT MN"))
# Countries that write it in two or three ways; there the order has to come from the column.
_UNDECIDED = frozenset(words("CA"))
_ORDER_OF_LANGUAGE = {
    **dict.fromkeys(
        words("af ms id fi pl de sv da nb no nl fr es it pt cs sk et lv uk ru ro bg hr sl el tr"), "dmy"
    ),
    **dict.fromkeys(("fil", "tl"), "mdy"),
    **dict.fromkeys(("zh", "ja", "ko", "hu", "lt"), "ymd"),
}
_OLDEST = 1500
_UNKNOWN = "0000"
_LONGEST = 200  # characters

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?", re.ASCII)
_CLOCK = re.compile(
    r"(?<![\d:.])(?:(?<=\dt)|\bt|\bklo |\bkl\.? |\bgodz\.? |\bat |)\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?![\d:])"
    r"\s*(?:[ap]\.?m\b\.?)?\s*(?:z\b|utc\b|gmt\b|cest?\b|eest?\b|sast\b)?\s*(?:[+-]\d\d:?\d\d\b)?"
)
# Finland writes the hour with a dot; behind a whole date, or behind "klo", it can be nothing else. Then the hours
# that programs glue to a date.
_DOT_CLOCK = re.compile(
    r"\b(?:klo|kello|kl|godz|g|um)\b\.? ?\d{1,2}(?:\.\d\d)?(?![\d.])|\b\d{1,2} ?[ap]\.?m\b\.?"
    r"|(?<=[./-]\d{4}) \d{1,2}\.\d\d(?:\.\d\d)?(?![\d.])|(?<=\d{8})t\d{4,6}z?\b|(?<=\d{4}):\d\d:\d\d:\d\d$"
)
_DECADE = re.compile(r"\d0'?s\b", re.I)
_AGE = re.compile(
    r"\b\d{1,3} ?(?:lat|latek|yrs?|years?|yo|y\.o\.|vuotta|jahre|jaar|tahun|taon)\b(?: old| alt| oud)?"
    r"|\b(?:aged?|wiek|ouderdom|edad|umur|alter)\b:? ?\d{1,3}\b(?!\d|[./-]\d)"
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_BLANK = re.compile(r"(?<![a-z0-9])(?:\?+|[x_*]{2,4}|yyyy|yy|mm|dd|rrrr|rr|-{2,4}(?=[./]))(?![a-z0-9])")
_SHORT_YEAR = re.compile(r"(?<!\d)'(\d\d)(?!\d)")
_LETTER_FOR_DIGIT = re.compile(
    r"(?<![a-z])(?=[ol]*\d)[ol\d]+(?![a-z])|(?<=\d)o+(?=[\d./-])|(?<![a-z\d])i(?=\d{1,3}(?!\d))"
)
_ROMAN_HEAD = re.compile(
    r"^([IVX])[ .,/-]+(?=\d{4}$)"
)  # "V 1985"; small, "v. 1985", it is Finnish for "year"
_DIGIT_FOR_LETTER = str.maketrans("oli", "011")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_DOTTED = re.compile(r"^\D*\d{1,2} ?\. ?\d{1,2} ?\.")
_ZEROS = re.compile(
    r"0{1,4}([-./])0{1,2}\1(?:0{2}|0{4})(?: 00:00(?::00)?)?"
)  # how programs write that there is no date
_NO_YEAR = re.compile(r"--(\d\d)-?(\d\d)")
_EDGES = re.compile(r"^(?:'(?!\d\d(?![\d./-]))|[ \"=;,])+|[ '\"=;,]+$")
# Excel shows 3 April as "03-Apr" and April 2003 as "Apr-03".
_MONTH_YEAR = re.compile(r"[a-z]{3,6}\.?-\d\d")
_FLOAT = re.compile(r"(\d{5,})[.,]\d+")
_CELL = re.compile(r"\D*(\d{1,4}) ?[./\\ -] ?(\d{1,2})(?: ?[./\\ -] ?(\d{1,4}))?\.?(?![\d./-])")


class _Day(NamedTuple):
    """A reading of a date, not yet held against the calendar; 0 stands for a part that was not given."""

    year: int
    month: int
    day: int


_Read = tuple[str | None, str, str]
_INVALID: _Read = (None, "invalid", "")


def standardise(
    text: str,
    *,
    country: str = "",
    language: str = "",
    excel: bool = False,
    order: str = "",
    today: date | None = None,
) -> Standard[str]:
    """The birth date in `text` as a partial ISO date.

    country: ISO alpha-2 of the people in the file; language: ISO 639-1. Both only decide which of day and month
    comes first. order: "dmy", "mdy" or "ymd" as `order_of` found it for the column; it outweighs both.
    excel: a bare number may be an Excel serial (day 1 is 1900-01-01). today: for tests; dates after it are invalid.

    An empty cell, or a word for "nothing", has neither value nor problem. Problems: "invalid", "ambiguous".
    Two-digit years are the latest that do not lie in the future.
    """
    today = today or datetime.now(UTC).date()
    if _is_iso_day(text, today):
        return Standard(text[:10], text)
    order = order or _order(country.upper(), language.lower())
    value, problem, note = _read(text, order, excel, today)
    return Standard(value, text, problem, note)


@lru_cache(maxsize=50_000)
def _is_iso_day(text: str, today: date) -> bool:
    """Whether the text is a day that has come, in the standard spelling: mostly it is, and days repeat."""
    iso = _ISO.fullmatch(text)
    if iso is None:
        return False
    year, month_, day = map(int, iso.groups())
    return bool(day and month_) and _OLDEST <= year != 1604 and _fits(_Day(year, month_, day), today)


def order_of(column: Iterable[str], *, country: str = "", language: str = "") -> str:
    """The order of day, month and year in a column: "dmy", "mdy" or "ymd"; "" if nothing decides it.

    The cells that can be read one way only decide, by a clear majority (three to one); without such cells, the country
    and the language do.
    """
    votes = {"dmy": 0, "mdy": 0, "ymd": 0}
    for cell in column:
        found = _CELL.match(cell)
        if found and len(found[1]) <= 2:
            first, second = int(found[1]), int(found[2])
            if first > 31 and second <= 12:
                votes["ymd"] += 1 if found[3] else 0
            elif 12 < first <= 31 and 0 < second <= 12:
                votes["dmy"] += 1
            elif 0 < first <= 12 < second <= 31:
                votes["mdy"] += 1
    best = max(votes, key=lambda name: votes[name])
    if votes[best] > 3 * (sum(votes.values()) - votes[best]):
        return best
    return _order(country.upper(), language.lower())


def _order(country: str, language: str) -> str:
    if not country:
        return _ORDER_OF_LANGUAGE.get(language.partition("-")[0].partition("_")[0], "")
    if country in _UNDECIDED:
        return ""
    return "mdy" if country in _MONTH_FIRST else "ymd" if country in _YEAR_FIRST else "dmy"


@lru_cache(maxsize=65536)
def _read(text: str, order: str, excel: bool, today: date) -> _Read:
    if says_nothing(text) or _ZEROS.fullmatch(text.strip()):
        return None, "", ""
    if len(text) > _LONGEST or _DECADE.search(text):
        return _INVALID
    clean = _ROMAN_HEAD.sub(lambda found: f"{roman(found[1].lower())}.", _EDGES.sub("", plain(text)))
    clean = fold(clean)
    whole = _FLOAT.fullmatch(clean)
    if whole:
        clean = whole[1]
    if excel and clean.isdigit() and _is_serial(clean, today):
        return _written([_from_serial(int(clean))], today)
    without_year = _NO_YEAR.fullmatch(clean)
    if without_year:
        return _written([_Day(0, int(without_year[1]), int(without_year[2]))], today)
    clean = _stripped(clean, today)
    dotted = bool(_DOTTED.match(clean))
    numbers, named, surplus = _tokens(clean)
    if named:
        read = _with_month_name(numbers, named, today, month_year=bool(_MONTH_YEAR.fullmatch(clean)))
    elif len(numbers) == 3:
        read = _three(numbers, order or ("dmy" if dotted else ""), today)
    elif len(numbers) == 2:
        read = _two(numbers, order or ("dmy" if dotted or clean.count(".") == 1 else ""), today, clean)
    elif len(numbers) == 1:
        read = _one(numbers[0], order, today)
    else:
        read = _INVALID
    if read[0] in ("1900-01", "2000-01") and _is_empty_cell(numbers, named):
        return _INVALID
    # A whole date may have company ("3.4.1985 Warszawa"); a bare year or month among unknown words says too little.
    return read if not surplus or len(read[0] or "") == 10 else _INVALID


def _stripped(clean: str, today: date) -> str:
    """Without the hour, the age, remarks in brackets; with blanks as zeros and '85 as 1985."""
    clean = _DOT_CLOCK.sub(" ", _CLOCK.sub(" ", clean))
    clean = _AGE.sub(" ", clean)
    bare = _BRACKETS.sub(" ", clean)
    clean = bare if any(c.isdigit() for c in bare) else clean
    clean = _BLANK.sub(_UNKNOWN, clean)
    clean = _SHORT_YEAR.sub(lambda found: str(_full_year(int(found[1]), 1, 1, today)), clean)
    return _LETTER_FOR_DIGIT.sub(lambda found: found[0].translate(_DIGIT_FOR_LETTER), clean)


def _tokens(clean: str) -> tuple[list[str], int, bool]:
    """The numbers, the month that a word names (or 0), and whether unknown words stand there."""
    numbers: list[str] = []
    unknown: list[str] = []
    named = 0
    tuesday = False  # "mar" is March, and Martes, a Tuesday, in Filipino
    for piece in _TOKEN.findall(clean):
        if piece.isdigit():
            numbers.append(piece)
        elif (not named or tuesday) and (number := month(piece) or _roman(piece, numbers)):
            named, tuesday = number, piece == "mar" and not numbers
        elif not is_noise(piece) and not month(piece):
            unknown.append(piece)
    return numbers, named, bool(unknown)


def _is_empty_cell(numbers: list[str], named: int) -> bool:
    """Whether a day 0 of January 1900 stands there, which is how a spreadsheet shows an empty cell as a date."""
    return len(numbers) + bool(named) == 3 and "2000" not in numbers


def _roman(token: str, numbers: list[str]) -> int:
    return roman(token) if numbers or len(token) > 1 else 0


def _with_month_name(numbers: list[str], number: int, today: date, *, month_year: bool) -> _Read:
    if len(numbers) == 1:
        (only,) = numbers
        if only != _UNKNOWN and (len(only) >= 3 or int(only) > 31 or only == "00" or month_year):
            return _written([_Day(_year(only, number, 1, today), number, 0)], today)
        return _written([_Day(0, number, int(only))], today)
    if len(numbers) == 2:
        first, second = numbers
        year_first = (len(first) >= 3 or int(first) > 31) and len(second) <= 2
        day, year = (second, first) if year_first else (first, second)
        if len(day) > 2 and day != _UNKNOWN:
            return _INVALID
        return _written([_Day(_year(year, number, int(day) or 1, today), number, int(day))], today)
    return _INVALID


def _three(numbers: list[str], order: str, today: date) -> _Read:
    first, second, third = numbers
    if first == _UNKNOWN and len(third) > 2 and third != _UNKNOWN:
        first = "0"
    if second == _UNKNOWN:
        second = "0"
    if len(second) > 2 or (len(first) > 2 and len(third) > 2 and third != _UNKNOWN):
        return _INVALID
    if len(first) > 2:
        return _written([_Day(_year(first, int(second), int(third), today), int(second), int(third))], today)
    one, two, three = int(first), int(second), int(third)
    if not (one or two or three):
        return _INVALID
    readings = {
        "dmy": _Day(_year(third, two, one, today), two, one),
        "mdy": _Day(_year(third, one, two, today), one, two),
    }
    if len(third) <= 2 and (one > 31 or order == "ymd"):
        readings["ymd"] = _Day(_year(first, two, three, today), two, three)
    return _chosen(readings, order, today)


def _two(numbers: list[str], order: str, today: date, clean: str = "") -> _Read:
    first, second = numbers
    if len(first + second) == 8 and (len(first), len(second)) != (5, 3):
        joined = _one(first + second, order, today)
        if joined[0]:
            return joined
    one, two = int(first), int(second)
    if len(first) > 2:
        readings = {"ymd": _Day(_year(first, two, 1, today), two, 0)} if len(second) <= 2 else {}
    elif len(second) > 2 or two > 31:
        readings = {"dmy": _Day(_year(second, one, 1, today), one, 0)}
    elif one > 31 and "." in clean:  # nobody writes a short year and its month with a dot
        readings = {}
    elif one > 31:
        readings = {"ymd": _Day(_year(first, two, 1, today), two, 0)}
    else:
        readings = {"dmy": _Day(0, two, one), "mdy": _Day(0, one, two)}
    return _chosen(readings, "mdy" if order == "ymd" else order, today)


def _one(digits: str, order: str, today: date) -> _Read:
    """A date written without any separator."""
    if len(digits) in (12, 14):
        digits = digits[:8]
    if len(digits) == 4:
        return _written([_Day(int(digits), 0, 0)], today)
    if len(digits) in (7, 8):
        digits = digits.zfill(8)  # a spreadsheet takes the first zero of 03041985 away
        read = _three([digits[:4], digits[4:6], digits[6:]], order, today)
        return read if read[0] else _three([digits[:2], digits[2:4], digits[4:]], order, today)
    if len(digits) == 6:
        pairs = [digits[:2], digits[2:4], digits[4:]]
        century = [pair in ("19", "20") for pair in pairs]
        if century[0] and not _has_shape(_Day(0, int(pairs[1]), int(pairs[0]))):
            return _two([digits[:4], digits[4:]], order, today)
        if century[1] and order != "mdy":
            return _two([digits[:2], digits[2:]], order, today)
        read = _three(pairs, order, today)
        return read if len(read[0] or "") == 10 or read[1] == "ambiguous" else _INVALID
    return _INVALID


def _chosen(readings: dict[str, _Day], order: str, today: date) -> _Read:
    """The reading the order asks for; another one only where the asked one has no shape of a date at all."""
    shaped = {name: day for name, day in readings.items() if _has_shape(day)}
    if order in shaped:
        return _written([shaped[order]], today)
    return _written(list(shaped.values()), today)


def _written(readings: list[_Day], today: date) -> _Read:
    fitting = sorted({_iso(day) for day in readings if _fits(day, today)} - {""})
    if len(fitting) > 1:
        return None, "ambiguous", " | ".join(fitting)
    return (fitting[0], "", "") if fitting else _INVALID


def _has_shape(day: _Day) -> bool:
    return day.month <= 12 and day.day <= 31 and not (day.day and not day.month)


def _fits(day: _Day, today: date) -> bool:
    """Whether the calendar has this day and it is not still to come."""
    if not _has_shape(day) or (day.year and day.year < _OLDEST):
        return False
    if day.month and day.day > calendar.monthrange(day.year or 2000, day.month)[1]:
        return False
    return (day.year, day.month, day.day) <= (today.year, today.month, today.day)


def _iso(day: _Day) -> str:
    year, month_, number = day
    # 1604 is how Apple's address book writes a birthday whose year nobody knows.
    if not year or (year == 1604 and number):
        return f"--{month_:02}-{number:02}" if month_ and number else ""
    return f"{year:04}" + (f"-{month_:02}" if month_ else "") + (f"-{number:02}" if number else "")


def _year(digits: str, month_: int, day: int, today: date) -> int:
    return int(digits) if len(digits) > 2 else _full_year(int(digits), month_, day, today)


def _full_year(short: int, month_: int, day: int, today: date) -> int:
    century = today.year // 100 * 100
    late = (century + short, month_, day) > (today.year, today.month, today.day)
    return century + short - (100 if late else 0)


def _is_serial(digits: str, today: date) -> bool:
    return len(digits) == 5 or (len(digits) == 4 and not 1900 <= int(digits) <= today.year)


def _from_serial(serial: int) -> _Day:
    # Excel believes that 1900 was a leap year: from serial 61 on it is a day ahead.
    day = date(1899, 12, 30 if serial > 60 else 31) + timedelta(days=serial)
    return _Day(day.year, day.month, day.day)
