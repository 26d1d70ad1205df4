"""How standard values are written for people: phones, dates that lack a part, countries, addresses, lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal
from django.utils import translation
from django.utils.translation import gettext as _

from kartoteka.kit.ids import show_card
from kartoteka.people.catalogue import Field, Type, built_in


def locale() -> Locale:
    """The reader's locale."""
    try:
        return Locale.parse(translation.get_language() or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def show_phone(value: str, ext: str = "") -> str:
    """A number as it is read out: +48 600 100 200."""
    try:
        parsed = phonenumbers.parse(value, None)
        shown = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        shown = value
    return f"{shown} {_('ext.')} {ext}" if ext else shown


def show_date(value: str) -> str:
    """An ISO date that may lack its year or its day, as the reader writes it."""
    here = locale()
    try:
        if value.startswith("--"):
            return format_skeleton("MMMMd", dt.datetime.strptime(f"2000-{value[2:]}", "%Y-%m-%d"), locale=here)  # noqa: DTZ007
        if len(value) == 7:
            return format_skeleton("yMMMM", dt.datetime.strptime(value, "%Y-%m"), locale=here)  # noqa: DTZ007
        if len(value) == 10:
            return format_date(dt.date.fromisoformat(value), format="long", locale=here)
    except (ValueError, KeyError):
        pass
    return value


def show_country(code: str) -> str:
    """The country's name in the reader's language."""
    return str(locale().territories.get(code.upper()) or code)


def show_language(code: str) -> str:
    """The language's name in the reader's language."""
    return str(locale().languages.get(code.lower()) or code)


def address_lines(entry: dict[str, Any], *, home: str = "") -> list[str]:
    """An address as its country writes it on a letter; the country is left out at home."""
    country = str(entry.get("country") or "")
    street = str(entry.get("street") or "")
    number = str(entry.get("number") or "")
    flat = str(entry.get("flat") or "")
    postcode, city = str(entry.get("postcode") or ""), str(entry.get("city") or "")
    region = str(entry.get("region") or "")
    if country in NUMBER_FIRST:
        first = ", ".join(part for part in (flat, f"{number} {street}".strip()) if part)
    else:
        joined = f"{street} {number}".strip()
        first = f"{joined}/{flat}" if flat and country == "PL" else f"{joined} {flat}".strip()
    second = f"{city} {postcode}".strip() if country in POSTCODE_LAST else f"{postcode} {city}".strip()
    lines = [first, second, region if country in REGION_SHOWN and region != city else ""]
    if country and country != home:
        lines.append(show_country(country))
    return [line for line in lines if line]


# Universal Postal Union, "Postal addressing systems in member countries".
NUMBER_FIRST = frozenset({"GB", "IE", "US", "CA", "AU", "NZ", "ZA", "PH", "MY", "SG", "FR", "IN"})
POSTCODE_LAST = frozenset({"GB", "IE", "US", "CA", "AU", "NZ", "ZA", "SG", "IN"})
REGION_SHOWN = frozenset({"US", "CA", "AU", "MY", "PH", "IN"})


def show_value(key: str, value: Any, field: Field | None = None) -> str:
    """A whole value on one line."""
    if value in (None, "", [], {}):
        return ""
    field = field or built_in().get(key)
    if isinstance(value, list):
        return ", ".join(show_entry(field, key, each) for each in value)
    return show_entry(field, key, value)


def show_entry(field: Field | None, key: str, value: Any) -> str:
    """One value or one entry of a list."""
    if key == "card":
        return show_card(str(value))
    if key in ("phone", "country"):
        return show_phone(str(value)) if key == "phone" else show_country(str(value))
    if isinstance(value, dt.datetime):
        return format_date(value, format="medium", locale=locale())
    type_ = field.type if field else Type.TEXT
    if isinstance(value, dict):
        return _show_parts(type_, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field and field.choices:
        return str(dict(field.choices).get(str(value), value))
    if type_ in (Type.DATE, Type.PARTIAL_DATE):
        return show_date(str(value))
    if type_ == Type.NUMBER:
        return str(format_decimal(value, locale=locale()))
    if type_ == Type.COUNTRY:
        return show_country(str(value))
    if type_ == Type.LANGUAGE:
        return show_language(str(value))
    return str(value)


def _show_parts(type_: Type, value: dict[str, Any]) -> str:
    if type_ == Type.PHONES:
        return show_phone(str(value.get("value") or ""), str(value.get("ext") or ""))
    if type_ == Type.ADDRESSES:
        return ", ".join(address_lines(value))
    if type_ == Type.MONEY:
        return str(format_currency(value.get("amount") or 0, str(value.get("currency") or ""), locale=locale()))
    if type_ == Type.HANDLES:
        return f"{value.get('network', '')}: {value.get('handle', '')}".strip(": ")
    if type_ == Type.REGISTRATIONS:
        return " ".join(str(value[part]) for part in ("country", "kind", "number") if value.get(part))
    if type_ == Type.RELATIVES:
        parts = [value.get("name"), value.get("relation"), value.get("birth") and show_date(str(value["birth"]))]
        return ", ".join(str(part) for part in parts if part)
    if type_ == Type.GIFTS:
        parts = [value.get("what"), value.get("occasion"), value.get("when") and show_date(str(value["when"]))]
        return ", ".join(str(part) for part in parts if part)
    return str(value.get("value") or next(iter(value.values()), ""))
