"""Names of persons: parts, order, capitals, titles; and who the name is of: a person, a company, a
household, nobody."""

import re
from functools import lru_cache
from typing import NamedTuple

from kartoteka.standard import name_kinds
from kartoteka.standard.companies import restored
from kartoteka.standard.letters import (
    fold,
    mended,
    name_capitals,
    oddly_cased,
    tidy,
    without_drawings,
)
from kartoteka.standard.lore import (
    language_told,
    languages_of,
    leaning,
    root_of,
    roots_of,
    same_given,
    sex_by_ending,
    sex_of,
    surnames,
)
from kartoteka.standard.name_affixes import Affixes, prepared
from kartoteka.standard.name_east import (
    CHINESE_WORLD,
    chinese_given_first,
    chinese_order,
    reads_family_first,
)
from kartoteka.standard.name_households import household, may_be_household
from kartoteka.standard.name_order import family_with_particle, given_behind_title, in_order
from kartoteka.standard.name_plain import family_alone, is_plain_word, names_alone, plain
from kartoteka.standard.name_titles import segments
from kartoteka.standard.name_words import (
    ASIDE,
    FAMILY_BEFORE,
    KEPT_ANYWHERE,
    KEPT_CAPITAL,
    PARTICLES,
    PATRONYMS,
)
from kartoteka.standard.outcome import Standard

__all__ = ["Name", "fold", "root_of", "roots_of", "same_given", "standardise"]

_ALL_GIVEN = frozenset({"ms", "zh", "ta"})  # there every name before the family name is the given name
_WORD = re.compile(r"[^\s,]+")
# words and single signs between letters, nothing else
_PLAIN = re.compile(r"[^\W\d_]+(?:(?:, |[ '-])[^\W\d_]+)*").fullmatch
_HAN = re.compile(r"[\u3400-\u9fff\uac00-\ud7af\u3040-\u30ff]")
_HAN_NAME = re.compile(r"[\u3400-\u9fff\uac00-\ud7af\u3040-\u30ff·・ ]{2,12}")
_HAN_DOUBLE = (
    "欧阳",
    "歐陽",
    "司马",
    "司馬",
    "上官",
    "诸葛",
    "諸葛",
    "司徒",
    "夏侯",
    "皇甫",
    "東方",
    "东方",
    "慕容",
    "令狐",
    "남궁",
    "황보",
    "선우",
)
_FEMALE_FAMILY = re.compile(r"(?:ska|cka|dzka|ská|cká|ová|овна|евна|ская|цкая|ова|ева|ина)$")
_MALE_FAMILY = re.compile(r"(?:ski|cki|dzki|ský|cký|ович|евич|ский|цкий)$")
_PATRONYMIC = re.compile(r"(?:ович|евич|ьич|овна|евна|ична)$")


class Name(NamedTuple):
    """A name in its parts.

    display: as its bearer writes it: own order (family first in Chinese), capitals restored, no title.
    given, middle: the first given name (all of them where, as in Malay or Chinese, they are one), and the
    others;
    in the Philippines the mother's name or its initial is the middle name.
    family: with its particle inside ("van der Merwe", "binti Tarudin"); particle: that alone.
    sex: "m", "f", or "" where neither title, language nor a known given name tells; always a guess.
    kind: "person", "company", "household" (several of one home), "none" (nobody is named).
    """

    display: str = ""
    title: str = ""
    given: str = ""
    middle: str = ""
    family: str = ""
    particle: str = ""
    suffix: str = ""
    nickname: str = ""
    sex: str = ""
    kind: str = "person"

    @property
    def all_given(self) -> str:
        """Given and middle names together: what a file with only "given" and "family" means by given."""
        return f"{self.given} {self.middle}".strip()


_NONE = Name(kind="none")
_LONGEST = 300  # characters: a field longer than this is a letter, not a name


