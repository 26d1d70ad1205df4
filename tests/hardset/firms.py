"""Organisations, invented: a register's list and two that people typed, with what tells firms apart and what does not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from random import Random

from kartoteka.intake.sample.numbers import REGISTRATIONS
from kartoteka.intake.sample.people import COUNTRIES, PEOPLES
from kartoteka.intake.sample.pools import cities_of, filled, firms_of, names_of, streets_of
from tests.hardset.files import Files

COLUMNS = ("id", "name", "address", "city", "postcode", "country", "phone", "website", "Registration number")
SHORT = {
    "limited": "Ltd", "company": "Co", "international": "Intl", "engineering": "Eng.", "services": "Svcs",
    "corporation": "Corp", "manufacturing": "Mfg", "consulting": "Cons.", "construction": "Constr.",
    "association": "Assoc.", "technologies": "Tech", "brothers": "Bros", "department": "Dept",
    "transport": "Transp.", "enterprises": "Ent.",
}  # fmt: skip
MORE = (
    "International",
    "Group",
    "Services",
    "Technologies",
    "Brothers",
    "Manufacturing",
    "Systems",
    "Holding",
)


@dataclass
class Organisation:
    """An organisation: `words` name it, `form` is its legal form."""

    number: int
    words: list[str]
    form: str
    country: str
    city: str
    street: str
    postcode: str
    registration: str
    phone: str

    @property
    def host(self) -> str:
        return "".join(sign for sign in "".join(self.words).lower() if sign.isascii() and sign.isalnum())


class Register:
    """Invents organisations, and writes rows of them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.firms: list[Organisation] = []

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def invent(self, count: int) -> None:
        """So many firms; of some a sister, of the same name but for a number, a town or a trade."""
        while len(self.firms) < count:
            firm = self._firm()
            if self.chance(0.12):
                self._sister(firm)

    def _firm(self) -> Organisation:
        r = self.random
        country = r.choice(COUNTRIES)
        first, trade, forms = firms_of(country)
        families = names_of(PEOPLES[country][0][0]).family
        words = [families.draw(r)] if self.chance(0.6) and families.table else first.draw(r).split()
        if self.chance(0.3) and families.table:
            words += ["&", families.draw(r)]
        words += trade.draw(r).split() if self.chance(0.85) else []
        if self.chance(0.2):
            words.append(r.choice(MORE))
        city = r.choice(cities_of(country))
        firm = Organisation(
            len(self.firms) + 1, words, forms.draw(r), country, city.name,
            f"{1 + int(150 * r.random())} {streets_of(country).draw(r)}", filled(r.choice(city.postcodes), r),
            REGISTRATIONS[country][1](r), filled(city.landline, r),
        )  # fmt: skip
        self.firms.append(firm)
        return firm

    def _sister(self, firm: Organisation) -> None:
        other = self._firm()
        other.country, other.form = firm.country, firm.form
        kind = self.random.random()
        if kind < 0.4:
            firm.words, other.words = [*firm.words, "No", "1"], [*firm.words, "No", "2"]
        elif kind < 0.7:
            other.words = [firm.words[0], *firms_of(firm.country)[1].draw(self.random).split(), "Partners"]
        else:
            other.words = [*firm.words, other.city]
        if self.chance(0.5):
            other.city, other.street, other.postcode = firm.city, firm.street, firm.postcode

    def row(self, firm: Organisation, source: str) -> dict[str, str]:
        """A row of `firm`: the register writes with care, the others as people type."""
        careful = source == "register"
        here = {
            "name": self._name(firm, careful), "address": firm.street, "city": firm.city, "postcode": firm.postcode,
            "country": firm.country, "Registration number": firm.registration, "phone": firm.phone,
            "website": f"www.{firm.host}.example",
        }  # fmt: skip
        missing = {"register": (0, 0.02, 0.02, 0, 0, 1, 1), "crm": (0.25, 0.1, 0.3, 0.1, 0.75, 0.4, 0.5),
                   "fair": (0.5, 0.15, 0.6, 0.3, 1, 0.6, 0.5)}[source]  # fmt: skip
        columns = ("address", "city", "postcode", "country", "Registration number", "phone", "website")
        for column, share in zip(columns, missing, strict=True):
            if self.chance(share):
                here[column] = ""
        if not careful and self.chance(0.08):
            moved = self.random.choice(cities_of(firm.country))
            here.update(city=moved.name, postcode="", address="")
        return here

    def _name(self, firm: Organisation, careful: bool) -> str:
        r, words, form = self.random, list(firm.words), firm.form
        if careful:
            return f"{' '.join(words)} {form}"
        if self.chance(0.3):
            words = [SHORT.get(word.lower(), word) for word in words]
        if self.chance(0.15):
            words = ["and" if word == "&" else word for word in words]
        if len(words) > 2 and words[-1] in MORE and self.chance(0.5):
            words = words[:-1]
        text = " ".join(words)
        if len(text) > 4 and self.chance(0.12):
            at = r.randrange(1, len(text) - 1)
            text = (
                text[:at] + text[at + 1] + text[at] + text[at + 2 :]
                if self.chance(0.5)
                else text[:at] + text[at + 1 :]
            )
        if self.chance(0.45):
            text = f"{text} {form if self.chance(0.6) else form.replace('.', '')}"
        if self.chance(0.05):
            text = f"The {text}"
        return text.upper() if self.chance(0.15) else text


def firms(folder: Path, customers: int, seed: int) -> Files:
    """About `customers` organisations in three files."""
    register = Register(seed)
    register.invent(customers)
    r, files = register.random, Files(folder)
    for source, share, twice in (("register", 0.9, 0.0), ("crm", 0.6, 0.06), ("fair", 0.35, 0.03)):
        rows = []
        for firm in register.firms:
            for _ in range((r.random() < share) + (r.random() < twice)):
                rows.append((str(firm.number), register.row(firm, source)))
        r.shuffle(rows)
        for at, (_, row) in enumerate(rows, 1):
            row["id"] = str(at)
        files.write(f"{source}.csv", COLUMNS, rows)
    by_word: dict[str, list[Organisation]] = defaultdict(list)
    for firm in register.firms:
        by_word[firm.words[0]].append(firm)
    files.traps["one first word"] = [
        (str(a.number), str(b.number)) for some in by_word.values() for a, b in combinations(some, 2)
    ]
    return files
