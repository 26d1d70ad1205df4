"""Names of Asia: the father's name behind bin or a/l, the family name before the given ones."""

from typing import NamedTuple

from kartoteka.standard.letters import fold
from kartoteka.standard.lore import given_names, leaning
from kartoteka.standard.name_words import PATRONYMS, SHORT_PATRONYMS
from kartoteka.standard.wordlists import words

CHINESE_WORLD = frozenset({"MY", "SG", "CN", "TW", "HK", "PH", "ID", "BN"})
FAMILY_FIRST = frozenset({"CN", "TW", "HK", "VN", "KR", "HU"})
_MALAY_WORLD = frozenset({"MY", "SG", "BN", "ID"})
_CHILD = {"lelaki": "a/l", "perempuan": "a/p"}  # "anak lelaki" spelled out
_HOUSES = words("name order malay houses")
_MALAY_DOUBLES = words("name order malay doubles")
SURNAMES = words("name order chinese surnames")
_SYLLABLES = words("name order syllables")
# of the surnames these are oftener a part of the given name: "Wei Ming Tan"
_OFTENER_GIVEN = words("name order oftener given")
VIETNAMESE = words("name order vietnamese")
_VIETNAMESE_MIDDLE = words("name order vietnamese middle")

Split = tuple[list[str], list[str], str]  # given words, family words with their particle, the particle


class Typed(NamedTuple):
    """The words of one person's name as typed, folded, and what is known of where they come from."""

    words: list[str]
    keys: list[str]
    country: str
    languages: tuple[str, ...]

    def lean(self, at: int) -> float:
        """How the word at this place leans (see lore.leaning)."""
        return leaning(self.keys[at], self.languages)


def by_father(typed: Typed) -> Split | None:
    """Names with a father's name: "Siti binti Tarudin", "Muthu a/l Raman"."""
    malay = typed.country in _MALAY_WORLD or typed.languages[:1] == ("ms",)
    for at in range(len(typed.words) - 1):
        low = typed.words[at].lower().rstrip(".")
        mark = PATRONYMS.get(low)
        if mark is None or (low in SHORT_PATRONYMS and (at == 0 or not malay)):
            continue
        if low == "anak" and at + 2 < len(typed.words) and (spelled := _CHILD.get(typed.keys[at + 1])):
            return typed.words[:at], [spelled, *typed.words[at + 2 :]], spelled
        sign = "binti" if low == "bte" and typed.country != "SG" else mark[0]
        return typed.words[:at], [sign, *typed.words[at + 1 :]], sign
    return None


def by_house(typed: Typed) -> Split | None:
    """A Malay father's name without bin, told by the word that opens it: "Wan Azizah Wan Ismail", "Nor Aini Mohd
    Yusof"."""
    keys = typed.keys
    if typed.country not in _MALAY_WORLD or len(keys) < 4:
        return None
    for at in range(2, len(keys) - 1):
        if keys[at] in _HOUSES and (keys[at] == keys[0] or keys[0] not in SURNAMES):
            return typed.words[:at], typed.words[at:], ""
    return None


def vietnamese(typed: Typed) -> Split | None:
    """ "Nguyen Van Anh": known by the middle name."""
    keys = typed.keys
    if len(keys) > 2 and keys[0] in VIETNAMESE and keys[1] in _VIETNAMESE_MIDDLE:
        return typed.words[1:], typed.words[:1], ""
    return None


def malay_double(typed: Typed) -> Split | None:
    """ "Nurul Huda", "Abdul Rahman": one given name of two words, no family name."""
    if len(typed.words) != 2 or typed.keys[0] not in _MALAY_DOUBLES:
        return None
    if typed.country in _MALAY_WORLD or (typed.languages[:1] == ("ms",) and _is_only_malay(typed.keys[0])):
        return typed.words, [], ""
    return None


def _is_only_malay(key: str) -> bool:
    known = given_names().get(key)
    return known is not None and known.sexes.keys() <= {"ms"}


def chinese(typed: Typed) -> Split | None:
    """ "Tan Wei Ming", "Wei Ming Tan", "Michelle Tan Wei Ling"; wherever the family name stands first."""
    words, keys = typed.words, typed.keys
    if (
        keys[0] in _OFTENER_GIVEN
        and keys[-1] in SURNAMES - _OFTENER_GIVEN
        and typed.country not in FAMILY_FIRST
    ):
        return words[:-1], words[-1:], ""
    if _family_stands_first(typed):
        return words[1:], words[:1], ""
    at_home = typed.country in CHINESE_WORLD or typed.languages[:1] == ("zh",)
    for at in range(1, len(words) - (1 if at_home else 2)):
        rest = keys[at + 1 :]
        given = _all_syllables(rest) or (
            at_home and len(rest) == 2 and not any(leaning(key, ()) for key in rest)
        )
        if keys[at] in SURNAMES and typed.lean(0) > 0 and given:
            return words[:at] + words[at + 1 :], [words[at]], ""
    return None


def _all_syllables(keys: list[str]) -> bool:
    return all(part in _SYLLABLES for key in keys for part in key.split())


def _family_stands_first(typed: Typed) -> bool:
    keys, country = typed.keys, typed.country
    first = keys[0] in SURNAMES
    count = sum(len(key.split()) for key in keys)
    if first and count > 2 and _all_syllables(keys[1:]):
        return True
    if country in FAMILY_FIRST:
        return (first or typed.lean(0) <= 0) and typed.lean(-1) > -2
    if not first or country == "PH" or (country not in CHINESE_WORLD and typed.languages[:1] != ("zh",)):
        return False
    if count == 2:
        return keys[1] in _SYLLABLES
    return len(keys) > 2 and keys[-1] not in SURNAMES


def chinese_order(name: list[str], country: str, languages: tuple[str, ...]) -> Split | None:
    """Given names and family name of a full Chinese name of three words or more, None if it is none."""
    if len(name) < 3:
        return None
    return chinese(Typed(name, [fold(word) for word in name], country, languages))


def chinese_given_first(given: list[str], family: list[str]) -> bool:
    """Whether these are plainly the given names and the family name of one Chinese name: "Wei Ming" and "Tan"."""
    keys = [fold(word) for word in given]
    return (
        len(keys) > 1
        and len(family) == 1
        and fold(family[0]) in SURNAMES
        and _all_syllables(keys)
        and keys[0] not in SURNAMES - _OFTENER_GIVEN
    )


def reads_family_first(
    name: list[str], family: list[str], given: list[str], country: str, languages: tuple[str, ...]
) -> bool:
    """Whether its bearer writes the family name before (some of) the given names: "Tan Wei Ming"."""
    if name[-1] == family[-1]:
        return False
    if country in FAMILY_FIRST or languages[:1] == ("zh",):
        return True
    key = fold(family[0])
    if key in VIETNAMESE and fold(name[1]) in _VIETNAMESE_MIDDLE:
        return True
    if key not in SURNAMES or (country and country not in CHINESE_WORLD):
        return False
    last = given_names().get(fold(given[-1])) if given else None
    western = last is not None and "zh" not in last.sexes and len(given) == 1
    return not western and (bool(country) or _all_syllables([fold(word) for word in given[1:]]))
