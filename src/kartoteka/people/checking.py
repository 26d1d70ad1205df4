"""Checking what a person or a program gives for a field, by the catalogue: one code for card, form, API and import."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from kartoteka.standard import (
    addresses,
    countries,
    dates,
    emails,
    languages,
    money,
    names,
    phones,
    registrations,
    yesno,
)

from .catalogue import OWN_PREFIX, Field, Type, built_in
from .models import FieldWeight, OwnField
from .record import entry_parts

_LONGEST = 10_000
_MOST_ENTRIES = 200


class BadValue(ValueError):
    """A value that a field cannot hold. `field` names the field, the message says what to do."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def own_field(row: OwnField) -> Field:
    """An own field as the catalogue has it."""
    from .catalogue import Block, Kind

    return Field(
        key=OWN_PREFIX + row.key,
        label=row.label,
        type=Type(row.type),
        kind=Kind(row.kind),
        block=Block(row.block),
        sensitive=row.sensitive,
        weight=row.weight,
        fresh_days=row.fresh_days,
        choices=tuple((str(each), str(each)) for each in row.choices),
        pattern=row.pattern,
        least=row.least,
        most=row.most,
        own=True,
    )


def fields() -> dict[str, Field]:
    """The whole catalogue as it is now: built-in fields with the owner's weights, then the business's own, by key."""
    found = dict(built_in())
    for said in FieldWeight.objects.all():
        if said.key in found:
            found[said.key] = replace(found[said.key], weight=said.weight, fresh_days=said.fresh_days)
    for row in OwnField.objects.all():
        each = own_field(row)
        found[each.key] = each
    return found


def checked(
    changes: Mapping[str, Any], *, catalogue: Mapping[str, Field], country: str = ""
) -> dict[str, Any]:
    """The standard values of what was given, field by field. None or "" empties a field.

    country: where numbers without a country code are from. Raises BadValue for the first field that cannot be so, and for
    a field that is not in the catalogue.
    """
    values: dict[str, Any] = {}
    for key, given in changes.items():
        field = catalogue.get(key)
        if field is None:
            raise BadValue(key, _("There is no field %(field)s.") % {"field": key})
        values[key] = _empty(field) if given in (None, "", [], {}) else _value(field, given, country)
    _settle_name(values)
    return values


def _empty(field: Field) -> Any:
    return [] if field.many else None


def _value(field: Field, given: Any, country: str) -> Any:
    if field.many:
        entries = given if isinstance(given, list) else _entries(field, given)
        if len(entries) > _MOST_ENTRIES:
            raise BadValue(field.key, _("%(field)s: that is too many entries.") % {"field": field.label})
        found = [_entry(field, each, country) for each in entries]
        return [each for each in found if each not in (None, "", {})]
    return _single(field, given, country)


def _entries(field: Field, given: Any) -> list[Any]:
    """The entries of a list that was given as one: words and choices in one cell, "red, blue"."""
    if not isinstance(given, str) or field.type not in (Type.CHOICES, Type.WORDS):
        return [given]
    if names.fold(given) in {names.fold(str(each)) for choice in field.choices for each in choice}:
        return [given]  # a choice with a comma in it
    return [each for each in re.split(r"[,;|\n]", given) if each.strip()]


def _text(field: Field, given: Any) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int | float | Decimal):
        raise BadValue(field.key, _("%(field)s: write it as text.") % {"field": field.label})
    text = "".join(char for char in str(given) if char.isprintable() or char in "\n\t").strip()
    if len(text) > _LONGEST:
        raise BadValue(field.key, _("%(field)s: this is too long.") % {"field": field.label})
    return text


def _single(field: Field, given: Any, country: str) -> Any:
    if field.type == Type.YESNO and isinstance(given, bool):
        return given
    if field.type == Type.MONEY and isinstance(given, dict):
        given = f"{given.get('amount', '')} {given.get('currency', '')}"
    text = _text(field, given)
    if not text:
        return None
    return _READ.get(field.type, _plain)(field, text, country)


def _plain(field: Field, text: str, _country: str) -> str:
    if field.pattern and not re.fullmatch(field.pattern, text[:500]):
        raise BadValue(field.key, _("%(field)s: this is not written as it must be.") % {"field": field.label})
    if field.type != Type.LONG:
        text = " ".join(text.split())
        if len(text) > 300:
            raise BadValue(field.key, _("%(field)s: this is too long.") % {"field": field.label})
    return text


