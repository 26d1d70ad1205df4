"""Figures for people: money, shares, and by how much something changed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.numbers import format_compact_currency, format_currency, format_percent
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from kartoteka.activity.currencies import home
from kartoteka.kit.fixed import from_units

register = template.Library()


def _locale() -> str:
    return to_locale(get_language() or "en")


@register.filter
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


@register.filter
def kept_money(stored: Any) -> str:
    """An amount as the database keeps it."""
    return "–" if stored is None else money(from_units(round(stored)), "short")


@register.filter
def percent(share: float | None) -> str:
    """A share, 1 for the whole."""
    return "–" if share is None else str(format_percent(share, locale=_locale()))


@register.filter
def lasting(seconds: float | None) -> str:
    """So many seconds, as minutes and seconds ("1:05"), from an hour on with the hours ("2:00:05")."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.filter
def change(now: Any, then: Any) -> str:
    """By how much `now` is more or less than `then`: "+12%"; "" where there was nothing to compare with."""
    if not then or now is None:
        return ""
    by = round((Decimal(now) - Decimal(then)) / abs(Decimal(then)), 2) + 0
    return ("+" if by > 0 else "") + str(format_percent(by, locale=_locale()))


@register.simple_tag
def level_chip(levels: Mapping[int, str] | None, customer: Any) -> SafeString | str:
    """The service level of a customer, where it is known. levels: by key (worth.queries.levels_of)."""
    level = (levels or {}).get(customer.pk)
    if level is None:
        return ""
    return format_html(
        '<span class="chip chip-accent" title="{}">{}</span> ',
        _("Service level"),
        _("Level %(level)s") % {"level": level},
    )
