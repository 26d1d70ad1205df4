"""What was typed, as terms: words to be corrected, and numbers to be read as phones, dates or plain numbers."""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import cached_property

from kartoteka.kit.ids import read_card

from . import lookup, spelling
from .lookup import Either, Every, Has, Test
from .words import DAY, LONGEST, MADE, START, TAIL, is_number, words

MOST_TERMS = 8
# How wide a term is taken: as typed; as a beginning; with one slip or by its sound; as a part, or with any slip forgiven.
TYPED, BEGUN, LIKELY, WIDEST = range(4)
_BEGUN_MOST, _SLIPPED_MOST, _ALIKE_MOST = 30, 24, 150
_MANY = 100_000  # customers may have a short number
_LEAST = 3  # letters of a word that is corrected

_EMAIL = re.compile(r"(\S+@[^\s@]+)\.[a-z]{2,}\b")
_SITE = re.compile(r"\b(?:https?://)?www\.(\S+?)\.[a-z]{2,}\b")
_RUN = re.compile(r"\+?\d+(?:[\s\-./()]{0,3}\d+)*")


class Term(ABC):
    """One thing that was asked for."""

    @abstractmethod
    def test(self, width: int) -> Test | None:
        """What a customer must have to answer it at this width; None when nobody can."""

    @abstractmethod
    def quality(self, names: Sequence[str], others: Sequence[str]) -> tuple[float, list[str]]:
        """How well a customer's words answer it, 0 to 1, and with which words."""

    @property
    @abstractmethod
    def count(self) -> int:
        """About how many customers have what was most likely meant."""

    @abstractmethod
    def at_most(self, width: int) -> int:
        """About how many customers can answer it at this width."""

    unknown = False  # whether it was found neither as typed nor as a beginning


class Word(Term):
    """A word, maybe begun, misspelt or a part of one."""

    OTHERS = 0.8  # what a word outside the name counts

    def __init__(self, typed: str, *, last: bool) -> None:
        self.typed = typed
        self.last = last
        self._counts: dict[str, int] = {}
        self._known: dict[str, float] = {}  # all that was looked up so far

    @cached_property
    def _exact(self) -> dict[str, float]:
        self._counts |= lookup.counted([self.typed])
        return self._learn({self.typed: 1.0, MADE + self.typed: 0.95})

    def _learn(self, found: dict[str, float]) -> dict[str, float]:
        self._known |= found
        return found

    @cached_property
    def _begun(self) -> dict[str, float]:
        if len(self.typed) < (2 if self.last else 3):
            return {}
        found = lookup.beginning(self.typed, most=_BEGUN_MOST)
        self._counts |= found
        sure = 0.95 if self.last else 0.85
        return self._learn({word: sure * (0.8 + 0.2 * len(self.typed) / len(word)) for word in found})

    @cached_property
    def _likely(self) -> dict[str, float]:
        """What sounds like it, or is one slip away."""
        if len(self.typed) < _LEAST:
            return {}
        return self._best_of(lookup.led_to(spelling.likely_clues(self.typed)) | spelling.shorter(self.typed))

    @cached_property
    def _alike(self) -> dict[str, float]:
        """What has it in its middle, or looks like it with more slips."""
        if len(self.typed) < _LEAST:
            return {}
        around = sorted(spelling.edges(self.typed))
        least = max(1 + (len(around) > 3), len(around) - 3 * spelling.tolerance(self.typed))
        return self._best_of(lookup.sharing(around, least=least, part=self.typed, most=_ALIKE_MOST))

    def _best_of(self, words: Iterable[str]) -> dict[str, float]:
        """Those of the words that are in the index and near enough: the best and commonest."""
        found: dict[str, float] = {}
        for word in words:
            if word in self._known:
                continue
            if self.typed in word:
                found[word] = 0.72 * (0.8 + 0.2 * len(self.typed) / len(word))
            elif (cost := spelling.slips(self.typed, word)) is not None:
                found[word] = 0.8 - 0.2 * cost
        counts = lookup.counted(found)
        best = sorted(counts, key=lambda word: (-round(found[word], 3), -counts[word], word))[:_SLIPPED_MOST]
        self._counts |= {word: counts[word] for word in best}
        return self._learn({word: found[word] for word in best})

    def _words(self, width: int) -> dict[str, float]:
        found = dict(self._exact)
        if width >= BEGUN:
            found |= self._begun
        if width >= LIKELY:
            found |= self._likely
        if width >= WIDEST:
            found |= self._alike
        return found

    @property
    def unknown(self) -> bool:  # type: ignore[override]
        return self.typed not in self._counts and not self._begun

    def test(self, width: int) -> Test | None:
        found = self._words(width)
        return Either(tuple(map(Has, found))) if found else None

    def quality(self, names: Sequence[str], others: Sequence[str]) -> tuple[float, list[str]]:
        best, how = 0.0, []
        known = self._known
        for some, counts in ((names, 1.0), (others, self.OTHERS)):
            for word in some:
                if (quality := known.get(word, 0.0) * counts) > best:
                    best, how = quality, [word]
        return best, how

    @property
    def count(self) -> int:
        best = max(
            self._counts, key=lambda word: (self._known.get(word, 0.0), self._counts[word]), default=""
        )
        return self._counts.get(best, 0)

    def at_most(self, width: int) -> int:
        return sum(self._counts.get(word, 0) for word in self._words(width))


