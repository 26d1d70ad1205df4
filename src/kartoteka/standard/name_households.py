"""Several people of one home in one field: "Mr & Mrs Smith", "Jan i Anna Kowalscy", "The Smith family"."""

import re

from kartoteka.standard.letters import fold, name_capitals, oddly_cased
from kartoteka.standard.lore import given_names, languages_of, leaning, surnames
from kartoteka.standard.name_kinds import ORDINARY, is_household
from kartoteka.standard.name_order import in_order
from kartoteka.standard.name_words import FAMILY_AFTER, FAMILY_BEFORE, OPENERS, PARTICLES, TITLES
from kartoteka.standard.wordlists import words as words_of

_TIED = re.compile(
    r"(?<!\bvon)\s+(?:&|\+|and|i|und|en|ja|dan|at|et|y|oraz|sowie|och|og|e|u\.)\s+|\s*[&+]\s*", re.I
)
# "John Smith & family", "Jan Kowalski i żona"
_RELATIONS = words_of("name households relations")

Together = tuple[str, str, str, str]  # display, title, given, family


_TIES = frozenset({"and", "i", "und", "en", "ja", "dan", "oraz", "sowie"})
SIGNS = words_of("name households signs") | FAMILY_BEFORE | FAMILY_AFTER


def may_be_household(text: str, words: list[str]) -> bool:
    """A cheap look (words: the folded words of the text) whether `household` is worth asking."""
    short = len(words) == 1 or (len(words) == 2 and words[0] in ("p", "pp"))
    return "&" in text or "+" in text or not SIGNS.isdisjoint(words) or (short and is_household(words))


def household(text: str, country: str, language: str) -> Together | None:
    """The household's display text, titles, given names, family name; None for one person or a firm."""
    family, comma, opening = text.partition(", ")
    if comma and _means_several(fold(opening).split()):
        text = f"{opening} {family}"  # out of two columns: "Nowak, Fam.", "Smith, Mr & Mrs"
    keys = fold(text).split()
    if not keys:
        return None
    languages = languages_of(country, language)
    tied = _TIED.search(text)
    if alone := _before_relations(text, keys, tied):
        return (text, "", *_split(alone, country, languages))
    if is_household(keys):
        rest = text.partition(" ")[2]
        inside = household(rest, country, language) if tied and keys[0] in FAMILY_BEFORE else None
        return (_shown(text), *inside[1:]) if inside else _of_one_name(text)
    if tied is None:
        return None
    left, right = text[: tied.start()].strip(" ,"), text[tied.end() :].strip(" ,")
    before, after = fold(left).split(), fold(right).split()
    if not before or not after:
        return None
    two_surnames = (  # of one: "Rosario y Mendoza, Ana", "Macario Sakay y de Leon"
        "," in right and "," not in left if len(before) == 1 else after[0] in OPENERS
    )
    if two_surnames and fold(tied[0]) in ("y", "i", "e"):
        return None
    are_two = _are_two(before, after, "," in left)
    return _of_two(left, tied[0].strip(), right, country, languages) if are_two else None


def _before_relations(text: str, keys: list[str], tied: re.Match[str] | None) -> list[str]:
    """The words of the one who is named where the others are only told of: "John Smith & family", "Jan Kowalski z żoną"."""
    if tied and tied.start() and _RELATIONS.issuperset(fold(text[tied.end() :]).split()):
        return text[: tied.start()].strip(" ,").split()
    if len(keys) > 2 and keys[-2] in ("z", "with", "mit", "met") and keys[-1] in _RELATIONS:
        return text.split()[:-2]
    return []


def _means_several(keys: list[str]) -> bool:
    """Whether the words behind a surname and a comma say only that it is a family's or a couple's."""
    if len(keys) == 1:
        return keys[0] in FAMILY_BEFORE or keys[0] in FAMILY_AFTER
    return (
        len(keys) in (2, 3)
        and _is_title(keys[0])
        and _is_title(keys[-1])
        and (len(keys) == 2 or keys[1] in _TIES)
    )


def _is_title(key: str) -> bool:
    return key in TITLES and len(key) > 1


def _are_two(before: list[str], after: list[str], comma: bool) -> bool:
    """Whether both sides name a person: by a title, a given name, or initials beside a surname."""
    if _names_someone(before, comma) and _names_someone(after, False):
        return True
    if len(before) == 1 and len(after) == 2 and after[1] in surnames():
        strange = ORDINARY | surnames().keys()
        return before[0] not in strange and after[0] not in strange  # "Gerrie & Ansie Loubser"
    if len(after) > 1 and len(before) == 1 and len(before[0]) <= 2 and len(after[0]) <= 2:
        return leaning(after[-1], ()) <= 0  # "J & M Smith"
    return (
        len(before) > 1 and len(before[-1]) == 1 and len(after) == 1 and len(after[0]) == 1
    )  # "Smith J & M"


