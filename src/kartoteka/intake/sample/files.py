"""The files of the sample business, written as people keep them, with the truth of which row is whom."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import IO, Protocol

import xlsxwriter

from kartoteka.intake.sample import sources
from kartoteka.intake.sample.entries import Entry, entry
from kartoteka.intake.sample.people import COUNTRIES, Person, invent
from kartoteka.intake.sample.sources import COUNTER, NEWS, PHONES, SHOP, SOURCES, WARRANTY, Row, Source

NOBODY = 0
"""The person of a row that is junk, a total or a heading."""

MOST_FOR_A_COUNTER = 1_400_000
"""Customers of one country: more would not fit into its workbook, which ends at row 1,048,576."""

SHUFFLED = 4000
"""How many rows are held back to be shuffled: a file is not in the order of another."""


@dataclass(slots=True)
class SampleFile:
    """A file that was written: its bare name, what it would be called as a source, and whose each row is.

    `country` is the ISO code if the file comes from one country, else empty. `rows` are counted as a
    spreadsheet does, titles and blank rows included, vCards by their ordinal from 1. `persons` runs along it,
    NOBODY for junk.
    """

    name: str
    source: str
    country: str
    rows: array[int] = field(default_factory=lambda: array("l"))
    persons: array[int] = field(default_factory=lambda: array("l"))


@dataclass(slots=True)
class Truth:
    """Which row is which person, for every row below a header that holds anything."""

    folder: Path
    files: list[SampleFile]

    def __iter__(self) -> Iterator[tuple[str, int, int]]:
        """(file, row, person), file by file in the order of rows; person is NOBODY for junk."""
        for file in self.files:
            for row, person in zip(file.rows, file.persons, strict=True):
                yield file.name, row, person

    def save(self, path: Path) -> None:
        """Write it as CSV with the header file,row,person; the person of junk is empty."""
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(["file", "row", "person"])
            writer.writerows([file, row, person or ""] for file, row, person in self)


class Paper(Protocol):
    """Something rows are written on, one below the other; `put` gives back the number the row got."""

    def put(self, row: Row) -> int: ...
    def close(self) -> None: ...


class CsvPaper:
    """A CSV file with its header in row 1."""

    def __init__(self, path: Path, columns: Sequence[str], *, encoding: str, delimiter: str) -> None:
        self._out: IO[str] = path.open("w", encoding=encoding, errors="replace", newline="")
        self._writer = csv.writer(self._out, delimiter=delimiter)
        self._writer.writerow(columns)
        self._row = 1

    def put(self, row: Row) -> int:
        self._writer.writerow(row)
        self._row += 1
        return self._row

    def close(self) -> None:
        self._out.close()


class BookPaper:
    """The workbook of a counter: a merged title, its date, a blank row, the header, and a total below."""

    def __init__(self, path: Path, country: str, *, large: bool) -> None:
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": large})
        self._book.set_properties({"created": datetime(2026, 3, 1), "author": "Copper Bell"})  # noqa: DTZ001
        self._sheet = self._book.add_worksheet()
        self._dates = self._book.add_format({"num_format": "dd/mm/yyyy" if country != "PH" else "mm/dd/yyyy"})
        bold = self._book.add_format({"bold": True})
        columns = sources.counter_columns(country)
        title, _ = sources.counter_title(country)
        self._sheet.merge_range(0, 0, 0, len(columns) - 1, title, bold)
        self._sheet.write(1, 6, "01.03.2026")
        for place, column in enumerate(columns):
            self._sheet.write(3, place, column, bold)
        self._row, self._number, self._total = 4, 0, sources.counter_total(country)

    def put(self, row: Row) -> int:
        at, self._row = self._row, self._row + 1
        if any(row):
            self._number += 1
            self._sheet.write_number(at, 0, self._number)
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                self._sheet.write_datetime(at, place, cell, self._dates)
            elif isinstance(cell, int):
                self._sheet.write_number(at, place, cell)
            elif cell:
                self._sheet.write_string(at, place, cell)
        return at + 1

    def total(self) -> int:
        """The line under the list. Returns its row."""
        self._sheet.write_string(self._row + 1, 1, f"{self._total}: {self._number}")
        return self._row + 2

    def close(self) -> None:
        self._book.close()


class CardPaper:
    """A phone book: one vCard after the other."""

    def __init__(self, path: Path) -> None:
        self._out: IO[str] = path.open("w", encoding="utf-8", newline="")
        self._row = 0

    def put(self, row: Row) -> int:
        self._out.write(f"{row[0]}\r\n")
        self._row += 1
        return self._row

    def close(self) -> None:
        self._out.close()


class Pile:
    """The rows on their way to one file: held back to be shuffled, with junk and blank rows among them."""

    def __init__(
        self, source: Source, file: SampleFile, paper: Paper, columns: Sequence[str], rng: Random
    ) -> None:
        self.source, self.file = source, file
        self._paper, self._columns, self._rng = paper, columns, rng
        self._held: list[tuple[int, Row]] = []

    def add(self, person: int, row: Row) -> None:
        self._held.append((person, row))
        if len(self._held) > SHUFFLED:
            self._write_one()

    def _write_one(self) -> None:
        held, rng = self._held, self._rng
        place = int(rng.random() * len(held))
        held[place], held[-1] = held[-1], held[place]
        self._note(*held.pop())
        if self._columns and rng.random() < 0.006:
            self._note(NOBODY, sources.junk(self.source, self._columns, rng))
        if self.source is COUNTER and rng.random() < 0.01:
            self._paper.put([])

    def _note(self, person: int, row: Row) -> None:
        self.file.rows.append(self._paper.put(row))
        self.file.persons.append(person)

    def finish(self) -> None:
        while self._held:
            self._write_one()
        if isinstance(self._paper, BookPaper):
            self.file.rows.append(self._paper.total())
            self.file.persons.append(NOBODY)
        self._paper.close()


def write(folder: Path, *, customers: int, seed: int, countries: Sequence[str] = COUNTRIES) -> Truth:
    """Write the files of a business into `folder` (made if missing): some two rows for each of its customers.

    A web shop's export, a newsletter's audience, warranty cards, a phone book, and the workbook of each
    country's counter, in its language. The same seed gives the same files. Returns whose every row is.
    Raises ValueError when the customers of a country would not fit into a workbook.
    """
    if customers > MOST_FOR_A_COUNTER * len(countries):
        raise ValueError(
            f"{customers} customers are too many for {len(countries)} counters: their workbooks hold those of "
            f"{MOST_FOR_A_COUNTER} each. Take more countries, or fewer customers."
        )
    folder.mkdir(parents=True, exist_ok=True)
    rng = Random(seed)  # noqa: S311 - a sample must be repeatable, not secret
    piles = _piles(folder, countries, rng, large=customers > 100_000)
    for person in invent(customers, seed=seed, countries=countries):
        for source in _sources_of(rng):
            _keep(person, source, piles, rng)
    found = {id(pile): pile for pile in piles.values()}
    for pile in found.values():
        pile.finish()
    return Truth(folder, [pile.file for pile in found.values()])


def _sources_of(rng: Random) -> list[Source]:
    """One to four sources for a customer, two on average; the favoured ones first."""
    chance = rng.random()
    count = 1 if chance < 0.38 else 2 if chance < 0.71 else 3 if chance < 0.91 else 4
    ranked = sorted(SOURCES, key=lambda source: rng.random() ** (1 / source.share), reverse=True)
    return ranked[:count]


def _keep(person: Person, source: Source, piles: dict[tuple[str, str], Pile], rng: Random) -> None:
    """Put `person` into the file of `source`, or the counter's if that cannot be; now and then twice."""
    if person.kind == "firm" and rng.random() > source.firms:
        source = COUNTER
    for _ in range(2 if rng.random() < 0.06 else 1):
        known: Entry = entry(person, rng, care=source.care)
        if not source.needs(known):
            source = COUNTER
        pile = piles[source.name, person.country]
        pile.add(person.id, source.row(known, rng))


