"""Where a name is at home: what the words of a name say of the country, for files that hold customers of several."""

from collections.abc import Collection, Iterable
from functools import lru_cache

from kartoteka.standard.lore import SPOKEN, given_names, surnames
from kartoteka.standard.names import fold

_VOICE = 0.3
# Words between names that only one country's people use.
_MARKS = {"bin": "ms", "binti": "ms", "bt": "ms", "a/l": "ta", "a/p": "ta", "dela": "ph", "ng": "ph"}


@lru_cache(maxsize=50_000)
def _languages(word: str) -> frozenset[str]:
    """The languages in whose lists of names a word stands."""
    if mark := _MARKS.get(word.casefold()):
        return frozenset({mark})
    key = fold(word)
    surname, given = surnames().get(key), given_names().get(key)
    found = surname.languages if surname else frozenset()
    return found | frozenset(given.sexes) if given else found


def name_voices(texts: Iterable[str], homes: Collection[str]) -> dict[str, float]:
    """How strongly the words of a name speak for each of the countries `homes` (ISO alpha-2).

    A word that is at home in all of them, or in none, says nothing.
    """
    voices: dict[str, float] = {}
    for text in texts:
        for word in text.replace(",", " ").split():
            languages = _languages(word)
            at_home = [home for home in homes if languages.intersection(SPOKEN.get(home, ()))]
            if at_home and len(at_home) < len(homes):
                for home in at_home:
                    voices[home] = voices.get(home, 0.0) + _VOICE / len(at_home)
    return voices
