"""The fits and rules that were published, beside ours of the same data. `kartoteka selftest models` prints them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from . import bgnbd, gammagamma
from .bgnbd import Buying
from .history import History, history

# Fader, Hardie, Lee (2005), table 2, and the worked customer of the note for Excel; Fader, Hardie (2013), section 3.
BG_NBD = {"r": "0.243", "alpha": "4.414", "a": "0.793", "b": "2.426"}
BG_NBD_LIKELIHOOD = "-9582.4"
GAMMA_GAMMA = {"p": "6.25", "q": "3.74", "v": "15.44"}
# Two repeats, the last after 30.43 of 38.86 weeks: purchases expected in the next 39.
WORKED_CUSTOMER = (2, 30.43, 38.86, 39, "1.226")


@dataclass(frozen=True)
class Beside:
    """One number: how it was published, and ours."""

    model: str
    name: str
    published: str
    ours: float

    @property
    def shown(self) -> str:
        """Ours, written as the published is."""
        return f"{self.ours:.{self._places}f}"

    @property
    def agrees(self) -> bool:
        """Whether ours is theirs to within one of its last digit: the published was fitted by a spreadsheet."""
        return bool(abs(self.ours - float(self.published)) <= 1.001 / 10**self._places)

    @property
    def _places(self) -> int:
        return len(self.published.partition(".")[2])


@cache
def cdnow() -> History:
    """The 2,357 customers, in weeks and dollars (data/README.md)."""
    text = files(__package__).joinpath("data/cdnow.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return history(
        *([float(row[name]) for row in rows] for name in ("repeats", "recency", "age", "mean_value"))
    )


def beside() -> list[Beside]:
    """Every published number with ours, fitted now."""
    return [*_buying(), *_spending()]


def _buying() -> Iterator[Beside]:
    ours = bgnbd.fit(cdnow())
    for (name, published), value in zip(BG_NBD.items(), ours.parameters, strict=True):
        yield Beside("BG/NBD", name, published, float(value))
    yield Beside("BG/NBD", "log-likelihood", BG_NBD_LIKELIHOOD, ours.log_likelihood)
    repeats, recency, age, ahead, published = WORKED_CUSTOMER
    one = history([repeats], [recency], [age])
    number = bgnbd.expected(one, Buying.of(ours.parameters), ahead)
    yield Beside("BG/NBD", "expected purchases", published, float(number[0]))


def _spending() -> Iterator[Beside]:
    ours = gammagamma.fit(cdnow())
    for (name, published), value in zip(GAMMA_GAMMA.items(), ours.parameters, strict=True):
        yield Beside("Gamma-Gamma", name, published, float(value))
