"""Five sources that each know a little of a customer, and write it down in their own way."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from kartoteka.quality.linking.derive import SCHEMA
from tests.hardset import names
from tests.hardset.town import Customer, Town


@dataclass(frozen=True)
class Noise:
    """How dirty the sources are: shares of values."""

    typo: float
    short: float
    missing: float
    swapped: float
    unaccented: float
    birth_wrong: float
    own_phone: float
    twice: float
    bridged: float


TUNED = Noise(
    typo=0.05,
    short=0.15,
    missing=0.08,
    swapped=0.03,
    unaccented=0.3,
    birth_wrong=0.06,
    own_phone=0.9,
    twice=0.05,
    bridged=0.75,
)
UNSEEN = Noise(
    typo=0.09,
    short=0.22,
    missing=0.15,
    swapped=0.05,
    unaccented=0.5,
    birth_wrong=0.10,
    own_phone=0.85,
    twice=0.03,
    bridged=0.6,
)

_KEYS = {
    "a": "sq",
    "e": "wr",
    "o": "ip",
    "i": "uo",
    "n": "bm",
    "s": "ad",
    "k": "jl",
    "t": "ry",
    "r": "et",
    "l": "k",
}


class Sources:
    """Writes the rows of a town's customers."""

    def __init__(self, seed: int, noise: Noise) -> None:
        self.random = random.Random(seed)
        self.noise = noise
        self.rows: list[dict[str, Any]] = []
        self.truth: list[int] = []

    def write(self, customers: list[Customer], per_customer: float) -> None:
        """Rows of every customer in one to five sources, on average `per_customer`."""
        writers = (self._shop, self._newsletter, self._counter, self._warranty, self._phone_book)
        for one in customers:
            count = min(5, 1 + sum(self.random.random() < (per_customer - 1) / 4 for _ in range(4)))
            chosen = self.random.sample(writers, count)
            if self._newsletter in chosen and self._shop not in chosen and self._chance(self.noise.bridged):
                chosen[-1 if chosen[-1] != self._newsletter else 0] = (
                    self._shop
                )  # who reads us has mostly bought
            for writer in chosen:
                writer(one)
                if self.random.random() < self.noise.twice:
                    writer(one)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _typo(self, text: str) -> str:
        r = self.random
        if len(text) < 4 or not self._chance(self.noise.typo):
            return text
        at = r.randrange(1, len(text) - 1)
        kind = r.random()
        if kind < 0.3:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if kind < 0.55:
            return text[:at] + text[at + 1 :]
        if kind < 0.75:
            return text[:at] + text[at] + text[at:]
        return text[:at] + r.choice(_KEYS.get(text[at].lower(), "e")) + text[at + 1 :]

    def _bare(self, text: str) -> str:
        import unicodedata

        if not self._chance(self.noise.unaccented):
            return text
        text = text.replace("ł", "l").replace("Ł", "L")
        return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))

    def _given(self, one: Customer, short: float) -> str:
        name = one.given
        if one.short and self._chance(short):
            name = self.random.choice(one.short)
        elif " " in name and self._chance(0.3):
            name = self.random.choice(name.split())
        return self._typo(self._bare(name))

    def _family(self, one: Customer) -> str:
        name = one.family
        if one.maiden and self._chance(0.35):
            name = self.random.choice((one.maiden, f"{one.family}-{one.maiden}"))
        words = name.split()
        if len(words) > 1 and self._chance(0.25):
            name = self.random.choice(
                (words[-1], name.replace("van der", "vd").replace("van ", "v "), "".join(words))
            )
        return self._typo(self._bare(name))

    def _named(self, one: Customer, short: float) -> dict[str, Any]:
        given, family = self._given(one, short), self._family(one)
        if self._chance(self.noise.swapped):
            given, family = family, given
        suffix = one.suffix if self._chance(0.6) else ""
        return {
            "given": given,
            "family": family,
            "suffix": suffix,
            "name": f"{given} {family} {suffix}".strip(),
        }

    def _phone(self, one: Customer) -> list[str]:
        if not one.phones:
            return []
        phone = one.phones[0] if self._chance(self.noise.own_phone) else self.random.choice(one.phones)
        if self._chance(self.noise.typo / 3):
            at = self.random.randrange(5, len(phone))
            phone = phone[:at] + str((int(phone[at]) + self.random.randint(1, 9)) % 10) + phone[at + 1 :]
        return [phone]

    def _email(self, one: Customer) -> list[str]:
        mail = one.emails[0] if self._chance(0.92) else self.random.choice(one.emails)
        if self._chance(self.noise.typo / 2):
            local, domain = mail.split("@")
            mail = f"{self._typo(local)}@{self.random.choice((domain, 'gmial.com'))}"
        return [mail]

    def _birth(self, one: Customer) -> str:
        r, (y, m, d) = self.random, one.birth
        if self._chance(self.noise.birth_wrong):
            kind = r.random()
            if kind < 0.35 and d <= 12:
                m, d = d, m
            elif kind < 0.7:
                d = min(28, max(1, d + r.choice((-1, 1, 10, -10))))
            else:
                y += r.choice((-1, 1, 10, -10))
        if self._chance(0.06):
            return f"--{m:02}-{d:02}"
        return str(y) if self._chance(0.04) else f"{y}-{m:02}-{d:02}"

    def _address(self, one: Customer) -> dict[str, Any]:
        street, number, flat, postcode, city = self.random.choice(one.addresses)
        if self._chance(self.noise.missing / 2):
            flat = ""
        if self._chance(self.noise.missing / 2):
            postcode = ""
        return {
            "street": self._typo(self._bare(street)), "number": number, "flat": flat, "postcode": postcode,
            "city": self._typo(self._bare(city)), "country": names.COUNTRY[one.land],
        }  # fmt: skip

    def _row(self, one: Customer, source: str, **values: Any) -> None:
        row = {key: value or None for key, value in values.items()}
        self.rows.append({"id": 1000 + 3 * len(self.rows), "kind": "person", "sources": [source], **row})
        self.truth.append(one.number)

    def _shop(self, one: Customer) -> None:
        phones = [] if self._chance(self.noise.missing) else self._phone(one)
        address = {} if self._chance(self.noise.missing) else self._address(one)
        company = one.company if self._chance(0.6) else ""
        birth = self._birth(one) if self._chance(0.15) else ""
        self._row(one, "shop", **self._named(one, self.noise.short / 3), emails=self._email(one), phones=phones,
                  birth=birth, company=company, **address)  # fmt: skip

    def _newsletter(self, one: Customer) -> None:
        given = "" if self._chance(0.15) else self._given(one, self.noise.short)
        family = self._family(one) if self._chance(0.35) else ""
        self._row(
            one,
            "newsletter",
            given=given,
            family=family,
            name=f"{given} {family}".strip(),
            emails=self._email(one),
        )

    def _counter(self, one: Customer) -> None:
        birth = "" if self._chance(3 * self.noise.missing) else self._birth(one)
        address = {} if self._chance(0.4) else self._address(one)
        if address and self._chance(0.5):
            address = {"city": address["city"]}
        phones = [] if self._chance(self.noise.missing) else self._phone(one)
        sex = one.sex if self._chance(0.5) else ""
        self._row(
            one,
            "counter",
            **self._named(one, self.noise.short),
            birth=birth,
            phones=phones,
            sex=sex,
            **address,
        )

    def _warranty(self, one: Customer) -> None:
        birth = "" if self._chance(0.4) else self._birth(one)
        phones = [] if self._chance(3 * self.noise.missing) else self._phone(one)
        emails = [] if self._chance(5 * self.noise.missing) else self._email(one)
        self._row(
            one,
            "warranty",
            **self._named(one, 0.03),
            birth=birth,
            phones=phones,
            emails=emails,
            **self._address(one),
        )

    def _phone_book(self, one: Customer) -> None:
        if not one.phones:
            return self._newsletter(one)
        self._row(one, "phone book", **self._named(one, self.noise.short * 2), phones=self._phone(one))
        return None


@dataclass(frozen=True)
class HardSet:
    """The table for `link`, and for each row the number of its customer in `customers`."""

    people: pa.Table
    truth: list[int]
    customers: list[Customer]


def hard_set(
    *, customers: int, seed: int, noise: Noise, per_customer: float = 2.1, first_phone: int = 0
) -> HardSet:
    """A hard set of about `customers` customers; the same seed and noise give the same set.

    Sets to be laid together take phone numbers from different first ones on.
    """
    town = Town(seed, first_phone=first_phone).build(customers)
    sources = Sources(seed + 1, noise)
    sources.write(town, per_customer)
    order = list(range(len(sources.rows)))
    sources.random.shuffle(order)
    rows = [sources.rows[at] for at in order]
    columns = [pa.array([row.get(field.name) for row in rows], field.type) for field in SCHEMA]
    return HardSet(pa.table(columns, schema=SCHEMA), [sources.truth[at] for at in order], town)
