"""Whether a column of customer numbers can be trusted: the same key means the same customer, so a false one
joins strangers.
"""

import re
from collections.abc import Iterable

from kartoteka.intake.files.headings import fold

#: Written where there is no number; never a key, whoever has it.
PLACEHOLDERS = frozenset(
    ["0", "00", "000", "-", "--", "?", "n/a", "na", "none", "brak", "x", "guest", "test", "1111", "9999"]
)


def shared_keys(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """Of (key, who) pairs, the keys that stand beside people who differ, and placeholders such as "0".

    who: a name, or "" when not known. Names agree when they share a word: "J. Kowalska" and "Kowalska
    Janina".
    """
    named: dict[str, list[str]] = {}
    for key, who in pairs:
        named.setdefault(key, []).append(who)
    return {
        key
        for key, some in named.items()
        if key.casefold() in PLACEHOLDERS or (len(some) > 1 and _are_strangers(some))
    }


def _are_strangers(named: list[str]) -> bool:
    """Whether one of these names shares no word with those in front of it."""
    words: set[str] = set()
    for who in named:
        names = set(re.findall(r"\w{2,}", fold(who)))
        if names and words and not names & words:
            return True
        words |= names
    return False


def key_is_sound(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether a column may serve as key: hardly any of its (key, who) pairs share a key with somebody else.

    A few are borne, because those keys can be left out one by one (`shared_keys`); a tenth of the rows is a
    wrong column.
    """
    given = [(key, who) for key, who in pairs if key]
    spoilt = shared_keys(given)
    return bool(given) and sum(key in spoilt for key, _ in given) <= 0.1 * len(given)
