"""The fits and rules that were published, beside ours of the same data. `kartoteka selftest models` prints them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from . import bgnbd, gammagamma
from .basket import Rule
from .bgnbd import Buying
from .history import History, history

# Fader, Hardie, Lee (2005), table 2, and the worked customer of the note for Excel; Fader, Hardie (2013), section 3.
BG_NBD = {"r": "0.243", "alpha": "4.414", "a": "0.793", "b": "2.426"}
BG_NBD_LIKELIHOOD = "-9582.4"
GAMMA_GAMMA = {"p": "6.25", "q": "3.74", "v": "15.44"}
# Two repeats, the last after 30.43 of 38.86 weeks: purchases expected in the next 39.
WORKED_CUSTOMER = (2, 30.43, 38.86, 39, "1.226")
# Rules of the Groceries baskets (arules; M. Hahsler, K. Hornik, T. Reutterer 2006: 9,835 baskets, 169 items) as B. Lantz
# prints them, "Machine Learning with R" (2013), chapter 8, with the counts they are of: both, the one, the other.
# The baskets themselves do not stand here, so this holds our measures to theirs, not our search for pairs.
GROCERIES = (
    ("herbs => root vegetables", 69, 160, 1072, ("0.007015760", "0.4312500", "3.956477")),
    ("berries => whipped/sour cream", 89, 327, 705, ("0.009049314", "0.2721713", "3.796886")),
    ("potted plants => whole milk", 68, 170, 2513, ("0.006914082", "0.4000000", "1.565460")),
    ("pasta => whole milk", 60, 148, 2513, ("0.006100661", "0.4054054", "1.586614")),
)
_BASKETS = 9835


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
    return [*_buying(), *_spending(), *groceries()]


def groceries() -> list[Beside]:
    """Support, confidence and lift of the published rules, by our measures of their counts."""
    found = []
    for name, both, of_one, of_other, published in GROCERIES:
        rule = Rule(0, 1, both, of_one, of_other, _BASKETS)
        measures = zip(("support", "confidence", "lift"), published, strict=True)
        found += [
            Beside("Groceries", f"{name}: {each}", said, getattr(rule, each)) for each, said in measures
        ]
    return found


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