def standardise(text: str, *, country: str = "", language: str = "") -> Standard[Name]:
    """A name as typed in one field, in its parts.

    country (ISO alpha-2) and language (ISO 639-1) of the customer or the file, where known, decide what
    two countries read differently: the order, the middle name, a title that elsewhere is a name, the sex of a given name.
    The value is never None; where nobody is named its kind is "none" and the problem "empty" or "invalid".
    Letters spoilt by a wrong encoding are kept, with the problem "mojibake" and the mended text as note.
    """
    if len(text) > _LONGEST:
        return Standard(_NONE, text, "invalid")
    bare = tidy(text)
    if not bare.isascii():
        bare = without_drawings(bare)
    if bare[:2] == '="' and bare[-1] == '"':
        bare = bare[2:-1].strip()  # a text that a spreadsheet was made to leave alone
    country, language = country.upper(), language.lower() or ("" if country else language_told(bare))
    if (bare.isascii() or not mended(text)) and (known := _plain_name(bare, country, language)):
        return Standard(known, text)
    key = fold(bare)
    if not key:
        return Standard(_NONE, text, "invalid" if bare else "empty")
    if name_kinds.is_nobody(bare, key):
        return Standard(_NONE, text, "invalid")
    meant = mended(text)
    value, note = _kind_and_parts(bare, country, language)
    if meant:
        value = value._replace(sex="")
    if value.kind == "none":
        return Standard(value, text, "invalid")
    return Standard(value, text, "mojibake" if meant else "", meant or note)


def of_cells(given: str, family: str, *, country: str, language: str) -> tuple[str, str, str, str] | None:
    """Given name, middle names, family name with its particle, and the particle, out of a cell of given names and a cell
    of the family name; None where a cell holds more than names, and `standardise` must look at both together."""
    words = names_alone(given)
    last = family_alone(family) if words else None
    if last is None:
        return None
    return (*_middle(list(words), country, languages_of(country, language)), *last)


@lru_cache(maxsize=100_000)
def _plain_name(bare: str, country: str, language: str) -> Name | None:
    """The name of the usual case, given names and a family name, or one name; None where more must be looked at."""
    languages = languages_of(country, language)
    if " " not in bare:
        return _one_word(bare, country, languages) if is_plain_word(bare) else None
    found = plain(bare, country, languages)
    if found is None:
        return None
    words, family, case = found
    if case:
        words = [_capitals(word, case, country in CHINESE_WORLD) for word in words]
        family = _capitals(family, case)
    given, middle = _middle(words, country, languages)
    return Name(
        display=f"{' '.join(words)} {family}",
        given=given,
        middle=middle,
        family=family,
        sex=_sex(given, family, "", languages),
    )


def _one_word(word: str, country: str, languages: tuple[str, ...]) -> Name:
    given, family, _particle = in_order([word], country, languages)
    first, last = "".join(given), "".join(family)
    return Name(display=word, given=first, family=last, sex=_sex(first, last, "", languages))


@lru_cache(maxsize=100_000)
def _kind_and_parts(bare: str, country: str, language: str) -> tuple[Name, str]:
    words = fold(bare).split()
    if _PLAIN(bare) and " " in bare and " -" not in bare and "- " not in bare and ASIDE.isdisjoint(words):
        affixes = Affixes(bare)
    else:
        bare, affixes = prepared(bare)
        words = fold(bare).split()
    firm = (
        not name_kinds.COMPANY_SIGNS.isdisjoint(words)
        and not (len(words) == 2 and words[0] in FAMILY_BEFORE)  # "Familie Lombard"
        and name_kinds.is_company(bare, words, country)
    )
    if firm and not (affixes.separate and _stands_aside(affixes, country)):
        return Name(display=restored(bare, bare), kind="company"), ""
    if may_be_household(affixes.rest, words):
        together = household(affixes.rest, country, language)
        if together is not None:
            shown, title, given, family = together
            particle = family_with_particle(family.split(" "))[1]
            return Name(
                display=shown, title=title, given=given, family=family, particle=particle, kind="household"
            ), affixes.note
    numbered = bare[-1:].isdigit() and name_kinds.NUMBERED.fullmatch(bare)
    if not firm and (numbered or name_kinds.looks_like_company(affixes.rest, words)):
        return Name(display=restored(bare, bare), kind="company"), ""
    if not affixes.rest.isascii() and _HAN.search(affixes.rest) and _HAN_NAME.fullmatch(affixes.rest):
        return _in_characters(affixes.rest), affixes.note
    name = person(affixes.rest, country, language)
    if affixes.nickname:
        name = name._replace(
            nickname=_capitals(affixes.nickname, "odd" if oddly_cased(affixes.nickname) else "")
        )
    return name, affixes.note


