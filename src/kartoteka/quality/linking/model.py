"""What the levels of a pair say: one person, two of one home or office, or two strangers.

Splink's model (Fellegi and Sunter) knows two classes and takes matters as independent. In a base of customers
they are not: a family shares name, address, phone and e-mail at once. A third class for people of one home or
office takes that up, so what a home shares stops speaking for one person. The weights are learned on the base
itself by expectation-maximisation of this latent class model; the starting weights count as so many pairs
already seen (a Dirichlet prior), so a tiny base keeps them and a large one overrules them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .compare import RANDOM_PAIRS, Compared
from .comparisons import (
    ADDRESS,
    ALL,
    BIRTH,
    CONTRADICTING,
    FIRM,
    FORM,
    GIVEN,
    IDS,
    OWN,
    TOLD,
    UNIQUE,
    at_words,
)

Floats = NDArray[np.float64]

SAMPLE = 250_000
"""Pairs the model is trained on; more change nothing."""

AT_A_TIME = 500_000
"""Pairs weighed at a time: bounds the memory."""

ROUNDS = 15
SEEN_SAME, SEEN_HOME, SEEN_NAMESAKES, SEEN_CHANCE = 150.0, 600.0, 500.0, 3000.0
"""How many pairs the starting weights count for, by class."""

_AT = {comparison.name: at for at, comparison in enumerate(ALL)}
_OWN = np.array([[comparison.name in OWN] for comparison in ALL])
_TWO_BIRTHS = at_words(BIRTH, "birth_generation", "birth_contradicts")
_GIVEN_ALIKE = at_words(GIVEN, "same_given", "diminutive")
_NAME_TOLD = at_words(TOLD, "email_tells_name")
_BY_DEFINITION = (
    (_AT["firm"], at_words(FIRM, "other_number", "branch_of_firm")),
    (_AT["form"], at_words(FORM, "other_form")),
    (_AT["ids"], at_words(IDS, "other_registration")),
)
_ONE_DOOR = at_words(ADDRESS, "same_door", "same_house")
SLIP = 0.03
"""Of the pairs that share a phone or an e-mail, at least this share are strangers: a slip, a number given anew."""

WIDEST = max(len(comparison.levels) for comparison in ALL)


@dataclass(frozen=True)
class Rarity:
    """How often each customer's own values occur in the base.

    `of`: for each comparison that heeds it the frequency (0 to 1) of the customer's value, 0 where there is none;
    `few_of_name`: whether so few have the customer's full name that blocking brings all of them together.
    """

    of: dict[str, Floats]
    few_of_name: NDArray[np.bool_]


@dataclass
class Model:
    """Log frequencies per comparison and level of the three classes, and the log shares of the classes."""

    same: Floats
    home: Floats
    chance: Floats
    shares: Floats
    namesakes: float = math.log(4.0)
    """Log of how much oftener strangers agree on given and family name at once than the two by themselves would:
    names go together by language and generation."""

    def log_odds(self, pairs: Compared, rarity: Rarity) -> Floats:
        """Of each pair, the log2 of the odds that it is one person."""
        odds = np.empty(len(pairs))
        for start in range(0, len(pairs), AT_A_TIME):
            some = slice(start, start + AT_A_TIME)
            part = Compared(pairs.left[some], pairs.right[some], pairs.levels[some])
            same, home, chance = self._classes(part, rarity)
            odds[some] = (same - np.logaddexp(home, chance)) / np.log(2)
        return odds

    def odds_at_home(self, pairs: Compared, rarity: Rarity) -> Floats:
        """The log2 odds of one person against two of one home, when strangers are out of the question."""
        same, home, _ = self._classes(pairs, rarity)
        odds: Floats = (same - home) / np.log(2)
        return odds

    def odds_of_namesakes(self, pairs: Compared) -> Floats:
        """The log2 odds of one person against two of one name: the name says nothing, the rest tells them apart.

        The two may be of one home or strangers, either as likely.
        """
        totals = [np.zeros(len(pairs)) for _ in range(3)]
        for at, comparison in enumerate(ALL):
            if comparison.name not in ("given", "family", "told"):
                for total, table in zip(totals, (self.same, self.home, self.chance), strict=True):
                    np.add(total, table[at, pairs.levels[:, at]], out=total)
        same, home, chance = totals
        odds: Floats = (same - np.logaddexp(home, chance) + math.log(2)) / np.log(2)
        return odds

    def odds_of_one_source(self) -> float:
        """The log2 odds of one person against two of one home by their coming from one source alone."""
        return float(self.same[_AT["source"], 0] - self.home[_AT["source"], 0]) / math.log(2)

    def against(self, pairs: Compared) -> Floats:
        """Of each pair, the log2 odds of its contradictions alone: birth, sex, given name, Jr and Sr, numbers.

        0 where nothing contradicts, however little speaks for the pair.
        """
        total = np.zeros(len(pairs))
        for at, comparison in enumerate(ALL):
            if comparison.name in CONTRADICTING:
                odds = self.same[at] - np.maximum(self.home[at], self.chance[at])
                total += np.minimum(odds, 0)[pairs.levels[:, at]]
        against: Floats = total / np.log(2)
        return against

    def _classes(self, pairs: Compared, rarity: Rarity) -> tuple[Floats, Floats, Floats]:
        totals = [np.full(len(pairs), share) for share in self.shares]
        for at, comparison in enumerate(ALL):
            level = pairs.levels[:, at]
            for total, table in zip(totals, (self.same, self.home, self.chance), strict=True):
                np.add(total, table[at, level], out=total)
            if comparison.rarity:
                totals[2] += _rarer(at, level, pairs, rarity, self.chance)
        totals[2] += self.namesakes * _named_alike(pairs)
        return totals[0], totals[1], totals[2]


def _named_alike(pairs: Compared) -> NDArray[np.bool_]:
    """Where given and family name agree both, the family name as it stands or as an e-mail tells it."""
    given = np.isin(pairs.levels[:, _AT["given"]], _GIVEN_ALIKE)
    alike: NDArray[np.bool_] = given & (
        (pairs.levels[:, _AT["family"]] == 0) | np.isin(pairs.levels[:, _AT["told"]], _NAME_TOLD)
    )
    return alike


def _rarer(at: int, level: NDArray[np.int8], pairs: Compared, rarity: Rarity, chance: Floats) -> Floats:
    """What the rarity of the shared value adds to the log frequency of agreeing by chance.

    A value is shared at any of the levels in `rare_at`; how that divides among them is as for all values.
    """
    comparison = ALL[at]
    rare = at_words(comparison, *comparison.rare_at)
    adds = np.zeros(len(level))
    frequency = rarity.of[comparison.name]
    where = np.flatnonzero(np.isin(level, rare))
    shared = np.maximum(frequency[pairs.left[where]], frequency[pairs.right[where]])
    adds[where] = np.log(shared) - np.logaddexp.reduce(chance[at, rare])
    return adds


def starting(chance: list[list[float]] | None, size: int) -> Model:
    """The model before training: starting weights, with what random pairs taught of strangers (if anything).

    `size` is the number of customers.
    """
    same, home, strangers = (np.zeros((len(ALL), WIDEST + 1)) for _ in range(3))
    taught = min(RANDOM_PAIRS, size * (size - 1) / 2) if chance else 0.0
    for at, comparison in enumerate(ALL):
        start = np.array([level.chance for level in comparison.levels])
        seen = np.array(chance[at]) if chance else start
        mixed = (start * SEEN_CHANCE + seen * taught) / (SEEN_CHANCE + taught)
        strangers[at, : len(mixed)] = np.log(mixed / mixed.sum())
        same[at, : len(mixed)] = np.log([level.same for level in comparison.levels])
        home[at, : len(mixed)] = np.log([level.home for level in comparison.levels])
    pairs = max(1.0, size * (size - 1) / 2)
    one, of_home = min(0.5 * size / pairs, 0.1), min(0.7 * size / pairs, 0.1)
    return Model(same, home, strangers, np.log([one, of_home, 1 - one - of_home]))


def train(model: Model, pairs: Compared, rarity: Rarity, size: int, share: float = 1.0) -> Model:
    """The model after expectation-maximisation on `pairs`, a sample of that `share` of those the base brought together."""
    if len(pairs) == 0:
        return model
    every = max(1.0, size * (size - 1) / 2)
    trust = size / (size + 500)
    first = model
    for _ in range(ROUNDS):
        same, home, chance = model._classes(pairs, rarity)
        whole = np.logaddexp(np.logaddexp(same, home), chance)
        of_same, of_home = np.exp(same - whole), np.exp(home - whole)
        found = np.array([of_same.sum(), of_home.sum()]) / share / every
        one, homes = trust * found + (1 - trust) * np.exp(first.shares[:2])
        model = Model(
            _same_weights(pairs, of_same, first.same),
            _home_weights(pairs, of_home, first.home),
            _strangers(pairs, np.exp(chance - whole), first.chance, every * share),
            np.log([one, homes, max(1 - one - homes, 0.01)]),
            _namesakes(pairs, np.exp(chance - whole), rarity, share),
        )
    return model


def _same_weights(pairs: Compared, posterior: Floats, first: Floats) -> Floats:
    """The weights of one person: learned, but for what tells two firms apart by definition (Lodge 5 and Lodge 6, Ltd
    and PLC, other numbers in a register).

    A list of branches and daughters would teach that one firm goes by several.
    """
    table = _weights(pairs, posterior, first, SEEN_SAME)
    for at, levels in _BY_DEFINITION:
        table[at, levels] = np.minimum(table[at, levels], first[at, levels])
    return table


def _home_weights(pairs: Compared, posterior: Floats, first: Floats) -> Floats:
    """The weights of people of one home: learned where a home shares, as they were at the start where it does not.

    How often a home's people have one given name (a son after his father) is learned from pairs of one door
    whose birth dates tell them apart.
    """
    table = np.where(_OWN, first, _weights(pairs, posterior, first, SEEN_HOME))
    at_home = np.isin(pairs.levels[:, _AT["address"]], _ONE_DOOR)
    apart = at_home & np.isin(pairs.levels[:, _AT["birth"]], _TWO_BIRTHS)
    table[_AT["given"]] = _weights(pairs.take(apart), posterior[apart], first, SEEN_NAMESAKES)[_AT["given"]]
    return table


def _strangers(pairs: Compared, posterior: Floats, first: Floats, every: float) -> Floats:
    """How often strangers share what only one person or home has.

    Random pairs overrate it, since some of them are one person. Blocking finds every pair that shares such a
    thing, so what the model takes for strangers among them, of all pairs there are, is the better count.
    """
    table = first.copy()
    for at, comparison in enumerate(ALL):
        if comparison.name in UNIQUE:
            level = pairs.levels[:, at]
            last = len(comparison.levels) - 1
            known = every * max(float(np.average(level >= 0, weights=posterior)), 0.001)
            found = np.bincount(level[level >= 0], weights=posterior[level >= 0], minlength=last + 1)[:last]
            shared = np.bincount(level[level >= 0], minlength=last + 1)[:last]
            table[at, :last] = np.minimum(first[at, :last], np.log((found + SLIP * shared + 0.1) / known))
    return table


def _namesakes(pairs: Compared, posterior: Floats, rarity: Rarity, share: float) -> float:
    """Strangers of one name among the pairs (a `share` of all), against what the names' own frequencies would give.

    Counted over the names of which blocking finds every pair.
    """
    counted = rarity.few_of_name
    alike = _named_alike(pairs) & counted[pairs.left] & counted[pairs.right]
    found = float(posterior[alike].sum()) / share
    partners = rarity.of["given"][counted] * rarity.of["family"][counted] * len(counted)
    expected = float(partners.sum()) / 2
    return math.log(min(max((found + 40) / (expected + 10), 1.0), 50.0))


def _weights(pairs: Compared, posterior: Floats, first: Floats, seen: float) -> Floats:
    """Log frequencies of the levels, each pair counting by its posterior, the first ones as `seen` pairs."""
    table = np.zeros_like(first)
    for at, comparison in enumerate(ALL):
        count = len(comparison.levels)
        level = pairs.levels[:, at]
        told = level >= 0
        found = np.bincount(level[told], weights=posterior[told], minlength=count)
        mixed = found + seen * np.exp(first[at, :count])
        table[at, :count] = np.log(mixed / mixed.sum())
    return table
