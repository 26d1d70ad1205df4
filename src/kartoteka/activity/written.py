"""Figures written for people, in the language that is active: money, shares, and by how much something changed."""

from decimal import Decimal
from typing import Any

from babel import Locale
from babel.numbers import format_compact_currency, format_currency, format_percent
from django.utils.translation import get_language, to_locale

from .currencies import home


def _locale() -> str:
    return to_locale(get_language() or "en")


def money(value: Decimal | float | None, digits: str = "") -> str:
    """An amount in the business's currency, as the reader's country writes it; "short": without the small coins."""
    if value is None:
        return "–"
    amount = Decimal(value)
    if digits == "short" and abs(amount) >= 1_000_000:
        return str(format_compact_currency(amount, home(), locale=_locale(), fraction_digits=1))
    if digits == "short" and abs(amount) >= 1000:
        pattern = Locale.parse(_locale()).currency_formats["standard"].pattern
        return str(
            format_currency(
                amount, home(), pattern.replace(".00", ""), locale=_locale(), currency_digits=False
            )
        )
    return str(format_currency(amount, home(), locale=_locale()))


def percent(share: float | None) -> str:
    """A share, 1 for the whole; below one in a hundred with two digits more, so that little does not look like nothing."""
    if share is None:
        return "–"
    if 0 < abs(share) < 0.01:
        return str(format_percent(round(share, 4), locale=_locale(), decimal_quantization=False))
    return str(format_percent(share, locale=_locale()))


def change(now: Any, then: Any) -> str:
    """By how much `now` is more or less than `then`: "+12%"; "" where there was nothing to compare with."""
    if not then or now is None:
        return ""
    by = round((Decimal(now) - Decimal(then)) / abs(Decimal(then)), 2) + 0
    return ("+" if by > 0 else "") + str(format_percent(by, locale=_locale()))