def _stands_aside(affixes: Affixes, country: str) -> bool:
    """Whether the company is only what stood in brackets or behind a dash: "Jan Kowalski (ABC Sp. z
    o.o.)"."""
    words, own = fold(affixes.note).split(), fold(affixes.rest).split()
    return (
        (len(own) > 1 or len(words) == 1)  # "Dave (plumber)"
        and any(leaning(word, ()) > 0 for word in own)
        and not name_kinds.is_company(affixes.rest, own, country)
        and bool(words)
        and name_kinds.is_company(affixes.note, words, country)
    )


def person(text: str, country: str, language: str) -> Name:
    """One person's name, tidied and with nothing beside it."""
    parts, title, suffix, title_sex = segments(text, country, language)
    if not parts:
        return _NONE if not title else Name(display=title, title=title, sex=title_sex)
    if len(parts) == 2 and country in CHINESE_WORLD and chinese_order(parts[0], country, ()):
        parts = [parts[1] + parts[0]]  # "Chan Kok Keong, Peter"
    case = "upper" if text.isupper() else "lower" if text.islower() else ""
    languages = languages_of(country, language)
    words = [word for part in parts for word in part]
    comma = len(parts) > 1
    if comma:
        given, family, particle = _around_comma(parts, country, languages)
    elif len(words) == 1 and title:
        first = given_behind_title(title, words[0], languages)
        given, family, particle = (words, [], "") if first else ([], words, "")
    elif len(words) > 2 and _PATRONYMIC.search(words[-1].lower()) and not words[-1].isascii():
        given, family, particle = words[1:], words[:1], ""
    else:
        given, family, particle = in_order(words, country, languages)
    first_family = not comma and bool(family) and reads_family_first(words, family, given, country, languages)
    east = country in CHINESE_WORLD or first_family
    given = [word if word in PARTICLES else _capitals(word, case, east) for word in given]
    family = [_family_capitals(word, case, words, country) for word in family]
    given_name, middle = _middle(given, country, languages)
    own_family = " ".join(family)
    typed_order = [_capitals(word, case, east) for word in words]
    shown = " ".join(typed_order) if first_family else f"{' '.join(given)} {own_family}".strip()
    return Name(
        display=f"{shown} {suffix}".strip(),
        title=title,
        given=given_name,
        middle=middle,
        family=own_family,
        particle=own_family[(at := max(0, own_family.lower().find(particle))) : at + len(particle)],
        suffix=suffix,
        sex=title_sex
        or _sex(given_name, own_family, particle, languages)
        or next((_SAYS_SEX[key] for key in map(fold, words) if key in _SAYS_SEX), ""),
    )


def _around_comma(
    parts: list[list[str]], country: str, languages: tuple[str, ...]
) -> tuple[list[str], list[str], str]:
    """ "Kowalska, Anna Maria" and what people write for it: a particle left behind, a job after a full
    name."""
    left, right = parts[0], parts[1]
    for more in parts[2:]:
        if all(leaning(fold(word), languages) > 0 or len(fold(word)) == 1 for word in more):
            right = right + more
    leans = [leaning(fold(word), languages) for word in left]
    chinese = chinese_order(left, country, languages)
    if chinese:  # "Lim Chee Keong, David"
        return right + chinese[0], chinese[1], ""
    strange = all(leaning(fold(word), languages) <= 0 and len(fold(word)) > 1 for word in right)
    if chinese_given_first(left, right):  # "Wei Ming, Tan": the comma fell the wrong way round
        return left, right, ""
    opened = (
        left[0].lower().rstrip(".") in PATRONYMS or left[0].lower() in PARTICLES
    )  # "a/l Rajendran, Shanmugam"
    if len(left) > 1 and not opened and max(leans) >= 1.5 and strange and not all(map(str.isupper, right)):
        return in_order(left, country, languages)  # "John Smith, Manager"
    behind = len(right)
    while behind > 1 and right[behind - 1].lower() in PARTICLES:
        behind -= 1
    if behind < len(right):
        particle = [word.lower() for word in right[behind:]]
        return right[:behind], particle + left, " ".join(particle)
    mark = next(
        (at for at, word in enumerate(right) if word.lower().rstrip(".") in PATRONYMS and len(word) > 1), 0
    )
    if mark and mark < len(right) - 1:
        given, family, particle_text = in_order(right[: mark + 2], country, languages)
        return left + given, family, particle_text
    family, particle_text = family_with_particle(left)
    if len(left) == 1 and len(right) == 1 and leans[0] >= 1.5 and leaning(fold(right[0]), languages) <= -1.5:
        return left, right, ""  # "Anna, Kowalska": the comma fell the wrong way round
    return (
        right,
        [
            word.lower() if word.lower() in PARTICLES and at < len(particle_text.split()) else word
            for at, word in enumerate(family)
        ],
        particle_text,
    )


