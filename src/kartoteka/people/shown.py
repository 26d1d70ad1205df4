"""How a value is written for people to read: dates without a year, phones in groups, addresses in a line."""

import datetime as dt
from functools import lru_cache
from typing import Any

import phonenumbers
from django.utils import formats
from django.utils.translation import gettext as _

from .catalogue import Type


def shown(type_: str, value: Any) -> str:
    """One value (one entry of a list) as text in the language that is active."""
    if value is None:
        return ""
    write = _WRITERS.get(Type(type_))
    return write(value) if write else str(value)


def date_shown(iso: str) -> str:
    """A partial ISO date as people of this language write it: with or without its day and its year."""
    try:
        if iso.startswith("--"):
            return formats.date_format(dt.date(2000, int(iso[2:4]), int(iso[5:7])), "MONTH_DAY_FORMAT")
        if len(iso) == 10:
            return formats.date_format(dt.date.fromisoformat(iso), "DATE_FORMAT")
        if len(iso) == 7:
            return formats.date_format(dt.date(int(iso[:4]), int(iso[5:7]), 1), "YEAR_MONTH_FORMAT")
    except ValueError:
        return iso
    return iso


@lru_cache(maxsize=4096)
def phone_shown(number: str) -> str:
    """An E.164 number in international groups; one that is veiled as it is."""
    if "•" in number:
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def address_shown(address: dict[str, Any]) -> str:
    """An address in one line, the number before the street where its country does so."""
    street, number, flat = (str(address.get(part) or "") for part in ("street", "number", "flat"))
    first = address.get("country") in ("GB", "ZA", "PH", "MY", "US", "AU", "NZ", "IE", "CA", "SG")
    line = " ".join(part for part in ((number, street) if first else (street, number)) if part)
    if flat:
        line = f"{_door(flat, address)}, {line}" if first else _with_flat(line, flat, address)
    postcode, city = str(address.get("postcode") or ""), str(address.get("city") or "")
    place = " ".join(part for part in ((city, postcode) if first else (postcode, city)) if part)
    region = str(address.get("region") or "")
    return ", ".join(part for part in (line, place, region) if part) or str(address.get("country") or "")


def _with_flat(line: str, flat: str, address: dict[str, Any]) -> str:
    """The street with the flat behind its number: "Długa 5/7", in Finland by stair and flat "Lehtotie 12 A 4"."""
    if address.get("country") != "FI":
        return f"{line}/{flat}"
    return f"{line} as. {flat}" if flat.isdigit() else f"{line} {flat}"


def _door(flat: str, address: dict[str, Any]) -> str:
    """The door as it stands in an address that begins with it: "Flat 2", in estates without house numbers "Unit 5".
    A tower's "A-12-3" and whatever has a word of its own stay as they are.
    """
    if not (flat.isalnum() and any(map(str.isdigit, flat)) and len(flat) < 5):
        return flat
    dwelling = address.get("country") in ("GB", "IE") and address.get("number")
    return f"Flat {flat}" if dwelling else f"Unit {flat}"


def _phone(value: Any) -> str:
    extension = value.get("ext")
    number = phone_shown(str(value.get("value", "")))
    return (
        _("%(number)s ext. %(extension)s") % {"number": number, "extension": extension}
        if extension
        else number
    )


def _relative(value: Any) -> str:
    parts = [
        str(value.get("name") or ""),
        str(value.get("relation") or ""),
        date_shown(str(value.get("birth") or "")),
    ]
    return ", ".join(part for part in parts if part)


def _gift(value: Any) -> str:
    parts = [
        str(value.get("what") or ""),
        date_shown(str(value.get("when") or "")),
        str(value.get("occasion") or ""),
    ]
    return ", ".join(part for part in parts if part)


def _registration(value: Any) -> str:
    kind = str(value.get("kind") or "").upper()
    return " ".join(
        part for part in (str(value.get("country") or ""), kind, str(value.get("number") or "")) if part
    )


_WRITERS: dict[Type, Any] = {
    Type.PARTIAL_DATE: lambda value: date_shown(str(value)),
    Type.DATE: lambda value: date_shown(str(value)),
    Type.YESNO: lambda value: str(_("yes") if value else _("no")),
    Type.MONEY: lambda value: f"{value.get('amount', '')} {value.get('currency', '')}".strip(),
    Type.PHONES: _phone,
    Type.EMAILS: lambda value: str(value.get("value", "")),
    Type.ADDRESSES: address_shown,
    Type.HANDLES: lambda value: f"{value.get('network', '')}: {value.get('handle', '')}".strip(": "),
    Type.REGISTRATIONS: _registration,
    Type.RELATIVES: _relative,
    Type.GIFTS: _gift,
}
