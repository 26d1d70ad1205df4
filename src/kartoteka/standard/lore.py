"""What is known of names: which are given names, whose short forms, of which sex; which are surnames.

The lists are data/*.txt: `[language sex]` opens a part, `Root=short,forms` is one name. Read once, when
first asked.
"""

import re
from collections.abc import Callable, Set
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from kartoteka.standard.letters import fold
from kartoteka.standard.wordlists import parts_of, words

# country: the languages its names come from, the likeliest first
SPOKEN = {
    "PL": ("pl",),
    "FI": ("fi", "sv"),
    "ZA": ("zu", "af", "en"),
    "PH": ("ph", "es", "en"),
    "MY": ("ms", "ta", "zh", "en"),
    "SG": ("zh", "ms", "ta", "en"),
    "BN": ("ms", "zh"),
    "ID": ("ms", "zh"),
    "GB": ("en",),
    "IE": ("en",),
    "US": ("en", "es"),
    "CA": ("en", "fr"),
    "AU": ("en",),
    "NZ": ("en",),
    "IN": ("en", "ta"),
    "DE": ("de",),
    "AT": ("de",),
    "CH": ("de", "fr"),
    "FR": ("fr",),
    "BE": ("fr",),
    "NL": ("fr", "af"),
    "SE": ("sv", "fi"),
    "NO": ("sv",),
    "DK": ("sv",),
    "ES": ("es",),
    "IT": ("es",),
    "PT": ("es",),
    "MX": ("es",),
    "AR": ("es",),
    "CO": ("es",),
    "BR": ("es",),
    "UA": ("ru", "pl"),
    "RU": ("ru",),
    "CZ": ("ru",),
    "SK": ("ru",),
    "CN": ("zh",),
    "TW": ("zh",),
    "HK": ("zh", "en"),
    "VN": ("zh",),
    "KR": ("zh",),
    "EE": ("et", "fi"),
    "LV": ("lv", "ru"),
    "LT": ("lt", "pl"),
    "HU": ("hu",),
    "RO": ("ro",),
    "TR": ("tr",),
    "GR": ("gr",),
    **dict.fromkeys(("HR", "RS", "SI", "BA", "ME"), ("sh",)),
    **dict.fromkeys(("EG", "SA", "AE", "MA", "JO", "LB", "IQ", "SY"), ("ar",)),
}
LANGUAGES = {
    "xh": "zu",
    "st": "zu",
    "tn": "zu",
    "nso": "zu",
    "tl": "ph",
    "fil": "ph",
    "id": "ms",
    "nl": "fr",
    "it": "es",
    "pt": "es",
} | {"da": "sv", "nb": "sv", "no": "sv", "uk": "ru", "cs": "ru", "sk": "ru", "vi": "zh", "ko": "zh"}

# how surnames end (a tuple, asked with str.endswith: many times quicker than a pattern)
_ENDINGS = tuple(words("lore surname endings"))
_SLAVIC = ("slaw", "slawa", "mir", "mira", "mila", "gost", "bor")
_FILIPINO = tuple(words("lore filipino endings"))


def _ends_like_surname(key: str) -> bool:
    return key[2:].endswith(_ENDINGS)


# how given names are built where they are made anew for each child: Nguni, Slavic, Filipino, Malay
_GIVEN_BUILT: dict[str, Callable[[str], object]] = {
    "zu": re.compile(
        r"(?:no(?:m|k|n|l|s|t|z|x|b|v|p|w|f|h)[a-z]{4,}|ntombi[a-z]*|si(?:b|ph|y|n|th|z)[a-z]{5,}|them[a-z]{3,}|thand[a-z]+|bong[a-z]+"
        r"|lind[a-z]{3,}|nkos[a-z]{4,}|mand[l][a-z]{3,}|thab[a-z]+|kh[au][a-z]*(?:ile|iswa|ani|elo)|[a-z]{3,}(?:iwe|eka|isile|okuhle|kazi)"
        r"|(?:le|ke|bo|re|o)(?:t|b|r|f)[a-z]+(?:lo|ng|tswe|ho|tse))"
    ).fullmatch,
    "pl": lambda key: key[3:].endswith(_SLAVIC),
    "ph": lambda key: key[3:].endswith(_FILIPINO),
    "ms": re.compile(
        r"(?:nor|nur|noor|saif|khair|zul|syaf|shaf|haz|izz)[a-z]{3,}|.{3,}(?:ddin|udin|iah|iyah|wati)"
    ).fullmatch,
}
HOUSES = frozenset({"wan", "nik", "che", "raja", "meor", "mior", "abang", "awang"})
_BOTH_WAYS = 0.5  # a name that is given and surname alike is read as given a little more often


