"""How the pages write values: people.shown, and what needs the reader's language: names of countries and languages,
choices, an address as lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from babel import Locale, UnknownLocaleError
from django.utils import translation
from django.utils.formats import date_format

from kartoteka.kit.ids import show_card
from kartoteka.people.catalogue import Field, Type, built_in
from kartoteka.people.shown import address_shown, phone_shown, shown
from kartoteka.standard.names import fold

# Codes that the names' list has beside the countries: groups, and parts set aside.
_NO_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
)


def locale() -> Locale:
    """The reader's locale."""
    try:
        return Locale.parse(translation.get_language() or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def show_country(code: str) -> str:
    """The country's name in the reader's language."""
    return str(locale().territories.get(code.upper()) or code)


def countries_by_name() -> list[tuple[str, str]]:
    """Every country as code and name, in the order of the reader's language."""
    named = [(code, name) for code, name in locale().territories.items() if len(code) == 2 and code.isalpha()]
    return sorted(
        ((code, str(name)) for code, name in named if code not in _NO_COUNTRIES),
        key=lambda each: fold(each[1]),
    )


def show_language(code: str) -> str:
    """The language's name in the reader's language."""
    return str(locale().languages.get(code.lower()) or code)


def address_lines(entry: dict[str, Any]) -> list[str]:
    """An address as lines, the country last."""
    country = str(entry.get("country") or "")
    lines = [part for part in address_shown(entry).split(", ") if part and part != country]
    return [*lines, show_country(country)] if country else lines


def show_entry(field: Field | None, value: Any) -> str:
    """One value, or one entry of a list."""
    if value in (None, "") or field is None:
        return str(value or "")
    if field.choices:
        return str(dict(field.choices).get(str(value), value))
    writer = _BY_TYPE.get(field.type)
    return writer(value) if writer else shown(field.type, value)


def show_cell(column: str, value: Any) -> str:
    """A cell of the list of customers."""
    if value in (None, "", [], {}):
        return ""
    if writer := _BY_COLUMN.get(column):
        return writer(value)
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if isinstance(value, dict):
        return f"{value.get('amount', '')} {value.get('currency', '')}".strip()
    return show_entry(built_in().get(column), value)


_BY_TYPE: dict[Type, Callable[[Any], str]] = {
    Type.COUNTRY: show_country,
    Type.LANGUAGE: show_language,
    Type.ADDRESSES: lambda value: ", ".join(address_lines(value)),
}
_BY_COLUMN: dict[str, Callable[[Any], str]] = {
    "card": show_card,
    "phone": phone_shown,
    "country": show_country,
    "heard_at": lambda value: date_format(value, "SHORT_DATE_FORMAT"),
    "made_at": lambda value: date_format(value, "SHORT_DATE_FORMAT"),
}
