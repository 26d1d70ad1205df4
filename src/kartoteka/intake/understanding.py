"""From a row's cells to the standard values of a claim. Pure, so that several processes can share the work.

Nothing is thrown away: every filled cell is kept as typed, mapped or not, understood or not.
"""

import re
from collections.abc import Callable, Collection, Sequence
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from kartoteka.people.rows import Rules, make_ready
from kartoteka.standard import (
    addresses,
    countries,
    dates,
    emails,
    languages,
    phones,
    sexes,
)
from kartoteka.standard.outcome import Standard

from .files.book import Cell, DateText
from .row import Plan, Reading, Understood
from .row_consents import read_consents
from .row_names import read_company, read_names

# A row that holds none of these says nothing of anybody.
_TELLS_WHO = (
    "name", "given", "family", "nickname", "company", "phones", "emails", "handles", "national_id", "registration",
    "addresses",
)  # fmt: skip
_MAIL = re.compile(r"[^\s,;/|<>()\[\]\"]+@[^\s,;/|<>()\[\]\"]+")
_LINK = re.compile(r"(?:https?://)?[^\s/<>\"':]+\.[^\s<>\"':/.]{2,}(?:[/?#:][^\s<>\"']*)?", re.IGNORECASE)
_PLAIN = ("nickname", "national_id", "birth_place", "profession", "education")
# Choices and numbers: the catalogue of the base says what can be there, as it does of own fields.
_CATALOGUED = ("income", "children")


def understand(plan: Plan, rules: Rules, row: int, cells: Sequence[Cell]) -> Understood:
    """What a row says, by the plan of its sheet, made ready by these rules. Never raises for what is in the cells."""
    reading = Reading(plan, cells)
    for read in _READERS:
        read(reading)
    width = len(plan.columns)
    typed = {
        (plan.columns[place] if place < width else f"+{place - width + 1}"): cell
        for place, cell in enumerate(cells)
        if cell
    }
    own = {f"x.{part}": str(text) for _column, part, text in reading.cells.get("x", ())}
    consents: list[Any] = [tuple(each) for each in read_consents(reading)]
    own |= {key: str(text) for key in _CATALOGUED if (text := reading.first(key))}
    known = reading.values
    nobody = not any(known.get(key) for key in _TELLS_WHO)
    if nobody:
        reading.complain("", 0, "nobody", "")
    return Understood(
        row=row,
        key=_key(reading, cells),
        card=str(reading.first("card")),
        refused=nobody,
        problems=reading.problems,
        own=own,
        consents=consents,
        cells=[cell and str(cell) for cell in cells] if nobody else [],
        ready=make_ready(known, typed, rules, private=_is_private(reading, own, rules.hidden)),
    )


def _is_private(reading: Reading, own: Collection[str], hidden: frozenset[str]) -> bool:
    """Whether a cell of the row belongs to a sensitive field, be it one that could not be read."""
    return (
        not hidden.isdisjoint(reading.cells)
        or not hidden.isdisjoint(own)
        or any(each["field"] in hidden for each in reading.problems)
    )


def _key(reading: Reading, cells: Sequence[Cell]) -> str:
    """The source's own key; else one made of the whole row, so that the same row is the same identity again."""
    key = reading.first("key")
    if key and key not in reading.plan.shared:
        return key[:200]
    return "=" + blake2b("\x1f".join(cell or "" for cell in cells).encode(), digest_size=12).hexdigest()


def _birth(reading: Reading) -> None:
    if cells := reading.cells.get("birth"):
        column, _label, text = cells[0]
        order = "ymd" if isinstance(text, DateText) else reading.plan.orders.get(column, "")
        result = dates.standardise(
            text, country=reading.country, language=reading.plan.language, excel=True, order=order
        )
        if result.value:
            reading.values["birth"] = result.value
        if result.problem:
            reading.complain("birth", column, result.problem, text)
        return
    year, month, day = map(reading.first, _BIRTH_PARTS)
    if year or (month and day):
        text = "-".join(part for part in (year or "-", month.zfill(2), day.zfill(2)) if part != "00")
        result = dates.standardise(text, order="ymd")
        if result.value:
            reading.values["birth"] = result.value
        elif result.problem:
            said = next(reading.cells[part] for part in _BIRTH_PARTS if reading.cells.get(part))
            reading.complain("birth", said[0][0], result.problem, text)


_BIRTH_PARTS = ("birth_year", "birth_month", "birth_day")


def _phones(reading: Reading) -> None:
    found: dict[str, dict[str, str]] = {}
    for column, label, text in reading.cells.get("phone", ()):
        for each in _numbers(reading, text):
            if each.value is None:
                reading.complain("phones", column, each.problem or "invalid", each.typed or text)
            elif each.value.value not in found:
                entry = {"value": each.value.value}
                if label:
                    entry["label"] = label
                if each.value.ext:
                    entry["ext"] = each.value.ext
                found[each.value.value] = entry
    if found:
        reading.values["phones"] = list(found.values())


def _numbers(reading: Reading, text: str) -> list[Standard[phones.Phone]]:
    """The numbers in a cell, read at home; one that is none there may be one in another country of the file."""
    language = reading.plan.language
    found = phones.standardise(text, country=reading.country, language=language)
    if all(each.value for each in found):
        return found
    for country in sorted(reading.plan.homes, key=lambda each: -reading.plan.homes[each]):
        if country != reading.country:
            elsewhere = phones.standardise(text, country=country, language=language)
            if elsewhere and all(each.value for each in elsewhere):
                return elsewhere
    return found


