"""What makes two words look or sound alike, and how far a word is from what was typed."""

import re
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

# Longer words are not led to by what they are lacking one letter: threes of letters are enough there.
LONG = 20
_MISSING = "-"
_SOUND = "~"
_EDGE = "_"

# What sounds the same, or nearly, in the languages of our customers: several letters, then single ones.
_TOGETHER = {
    together: heard
    for heard, some in {
        "s": "szcz tsch sch sz sh cz ch tz ts ks dz", "f": "ph", "k": "ck kh", "t": "th dt",
        "e": "ae ee ea", "o": "oe oo ou", "u": "ue uu", "i": "ie ii",
    }.items()
    for together in some.split()
}  # fmt: skip
_TOGETHER.update(ce="se", ci="si", cy="si")
_TOGETHER_PATTERN = re.compile("|".join(sorted(_TOGETHER, key=len, reverse=True)))
_ALONE = str.maketrans("vwzxqcgdbyj", "ffsskkktpii")
_NOT_HEARD = re.compile(r"(?<=.)h|(.)(?=\1)")


_NEIGHBOURS = {
    frozenset(pair) for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm") for pair in pairwise(row)
} | {
    frozenset(pair)
    for pair in ("aq", "az", "sw", "sx", "de", "dc", "fr", "fv", "gt", "gb", "hy", "hn", "ju", "jm")
}


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """The word as it is heard, roughly: Schmidt and Szmit are the same."""
    heard = _TOGETHER_PATTERN.sub(lambda found: _TOGETHER[found.group()], word)
    return _NOT_HEARD.sub("", heard.translate(_ALONE))


def shorter(word: str) -> set[str]:
    """The word with each of its letters missing in turn."""
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def threes(word: str) -> set[str]:
    """Every three letters in a row."""
    return {word[place : place + 3] for place in range(len(word) - 2)}


def edges(word: str) -> set[str]:
    """Every three letters in a row, with the word's start and end."""
    return threes(f"{_EDGE}{word}{_EDGE}")


def clues(word: str) -> set[str]:
    """What leads to this word in the index: its threes of letters, its sound, and what is left of it without a letter."""
    found = edges(word)
    found.add(_SOUND + sound(word))
    if len(word) < LONG:
        found.update(_MISSING + rest for rest in shorter(word))
    return found


def likely_clues(word: str) -> set[str]:
    """The clues that lead straight to words that sound like `word` or differ by one letter from it."""
    found = {_SOUND + sound(word)}
    if len(word) <= LONG:
        found.add(_MISSING + word)
        found.update(_MISSING + rest for rest in shorter(word))
    return found


def tolerance(word: str) -> int:
    """How many slips are forgiven in a word of this length."""
    return 0 if len(word) < 3 else 1 if len(word) < 5 else 2 if len(word) < 11 else 3


def slips(typed: str, word: str) -> float | None:
    """How far `word` is from what was typed, in slips; None when it is too far to be meant.

    Counted by optimal string alignment; letters exchanged, doubled or next to one another on the keyboard, and what sounds
    the same, count less than a whole slip, and a wrong first letter counts more.
    """
    most = tolerance(typed)
    alike = sound(typed) == sound(word)
    distance = OSA.distance(typed, word, score_cutoff=most)
    if distance > most:
        return 1.5 if alike and distance <= most + 2 else None
    cost = float(distance)
    if alike:
        cost = min(cost, 1.0) - 0.3
    elif distance == 1:
        cost -= _likely(typed, word)
    if typed[:1] != word[:1] and not alike:
        cost += 0.2
    return cost


def _likely(typed: str, word: str) -> float:
    """What is taken off for a single slip that is easily made."""
    if len(typed) == len(word):
        wrong = [(a, b) for a, b in zip(typed, word, strict=True) if a != b]
        if len(wrong) == 2:
            return 0.3  # exchanged
        return 0.15 if frozenset(wrong[0]) in _NEIGHBOURS else 0.0
    return 0.2 if re.sub(r"(.)\1", r"\1", typed) == re.sub(r"(.)\1", r"\1", word) else 0.1
