"""Several people of one home in one field: "Mr & Mrs Smith", "Jan i Anna Kowalscy", "The Smith family"."""

import re

from kartoteka.standard.letters import fold, name_capitals, oddly_cased
from kartoteka.standard.lore import given_names, languages_of, surnames
from kartoteka.standard.name_kinds import is_household
from kartoteka.standard.name_order import family_with_particle, in_order
from kartoteka.standard.name_words import AND, FAMILY_AFTER, FAMILY_BEFORE, TITLES

_TIED = re.compile(
    r"\s+(?:" + "|".join(re.escape(word) for word in sorted(AND, key=len, reverse=True)) + r")\s+|\s*[&+]\s*",
    re.I,
)
_SMALL = re.compile(r"\s+(?:&|\+|and|i|und|en|ja|dan|at|et|y|oraz|sowie|och|og|e|u\.)\s+|\s*[&+]\s*", re.I)
_POSSESSIVE = re.compile(r"^(.+?)(?:sen|n)$")
_STRENGTH = re.compile(r"[^\W\d_]")

# "John Smith & family", "Jan Kowalski i żona"
_RELATIONS = frozenset(
    "family wife husband spouse partner kids children zona maz dzieci rodzina corka syn perhe vaimo mies lapset vrou man gesin kinders familie frau mann"
    " kinder asawa anak pamilya isteri suami keluarga his her the jego jej seine ihr sy haar gattin".split()
)

Together = tuple[str, str, str, str]  # display, title, given, family


def household(text: str, country: str, language: str) -> Together | None:
    """The household's display text, titles, given names and family name; None if the text is of one person or a firm."""
    words = text.replace(",", " , ").split()
    keys = [fold(word) for word in words if word != ","]
    if is_household(keys):
        return _of_one_name(text)
    tied = _SMALL.search(text)
    if tied is None:
        return None
    left, right = text[: tied.start()].strip(" ,"), text[tied.end() :].strip(" ,")
    if not left or not right or not _STRENGTH.search(left) or not _STRENGTH.search(right):
        return None
    before, after = fold(left).split(), fold(right).split()
    if not before or not after:
        return None
    languages = languages_of(country, language)
    if all(word in _RELATIONS for word in after):
        given, family, _ = in_order(left.split(), country, languages) if " " in left else ([], [left], "")
        return text, "", _all(given), " ".join(_family(family))
    if _is_title(before[-1]) and _is_title(after[0]):
        return _of_titles(left, tied[0], right, country, languages)
    if _names_someone(before, "," in left) and _names_someone(after, False):
        return _of_two(left, tied[0].strip(), right, country, languages)
    return None


def _is_title(key: str) -> bool:
    return key in TITLES and key not in ("e", "i")


def _names_someone(keys: list[str], comma: bool) -> bool:
    """Whether the words hold a given name where one is to be expected, or a title."""
    known = given_names()
    return (
        _is_title(keys[0])
        or keys[0] in known
        or (comma and keys[-1] in known)
        or (len(keys) > 1 and keys[-1] in known)
    )


def _of_one_name(text: str) -> Together:
    words = [word.strip(",") for word in text.split()]
    kept = [
        word for word in words if fold(word) not in FAMILY_BEFORE | FAMILY_AFTER | {"the", "of", "panstwo"}
    ]
    family = " ".join(_capitals(word) for word in kept)
    if fold(words[0]) == "the" and len(words) == 2 and fold(family)[:-1] in surnames():
        family = family[:-1]
    elif fold(words[-1]) in ("perhe",):
        family = _nominative(family)
    elif fold(words[-1]) in ("family",):
        family = re.sub(r"'s?$", "", family)
    shown = " ".join(map(_capitals, words)) if text.isupper() or text.islower() else " ".join(words)
    return shown, "", "", family


def _nominative(genitive: str) -> str:
    """A Finnish surname out of its genitive: "Virtasen" gives "Virtanen"."""
    if genitive.endswith("sen"):
        return genitive[:-3] + "nen"
    return genitive[:-1] if genitive.endswith("n") and fold(genitive[:-1]) in surnames() else genitive


def _of_titles(left: str, tie: str, right: str, country: str, languages: tuple[str, ...]) -> Together:
    words = right.split()
    count = 1
    while count < len(words) and _is_title(fold(words[count])):
        count += 1
    rest = words[count:]
    title = f"{_capitals(left)} {tie.strip()} {' '.join(map(_capitals, words[:count]))}"
    given, family, _ = in_order(rest, country, languages) if len(rest) > 1 else ([], rest, "")
    own = " ".join(_family(family))
    return (
        f"{title} {' '.join(map(_capitals, given))} {own}".replace("  ", " ").strip(),
        title,
        " ".join(map(_capitals, given)),
        own,
    )


def _of_two(left: str, tie: str, right: str, country: str, languages: tuple[str, ...]) -> Together:
    if "," in left:
        family_text, _, first = left.partition(",")
        family, _particle = family_with_particle(family_text.split())
        given = f"{_all(first.split())} {tie} {_all(right.split())}"
        return f"{given} {' '.join(_family(family))}", "", given, " ".join(_family(family))
    one, two = left.split(), right.split()
    first_given, first_family, _ = in_order(one, country, languages) if len(one) > 1 else (one, [], "")
    second_given, second_family, _ = in_order(two, country, languages) if len(two) > 1 else (two, [], "")
    if len(one) == 1 and len(two) == 1:
        second_given, second_family = two, []
    families = {
        fold(" ".join(part)): " ".join(_family(part)) for part in (first_family, second_family) if part
    }
    family_name = next(iter(families.values())) if len(families) == 1 else ""
    given = f"{_all(first_given)} {tie} {_all(second_given)}"
    return f"{_all(one)} {tie} {_all(two)}", "", given, family_name


def _all(words: list[str]) -> str:
    return " ".join(map(_capitals, words))


def _family(words: list[str]) -> list[str]:
    return [
        word if word.islower() and len(words) > 1 and word != words[-1] else _capitals(word) for word in words
    ]


def _capitals(word: str) -> str:
    return name_capitals(word) if oddly_cased(word) else word
