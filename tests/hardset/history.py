"""Historical persons, invented, as a table of Wikidata's people with corrupted copies holds them.

The shape is that of Splink's demonstration set historical_50k: some ten rows a person, a name in several forms
(nobles with their titles), and but for it only birth date, birth place, postcode, gender and occupation, any of
them missing, vague or wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from kartoteka.intake.sample.pools import cities_of, names_of
from tests.hardset.files import Files

COLUMNS = (
    "unique_id", "cluster", "full_name", "first_and_surname", "first_name", "surname", "dob", "birth_place",
    "postcode_fake", "gender", "occupation",
)  # fmt: skip

COUNTIES = (
    "devon", "kent", "cornwall", "norfolk", "suffolk", "dorset", "surrey", "cumbria", "lancashire", "fife", "powys",
    "shropshire", "essex", "rutland", "highland", "gwynedd", "aberdeenshire", "london", "london", "london",
)  # fmt: skip
TRADES = (
    "politician", "politician", "politician", "painter", "writer", "military officer", "cricketer", "cricketer", "botanist",
    "footballer", "cleric", "lawyer", "composer", "physician", "engraver", "architect", "poet", "journalist", "peer",
    "explorer", "photographer", "chemist", "singer", "rower", "judge", "geologist", "actor", "bishop", "merchant",
)  # fmt: skip
RANKS = ("1st", "2nd", "3rd", "4th", "5th", "6th")
PEERS = ("baron", "baronet", "earl of", "viscount", "duke of", "marquess of")
SHORT = {
    "thomas": "tom", "william": "bill", "robert": "bob", "john": "jack", "edward": "ned", "charles": "charlie",
    "henry": "harry", "richard": "dick", "elizabeth": "bess", "margaret": "peggy", "katherine": "kate", "james": "jim",
    "joseph": "joe", "samuel": "sam", "george": "georgie", "anthony": "tony", "alexander": "alec", "andrew": "andy",
}  # fmt: skip


@dataclass
class Figure:
    """A person of history."""

    number: int
    given: str
    middle: str
    family: str
    title: str
    sex: str
    birth: tuple[int, int, int]
    town: str
    county: str
    postcode: str
    trades: list[str]


class Age:
    """Invents figures, and writes rows of them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.names = names_of("en")
        self.towns = [city.name.lower() for city in cities_of("GB")]
        self.figures: list[Figure] = []

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def invent(self, count: int) -> None:
        """So many figures, some of them a line: of one family and seat, often of one name, a generation apart."""
        r = self.random
        while len(self.figures) < count:
            first = self._figure()
            if first.title and self.chance(0.5):
                for step in range(1, r.randint(2, 4)):
                    self._heir(first, step)

    def _figure(self) -> Figure:
        r, names = self.random, self.names
        sex = "male" if self.chance(0.85) else "female"
        pool = names.male if sex == "male" else names.female
        given, family = pool.draw(r).lower(), names.family.draw(r).lower()
        middle = pool.draw(r).lower() if self.chance(0.35) else ""
        town = r.choice(self.towns)
        title = ""
        if sex == "male" and self.chance(0.15):
            rank = r.choice(PEERS)
            seat = family if "of" not in rank and self.chance(0.6) else r.choice(self.towns)
            title = f"{r.choice(RANKS[:3])} {rank} {seat}"
        elif self.chance(0.06):
            title = "sir" if sex == "male" else "lady"
        year = 1480 + int(430 * r.random() ** 0.6)
        day = (1, 1) if self.chance(0.12) else (r.randint(1, 12), r.randint(1, 28))
        code = f"{town[:2]}{r.randint(1, 29)} {r.randint(1, 9)}{r.choice('abdefghj')}{r.choice('lnpqrstu')}"
        found = Figure(
            len(self.figures) + 1, given, middle, family, title, sex, (year, *day), town, r.choice(COUNTIES), code,
            r.sample(TRADES, 2 if self.chance(0.3) else 1),
        )  # fmt: skip
        self.figures.append(found)
        return found

    def _heir(self, first: Figure, step: int) -> None:
        heir = self._figure()
        rank, _, seat = first.title.partition(" ")
        heir.family, heir.town, heir.county, heir.postcode = (
            first.family,
            first.town,
            first.county,
            first.postcode,
        )
        heir.sex, heir.title = (
            "male",
            f"{RANKS[min(5, RANKS.index(rank) + step)]} {seat}" if seat else first.title,
        )
        heir.birth = (min(1990, first.birth[0] + 26 * step + self.random.randint(0, 8)), *heir.birth[1:])
        heir.given = first.given if self.chance(0.4) else self.names.male.draw(self.random).lower()
        if self.chance(0.5):
            heir.postcode = heir.postcode[:-3] + f"{self.random.randint(1, 9)}ab"

    def row(self, one: Figure, at: int) -> dict[str, str]:
        """One row of `one`; the first is the cleanest."""
        clean = at == 1
        full = self._name(one, clean)
        words = full.replace(",", "").split()
        bare = [word for word in words if word not in ("sir", "lady")] or words
        cells = {
            "unique_id": f"Q{one.number}-{at}", "cluster": f"Q{one.number}", "full_name": full,
            "first_and_surname": f"{bare[0]} {bare[-1]}", "first_name": bare[0], "surname": bare[-1],
            "dob": self._birth(one, clean), "birth_place": self._place(one), "postcode_fake": self._postcode(one, clean),
            "gender": one.sex, "occupation": self.random.choice(one.trades),
        }  # fmt: skip
        for column, share in (("dob", 0.20), ("birth_place", 0.22), ("postcode_fake", 0.22), ("gender", 0.2),
                              ("occupation", 0.25), ("first_name", 0.03), ("surname", 0.02)):  # fmt: skip
            if self.chance(share / 3 if clean else share):
                cells[column] = ""
        return cells

    def _typo(self, text: str, share: float) -> str:
        r = self.random
        if len(text) < 4 or not self.chance(share):
            return text
        at = r.randrange(len(text) - 1)
        return r.choice((
            text[:at] + text[at + 1] + text[at] + text[at + 2 :], text[:at] + text[at + 1 :],
            text[:at] + r.choice("aeiornst") + text[at + 1 :], text[: at + 1] + r.choice("aeiornst") + text[at + 1 :],
        ))  # fmt: skip

    def _name(self, one: Figure, clean: bool) -> str:
        given, middle, family, title = one.given, one.middle, one.family, one.title
        if not clean:
            if self.chance(0.12):
                given = SHORT.get(given, given)
            elif self.chance(0.05):
                given = given[0]
            elif middle and self.chance(0.1):
                given, middle = middle, ""
            if middle and self.chance(0.5):
                middle = "" if self.chance(0.6) else middle[0]
            given, family = self._typo(given, 0.08), self._typo(family, 0.1)
            if one.sex == "female" and self.chance(0.15):
                family = self.names.family.draw(self.random).lower()
        if title in ("sir", "lady"):
            return " ".join(filter(None, [title if self.chance(0.6) else "", given, middle, family]))
        name = " ".join(filter(None, [given, middle, family]))
        if not title:
            return name
        kind = 0.0 if clean else self.random.random()
        seat = title.split()[-1]
        if kind < 0.4:
            return f"{name}, {title}"
        if kind < 0.55:
            return f"{given} {title}"
        if kind < 0.7:
            return f"{given} of {seat}"
        return name if kind < 0.9 else f"sir {name}"

    def _birth(self, one: Figure, clean: bool) -> str:
        r, (year, month, day) = self.random, one.birth
        kind = 1.0 if clean else r.random()
        if kind < 0.10:
            month, day = 1, 1
        elif kind < 0.14:
            year += r.choice((-1, 1, -2, 2, 10, -10))
        elif kind < 0.20:
            year, month, day = year + r.randint(-3, 3), r.randint(1, 12), r.randint(1, 28)
        elif kind < 0.23 and day <= 12:
            month, day = day, month
        elif kind < 0.27:
            day = r.randint(1, 28)
        return f"{year}-{month:02}-{day:02}"

    def _place(self, one: Figure) -> str:
        return self._typo(one.county if self.chance(0.25) else one.town, 0.06)

    def _postcode(self, one: Figure, clean: bool) -> str:
        r, code = self.random, one.postcode
        if clean or self.chance(0.65):
            return code
        if self.chance(0.7):
            return f"{code.split()[0]} {r.randint(1, 9)}{r.choice('abdefghj')}{r.choice('lnpqrstu')}"
        town = r.choice(self.towns)
        return f"{town[:2]}{r.randint(1, 29)} {r.randint(1, 9)}{r.choice('abde')}{r.choice('lnpq')}"


def history(folder: Path, customers: int, seed: int) -> Files:
    """About `customers` figures in one file, some ten rows each; the column `cluster` is not given away."""
    age = Age(seed)
    age.invent(customers)
    rows = [
        (str(one.number), age.row(one, at))
        for one in age.figures
        for at in range(1, 2 + int(19 * age.random.random()))
    ]
    age.random.shuffle(rows)
    for at, (_, row) in enumerate(rows):
        row["unique_id"] = f"Q{at}"
    files = Files(folder)
    files.write("history.csv", [column for column in COLUMNS if column != "cluster"], rows)
    by_name: dict[tuple[str, str], list[Figure]] = {}
    for one in age.figures:
        by_name.setdefault((one.given, one.family), []).append(one)
    files.traps["one name"] = [
        (str(one.number), str(other.number))
        for some in by_name.values()
        for at, one in enumerate(some)
        for other in some[at + 1 :]
    ]
    return files