def _piles(
    folder: Path, countries: Sequence[str], rng: Random, *, large: bool
) -> dict[tuple[str, str], Pile]:
    """The file of each source and country: one for all, but a workbook for each counter."""
    alone = countries[0] if len(countries) == 1 else ""
    polish = "PL" in countries
    warranty_columns = sources.warranty_columns(alone or "GB")

    def csv_pile(
        source: Source, name: str, columns: Sequence[str], *, encoding: str = "utf-8", delimiter: str = ","
    ) -> Pile:
        paper = CsvPaper(folder / name, columns, encoding=encoding, delimiter=delimiter)
        return Pile(source, SampleFile(name, source.name, alone), paper, columns, rng)

    phones = "phone-book.vcf"
    shared = (
        csv_pile(SHOP, "webshop-customers.csv", sources.SHOP_COLUMNS),
        csv_pile(NEWS, "newsletter-audience.csv", sources.NEWS_COLUMNS),
        csv_pile(
            WARRANTY,
            "warranty-cards.csv",
            warranty_columns,
            encoding="cp1250" if polish else "cp1252",
            delimiter=";",
        ),
        Pile(PHONES, SampleFile(phones, PHONES.name, alone), CardPaper(folder / phones), (), rng),
    )
    piles = {(pile.source.name, country): pile for pile in shared for country in countries}
    for country in countries:
        town = sources.counter_title(country)[1]
        name = f"counter {town}.xlsx"
        file = SampleFile(name, f"{COUNTER.name} {town}", country)
        paper = BookPaper(folder / name, country, large=large)
        piles[COUNTER.name, country] = Pile(COUNTER, file, paper, sources.counter_columns(country), rng)
    return piles
