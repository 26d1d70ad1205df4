"""One row on its way: the plan by which it is read, its cells by meaning, the values and problems so far. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from kartoteka.people.rows import Ready, Written
from kartoteka.standard import countries

from .files.book import Cell, DateText
from .files.fields import Target
from .files.headings import label_said, labels_beside
from .files.profile import row_voices
from .homes import name_voices

Raw = tuple[int, list[Cell]]
# More than this is no name, number or address, whatever the column says; it would only cost time to read.
_LONGEST = 500
_LONG = ("note", "tags", "x")
_TELLING = ("phone", "email", "national_id")


@dataclass(frozen=True)
class Plan:
    """How to read the rows of one sheet.

    targets: what each column means, None where it is only kept. country, language: of the people in the file, where a
    cell does not say. orders: of day, month and year per column ("dmy"), decided by the column as a whole.
    shared: keys that stand beside different people, and so tell nobody apart. homes: the countries the rows speak
    for, with their shares, where a file holds several; then each row is asked where it is at home.
    """

    columns: tuple[str, ...]
    targets: tuple[Target | None, ...]
    country: str = ""
    language: str = ""
    orders: Mapping[int, str] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    homes: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def mapped(self) -> list[tuple[int, str, str, str, str]]:
        """The columns that mean something: place; base, part and label of what they mean; which of several they are.

        That is told by the label or the part; of a consent by both.
        """
        return [
            (place, *each, f"{each.part}:{each.label}" if each.base == "consent" else each.label or each.part)
            for place, each in enumerate(self.targets)
            if each is not None
        ]

    @cached_property
    def labelled(self) -> list[tuple[str, dict[int, int]]]:
        """Of phones and e-mails whose label another column tells: the places of the values, each with its label's."""
        beside = labels_beside(self.columns)
        held: dict[str, dict[int, int]] = {"phone": {}, "email": {}}
        for place, base, _part, label, _which in self.mapped:
            if base in held and not label and place in beside:
                held[base][place] = beside[place]
        return [(base, places) for base, places in held.items() if places]


class Understood(NamedTuple):
    """One row, understood, and made ready to be written. Texts, numbers and tuples only: it goes between processes.

    problems: [{"field", "column", "problem", "typed", "note"}]. refused: it says nothing of anybody. own: what was typed
    for own fields, still to be checked. consents: what it says of consent (row_consents.py). cells: the row as it
    was, where it is refused.
    """

    row: int
    key: str
    card: str
    refused: bool
    problems: list[dict[str, str]]
    own: dict[str, str]
    consents: list[tuple[str, str, str, str, bool, str, str]]
    cells: list[Cell]
    ready: Ready

    @property
    def values(self) -> Mapping[str, Any]:
        """The standard values."""
        return Written(self.ready.values)


class Reading:
    """One row on its way: the cells by meaning, the values so far, the problems so far."""

    def __init__(self, plan: Plan, cells: Sequence[Cell]) -> None:
        self.plan = plan
        self.cells: dict[str, list[tuple[int, str, str]]] = {}
        self.addresses: dict[str, dict[str, tuple[int, str]]] = {}
        self.values: dict[str, Any] = {}
        self.problems: list[dict[str, str]] = []
        filled = len(cells)
        for column, base, part, label, which in plan.mapped:
            if column >= filled or not (cell := cells[column]) or not (text := cell.strip()):
                continue
            if isinstance(cell, DateText):
                text = cell  # stripped, it would be any text
            if len(text) > _LONGEST and base not in _LONG:
                self.complain(base, column, "too_long", text)
            elif base == "address":
                self.addresses.setdefault(label, {}).setdefault(part or "line", (column, text))
            elif base in self.cells:
                self.cells[base].append((column, which, text))
            else:
                self.cells[base] = [(column, which, text)]
        for base, places in plan.labelled:
            for at, (column, which, text) in enumerate(self.cells.get(base, ())):
                beside = places.get(column, filled)
                said = cells[beside] if beside < filled else None
                self.cells[base][at] = (column, label_said(base, said) if said else which, text)
        self.country = self._row_country() or plan.country

    def first(self, base: str) -> str:
        found = self.cells.get(base)
        return found[0][2] if found else ""

    def complain(self, base: str, column: int, problem: str, typed: str, note: str = "") -> None:
        self.problems.append(
            {
                "field": base,
                "column": self.plan.columns[column] if base and column < len(self.plan.columns) else "",
                "problem": problem,
                "typed": typed[:200],
                "note": note,
            }
        )

    def _row_country(self) -> str:
        for parts in self.addresses.values():
            if "country" in parts:
                found = countries.standardise(parts["country"][1], language=self.plan.language)
                if found.value:
                    return found.value
        return self._home() if len(self.plan.homes) > 1 else ""

    def _home(self) -> str:
        """Where this row is at home, by its own telling details; between equals, by the file as a whole."""
        homes = self.plan.homes
        voices = row_voices(
            (target.key, text)
            for target, text in (
                *((Target(base), text) for base in _TELLING for _c, _l, text in self.cells.get(base, ())),
                *(
                    (Target("address", "" if part == "line" else part), text)
                    for parts in self.addresses.values()
                    for part, (_column, text) in parts.items()
                ),
            )
        )
        named = (text for base in ("name", "given", "family") for _c, _l, text in self.cells.get(base, ()))
        for country, voice in name_voices(named, homes).items():
            voices[country] = voices.get(country, 0.0) + voice
        known = {country: voice for country, voice in voices.items() if country in homes}
        return max(known, key=lambda each: (round(known[each], 3), homes[each]), default="")
