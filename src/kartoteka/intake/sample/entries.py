"""What a source came to know of a customer: not what is so, but what was said, heard and typed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from kartoteka.intake.sample import spelling
from kartoteka.intake.sample.naming import PATRONYMIC, Name
from kartoteka.intake.sample.people import Address, Firm, Person

TODAY = date(2026, 3, 1)
"""The sample is of this day, so that it is the same whenever it is made."""


@dataclass(slots=True)
class Entry:
    """One row to be, before it is laid out in a source's columns."""

    person: int
    kind: str
    country: str
    language: str
    name: Name | None
    given: str
    family: str
    full: str
    short: str
    title: str
    phones: list[str]
    email: str
    address: Address
    birth: date | None
    birth_text: str
    firm: str
    registration: str
    since: date


def entry(person: Person, rng: Random, *, care: float) -> Entry:
    """What one source holds of `person`. `care` runs from 0 (a busy counter) to 1 (nobody ever slips)."""
    slip = (1 - care) * 0.16
    since = TODAY - timedelta(days=int(rng.random() ** 1.5 * 3000))
    old = rng.random() < 0.5
    name = person.name
    if name and name.former and old and rng.random() < 0.5:
        name = replace(
            name, family=name.former, middle="" if name.people == "fil" else name.middle, former=""
        )
    given, family, full = _written_name(person, name, rng, slip)
    birth = _misheard(person.birth, rng, slip) if person.birth else None
    firm = person.firm
    return Entry(
        person=person.id,
        kind=person.kind,
        country=person.country,
        language=person.language,
        name=name,
        given=given,
        family=family,
        full=full,
        short=person.short,
        title=person.title,
        phones=_phones(person, rng, old),
        email=_email(person, rng, slip),
        address=_address(person, rng, slip, old),
        birth=birth,
        birth_text=_birth_text(birth, person, rng, slip) if birth else "",
        firm=_written_firm(firm, rng, slip) if firm else "",
        registration=firm.registration if firm and rng.random() < 0.5 else "",
        since=since,
    )


def _written_name(person: Person, name: Name | None, rng: Random, slip: float) -> tuple[str, str, str]:
    """Given names, family name and the whole, as this source spells them."""
    if name is None:
        return "", "", person.text
    given, family = _slipped(_said(person, name, rng, slip), name.family, rng, slip)
    if name.people in PATRONYMIC and rng.random() < slip * 2:
        family = family.split(maxsplit=1)[-1]  # the father's name without bin or a/l
    if name.suffix and rng.random() < 0.6:
        family = f"{family} {name.suffix}"
    case = rng.random()
    if case < slip * 0.5:
        given, family = given.lower(), family.lower()
    elif case < slip:
        given, family = given.upper(), family.upper()
    if name.people == "zh":
        full = f"{name.western} {family} {given}".strip() if rng.random() < 0.7 else f"{family} {given}"
        return given, family, full
    middle = name.middle if name.people == "fil" and rng.random() < 0.4 else ""
    middle = f"{middle[0]}." if middle and rng.random() < 0.5 else middle
    return given, family, " ".join(part for part in (given, middle, family) if part)


def _said(person: Person, name: Name, rng: Random, slip: float) -> str:
    """The given names as the customer gave them: short, with a second one or its letter, or as they are."""
    given = name.given
    if person.short and rng.random() < slip * 2:
        return person.short
    if name.middle and name.people != "fil" and rng.random() < 0.4:
        return f"{given} {name.middle if rng.random() < 0.5 else name.middle[0] + '.'}"
    if name.people == "ms" and rng.random() < 0.3:
        return given.replace("Muhammad ", "Mohd ").replace("Abdul ", "Abd. ")
    return given


def _slipped(given: str, family: str, rng: Random, slip: float) -> tuple[str, str]:
    """Given and family names with a slip in one of them, or without their marks, as often as `slip` says."""
    if rng.random() < slip:
        if rng.random() < 0.4:
            given = spelling.typo(given, rng)
        else:
            family = spelling.typo(family, rng)
    if rng.random() < slip:
        given, family = spelling.unaccented(given), spelling.unaccented(family)
    return given, family


def _written_firm(firm: Firm, rng: Random, slip: float) -> str:
    """What stands for the firm: with its legal form as registered, spelt otherwise, or left out."""
    name = spelling.typo(firm.name, rng) if rng.random() < slip else firm.name
    chance = rng.random()
    if chance < 0.25:
        return name
    if chance < 0.35:
        return f"{name} {firm.form.replace('.', '')}"
    if chance < 0.4:
        return f"{name} {firm.form}".upper()
    return f"{name} {firm.form}"


def _misheard(birth: date, rng: Random, slip: float) -> date:
    """The birth date, now and then with day and month swapped, or one figure wrong."""
    chance = rng.random()
    if chance < slip * 0.15 and birth.day <= 12:
        return birth.replace(month=birth.day, day=birth.month)
    if chance < slip * 0.25:
        return birth.replace(
            year=birth.year + (-10, -1, 1, 10)[int(rng.random() * 4)], day=min(birth.day, 28)
        )
    if chance < slip * 0.32:
        return birth.replace(day=1 + int(rng.random() * 28))
    if chance < slip * 0.36:
        return date(1900, 1, 1)  # the till wanted a date
    return birth


def _birth_text(birth: date, person: Person, rng: Random, slip: float) -> str:
    if rng.random() < slip * 0.3:
        return spelling.birthday(birth, person.country)
    if rng.random() < slip * 0.1:
        return str(birth.year)
    return spelling.day(birth, person.country, person.language, rng)


def _phones(person: Person, rng: Random, old: bool) -> list[str]:
    """The numbers this source has, E.164: the usual one, another, an old one, or both."""
    numbers = list(person.phones)
    if person.former_phone and old:
        numbers = [person.former_phone, *numbers[1:]]
    if len(numbers) > 1:
        chance = rng.random()
        if chance < 0.45:
            return numbers[:1]
        if chance < 0.65:
            return numbers[1:2]
    return numbers


def _email(person: Person, rng: Random, slip: float) -> str:
    if not person.emails:
        return ""
    address = person.emails[-1] if len(person.emails) > 1 and rng.random() < 0.5 else person.emails[0]
    return spelling.mail(address, rng, carelessness=slip)


def _address(person: Person, rng: Random, slip: float, old: bool) -> Address:
    address = person.former_address if person.former_address and old else person.address
    if rng.random() < slip:
        address = replace(address, street=spelling.typo(address.street, rng))
    if rng.random() < slip * 0.6:
        address = replace(
            address, street=spelling.unaccented(address.street), city=spelling.unaccented(address.city)
        )
    if address.flat and rng.random() < slip * 1.2:
        address = replace(address, flat="")
    if rng.random() < slip * 0.2:
        address = replace(address, number=str(1 + int(rng.random() * 150)))
    return address