def _choice(field: Field, text: str, _country: str) -> str:
    wanted = names.fold(text)
    for value, label in field.choices:
        if wanted in (names.fold(value), names.fold(str(label))):
            return value
    allowed = ", ".join(str(label) for _value, label in field.choices)
    raise BadValue(
        field.key, _("%(field)s: choose one of %(allowed)s.") % {"field": field.label, "allowed": allowed}
    )


def _date(field: Field, text: str, country: str) -> str:
    result = dates.standardise(text, country=country)
    if result.value is None:
        if result.problem == "ambiguous":
            message = _(
                "%(field)s: write the month as a word, or as 1985-04-03, so that it cannot be misread."
            )
        else:
            message = _("%(field)s: this is no date we can read. Write it as 1985-04-03.")
        raise BadValue(field.key, message % {"field": field.label})
    return result.value


def _whole_date(field: Field, text: str, country: str) -> str:
    # The reader of birth dates knows no future; a date to come is taken as ISO.
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        value = _date(field, text, country)
    if len(value) != 10:
        raise BadValue(field.key, _("%(field)s: write day, month and year.") % {"field": field.label})
    return value


def _number(field: Field, text: str, _country: str) -> int | float:
    try:
        number = Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation as error:
        raise BadValue(field.key, _("%(field)s: write a number.") % {"field": field.label}) from error
    if not number.is_finite() or abs(number) >= 10**15:
        raise BadValue(field.key, _("%(field)s: write a number.") % {"field": field.label})
    if field.least is not None and number < field.least:
        raise BadValue(
            field.key,
            _("%(field)s: at least %(least)s.")
            % {"field": field.label, "least": f"{field.least.normalize():f}"},
        )
    if field.most is not None and number > field.most:
        raise BadValue(
            field.key,
            _("%(field)s: at most %(most)s.") % {"field": field.label, "most": f"{field.most.normalize():f}"},
        )
    return int(number) if number == number.to_integral_value() else float(number)


def _money(field: Field, text: str, country: str) -> dict[str, str]:
    result = money.standardise(text, country=country)
    if result.value is None:
        raise BadValue(
            field.key, _("%(field)s: write an amount, such as 12.50 PLN.") % {"field": field.label}
        )
    return {"amount": str(result.value.amount), "currency": result.value.currency}


def _yesno(field: Field, text: str, country: str) -> bool:
    result = yesno.standardise(text, country=country)
    if result.value is None:
        raise BadValue(field.key, _("%(field)s: answer yes or no.") % {"field": field.label})
    return result.value


def _country(field: Field, text: str, _country: str) -> str:
    result = countries.standardise(text)
    if result.value is None:
        raise BadValue(field.key, _("%(field)s: we do not know this country.") % {"field": field.label})
    return result.value


def _language(field: Field, text: str, _country: str) -> str:
    result = languages.standardise(text)
    if result.value is None:
        raise BadValue(field.key, _("%(field)s: we do not know this language.") % {"field": field.label})
    return result.value


def _link(field: Field, text: str, _country: str) -> str:
    address = text if "://" in text else f"https://{text}"
    if not re.fullmatch(r"https?://[^\s/<>\"']+\.[^\s<>\"']+", address):
        raise BadValue(
            field.key, _("%(field)s: write a web address, such as www.example.com.") % {"field": field.label}
        )
    return address


_READ = {
    Type.CHOICE: _choice,
    Type.PARTIAL_DATE: _date,
    Type.DATE: _whole_date,
    Type.NUMBER: _number,
    Type.MONEY: _money,
    Type.YESNO: _yesno,
    Type.COUNTRY: _country,
    Type.LANGUAGE: _language,
    Type.LINK: _link,
}


def _entry(field: Field, given: Any, country: str) -> Any:
    """One entry of a list; `gone` marks one that is to be taken off the list."""
    if field.type == Type.CHOICES:
        gone = isinstance(given, dict) and given.get("gone")
        chosen = _choice(
            field, _text(field, given.get("value", "") if isinstance(given, dict) else given), country
        )
        return {"value": chosen, "gone": True} if gone else chosen
    if field.type == Type.WORDS:
        word = given.get("value", "") if isinstance(given, dict) else given
        text = " ".join(_text(field, word).split())[:100]
        return {"value": text, "gone": True} if isinstance(given, dict) and given.get("gone") else text
    if not isinstance(given, dict):
        first = {
            Type.GIFTS: "what",
            Type.RELATIVES: "name",
            Type.HANDLES: "handle",
            Type.REGISTRATIONS: "number",
        }
        given = {"line" if field.type == Type.ADDRESSES else first.get(field.type, "value"): given}
    entry = _details(field, given)
    if entry.get("gone"):
        return _gone(field, entry, country)
    if field.type == Type.PHONES:
        return {**entry, **_phone(field, str(entry.get("value", "")), country)}
    if field.type == Type.EMAILS:
        return {**entry, "value": _email(field, str(entry.get("value", "")))}
    if field.type == Type.ADDRESSES:
        return _address(field, entry, country)
    if field.type == Type.REGISTRATIONS:
        return _registration(field, entry, country)
    if field.type in (Type.RELATIVES, Type.GIFTS):
        part = "birth" if field.type == Type.RELATIVES else "when"
        if entry.get(part):
            entry[part] = _date(field, str(entry[part]), country)
    return entry