class Number(Term):
    """Digits in one or more groups: an end or a beginning of a phone number, a date, a postcode, a house number."""

    count = 1  # numbers tell customers apart

    def __init__(self, groups: Sequence[str]) -> None:
        self.groups = [group[:LONGEST] for group in groups]
        self._whole = self._ways("".join(self.groups), alone=len(self.groups) == 1)
        self._whole.update(dict.fromkeys((Has(DAY + day) for day in _days(self.groups)), 1.0))

    @staticmethod
    def _ways(digits: str, *, alone: bool) -> dict[Has, float]:
        """How these digits can stand in the index, and what each way is worth."""
        ways = {Has(digits): 0.9} if alone or len(digits) <= 10 else {}
        if len(digits) > 2:
            bare = digits.lstrip("0")
            ways[Has(TAIL + digits[::-1], begins=True)] = 1.0
            if len(bare) > 5:
                ways[Has(TAIL + bare[::-1], begins=True)] = 1.0
            if len(bare) > 2:
                ways[Has(START + bare, begins=True)] = 0.95
        if len(digits) > 3 and alone:
            ways[Has(digits, begins=True)] = 0.7
        return ways

    def test(self, width: int) -> Test | None:  # noqa: ARG002 - a number is taken as it is
        whole = Either(tuple(self._whole))
        if len(self.groups) == 1:
            return whole
        parts = tuple(Either(tuple(self._ways(group, alone=True))) for group in self.groups)
        return Either((whole, Every(parts)))

    def at_most(self, width: int) -> int:  # noqa: ARG002 - as above
        return 1 if sum(map(len, self.groups)) > 3 else _MANY

    def quality(self, names: Sequence[str], others: Sequence[str]) -> tuple[float, list[str]]:
        best = _best(self._whole, (*names, *others))
        if len(self.groups) == 1 or best[0] >= 0.9:
            return best
        parts = [_best(self._ways(group, alone=True), (*names, *others)) for group in self.groups]
        if all(quality for quality, _how in parts):
            together = 0.9 * sum(quality for quality, _how in parts) / len(parts)
            return max(best, (together, [word for _quality, how in parts for word in how]))
        return best


def _best(ways: dict[Has, float], among: Iterable[str]) -> tuple[float, list[str]]:
    best: tuple[float, list[str]] = (0.0, [])
    for word in among:
        for way, quality in ways.items():
            if quality > best[0] and (word.startswith(way.word) if way.begins else word == way.word):
                best = (quality, [word])
    return best


def _days(groups: Sequence[str]) -> list[str]:
    """The days that groups of digits can mean: 3 4 1985 and 1985 04 03 with the year, 3 4 without."""
    match [len(group) for group in groups]:
        case [8]:
            text = groups[0]
            return [text, text[4:] + text[2:4] + text[:2]]
        case [4, _, _]:
            year, *days = groups
            orders = [days]
        case [_, _, 4]:
            *days, year = groups
            orders = [days, days[::-1]]
        case [1 | 2, 1 | 2]:
            year, orders = "", [list(groups), list(groups)[::-1]]
        case _:
            return []
    possible = [(int(month), int(day)) for month, day in orders]
    return [f"{year}{month:02}{day:02}" for month, day in possible if 1 <= month <= 12 and 1 <= day <= 31]


def cards_in(text: str) -> list[str]:
    """The card numbers that the text holds: as a whole, or a word of it."""
    return list(dict.fromkeys(filter(None, map(read_card, (text, *text.split())))))


def terms_in(text: str) -> list[Term]:
    """What is asked for, in the order typed; a letter alone is left out beside longer words."""
    plain = _SITE.sub(r" \1 ", _EMAIL.sub(r" \1 ", unicodedata.normalize("NFKC", text).lower()))
    terms: list[Term] = []
    place = 0
    ended = not plain[-1:].isspace()
    for run in _RUN.finditer(plain):
        terms += _words_in(plain[place : run.start()], last=False)
        terms.append(Number(words(run.group())))
        place = run.end()
    terms += _words_in(plain[place:], last=ended)
    long = [term for term in terms if isinstance(term, Number) or len(term.typed) > 1]  # type: ignore[attr-defined]
    return (long or terms)[:MOST_TERMS]


def _words_in(text: str, *, last: bool) -> list[Word]:
    found = [word for word in words(text) if not is_number(word)]
    return [Word(word, last=last and place == len(found) - 1) for place, word in enumerate(found)]