def _names_someone(keys: list[str], comma: bool) -> bool:
    known = given_names()
    return (
        _is_title(keys[0])
        or keys[0] in known
        or (len(keys) > 1 and keys[-1] in known)
        or (comma and keys[-1] in known)
    )


def _of_one_name(text: str) -> Together:
    words = [word.strip(",") for word in text.split()]
    dropped = FAMILY_BEFORE | FAMILY_AFTER | {"the", "of", "die"}
    kept = [word for word in words if fold(word) not in dropped]
    _title, kept = _title_apart(kept) if len(kept) > 1 else ("", kept)
    given, family = _split(kept, "", ()) if len(kept) > 1 else ("", " ".join(_family(kept)))
    if fold(words[0]) in ("the", "die") and len(words) == 2 and fold(family)[:-1] in surnames():
        family = family[:-1]
    elif fold(words[-1]) == "perhe":
        family = _nominative(family)
    elif fold(words[0]) == "rodzina":
        family = _polish_base(family)
    elif fold(words[-1]) == "family":
        family = re.sub(r"'s?$", "", family)
    return _shown(text), "", given, family


def _shown(text: str) -> str:
    return " ".join(map(_capitals, text.split())) if text.isupper() or text.islower() else text


def _nominative(genitive: str) -> str:
    """A Finnish surname out of its genitive: "Virtasen" gives "Virtanen"."""
    if genitive.endswith("sen"):
        return genitive[:-3] + "nen"
    return genitive[:-1] if genitive.endswith("n") and fold(genitive[:-1]) in surnames() else genitive


def _polish_base(genitive: str) -> str:
    """A Polish surname out of its genitive plural: "Kowalskich" gives "Kowalski", "Nowaków" gives "Nowak"."""
    if genitive.endswith(("skich", "ckich", "dzkich")):
        return genitive[:-2]
    return genitive[:-2] if genitive.endswith("ów") and fold(genitive[:-2]) in surnames() else genitive


def _of_two(left: str, tie: str, right: str, country: str, languages: tuple[str, ...]) -> Together:
    family_before = ""
    if "," in left:
        family_text, _, left = left.partition(",")
        family_before = " ".join(_family(family_text.split()))
    first_title, one = _title_apart(left.split())
    second_title, two = _title_apart(right.split())
    if family_before:
        first, second, families = _all(one), _all(two), [family_before]
    elif first_title and second_title and len(one) + len(two) == 1:
        first, second, families = "", "", [_all(one + two)]  # "Herr und Frau Bartels"
    else:
        first, first_family = _split(one, country, languages)
        second, second_family = _split(two, country, languages)
        families = list(dict.fromkeys(filter(None, (first_family, second_family))))
    given = f"{first} {tie} {second}" if first and second else first or second
    title = (
        f"{first_title} {tie} {second_title}" if first_title and second_title else first_title or second_title
    )
    shown = _shown(f"{left} {tie} {right} {family_before}".strip())
    return shown, title, given, families[0] if len(families) == 1 else ""


def _title_apart(words: list[str]) -> tuple[str, list[str]]:
    at = 0
    while at < len(words) and _is_title(fold(words[at])):
        at += 1
    return _all(words[:at]), words[at:]


def _split(words: list[str], country: str, languages: tuple[str, ...]) -> tuple[str, str]:
    """Given and family name of one side; a single word is a given name unless it is known as a surname
    only."""
    if len(words) == 1:
        known = leaning(fold(words[0]), languages) < 0
        return ("", _capitals(words[0])) if known else (_all(words), "")
    given, family, _ = in_order(words, country, languages) if words else ([], [], "")
    return _all(given), " ".join(_family(family))


def _all(words: list[str]) -> str:
    return " ".join(map(_capitals, words))


def _family(words: list[str]) -> list[str]:
    """The words of a family name: a particle that opens it small, the rest with capitals."""
    opens = len(words) > 1 and words[0].lower() in OPENERS
    return [
        word.lower() if opens and word.lower() in PARTICLES and at < len(words) - 1 else _capitals(word)
        for at, word in enumerate(words)
    ]


def _capitals(word: str) -> str:
    return name_capitals(word) if oddly_cased(word) and len(word) > 1 else word
