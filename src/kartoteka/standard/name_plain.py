"""Names that are nothing but given names and one family name, all of them known, and single words that are nothing but a
name: told without the long way.

Most names of a file are such. What is read here is read alike by the long way (a test compares), only slower.
"""

from functools import lru_cache

from kartoteka.standard.letters import fold, mended
from kartoteka.standard.lore import given_names, leaning
from kartoteka.standard.name_east import CHINESE_WORLD, FAMILY_FIRST, SURNAMES, VIETNAMESE
from kartoteka.standard.name_households import SIGNS
from kartoteka.standard.name_kinds import COMPANY_SIGNS, is_household, is_nobody, looks_like_company
from kartoteka.standard.name_words import (
    AFTER_NAME,
    AND,
    ASIDE,
    BINDERS,
    CARE_OF,
    FATHERS,
    NOBODY,
    OPENERS,
    PARTICLES,
    PATRONYMS,
    SUFFIXES,
    TITLE_MORE,
    TITLES,
)

# words that may say something beside the name; with one of them the long way is taken
_SAYING = frozenset(
    fold(word)
    for group in (
        *(AFTER_NAME, AND, ASIDE, CARE_OF, COMPANY_SIGNS, NOBODY, OPENERS, PARTICLES, PATRONYMS),
        *(SIGNS, SUFFIXES, TITLES, TITLE_MORE),
    )
    for word in group
)
_TELLING = _SAYING | frozenset(map(fold, BINDERS | SURNAMES | VIETNAMESE))
_ELSEWHERE = (CHINESE_WORLD - {"PH"}) | FAMILY_FIRST

Plain = tuple[list[str], str, str]  # given names and family name as typed, "upper" if all is in capitals


def plain(text: str, country: str, languages: tuple[str, ...]) -> Plain | None:
    """Given names and family name of "Jan Kowalski", "KOWALSKI, JAN PIOTR", "Kowalski Jan"; None for all else."""
    family_text, comma, given_text = text.partition(", ")
    words = [family_text, *given_text.split(" ")] if comma else text.split(" ")
    if not 2 <= len(words) <= 3 or country in _ELSEWHERE or languages[:1] == ("zh",):
        return None
    case = "upper" if text.isupper() else ""
    if not all(map(_is_plain, words)) or not (case or all(map(str.istitle, words))):
        return None
    if not _TELLING.isdisjoint(fold(text).split(" ")):
        return None
    lean = [leaning(fold(word), languages) for word in words]
    known = given_names()
    if comma:
        found = (words[1:], words[0]) if lean[0] < 1.5 and min(lean[1:]) >= 0.5 else None
    elif lean[0] >= 0.5 and (len(lean) == 2 or lean[1] >= 1) and lean[-1] <= 0:
        found = (words[:-1], words[-1])
    elif len(words) == 2 and lean[0] <= -1.5 and lean[1] >= 1.5:
        found = (words[1:], words[0])
    else:
        found = None
    return (*found, case) if found and fold(found[0][0]) in known else None


def is_plain_word(word: str) -> bool:
    """Whether a word (tidied) by itself is a name that needs no mending: "Kowalska", "Jan"."""
    key = fold(word)
    return (
        len(word) > 2
        and word.isalpha()
        and word.istitle()
        and key.isascii()
        and key.isalpha()
        and not word.startswith("Mc")
        and not key.startswith("vd")  # a shorthand for "van der"
        and key not in _TELLING
        and not is_nobody(word, key)
        and not is_household([key])
        and not looks_like_company(word, [key])
    )


@lru_cache(maxsize=65536)
def names_alone(text: str) -> tuple[str, ...]:
    """The words of a cell that are names and nothing else, each with its capital ("Anna-Liisa", "Hock Ming", "O'Neill");
    none if there is more in it."""
    words = tuple(text.split(" "))
    alone = (
        (text.isascii() or not mended(text))
        and all(map(_is_name, words))
        and _SAYING.isdisjoint(fold(text).split(" "))
    )
    return words if alone else ()


def _is_name(word: str) -> bool:
    if not word.istitle():
        return word[:2] == "Mc" and len(word) > 4 and word[2:].isalpha() and word[2:].istitle()
    letters = word.replace("-", "", 1).replace("'", "", 1)
    return len(letters) > 1 and letters.isalpha() and word[-1].islower() and word[:2] != "Mc"


@lru_cache(maxsize=65536)
def family_alone(text: str) -> tuple[str, str] | None:
    """A family name and its particle, of a cell that holds a name with small letters before it or none: "van der Merwe",
    "binti Rashid", "Kowalska"; None if there is more in it."""
    words = text.split(" ")
    at = next((at for at, word in enumerate(words) if not word.islower()), len(words))
    name, particle = names_alone(" ".join(words[at:])), " ".join(words[:at])
    if particle in FATHERS and name:
        return text, particle
    if (
        len(name) != 1
        or not all(word in PARTICLES for word in words[:at])
        or (at and words[0] not in OPENERS)
    ):
        return None
    return text, particle


def _is_plain(word: str) -> bool:
    """Letters alone, and perhaps one hyphen between two names."""
    if word.isalpha():
        return len(word) > 2 and not word.startswith(("Mc", "MC"))
    first, hyphen, second = word.partition("-")
    return bool(hyphen) and _is_plain(first) and second.isalpha() and _is_plain(second)
