"""A report put down for files and mail: a title, a chart, tables of plain values. Written by paper_files.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Times:
    """How many times as much as something else."""

    value: float


# Text, a day, money (Decimal), a count (int), a share (float, 1 for the whole) or how many times as much.
Cell = str | dt.date | Decimal | int | float | Times | None


@dataclass(frozen=True)
class Table:
    """One table: what it is called, its head, its rows."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


@dataclass(frozen=True)
class Bars:
    """A chart of money: a bar for each label, and for each what it is compared with."""

    title: str
    labels: Sequence[str]
    now: Sequence[Decimal]
    then: Sequence[Decimal]


@dataclass(frozen=True)
class Paper:
    """A report. name: of its file, without an ending. lead: whom and when it is about."""

    name: str
    title: str
    lead: str
    tables: Sequence[Table]
    bars: Bars | None = None
