"""Two of one name in one home: father and son, or anybody of whom a Jr or Sr says that there is another.

Where the base is known to hold two such, their name and home no longer speak for one person. What is said of
either counts only by what tells the two apart: birth, suffix, e-mail, a phone of one's own. A row that has
nothing of the kind is a doubt, whoever it is likest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .compare import Compared
from .comparisons import (
    ADDRESS,
    BIRTH,
    BIRTH_PART,
    EMAIL,
    FAMILY,
    FIRM,
    GIVEN,
    IDS,
    PHONE,
    SOURCE,
    SUFFIX,
    TOLD,
    at_words,
    place,
)
from .model import Floats, Model

Bools = NDArray[np.bool_]

_GIVEN, _FAMILY, _FIRM, _BIRTH, _SUFFIX = (place(each) for each in (GIVEN, FAMILY, FIRM, BIRTH, SUFFIX))
_ALIKE = at_words(GIVEN, "same_given", "diminutive", "close_given")
_ALIKE_FAMILY = [-1, *at_words(FAMILY, "same_family", "close_family")]
_SHARED = (
    (place(ADDRESS), at_words(ADDRESS, "same_door", "same_house", "same_street")),
    (place(PHONE), at_words(PHONE, "same_phone", "phone_of_many")),
    (place(EMAIL), at_words(EMAIL, "same_own_email", "same_email", "email_of_many")),
)
_TWO_AGES = at_words(BIRTH, "birth_generation")

_OF_MANY = (
    (place(PHONE), at_words(PHONE, "phone_of_many")),
    (place(EMAIL), at_words(EMAIL, "email_of_many")),
)
_ONE_SOURCE = ((place(SOURCE), at_words(SOURCE, "same_source")),)
_TOLD_BY_EMAIL = ((place(TOLD), at_words(TOLD, "email_tells_name")),)
_A_GENERATION = ((_BIRTH, _TWO_AGES),)
_RESEMBLING = ((_FIRM, at_words(FIRM, "branch_of_firm", "part_of_firm", "abbreviated_firm", "firm_words")),)
_ONE_DOOR = ((place(ADDRESS), at_words(ADDRESS, "same_door", "same_house")),)

UNTOLD = 2.0
"""Odds (bits) at most of two who share nothing of their own where something could have told: father and son share all the
rest, and so do strangers of one name. Likewise of two firms of one town whose names only begin alike: a firm and its
branch, a holding and its daughter do as well. A doubt, not a join."""

SELDOM_TWICE = -1.0
"""The odds (bits) of one person against two of one home in one source, up to which sources seldom list anybody twice."""

STEPS = 2
"""From a customer known to have a namesake the knowledge goes on to those likely the same, so many times."""


def alike(pairs: Compared) -> Bools:
    """Where the given names agree, but for a slip, and the family names do not differ."""
    same: Bools = np.isin(pairs.levels[:, _GIVEN], _ALIKE) & np.isin(pairs.levels[:, _FAMILY], _ALIKE_FAMILY)
    return same


_PERSONAL = (
    (place(PHONE), at_words(PHONE, "same_phone", "phone_one_digit")),
    (place(EMAIL), at_words(EMAIL, "same_own_email", "same_email", "close_email")),
    (place(BIRTH), at_words(BIRTH, "same_birth", "birth_swapped", "birth_one_digit", "birth_same_day")),
    (place(BIRTH_PART), at_words(BIRTH_PART, "same_birthday", "same_birth_month")),
    (place(IDS), at_words(IDS, "same_registration", "registration_one_digit")),
)


def personal(pairs: Compared) -> Bools:
    """Where something agrees that is one person's own: a phone, an e-mail, a birth date, a number of identity."""
    return _any(pairs, _PERSONAL)


class Namesakes:
    """Who of a base has a namesake at home."""

    def __init__(
        self, model: Model, pairs: Compared, odds: Floats, *, suffixed: Bools, reached: Bools, women: Bools
    ) -> None:
        """`odds` are those of the pairs; `suffixed` tells of every customer whether a suffix stands in the name,
        `reached` whether a phone or an e-mail is known, `women` whether a woman is meant."""
        self._model, self._reached, self._women = model, reached, women
        named = alike(pairs)
        two = named & _any(pairs, _SHARED) & _told_to_be_two(pairs)
        self._has = suffixed.copy()
        self._has[pairs.left[two]] = self._has[pairs.right[two]] = True
        likely = np.flatnonzero(named & (odds > 0))
        for _ in range(STEPS):
            reached = self._has.copy()
            either = likely[self._has[pairs.left[likely]] | self._has[pairs.right[likely]]]
            reached[pairs.left[either]] = reached[pairs.right[either]] = True
            self._has = reached

    def among(self, pairs: Compared) -> Bools:
        """The pairs that may be two namesakes of one home."""
        found: Bools = alike(pairs) & (self._has[pairs.left] | self._has[pairs.right])
        return found

    def heeded(self, pairs: Compared, odds: Floats) -> Floats:
        """The odds of the pairs, of namesakes at most those by what tells them apart."""
        which = np.flatnonzero(self.among(pairs))
        heeded = odds.copy()
        heeded[which] = np.minimum(odds[which], self._model.odds_of_namesakes(pairs.at(which)))
        untold = self._untold_persons(pairs) | self._untold_firms(pairs)
        heeded[untold] = np.minimum(heeded[untold], UNTOLD)
        return heeded

    def _untold_persons(self, pairs: Compared) -> Bools:
        """Men who share nothing of their own, where a phone or an e-mail could have told, or where one source has both
        and sources seldom list anybody twice; anybody born a generation apart; anybody whose family name is told by an
        e-mail alone: emajewska is every Ewa, Ela and Edyta Majewska.

        A phone or an e-mail of several tells as well: were two of one name known under it, they would be `among`.
        """
        persons = pairs.levels[:, _FIRM] < 0
        men = persons & ~(self._women[pairs.left] | self._women[pairs.right])
        reached = (self._reached[pairs.left] | self._reached[pairs.right]) & ~_any(pairs, _OF_MANY)
        listed_both = _any(pairs, _ONE_SOURCE) & (self._model.odds_of_one_source() <= SELDOM_TWICE)
        two = men & (reached | listed_both) | persons & _any(pairs, _A_GENERATION + _TOLD_BY_EMAIL)
        return two & ~personal(pairs)

    def _untold_firms(self, pairs: Compared) -> Bools:
        """Firms whose names only resemble, with neither a door nor anything of their own in common."""
        return _any(pairs, _RESEMBLING) & ~_any(pairs, _ONE_DOOR) & ~personal(pairs)


def _any(pairs: Compared, agreeing: tuple[tuple[int, list[int]], ...]) -> Bools:
    found = np.zeros(len(pairs), np.bool_)
    for at, levels in agreeing:
        found |= np.isin(pairs.levels[:, at], levels)
    return found


def _told_to_be_two(pairs: Compared) -> Bools:
    """Born a generation apart, or one Jr and the other Sr."""
    two: Bools = np.isin(pairs.levels[:, _BIRTH], _TWO_AGES) | (pairs.levels[:, _SUFFIX] == 1)
    return two