class Given(NamedTuple):
    """A given name: how sure it is one (2 its full form, 1 a short form), its sex by language, its roots."""

    weight: float
    sexes: dict[str, str]
    roots: frozenset[str]
    root: str
    full: frozenset[str]  # the languages in which it is no short form


class Surname(NamedTuple):
    """A surname: how it is spelled (with its capitals) and in which languages."""

    spelled: str
    languages: frozenset[str]


@cache
def given_names() -> dict[str, Given]:
    """All given names by their folded form."""
    weights: dict[str, float] = {}
    sexes: dict[str, dict[str, str]] = {}
    roots: dict[str, list[str]] = {}

    def note(key: str, root: str, language: str, sex: str, weight: float) -> None:
        weights[key] = max(weight, weights.get(key, 0.0))
        told = sexes.setdefault(key, {})
        # a full name decides the sex over a short form spelled the same
        if told.get(language, sex) != sex and weight < 2:
            told[language] = told[language] if key in strong.get(language, ()) else "?"
        elif told.get(language, sex) != sex and key in strong.setdefault(language, set()):
            told[language] = "?"
        else:
            told[language] = sex
        if weight == 2:
            strong.setdefault(language, set()).add(key)
        if root not in roots.setdefault(key, []):
            roots[key].append(root)

    strong: dict[str, set[str]] = {}
    for file in ("given.txt", "given_en.txt", "given_world.txt", "given_more.txt", "given_listed.txt"):
        for (language, sex), entries in parts_of(file):
            for entry in entries:
                root, _, short = entry.partition("=")
                root_key = _key(root)
                note(root_key, root_key, language, sex, 2)
                for form in filter(None, short.split(",")):
                    note(_key(form), root_key, language, sex, 1 if len(form) > 3 else 0.5)
    return {
        key: Given(
            weights[key],
            sexes[key],
            frozenset(roots[key]),
            _first(key, roots[key]),
            frozenset(one for one, keys in strong.items() if key in keys),
        )
        for key in weights
    }


def _key(word: str) -> str:
    """fold, with a short way for the many plain words of the lists."""
    return word.lower() if word.isascii() and word.isalpha() else fold(word)


def _first(key: str, roots: list[str]) -> str:
    return key if key in roots else roots[0]


@cache
def surnames() -> dict[str, Surname]:
    """All listed surnames by their folded form; Polish -ski has its -ska."""
    found: dict[str, Surname] = {}
    for (language,), entries in chain(parts_of("surnames.txt"), parts_of("surnames_more.txt")):
        for spelled in entries:
            forms = [spelled]
            if spelled.endswith(("ski", "cki", "dzki")):
                forms.append(spelled[:-1] + "a")
            for form in forms:
                key = _key(form)
                before = found.get(key)
                languages = frozenset({language}) | (before.languages if before else frozenset())
                found[key] = Surname(before.spelled if before else form, languages)
    return found


@lru_cache(maxsize=4096)
def languages_of(country: str, language: str) -> tuple[str, ...]:
    """The lists that count for a country (ISO alpha-2) or a language (ISO 639-1), the likelier first; empty when
    neither tells. English, the language of half the exports, does not come before that of a country where it is not
    at home: Jan is a man in Poland, whatever Google calls its columns."""
    named = LANGUAGES.get(language, language)
    spoken = SPOKEN.get(country, ())
    if named == "en" and spoken and "en" not in spoken:
        return (*spoken, "en")
    return (named, *(one for one in spoken if one != named)) if named else spoken


_BORNE_ANYWHERE = frozenset({"en", "zh", "xx"})


@lru_cache(maxsize=65536)
def language_told(text: str) -> str:
    """The only language at home with all the listed names among the words of a text, where two or more are listed: "pl"
    for "Jan Kowalski". Empty where several are or none is, and for English and Chinese."""
    shared: Set[str] | None = None
    count, family = 0, None
    for key in fold(text).split(" "):
        given, family = given_names().get(key), surnames().get(key)
        if len(key) < 3 or not (given or family):
            continue
        homes = frozenset(given.sexes if given else ()) | (family.languages if family else frozenset())
        shared = homes if shared is None else shared & homes
        if not shared:
            return ""
        count += 1
    told = shared - _BORNE_ANYWHERE if shared and count > 1 else frozenset[str]()
    if shared and "en" in shared and not (family and told <= family.languages):
        return ""  # "David Lloyd" is no Filipino
    return next(iter(told)) if len(told) == 1 else ""


def roots_of(given: str) -> frozenset[str]:
    """The names a given name may stand for, folded: "Beth" gives {"elizabeth", "bethany"}; itself when it
    is not listed."""
    key = fold(given)
    known = given_names().get(key)
    return known.roots if known else frozenset({key})


