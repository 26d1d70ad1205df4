"""Invented customers: persons, families and firms whose data hold together."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from random import Random

from kartoteka.intake.sample import naming
from kartoteka.intake.sample.naming import Name
from kartoteka.intake.sample.numbers import REGISTRATIONS, Exchange
from kartoteka.intake.sample.pools import (
    City,
    cities_of,
    districts_of,
    filled,
    firms_of,
    names_of,
    streets_of,
)

COUNTRIES = ("GB", "ZA", "PH", "MY", "FI", "PL")

# Which peoples live in a country, and out of a hundred how many of each.
PEOPLES = {
    "GB": (("en", 95), ("pl", 5)),
    "ZA": (("af", 45), ("en", 30), ("zu", 25)),
    "PH": (("fil", 100),),
    "MY": (("ms", 58), ("zh", 30), ("ta", 12)),
    "FI": (("fi", 100),),
    "PL": (("pl", 100),),
}

LANGUAGES = {"zu": "en", "zh": "en", "ta": "ms"}
"""The language a people is written to in, where it is not its own (the house speaks six)."""

# Mail hosts live under names that are kept free for examples (RFC 2606): nobody can be reached there.
HOSTS = {
    "GB": ("mail.example", "example.com", "post.example", "example.net"),
    "ZA": ("epos.example", "mail.example", "example.com", "web.example"),
    "PH": ("mail.example", "example.com", "sulat.example"),
    "MY": ("mel.example", "mail.example", "example.com", "surat.example"),
    "FI": ("posti.example", "sahkoposti.example", "example.com", "luukku.example"),
    "PL": ("poczta.example", "skrzynka.example", "example.com", "listy.example"),
}

# A man's title, a woman's, then those of either.
TITLES = {
    "en": ("Mr", "Mrs", "Dr", "Rev."),
    "zu": ("Mr", "Ms", "Dr"),
    "af": ("Mnr.", "Mev.", "Dr.", "Prof."),
    "fil": ("Engr.", "Atty.", "Arch."),
    "ms": ("Encik", "Puan", "Dr."),
    "zh": ("Mr", "Ms", "Dr."),
    "ta": ("Mr", "Mdm", "Dr."),
    "fi": ("herra", "rouva", "tri", "FM"),
    "pl": ("Pan", "Pani", "dr", "mgr", "inż."),
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody lives: street and number apart, as the country writes them; `district` is a barangay
    or a park of houses."""

    street: str
    number: str
    flat: str
    district: str
    postcode: str
    city: str
    region: str
    country: str


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm: `name` without its legal form, its registration number with right check digits."""

    name: str
    form: str
    registration_kind: str
    registration: str
    host: str
    phone: str
    address: Address

    @property
    def text(self) -> str:
        return f"{self.name} {self.form}"


@dataclass(slots=True)
class Person:
    """A customer. `kind` is "person" or "firm" (then `name` is None and `firm` the customer itself).

    `household` is the same number for those who live together; phones are E.164, the first the usual one.
    """

    id: int
    kind: str
    country: str
    language: str
    household: int
    address: Address
    name: Name | None = None
    title: str = ""
    short: str = ""
    birth: date | None = None
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    firm: Firm | None = None
    former_address: Address | None = None
    former_phone: str = ""

    @property
    def text(self) -> str:
        """The name as it stands on a letter, without title."""
        return self.name.text if self.name else self.firm.text if self.firm else ""


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """`text` in lower-case a-z and digits only, as people spell themselves in e-mail addresses."""
    text = text.lower().replace("ł", "l").replace("ø", "o").replace("a/l", "").replace("a/p", "")
    spread = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in spread if sign.isascii() and sign.isalnum())


def invent(count: int, *, seed: int, countries: Sequence[str] = COUNTRIES) -> Iterator[Person]:
    """`count` customers with ids from 1, the same for the same seed. Families and offices come in a row.

    `countries`: ISO alpha-2 codes out of COUNTRIES, drawn evenly.
    """
    town = _Town(Random(seed), countries)  # noqa: S311 - a sample must be repeatable, not secret
    made = 0
    while made < count:
        for person in town.group():
            made += 1
            person.id = made
            yield person
            if made == count:
                return


class _Town:
    """Where the customers come from: keeps what must not be given twice (numbers, addresses of mail)."""

    def __init__(self, rng: Random, countries: Sequence[str]) -> None:
        self.rng = rng
        self.countries = tuple(countries)
        self.exchange = Exchange(rng)
        self.taken: set[str] = set()
        self.households = 0

    def group(self) -> list[Person]:
        """One household or office, of one to five customers."""
        rng = self.rng
        country = self.countries[int(rng.random() * len(self.countries))]
        people = self._people(country)
        chance = rng.random()
        if chance < 0.66:
            return [self._single(country, people)]
        if chance < 0.88:
            return self._family(country, people)
        if chance < 0.91:
            return self._twins(country, people)
        if chance < 0.94:
            return self._father_and_son(country, people)
        return self._office(country)

    def _people(self, country: str) -> str:
        left = self.rng.random() * 100
        for people, share in PEOPLES[country]:
            left -= share
            if left < 0:
                return people
        return PEOPLES[country][0][0]

    def _day(self, youngest: int, oldest: int) -> date:
        """A birthday between two ages, counted at the start of 2026."""
        first = date(2026 - oldest, 1, 1).toordinal()
        return date.fromordinal(first + int(self.rng.random() * (oldest - youngest + 1) * 365))

    def _place(self, country: str) -> tuple[City, Address]:
        rng = self.rng
        cities = cities_of(country)
        city = cities[int(rng.random() ** 1.7 * len(cities))]
        number = str(1 + int(rng.random() ** 2 * 180))
        if rng.random() < 0.06:
            number += "abcAB"[int(rng.random() * 5)]
        flat = ""
        if rng.random() < (0.6 if country in ("FI", "PL") else 0.25):
            door = 1 + int(rng.random() * 60)
            flat = f"{'ABCDE'[door % 5]} {door}" if country == "FI" else str(door)
        pool = districts_of(country)
        district = pool.draw(rng) if pool and rng.random() < 0.7 else ""
        postcode = filled(city.postcodes[int(rng.random() * len(city.postcodes))], rng)
        street = streets_of(country).draw(rng)
        return city, Address(street, number, flat, district, postcode, city.name, city.region, country)

    def _email(self, name: Name, birth: date | None, country: str, *, short: str = "", host: str = "") -> str:
        """An address nobody else here has, made of the name as people do."""
        rng = self.rng
        given, family = plain(name.given), plain(name.family.removeprefix(f"{name.particle} "))
        host = host or HOSTS[country][int(rng.random() ** 1.5 * len(HOSTS[country]))]
        chance = rng.random()
        if chance < 0.45:
            local = f"{given}.{family}"
        elif chance < 0.6:
            local = f"{given[0]}{family}"
        elif chance < 0.7:
            local = f"{family}.{given}"
        elif chance < 0.8 and short:
            local = f"{plain(short)}{family[:6]}"
        elif birth:
            local = f"{given}{family[0]}{birth.year % 100:02d}"
        else:
            local = f"{given}_{family}"
        mail = f"{local}@{host}"
        while mail in self.taken:
            mail = f"{local}{int(rng.random() * 9000) + 10}@{host}"
        self.taken.add(mail)
        return mail

    def _member(
        self, name: Name, birth: date, home: tuple[City, Address], *, line: str = "", mobile: bool = True
    ) -> Person:
        """A person of the household that is being made, with phones and mail of their own."""
        rng, (_, address) = self.rng, home
        country = address.country
        person = Person(
            id=0,
            kind="person",
            country=country,
            language=LANGUAGES.get(name.people, name.people),
            household=self.households,
            address=address,
            name=name,
            birth=birth,
        )
        person.short = naming.short_form(name, rng)
        if rng.random() < 0.06:
            his, hers, *learned = TITLES[name.people]
            person.title = learned[int(rng.random() * len(learned))] if rng.random() < 0.5 else his
            if person.title == his and name.sex == "f":
                person.title = hers
        if mobile:
            person.phones.append(self.exchange.mobile(country))
        if line:
            person.phones.append(line)
        if rng.random() < 0.88:
            person.emails.append(self._email(name, birth, country, short=person.short))
        if rng.random() < 0.06:
            person.emails.append(self._email(name, birth, country, short=person.short))
        if rng.random() < 0.1:
            person.former_address = self._place(country)[1]
        if rng.random() < 0.1:
            person.former_phone = self.exchange.mobile(country)
        if rng.random() < 0.05:
            person.firm = self._firm(country, name)
        return person

    def _home(self, country: str, lines: float) -> tuple[tuple[City, Address], str]:
        self.households += 1
        home = self._place(country)
        line = self.exchange.landline(country, home[0]) if self.rng.random() < lines else ""
        return home, line

    def _single(self, country: str, people: str) -> Person:
        rng = self.rng
        home, line = self._home(country, 0.12)
        name = naming.fresh(people, "m" if rng.random() < 0.48 else "f", rng)
        if name.sex == "f" and rng.random() < 0.08:  # married since some files were written
            name = naming.wife_of(naming.fresh(people, "m", rng), rng)
        return self._member(name, self._day(18, 88), home, line=line)

    def _family(self, country: str, people: str) -> list[Person]:
        """A couple, with grown or growing children; they may share a land line and one e-mail address."""
        rng = self.rng
        home, line = self._home(country, 0.5)
        father = naming.fresh(people, "m", rng)
        mother = naming.wife_of(father, rng)
        born = self._day(26, 75)
        members = [
            self._member(father, born, home, line=line),
            self._member(mother, self._near(born, 9), home, line=line, mobile=rng.random() < 0.85),
        ]
        if not members[1].phones:
            members[1].phones = members[0].phones[:1]  # reached over her husband's
        for _ in range(int(rng.random() ** 2 * 3.2) if born.year < 1986 else 0):
            child = naming.child_of(father, "m" if rng.random() < 0.5 else "f", rng, mother=mother)
            birth = date.fromordinal(born.toordinal() + int(365.25 * (21 + rng.random() * 14)))
            members.append(self._member(child, min(birth, date(2012, 6, 1)), home, line=line))
        if rng.random() < 0.25:
            shared = members[0].emails or members[1].emails
            members[0].emails, members[1].emails = list(shared), list(shared)
        return members

    def _near(self, day: date, years: int) -> date:
        return date.fromordinal(day.toordinal() + int((self.rng.random() - 0.4) * 365 * years))

    def _twins(self, country: str, people: str) -> list[Person]:
        rng = self.rng
        home, line = self._home(country, 0.6)
        first = naming.fresh(people, "m" if rng.random() < 0.5 else "f", rng)
        birth = self._day(16, 45)
        return [self._member(name, birth, home, line=line) for name in (first, naming.twin_of(first, rng))]

    def _father_and_son(self, country: str, people: str) -> list[Person]:
        rng = self.rng
        home, line = self._home(country, 0.6)
        father, son = naming.son_of_same_name(naming.fresh(people, "m", rng), rng)
        born = self._day(45, 80)
        later = date.fromordinal(born.toordinal() + int(365.25 * (22 + rng.random() * 14)))
        return [
            self._member(father, born, home, line=line),
            self._member(son, min(later, date(2009, 6, 1)), home, line=line),
        ]

    def _firm(self, country: str, owner: Name | None) -> Firm:
        rng = self.rng
        first, trade, forms = firms_of(country)
        word = first.draw(rng)
        if rng.random() < 0.3:
            families = names_of(owner.people if owner else PEOPLES[country][0][0]).family
            if families.table:
                word = owner.family if owner else families.draw(rng)
        name = f"{word} {trade.draw(rng)}"
        kind, number = REGISTRATIONS[country]
        city, address = self._place(country)
        host = f"{plain(name)}.example"
        return Firm(
            name, forms.draw(rng), kind, number(rng), host, self.exchange.landline(country, city), address
        )

    def _office(self, country: str) -> list[Person]:
        """A firm that is a customer itself, and people of it who left the office's number and address."""
        rng = self.rng
        self.households += 1
        firm = self._firm(country, None)
        language = LANGUAGES.get(PEOPLES[country][0][0], PEOPLES[country][0][0])
        office = Person(0, "firm", country, language, self.households, firm.address, firm=firm)
        office.phones = [firm.phone] if firm.phone else [self.exchange.mobile(country)]
        desk = f"info@{firm.host}"
        if desk not in self.taken:
            self.taken.add(desk)
            office.emails = [desk]
        members = [office]
        city = next(city for city in cities_of(country) if city.name == firm.address.city)
        for _ in range(int(rng.random() * 4)):
            name = naming.fresh(self._people(country), "m" if rng.random() < 0.5 else "f", rng)
            desk_only = rng.random() < 0.3
            person = self._member(
                name, self._day(20, 66), (city, firm.address), line=firm.phone, mobile=not desk_only
            )
            person.firm, person.former_address = firm, None
            if rng.random() < 0.6:
                person.emails = [self._email(name, None, country, host=firm.host)]
            members.append(person)
        return members