@lru_cache(maxsize=65536)
def _capitals(word: str, case: str, syllables: bool = False) -> str:
    """The word with its capitals, where as typed they tell nothing. case: "upper", "lower" or "" as the
    whole text is."""
    if not case and not oddly_cased(word):
        halfway = (word[:2] == "Mc" and word.istitle()) or (word[1:2] == "'" and word[2:].islower())
        return name_capitals(word) if halfway else word  # "Mcdonald", "O'neill"
    key = fold(word)
    if len(word) == 1 or "." in word:
        short = len(key) <= 3 and not (word.endswith(".") and word.count(".") == 1 and len(key) > 1)
        return word.upper() if short else name_capitals(word)
    vowels = any(letter in "aeiouyäöüåąęóáéíú" for letter in word.lower())
    if len(word) <= 3 and word.isascii() and not vowels and key not in surnames() and key != "md":
        return word.upper()
    if len(word) == 2 and word.isupper() and leaning(key, ()) == 0 and word.isascii() and not syllables:
        return word
    spelled = surnames().get(key)
    if (
        spelled
        and not spelled.spelled[1:].islower()
        and fold(spelled.spelled) == key
        and spelled.spelled.lower() == word.lower()
    ):
        return spelled.spelled
    return name_capitals(word)


def _family_capitals(word: str, case: str, typed: list[str], country: str) -> str:
    if word.lower() in ("y", "e", "i"):
        return word.lower()
    if word in PARTICLES or word in _MARKS:
        as_typed = next((one for one in typed if one.lower() == word), word)
        return (
            as_typed
            if (country in KEPT_CAPITAL or word in KEPT_ANYWHERE)
            and not case
            and (not as_typed.isupper() or len(as_typed) == 1)
            and word not in _MARKS
            else word
        )
    return _capitals(word, case)


_MARK_SEX = {mark: sex for mark, sex in PATRONYMS.values() if sex}
_MARKS = frozenset(mark for mark, _ in PATRONYMS.values())


def _middle(given: list[str], country: str, languages: tuple[str, ...]) -> tuple[str, str]:
    """The given name proper, and the middle names."""
    if (
        len(given) < 2
        or (languages and languages[0] in _ALL_GIVEN)
        or country in ("CN", "TW", "HK", "VN", "KR")
    ):
        return " ".join(given), ""
    split = 1
    if country == "PH":
        split = len(given)
        while split > 1 and (
            len(fold(given[split - 1])) == 1 or leaning(fold(given[split - 1]), languages) <= -1
        ):
            split -= 1
    return " ".join(given[:split]), " ".join(given[split:])


_SAYS_SEX = {
    "kaur": "f",
    "begum": "f",
    "bibi": "f",
    "singh": "m",
    "thi": "f",
}  # names that are borne beside one's own


def _sex(given: str, family: str, particle: str, languages: tuple[str, ...]) -> str:
    if particle in _MARK_SEX:
        return _MARK_SEX[particle]
    found = sex_of(given, languages) if given else ""
    if not found and " " in given:
        found = next(filter(None, (sex_of(word, languages) for word in given.split(" "))), "")
    last = family.rpartition("-")[2].lower()
    if not found and given:
        found = sex_by_ending(given, family, languages)
    if not found or not given:
        if _FEMALE_FAMILY.search(last) and (languages[:1] in ((), ("pl",), ("ru",)) or not last.isascii()):
            return "f"
        if _MALE_FAMILY.search(last):
            return "m"
    return found


def _in_characters(text: str) -> Name:
    """Chinese, Korean and Japanese names in their own script: the family name first, apart or as the first
    character."""
    family, _, given = text.partition(" ")
    if not given:
        size = 2 if text.startswith(_HAN_DOUBLE) and len(text) > 2 else 1
        family, given = text[:size], text[size:]
    return Name(display=text, given=given, family=family)
