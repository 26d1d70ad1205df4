"""A town of invented customers: singles, couples, families with twins, fathers and sons of one name, offices."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field

from kartoteka.intake.sample.numbers import CALLING, MOBILES
from tests.hardset import names


@dataclass
class Customer:
    """The truth about one customer."""

    number: int
    land: str
    sex: str
    given: str
    short: tuple[str, ...]
    family: str
    birth: tuple[int, int, int]
    household: int
    suffix: str = ""
    maiden: str = ""
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    addresses: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    company: str = ""
    office: int = -1


def plain(text: str) -> str:
    """Letters as they stand in e-mails."""
    text = text.lower().translate(str.maketrans("łøđß", "lods"))
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isascii() and c.isalnum())


class Town:
    """Makes customers; everything follows from the seed."""

    def __init__(self, seed: int, *, first_phone: int = 0) -> None:
        self.random = random.Random(seed)
        self.customers: list[Customer] = []
        self._phones = first_phone
        self._taken: set[str] = set()
        self._households = 0
        self._offices = 0
        self._rare = {land: [b + e for b in names.BEGIN for e in ends] for land, ends in names.END.items()}

    def build(self, count: int) -> list[Customer]:
        """About `count` customers, of all kinds of homes."""
        while len(self.customers) < count:
            kind = self.random.random()
            if kind < 0.50:
                self._home(1)
            elif kind < 0.68:
                self._home(2)
            elif kind < 0.93:
                self._home(self.random.choice((3, 4, 4, 5)))
            else:
                self._office(self.random.choice((3, 4, 5, 8)))
        return self.customers

    def _land(self) -> str:
        return self.random.choices(list(names.GIVEN), (25, 15, 15, 12, 13, 20))[0]

    def family(self, land: str) -> str:
        """A family name: common ones often, and a long tail of rare ones."""
        r = self.random
        if r.random() < 0.35:
            return names.FAMILY[land][int(len(names.FAMILY[land]) * r.random() ** 1.6)]
        return r.choice(self._rare[land])

    def given(self, land: str, sex: str, but: set[str]) -> tuple[str, tuple[str, ...]]:
        fit = [(n, s) for x, n, s in names.GIVEN[land] if x == sex and n not in but]
        return fit[int(len(fit) * self.random.random() ** 1.2)]

    def phone(self, land: str) -> str:
        """The next valid mobile number of the land, E.164, each given once; in leaps, so neighbours do not look alike."""
        self._phones += 1
        country = names.COUNTRY[land]
        prefixes, digits = MOBILES[country]
        room = 10**digits
        place = self._phones * 7_654_321 % (room * len(prefixes))
        return f"+{CALLING[country]}{prefixes[place // room]}{place % room:0{digits}d}"

    def address(self, land: str) -> tuple[str, str, str, str, str]:
        r = self.random
        city, start = r.choice(names.CITIES[land])
        postcode = {
            "en": f"{start}{r.randint(1, 19)} {r.randint(1, 9)}{r.choice('ABDEF')}{r.choice('GHJLN')}",
            "pl": f"{start}-{r.randint(0, 999):03}",
        }.get(
            land,
            f"{start}{r.randint(0, 99):02}" if land in ("af", "fil") else f"{start}{r.randint(0, 999):03}",
        )
        flat = str(r.randint(1, 60)) if r.random() < 0.4 else ""
        return r.choice(names.STREETS[land]), str(r.randint(1, 140)), flat, postcode, city

    def email(self, customer: Customer) -> str:
        r = self.random
        given, family = (
            plain(r.choice((customer.given, *customer.short)).split()[0]),
            plain(customer.family.split()[-1]),
        )
        year = str(customer.birth[0])[2:]
        local = r.choice((f"{given}.{family}", f"{given}{family}", f"{given[0]}{family}", f"{given[0]}.{family}",
                          f"{family}.{given}", f"{given}{year}", f"{given}.{family}{year}", f"{family}{r.randint(1, 99)}",
                          f"{r.choice(('sunny', 'rider', 'kot', 'susi', 'leeu'))}{r.randint(10, 9999)}"))  # fmt: skip
        provider = r.choice(("gmail.com", "outlook.com", "yahoo.com", "wp.pl", "mail.example", "luukku.com"))
        while f"{local}@{provider}" in self._taken:
            local = f"{local}{r.randint(1, 9)}"
        self._taken.add(f"{local}@{provider}")
        return f"{local}@{provider}"

    def person(self, land: str, sex: str, family: str, year: int, but: set[str], house: int) -> Customer:
        given, short = self.given(land, sex, but)
        birth = (year, self.random.randint(1, 12), self.random.randint(1, 28))
        if land == "pl" and sex == "f" and family.endswith("ki"):
            family = family[:-1] + "a"
        if land == "ms" and sex == "f":
            family = family.replace("bin ", "binti ").replace("a/l ", "a/p ")
        one = Customer(len(self.customers), land, sex, given, short, family, birth, house)
        self.customers.append(one)
        return one

    def _home(self, size: int) -> None:
        r = self.random
        land = self._land()
        self._households += 1
        house, family = self._households, self.family(land)
        address, landline = self.address(land), self.phone(land)
        year = r.randint(1935, 2003) if size == 1 else r.randint(1945, 1985)
        sexes = [r.choice("mf")] if size == 1 else ["m", "f"]
        people: list[Customer] = []
        for sex in sexes:
            name = family if not people or r.random() < 0.8 else self.family(land)
            people.append(
                self.person(land, sex, name, year + r.randint(-5, 5), {p.given for p in people}, house)
            )
        for _ in range(size - 2):
            people.append(
                self.person(
                    land, r.choice("mf"), family, year + r.randint(22, 34), {p.given for p in people}, house
                )
            )
        if size > 3 and r.random() < 0.35:
            self._twins(people)
        if size > 2 and r.random() < 0.22:
            self._father_and_son(people)
        shared_mail = self.email(people[0]) if r.random() < 0.25 else ""
        for one in people:
            one.addresses.append(address if r.random() < 0.94 else self.address(land))
            self._contacts(one, landline if size > 1 else "", shared_mail)

    def _twins(self, people: list[Customer]) -> None:
        people[-1].birth = people[-2].birth
        people[-1].household = people[-2].household

    def _father_and_son(self, people: list[Customer]) -> None:
        father, son = people[0], people[2]
        son.sex, son.given, son.short, son.family = "m", father.given, father.short, father.family
        if self.random.random() < 0.6:
            father.suffix, son.suffix = "Sr", "Jr"

    def _contacts(self, one: Customer, landline: str, shared_mail: str) -> None:
        r = self.random
        if r.random() < 0.85 or not landline:
            one.phones.append(self.phone(one.land))
        if landline and r.random() < 0.6:
            one.phones.append(landline)
        if shared_mail and r.random() < 0.5:
            one.emails.append(shared_mail)
        else:
            one.emails.append(self.email(one))
        if r.random() < 0.12:
            one.emails.append(self.email(one))
        if r.random() < 0.12:
            one.addresses.append(self.address(one.land))
        if one.sex == "f" and r.random() < 0.12:
            one.maiden = self.family(one.land)

    def _office(self, size: int) -> None:
        r = self.random
        land = self._land()
        self._offices += 1
        company = f"{self.family(land)} {r.choice(('Trading', 'Transport', 'Design', 'Foods', 'Auto'))}"
        phone, mail = self.phone(land), f"info@{plain(company)}.example"
        for _ in range(size):
            self._households += 1
            one = self.person(
                land, r.choice("mf"), self.family(land), r.randint(1950, 2000), set(), self._households
            )
            one.addresses.append(self.address(land))
            self._contacts(one, "", "")
            one.company, one.office = company, self._offices
            one.phones = [phone] if r.random() < 0.4 else [*one.phones, phone]
            if r.random() < 0.4:
                one.emails = [mail, *one.emails] if r.random() < 0.5 else [mail]