def _details(field: Field, given: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of an entry. One that is given empty says that there is none, unless the entry is known by it."""
    parts: dict[str, Any] = {}
    for name, value in given.items():
        if value not in (None, ""):
            parts[str(name)] = _detail(field, value)
        elif name not in entry_parts(field.key):
            parts[str(name)] = None
    return parts if any(value is not None for value in parts.values()) else {}


def _gone(field: Field, entry: dict[str, Any], country: str) -> dict[str, Any]:
    """An entry to be taken off, written as the list has it, so that it is found there."""
    typed = str(entry.get("value", ""))
    try:
        if field.type == Type.PHONES:
            return {**entry, **_phone(field, typed, country)}
        if field.type == Type.EMAILS:
            return {**entry, "value": _email(field, typed)}
    except BadValue:
        pass  # the list may hold what could not be read when it came in; it can be taken off all the same
    return entry


def _detail(field: Field, value: Any) -> Any:
    return value if isinstance(value, bool) else " ".join(_text(field, value).split())[:300]


def _phone(field: Field, text: str, country: str) -> dict[str, str]:
    found = [each for each in phones.standardise(text, country=country) if each.value]
    if len(found) != 1 or found[0].value is None:
        raise BadValue(
            field.key,
            _(
                "“%(typed)s” is no phone number we can call. Write it with its country code, such as +48 600 100 200."
            )
            % {"typed": text},
        )
    phone = found[0].value
    return {"value": phone.value, **({"ext": phone.ext} if phone.ext else {})}


def _email(field: Field, text: str) -> str:
    found = [each for each in emails.standardise(text) if each.value]
    if len(found) != 1 or found[0].value is None:
        raise BadValue(
            field.key,
            _("“%(typed)s” is no e-mail address. It needs a name, an @ and a domain.") % {"typed": text},
        )
    return found[0].value.value


def _address(field: Field, entry: dict[str, Any], country: str) -> dict[str, Any]:
    if entry.get("country"):
        entry["country"] = _country(field, str(entry["country"]), "")
    line = entry.pop("line", "")
    if not line:
        return entry
    result = addresses.standardise(line, country=str(entry.get("country") or country))
    if result.value is None:
        raise BadValue(field.key, _("“%(typed)s” is no address we can read.") % {"typed": line})
    parts = {
        name: getattr(result.value, name)
        for name in ("street", "number", "flat", "postcode", "city", "region", "country")
        if getattr(result.value, name)
    }
    return {**parts, **entry}


def _registration(field: Field, entry: dict[str, Any], country: str) -> dict[str, Any]:
    """The number as its country writes it; one that fails the check of its kind is refused: it was mistyped."""
    if entry.get("country"):
        entry["country"] = _country(field, str(entry["country"]), "")
    typed = str(entry.get("number") or "")
    if not typed:
        raise BadValue(field.key, _("%(field)s: write the number.") % {"field": field.label})
    result = registrations.standardise(
        typed, kind=str(entry.get("kind") or ""), country=str(entry.get("country") or country)
    )
    if result.problem or result.value is None:
        raise BadValue(
            field.key,
            _(
                "“%(typed)s” is no such number: its check does not come out. Look at its digits, kind and country again."
            )
            % {"typed": typed},
        )
    return {**entry, **result.value.entry}


def _settle_name(values: dict[str, Any]) -> None:
    """The parts of a name and the name as shown go together: whichever was given, the other follows."""
    parts = ("title", "given", "middle", "family", "suffix")
    if values.get("name") and not any(values.get(part) for part in parts):
        result = names.standardise(values["name"])
        if result.value is not None and result.value.kind == "person":
            name = result.value
            found = {part: getattr(name, part) for part in (*parts, "particle", "nickname")}
            values.update({part: value for part, value in found.items() if value})
    elif any(values.get(part) for part in parts) and not values.get("name"):
        values["name"] = " ".join(str(values[part]) for part in parts if values.get(part))