def root_of(given: str) -> str:
    """The one name a given name most likely stands for, folded: "Kasia" gives "katarzyna"."""
    key = fold(given)
    known = given_names().get(key)
    return known.root if known else key


def same_given(a: str, b: str) -> bool:
    """Whether two given names are held to be one: equal when folded, or short forms or spellings of the
    same name."""
    return fold(a) == fold(b) or not roots_of(a).isdisjoint(roots_of(b))


@cache
def _forms() -> dict[str, frozenset[str]]:
    """How each full name is also written or called, all folded."""
    found: dict[str, set[str]] = {}
    for key, known in given_names().items():
        for root in known.roots - {key}:
            found.setdefault(root, set()).add(key)
    return {root: frozenset(forms) for root, forms in found.items()}


def called(given: str) -> frozenset[str]:
    """What else somebody of this given name may be written as, folded: "Kasia" gives {"katarzyna"}, "Katarzyna" gives
    {"kasia", "kaska", ...}; empty when the name is not listed."""
    key = fold(given)
    known = given_names().get(key)
    return (known.roots | _forms().get(key, frozenset())) - {key} if known else frozenset()


@lru_cache(maxsize=131072)
def leaning(key: str, languages: tuple[str, ...]) -> float:
    """How a folded word leans: up to 2 towards a given name, down to -2 towards a surname, 0 when nothing
    is known."""
    given, family = given_names().get(key), surnames().get(key)
    towards = given.weight if given else 0.0
    away = 2.0 if family else 0.0
    if family and languages[:1] == ("ms",) and family.languages <= {"ms", "en"} and given:
        away = 0.5  # a Malay surname is the father's given name
    if given and languages and not any(one in given.sexes for one in languages):
        towards /= 2
    if family and languages and family.languages.isdisjoint(languages):
        away /= 2
    if not given and not family:
        first, _, rest = key.partition(" ")
        if rest:  # two names tied by a hyphen lean together
            return max(-2.0, min(2.0, leaning(first, languages) + leaning(rest, languages)))
        if any(_GIVEN_BUILT[one](key) for one in languages if one in _GIVEN_BUILT):
            return 1.0
        return -1.5 if _ends_like_surname(key) else 0.0
    if towards and away:
        return towards - away + _BOTH_WAYS
    if towards and towards <= 1 and _ends_like_surname(key):
        return 0.0
    return towards - away


@lru_cache(maxsize=65536)
def sex_of(given: str, languages: tuple[str, ...]) -> str:
    """ "m" or "f" where the languages' lists (all lists, if no language is known) agree on it, else ""."""
    key = fold(given)
    if " " in key and key.partition(" ")[0] in HOUSES and "ms" in languages:
        key = key.partition(" ")[2]  # "Wan Azizah", "Nik Aminah": the first word is of both sexes
    known = given_names().get(key)
    if known is None and " " in key:
        known = given_names().get(key.partition(" ")[0])
    if known is not None:
        first = next((known.sexes[one] for one in languages if one in known.sexes), "")
        if first:
            return first.strip("?")
        told = {known.sexes[one] for one in known.full} or set(known.sexes.values())
        return told.pop().strip("?") if len(told) == 1 else ""
    if languages[:1] == ("pl",) and len(key) > 2:
        return "f" if key.endswith("a") else ""
    if "zu" in languages and re.match(r"no[mknlstzxbvpw][a-z]{4}|ntombi", key):
        return "f"
    return ""


_CYRILLIC = re.compile("[\u0400-\u04ff]")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_CONSONANT = frozenset("bcdfghjklmnprstwz")
# men's names in -a: short forms and names of the Bible
_MEN_IN_A = words("lore cyrillic men")


def sex_by_ending(given: str, family: str, languages: tuple[str, ...]) -> str:
    """The sex of a given name no list holds, where a language gives women's and men's names endings of their own: Polish
    beside a Polish surname, Russian and Ukrainian, Greek; Filipino and Spanish where the ending is -o or -a."""
    word = given.partition(" ")[0].lower()
    if len(word) < 3 or not word.isalpha():
        return ""
    if _CYRILLIC.search(word):
        return "m" if word in _MEN_IN_A or word[-1] not in "аяьіо" else "f" if word[-1] in "ая" else ""
    if _GREEK.search(word):
        return "m" if word[-1] in "ςσ" else "f"
    key = fold(word)
    if languages[:1] == ("pl",) and key.isascii():
        return "m" if key[-1] in _CONSONANT and leaning(fold(family), languages) <= -1.5 else ""
    if languages[:1] in (("ph",), ("es",)):
        return {"o": "m", "a": "f"}.get(key[-1], "")
    return ""
