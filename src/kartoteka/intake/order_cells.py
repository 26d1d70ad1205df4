"""Cells of a file of orders: amounts, quantities, currencies and moments. Pure."""

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.utils import timezone

from kartoteka.standard import dates, money

from .files.book import DateText

_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,10})?(?:[eE]-\d\d?)?")
_NUMBER = re.compile(r"\d(?:[\d.,'’  ]*\d)?|[.,]\d+")
_MARK = re.compile(r"[^\d\s.,'’()+-]")
_CLOCK = re.compile(
    r"(?:^|[\sT,])(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,]\d+)?)?\s*([ap])?\.?m?\.?\s*(?:z|utc)?$", re.I
)
_DAY = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{2,4})")
_POINT_AT_HOME = frozenset(["US", "GB", "ZA", "PH", "MY", "IE", "AU", "NZ", "CA", "SG", "IN", "HK"])


def decimal_mark(cells: Iterable[str], *, country: str = "") -> str:
    """The sign that sets decimals apart in these cells, "." or ",": what the cells show, else as the country writes."""
    votes = {".": 0, ",": 0}
    for cell in cells:
        found = _NUMBER.search(cell)
        if found is None:
            continue
        number = found[0]
        last = max(number.rfind("."), number.rfind(","))
        if last < 0:
            continue
        mark, behind = number[last], len(number) - last - 1
        other = "," if mark == "." else "."
        if number.count(mark) > 1:
            votes[other] += 1  # in thousands
        elif other in number or behind != 3 or number.startswith("0"):
            votes[mark] += 1
    if votes["."] != votes[","]:
        return max(votes, key=lambda each: votes[each])
    return "." if not country or country in _POINT_AT_HOME else ","


@lru_cache(maxsize=20_000)
def number(text: str, mark: str) -> Decimal | None:
    """The number in a cell whose decimals are set apart by `mark`; None where there is none, or several.

    Brackets and a minus on either side make it negative; what stands around it (a currency, "szt") is let alone.
    """
    text = text.strip()
    if mark == "." and _PLAIN.fullmatch(text):
        return Decimal(text)
    found = _NUMBER.findall(text)
    if len(found) != 1:
        return None
    around = text.replace(found[0], " ", 1).strip()
    if len(around) > 12:
        return None
    other = "," if mark == "." else "."
    digits = re.sub(r"['’  ]", "", found[0]).replace(other, "").replace(mark, ".")
    try:
        value = Decimal(digits)
    except InvalidOperation:
        return None
    return -value if "-" in around or "−" in around or ("(" in around and ")" in around) else value


@lru_cache(maxsize=2000)
def currency_in(text: str, country: str) -> str:
    """The currency that an amount names by its sign or letters; "" where it names none."""
    if not _MARK.search(text):
        return ""
    found = money.standardise(re.sub(r"\d[\d.,'’  ]*", "1 ", text), country="").value
    if found is None:
        return ""
    dollars = money.standardise(re.sub(r"\d[\d.,'’  ]*", "1 ", text), country=country).value
    return dollars.currency if "$" in text and dollars else found.currency


@lru_cache(maxsize=5000)
def moment(text: str, time: str, order: str, country: str, typed: bool) -> dt.datetime | None:
    """The moment in a cell (and its time in another), in the business's zone where it names none; None where it is none.

    order: of day, month and year, as `dates.order_of` gives it. typed: the cell is a date of a spreadsheet.
    """
    whole = f"{text} {time}".strip() if time and ":" not in text else text
    try:
        found = dt.datetime.fromisoformat(
            whole.removesuffix(" UTC").replace("Z", "+00:00").replace(" +", "+")
        )
    except ValueError:
        clock = _CLOCK.search(whole)
        told = _day(whole[: clock.start()] if clock else whole, "ymd" if typed else order, country)
        at = _clock(clock)
        if told is None or at is None:
            return None
        found = dt.datetime.combine(told, at)
    try:
        return found if found.tzinfo else timezone.make_aware(found)
    except (OverflowError, ValueError):
        return None


def _clock(found: re.Match[str] | None) -> dt.time | None:
    """Midnight where no time was told; None where it is none that a clock shows."""
    if found is None:
        return dt.time()
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        hour = hour % 12 + (12 if found[4].lower() == "p" else 0)
    return dt.time(hour, minute, min(second, 59)) if hour < 24 and minute < 60 else None


def _day(text: str, order: str, country: str) -> dt.date | None:
    text = text.strip(" ,T")
    if found := _DAY.fullmatch(text):
        parts = dict(zip("ymd" if len(found[1]) == 4 else order or "dmy", found.groups(), strict=True))
        if len(parts) == 3:
            year = int(parts["y"]) + (2000 if len(parts["y"]) <= 2 else 0)
            try:
                return dt.date(year, int(parts["m"]), int(parts["d"]))
            except ValueError:
                return None
    told = dates.standardise(text, country=country, excel=True, order=order)
    return (
        dt.date.fromisoformat(told.value)
        if told.value and re.fullmatch(r"\d{4}-\d\d-\d\d", told.value)
        else None
    )


def is_typed(cell: str) -> bool:
    """Whether a cell came as a date from a spreadsheet."""
    return isinstance(cell, DateText)
