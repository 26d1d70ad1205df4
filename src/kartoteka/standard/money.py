"""Amounts of money as people and tills write them: a Decimal and, where it is said, an ISO 4217 code."""

import re
from dataclasses import dataclass
from decimal import Decimal

from kartoteka.standard.characters import fold, plain, says_nothing, words
from kartoteka.standard.outcome import Standard


@dataclass(frozen=True, slots=True)
class Money:
    """amount: as written, with its decimals; currency: ISO 4217, or "" if neither the text nor the caller said it."""

    amount: Decimal
    currency: str


_CURRENCY_OF = {
    "PL": "PLN", "FI": "EUR", "ZA": "ZAR", "PH": "PHP", "MY": "MYR", "GB": "GBP", "DE": "EUR", "US": "USD",
    "SE": "SEK", "NO": "NOK", "DK": "DKK", "EE": "EUR", "AT": "EUR", "NL": "EUR", "BE": "EUR", "FR": "EUR", "ES": "EUR",
    "IT": "EUR", "IE": "EUR", "CH": "CHF", "CZ": "CZK", "SG": "SGD", "AU": "AUD", "CA": "CAD", "NZ": "NZD",
}  # fmt: skip
_MARKS = {
    "zl": "PLN", "zlotych": "PLN", "zlote": "PLN", "zloty": "PLN", "pln": "PLN",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euroa": "EUR", "euros": "EUR", "e": "EUR",
    "r": "ZAR", "zar": "ZAR", "rand": "ZAR", "rm": "MYR", "myr": "MYR", "ringgit": "MYR",
    "₱": "PHP", "php": "PHP", "p": "PHP", "piso": "PHP", "peso": "PHP", "pesos": "PHP",
    "£": "GBP", "gbp": "GBP", "pounds": "GBP", "us$": "USD", "usd": "USD", "dollars": "USD", "u$s": "USD",
    "s$": "SGD", "a$": "AUD", "c$": "CAD", "nz$": "NZD", "hk$": "HKD", "chf": "CHF", "fr": "CHF",
    "sek": "SEK", "nok": "NOK",
    "dkk": "DKK", "czk": "CZK", "kc": "CZK", "huf": "HUF", "ft": "HUF", "uah": "UAH", "₴": "UAH", "¥": "JPY", "jpy": "JPY",
    "cny": "CNY", "₹": "INR", "inr": "INR", "aud": "AUD", "cad": "CAD", "nzd": "NZD", "sgd": "SGD",
    "hkd": "HKD", "thb": "THB",
    "฿": "THB", "idr": "IDR", "rp": "IDR", "krw": "KRW", "₩": "KRW", "₽": "RUB", "rub": "RUB", "₺": "TRY", "try": "TRY",
}  # fmt: skip
_DOLLARS = {"US": "USD", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD"}
# South Africa's law says comma; its tills and people write a point.
_POINT_FOR_DECIMALS = frozenset(words("US GB ZA PH MY IE AU NZ CA SG IN CN JP KR TH HK IL MX KE NG"))
_PLAIN = re.compile(r"-?\d+(?:\.\d{1,2})?")
_NUMBER = re.compile(r"\d[\d .,']*(?:\d|[,.]-+)|\d|[.,]\d+")
_NEGATIVE = re.compile(r"^[^\d(]*\([^)]*\)$|^[^\d]*-\s*[^\d]*\d|\d\s*-$|\bcr\b")
_GROUPED = re.compile(r"\d{1,3}(?:([ .,'])\d{3})(?:\1\d{3})*")


def standardise(text: str, *, country: str = "", currency: str = "") -> Standard[Money]:
    """The amount in `text`, whichever way its thousands and decimals are set apart.

    country: ISO alpha-2, decides what "1.234" and "1,234" mean and what "$" is; currency: ISO 4217 for amounts that do not
    say theirs (else the country's). Brackets, a minus before or after, and CR make it negative. Problems: "invalid";
    "ambiguous" for a "1,234" that no country decides: it has no value.
    """
    currency = currency or _CURRENCY_OF.get(country.upper(), "")
    if _PLAIN.fullmatch(text):
        return Standard(Money(Decimal(text), currency), text)
    if says_nothing(text):
        return Standard(None, text)
    clean = fold(plain(text)).replace("''", "'")
    found = _NUMBER.findall(clean)
    words = _NUMBER.sub(" ", clean)
    marks = re.findall(r"[a-z]*[^\w\s.,;:()'+-]|[a-z]+", words)
    named = {
        _MARKS.get(mark) or (_DOLLARS.get(country.upper(), "USD") if mark == "$" else "") for mark in marks
    } - {""}
    unknown = [mark for mark in marks if mark not in _MARKS and mark not in ("$", "cr", "dr", "ca")]
    if len(found) != 1 or len(named) > 1 or unknown:
        return Standard(None, text, "invalid")
    negative = bool(_NEGATIVE.search(clean))
    return _amount(text, found[0], country.upper(), next(iter(named), currency), negative=negative)


def _amount(text: str, number: str, country: str, currency: str, *, negative: bool) -> Standard[Money]:
    number = re.sub(r"[,.]-+$", "", number)
    readings = _readings(number.replace(" ", ""), country)
    if " " in number and not _GROUPED.match(number):
        readings = []
    if len(readings) > 1:
        return Standard(None, text, "ambiguous", " | ".join(readings))
    if not readings:
        return Standard(None, text, "invalid")
    amount = Decimal(readings[0])
    return Standard(Money(-amount if negative else amount, currency), text)


def _readings(number: str, country: str) -> list[str]:
    """What a number without spaces can mean, as decimal strings with a point."""
    number = number.replace("'", "")
    last = max(number.rfind("."), number.rfind(","))
    if last < 0:
        return [number]
    mark, other = number[last], ",."[number[last] == ","]
    whole, decimals = number[:last], number[last + 1 :]
    if other in whole:  # both stand there: the last one sets the decimals apart
        return (
            [f"{whole.replace(other, '')}.{decimals}"] if _grouped(whole, other) and mark not in whole else []
        )
    if mark in whole:  # one of them, several times: thousands
        return [number.replace(mark, "")] if _grouped(number, mark) else []
    if len(decimals) != 3 or not 1 <= len(whole) <= 3 or whole == "0":
        return [f"{whole or '0'}.{decimals}"]
    thousands, fraction = whole + decimals, f"{whole}.{decimals}"
    if not country:
        return [thousands, fraction]
    return [fraction if (mark == ".") == (country in _POINT_FOR_DECIMALS) else thousands]


def _grouped(number: str, mark: str) -> bool:
    first, *rest = number.split(mark)
    return 1 <= len(first) <= 3 and all(len(part) == 3 for part in rest)
