"""What can be asked for: numbers here, words in guessing.py."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from .lookup import Either, Every, Has, Test
from .words import DAY, LONGEST, START, TAIL

# How wide a term is taken: as typed, or by the same name's other form; as a beginning; with one slip or by its sound; as a
# part of a word; with any slip forgiven.
TYPED, BEGUN, LIKELY, INSIDE, WIDEST = range(5)
_MANY = 100_000  # customers may have a short number


class Term(ABC):
    """One thing that was asked for."""

    @abstractmethod
    def test(self, width: int, *, best: bool = False) -> Test | None:
        """What a customer must have to answer it at this width; None when nobody can.

        best: only what was most likely meant.
        """

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
        # Up to three digits are rather a number of a house than the end of a phone number.
        short = len(digits) < 4
        ways = {Has(digits): 1.0 if short else 0.9} if alone or len(digits) <= 10 else {}
        if len(digits) > 2:
            bare = digits.lstrip("0")
            ways[Has(TAIL + digits[::-1], begins=True)] = 0.8 if short else 1.0
            if len(bare) > 5:
                ways[Has(TAIL + bare[::-1], begins=True)] = 1.0
            if len(bare) > 2:
                ways[Has(START + bare, begins=True)] = 0.95
        if len(digits) > 3 and alone:
            ways[Has(digits, begins=True)] = 0.7
        return ways

    def test(self, width: int, *, best: bool = False) -> Test | None:  # noqa: ARG002 - a number is taken as it is
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