def _strays(reading: Reading) -> None:
    """Cells that slipped one column along are read as what they are: a phone, an e-mail, both, an address."""
    for label, parts in list(reading.addresses.items()):
        if "@" in parts.get("line", (0, ""))[1]:
            reading.cells.setdefault("email", []).append((parts["line"][0], "", parts["line"][1]))
            del reading.addresses[label]
    if _stand_in_place(reading):
        return
    for column, label, text in reading.cells.pop("email", []):
        digits = 0 if "@" in text else sum(char.isdigit() for char in text)
        if not digits:
            reading.cells.setdefault("email", []).append((column, label, text))
        elif digits >= 7 and digits > sum(char.isalpha() for char in text):
            reading.cells.setdefault("phone", []).append((column, "", text))
        elif " " in text and not reading.addresses:
            reading.addresses[""] = {"line": (column, text)}
        else:
            reading.cells.setdefault("email", []).append((column, label, text))
    for column, label, text in reading.cells.pop("phone", []):
        base = "email" if "@" in text else "phone"
        reading.cells.setdefault(base, []).append((column, label if base == "phone" else "", text))
    for column, label, text in reading.cells.get("email", ()):
        # "jan@example.com, tel. 600 100 200" in one cell: what is beside the address may be a number.
        beside = _MAIL.sub(";", text) if "@" in text else ""
        if sum(map(str.isdigit, beside)) >= 7 and any(each.value for each in _numbers(reading, beside)):
            reading.cells.setdefault("phone", []).append((column, label, beside.strip(" ;,/|")))


def _stand_in_place(reading: Reading) -> bool:
    """Whether every cell of an e-mail holds one address and nothing else, and no phone an address: nearly always."""
    cells = reading.cells
    return all(_MAIL.fullmatch(text) for _column, _label, text in cells.get("email", ())) and not any(
        "@" in text for _column, _label, text in cells.get("phone", ())
    )


def _emails(reading: Reading) -> None:
    found: dict[str, dict[str, str]] = {}
    for column, label, text in reading.cells.get("email", ()):
        for each in emails.standardise(text):
            if each.problem:
                reading.complain("emails", column, each.problem, each.typed or text, each.note)
            if each.value is not None:
                found.setdefault(
                    each.value.value, {"value": each.value.value, **({"label": label} if label else {})}
                )
    if found:
        reading.values["emails"] = list(found.values())


def _addresses(reading: Reading) -> None:
    found = []
    for label, parts in reading.addresses.items():
        address = _address({name: text for name, (_column, text) in parts.items()}, reading.country)
        if address is None:
            continue
        entry = {name: text for name, text in zip(_ADDRESS_PARTS, _parts_of(address), strict=True) if text}
        # A country alone says where somebody is, but is no address that anything could be sent to.
        if entry:
            if label:
                entry["label"] = label
            if entry not in found:
                found.append(entry)
    if found:
        found.sort(key=len, reverse=True)
        reading.values["addresses"] = found


_WHERE = frozenset({"street", "number", "postcode", "city", "place"})
_ADDRESS_PARTS = ("street", "number", "flat", "postcode", "city", "region", "country")
_parts_of = attrgetter(*_ADDRESS_PARTS)


def _address(cells: dict[str, str], country: str) -> addresses.Address | None:
    """An address of one cell, or of several. A second line counts where it holds a number (a flat, a unit)."""
    home = countries.standardise(cells["country"]).value or country if "country" in cells else country
    if line := cells.get("line"):
        return addresses.standardise(line, country=home).value
    if _WHERE.isdisjoint(cells):
        return None
    street = cells.get("street", "")
    if (second := cells.get("street2")) and (not street or any(map(str.isdigit, second))):
        street = f"{street}, {second}" if street else second
    return addresses.from_parts(
        street=street,
        number=cells.get("number", ""),
        flat=cells.get("flat", ""),
        postcode=cells.get("postcode", ""),
        city=cells.get("city", "") or cells.get("place", ""),
        region=cells.get("region", ""),
        country=home,
    ).value


def _small_things(reading: Reading) -> None:
    values = reading.values
    if (cells := reading.cells.get("sex")) and (sex := sexes.standardise(cells[0][2]).value):
        values["sex"] = sex
    if (text := reading.first("language")) and (language := languages.standardise(text).value):
        values["language"] = language
    for key in _PLAIN:
        if text := reading.first(key):
            values.setdefault(key, text)
    if cells := reading.cells.get("website"):
        column, _label, text = cells[0]
        if _LINK.fullmatch(text):
            values["website"] = text if "://" in text else f"https://{text}"
        else:
            reading.complain("website", column, "invalid", text)
    if handles := reading.cells.get("handle"):
        values["handles"] = [
            {"network": label, "handle": text.lstrip("@")} for _column, label, text in handles
        ]
    if tags := reading.cells.get("tags"):
        words = (word.strip(' "') for _column, _label, text in tags for word in _split(text))
        # Google's own groups begin with a star ("* myContacts") and say nothing of anybody.
        values["tags"] = list(dict.fromkeys(word[:100] for word in words if word and word[:2] != "* "))
    if notes := reading.cells.get("note"):
        values["note"] = "\n".join(dict.fromkeys(text for _column, _label, text in notes))


def _split(text: str) -> list[str]:
    for mark in (":::", ";", "|", ","):
        if mark in text:
            return text.split(mark)
    return [text]


_READERS: tuple[Callable[[Reading], None], ...] = (
    _strays, read_names, read_company, _birth, _phones, _emails, _addresses, _small_things,
)  # fmt: skip
