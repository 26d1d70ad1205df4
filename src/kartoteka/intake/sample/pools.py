"""The lists that names and places are drawn from: text files in `data/`, the commonest word first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from random import Random

TABLE = 4096
"""How finely a table of weighted words is cut: a word is drawn by one index into it."""


@dataclass(frozen=True, slots=True)
class City:
    """A city and what must agree with it. Postcodes and land line are patterns: `#` a digit, `@` a letter."""

    name: str
    region: str
    postcodes: tuple[str, ...]
    landline: str


class Pool:
    """Words of which the first is drawn most often, as with names in a people (weight 1 / (rank + 10))."""

    def __init__(self, words: list[str], rare: list[str] | None = None) -> None:
        """`rare` words share the last quarter of the table evenly."""
        room = TABLE * 3 // 4 if rare else TABLE
        weights = [1 / (rank + 10) for rank in range(len(words))]
        total = sum(weights)
        table: list[str] = []
        for word, weight in zip(words, weights, strict=True):
            table.extend([word] * max(1, round(room * weight / total)))
        if rare:
            step = max(1, len(rare) // (TABLE - room))
            table.extend(rare[::step])
        self.table = tuple(table)

    def draw(self, rng: Random) -> str:
        return self.table[int(rng.random() * len(self.table))]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one people. A people without family names (Malay, Tamil) has an empty `family`."""

    male: Pool
    female: Pool
    family: Pool
    extra: dict[str, Pool]
    short: dict[str, tuple[str, ...]]


@cache
def _sections(file: str) -> dict[str, list[str]]:
    """The lines of a data file under each `[heading]`; what stands above the first is a comment."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    text = resources.files(__package__).joinpath("data", file).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            lines = found.setdefault(line.strip("[]"), [])
        elif line.strip():
            lines.append(line.strip())
    return found


def _words(lines: list[str] | None) -> list[str]:
    return [word.strip() for line in lines or [] for word in line.split(",") if word.strip()]


@cache
def names_of(people: str) -> Names:
    """The names of `people`: "en", "zu", "af", "fil", "ms", "zh", "ta", "fi" or "pl"."""
    parts = _sections(f"names_{people}.txt")
    rare = [
        stem + ending
        for stem, ending in product(_words(parts.get("stems")), _words(parts.get("endings")))
        if stem[-1] != ending[0]
    ]
    Random(people).shuffle(rare)  # noqa: S311 - always the same order, but not the alphabet's
    short: dict[str, tuple[str, ...]] = {}
    for line in parts.get("short", []):
        name, forms = line.split(":")
        short[name.strip()] = tuple(_words([forms]))
    known = ("male", "female", "family", "stems", "endings", "short")
    extra = {key: Pool(_words(lines)) for key, lines in parts.items() if key not in known}
    male, female, family = (_words(parts.get(key)) for key in ("male", "female", "family"))
    return Names(Pool(male), Pool(female), Pool(family, rare), extra, short)


@cache
def cities_of(country: str) -> tuple[City, ...]:
    """The cities of a country (ISO alpha-2), the largest first."""
    cities = []
    for line in _sections(f"places_{country}.txt")["cities"]:
        name, region, postcodes, landline = (part.strip() for part in line.split("|"))
        cities.append(City(name, region, tuple(postcodes.split(";")), landline.replace(" ", "")))
    return tuple(cities)


@cache
def streets_of(country: str) -> Pool:
    return Pool(_words(_sections(f"places_{country}.txt")["streets"]))


@cache
def districts_of(country: str) -> Pool | None:
    """Barangays, or the parks of houses in Malaysian addresses; None where addresses have no such line."""
    lines = _sections(f"places_{country}.txt").get("districts")
    return Pool(_words(lines)) if lines else None


@cache
def firms_of(country: str) -> tuple[Pool, Pool, Pool]:
    """What firms of a country are called: a first word, a trade, a legal form."""
    parts = _sections("firms.txt")
    return (
        Pool(_words(parts[f"{country} first"])),
        Pool(_words(parts[f"{country} trade"])),
        Pool(_words(parts[f"{country} forms"])),
    )


@cache
def words_of(section: str) -> tuple[str, ...]:
    """Columns, titles or remarks out of words.txt."""
    return tuple("".join(_sections("words.txt")[section]).split("|"))


def filled(pattern: str, rng: Random) -> str:
    """`pattern` with every `#` made a digit and every `@` a letter that British postcodes use."""
    if "#" not in pattern:
        return pattern
    return "".join(
        str(int(rng.random() * 10))
        if sign == "#"
        else "ABDEFGHJLNPQRSTUWXYZ"[int(rng.random() * 20)]
        if sign == "@"
        else sign
        for sign in pattern
    )
