"""Titles before a name and suffixes behind it, taken off; what is left comes back in the parts between
commas."""

import re
from functools import lru_cache

from kartoteka.standard.letters import capital, fold
from kartoteka.standard.lore import leaning
from kartoteka.standard.name_words import (
    AFTER_NAME,
    CHINESE,
    SMALL_IN_POLISH,
    SUFFIXES,
    SURE_SUFFIXES,
    TITLE_MORE,
    TITLE_PAIRS,
    TITLES,
    Title,
)
from kartoteka.standard.wordlists import words as words_of

Segment = list[str]
_CHINESE_COUNTRIES = frozenset(CHINESE.split())


@lru_cache(maxsize=65536)
def _key(word: str) -> str:
    return fold(word).replace(" ", "")


# "Smith Mr J": the title tells that the family name stands before it
_TITLE_INSIDE = re.compile(
    r"^((?!(?:the|dr|prof|rev|mr|mrs|lord|sir|herr|frau|pan|pani|mev|mnr)\b)[^\W\d_]{3,})"
    r" ((?:mr|mrs|ms|miss|mnr|mev|mej|dr)\.? \S.*)$",
    re.I,
)


def segments(text: str, country: str, language: str) -> tuple[list[Segment], str, str, str]:
    """The name's words between commas, without titles and suffixes; the titles, the suffixes, the sex the
    title tells."""
    if "," not in text and (inside := _TITLE_INSIDE.match(text)) and _key(inside[1]) not in TITLES:
        text = f"{inside[1]}, {inside[2]}"
    home = country or {"pl": "PL", "fi": "FI", "ms": "MY", "fr": "FR", "de": "DE"}.get(language, "")
    case = "upper" if text.isupper() else "lower" if text.islower() else ""
    titles: list[str] = []
    suffixes: list[str] = []
    sexes: list[str] = []
    left: list[Segment] = []
    plain = text.count(",") == 0
    for at, part in enumerate(text.split(",")):
        words = [word for word in part.split(" ") if any(map(str.isalnum, word))]
        words = _without_titles(words, home, case, titles, sexes, alone=plain)
        words = _without_suffixes(
            words, case, titles, suffixes, sexes, home=home, behind=at > 0, name=left[0] if left else []
        )
        if left and len(words) == 1 and _is_unlisted(words[0], left[0], case):
            suffixes.append(words[0])
        elif words:
            left.append([word.strip("-&") if len(word) > 1 else word for word in words])
    return left, _written_titles(titles, home, case), ", ".join(suffixes), next(iter(filter(None, sexes)), "")


def _is_unlisted(word: str, name: Segment, case: str) -> bool:
    """Capitals behind the comma of a full name ("Ana Lim, MAN") are a degree or an office, not a given
    name."""
    return (
        not case
        and 1 < len(word) < 6
        and word.isalpha()
        and word.isupper()
        and len(name) > 1
        and leaning(_key(name[0]), ()) >= 1
    )


# "Fr." is Frau here, and Father elsewhere
_FRAU = frozenset({"DE", "AT", "CH", "LI"})


def _without_titles(
    words: Segment, home: str, case: str, titles: list[str], sexes: list[str], *, alone: bool
) -> Segment:
    at = 0
    opened = bool(titles) and not alone
    while at < len(words):
        key = _key(words[at])
        pair = (key, _key(words[at + 1])) if at + 1 < len(words) else ("", "")
        if pair in TITLE_PAIRS and (pair != ("tan", "sri") or len(words) > at + 2):
            sexes.append(
                "f"
                if pair[1] in ("puan", "pani") or pair == ("puan", "sri")
                else "m"
                if pair[1] in ("sri", "pan")
                else ""
            )
            at, opened = at + 2, True
            continue
        title = TITLES.get(key)
        if title is not None and _is_title(words, at, title, home, case):
            sexes.append("f" if key == "fr" and home in _FRAU else title.sex)
            at, opened = at + 1, True
            continue
        if opened and at > 0 and key in TITLE_MORE and (at + 1 < len(words) or len(words) == at + 1 > 1):
            if len(key) == 1 and not _goes_on(words, at, case):
                break
            if words[at].istitle() and "." not in words[at] and key == "phil" and at + 2 == len(words):
                break  # "Dr Phil Hammond"
            at += 1
            continue
        break
    if at == len(words) and alone and at:
        at = 0 if at == 1 and leaning(_key(words[0]), ()) != 0 else at
    titles.extend(words[:at])
    return words[at:]


def _goes_on(words: Segment, at: int, case: str) -> bool:
    """Whether one letter behind a title belongs to it ("dr n. med.", "DR H C"), and is no initial ("MR R CHAPMAN")."""
    key, behind = _key(words[at]), _key(words[at + 1]) if at + 1 < len(words) else ""
    before = _TIED_TO.get(_key(words[at - 1]), ()) if at else ()
    return ("." in words[at] or (key == "n" and case == "upper")) and (
        behind in _TIED_TO.get(key, ()) or key in before
    )


_TIED_TO = {"n": ("med", "hum", "tech", "ekon", "wet", "roln", "prawn", "o"), "h": ("c",), "r": ("pr",)}


def _is_title(words: Segment, at: int, title: Title, home: str, case: str) -> bool:
    """Whether a word that may be a title is one here."""
    word = words[at]
    key = _key(word)
    if (title.only and home not in title.only) or (key == "pan" and home in _CHINESE_COUNTRIES):
        return False
    initials = (
        len(key) <= 2 and word.isupper() and not case and "." not in word and key not in ("dr", "mr", "ms")
    )
    if initials and not title.only:
        return False  # "BP Botha", "DI Smith"
    if len(words) == 1:
        return key not in _SURNAMES_TOO and (key in AFTER_NAME or title.sex != "" or key in _ALONE)
    if len(key) == 1:
        polish = key == "p" and home == "PL" and len(words) - at > 2 and leaning(_key(words[at + 1]), ()) >= 1
        return word.endswith(".") and (word.islower() or polish or home in ("FR", "PH", "BE"))
    told = "." in word or bool(title.only)
    if key in _NAMES_TOO:
        return told
    return told or key not in _WORDS_TOO or len(words) - at > 2


# titles that are given names, and titles that are surnames or words
_NAMES_TOO = frozenset({"don", "prince", "tata", "baba", "mama"})
_SURNAMES_TOO = frozenset({"graf", "baron", "master", "mayor", "kapitan", "eversti", "pfarrer", "viscount"})
_WORDS_TOO = (
    _SURNAMES_TOO
    | {
        "bro",
        "sis",
        "major",
        "canon",
        "commander",
        "sergeant",
        "deacon",
        "admiral",
        "colonel",
        "notar",
        "dona",
        "ouma",
        "oupa",
    }
    | {"arch", "past", "col", "gen", "por", "hon", "mag", "sen", "sp", "st", "me"}
)
_ALONE = frozenset({"rev", "adv", "engr", "atty"})


def _without_suffixes(
    words: Segment,
    case: str,
    titles: list[str],
    suffixes: list[str],
    sexes: list[str],
    *,
    home: str,
    behind: bool,
    name: Segment,
) -> Segment:
    """Suffixes off the end; also titles that files put behind the name. name: what stood before the comma."""
    end = len(words)
    found: list[str] = []
    while end > 0:
        word = words[end - 1]
        key = _key(word)
        alone = behind and bool(name)
        polish = key not in SMALL_IN_POLISH or key == "dr" or home == "PL" or "." in word  # "Chua Soi Lek"
        if key in AFTER_NAME and polish and (end > 2 or alone) and (len(key) > 1):
            titles.append(word)
            sexes.append(TITLES[key].sex if key in TITLES else "")
            end -= 1
            continue
        written = SUFFIXES.get(key)
        sure = alone and end == len(words) and (len(key) > 2 or len(name) > 1 or key in SURE_SUFFIXES)
        if written is None or not (sure or _is_suffix(word, key, end, case, written)):
            break
        found.insert(0, _written_suffix(word, written, case))
        end -= 1
    inside = [at for at in range(1, end - 1) if _key(words[at]) in _SPOKEN_OVER]
    if inside and end > 3:  # "LACSON EDUARDO III C."
        word = words[inside[0]]
        found.insert(0, _written_suffix(word, SUFFIXES[_key(word)], case))
        words, end = words[: inside[0]] + words[inside[0] + 1 : end], end - 1
    suffixes.extend(found)
    return words[:end]


_SYLLABLES = words_of("name order syllables")
_SPOKEN_OVER = frozenset({"ii", "iii", "iv", "jr", "jnr"})


def _is_suffix(word: str, key: str, count: int, case: str, written: str) -> bool:
    if word.upper() == "J.R.":
        return False  # initials
    if key in SURE_SUFFIXES:
        return count > 1
    if "." in word and len(key) > 1:
        return count > 1 and (len(key) > 2 or count > 2)
    if word.istitle() and not written.istitle() and len(key) > 2:
        return False  # "Foo Lai Peng" is no P.Eng.
    if case == "upper" and key in _SYLLABLES:
        return False
    return (
        count > 2
        and (len(key) > 2 or (word.isupper() and case != "upper"))
        and (not case or leaning(key, ()) <= 0)
    )


def _written_suffix(word: str, written: str, case: str) -> str:
    """The suffix with its customary capitals and the points it was typed with."""
    if word.count(".") > 1 and not word.islower() and not case:
        return word
    if written in ("Jr", "Sr", "Jnr", "Snr", "Esq"):
        return written + ("." if word.endswith(".") else "")
    letters = iter(written)
    return "".join(next(letters, "") if one.isalnum() else one for one in word)


def _written_titles(titles: list[str], home: str, case: str) -> str:
    return " ".join(_written_title(word, home, case) for word in titles)


def _written_title(word: str, home: str, case: str) -> str:
    key = _key(word)
    if (
        not case
        and not (word.isupper() and len(key) > 1)
        and not (word.islower() and key not in TITLE_MORE and not (home == "PL" and key in SMALL_IN_POLISH))
    ):
        return word
    if (home == "PL" and key in SMALL_IN_POLISH) or (key in TITLE_MORE and key not in TITLES):
        return (
            word.lower()
            if len(key) < 3 or home == "PL" or key in ("med", "rer", "nat", "dent", "vet", "phil", "jur")
            else capital(word)
        )
    known = TITLES.get(key)
    if known is None:
        return capital(word)
    letters = iter("".join(filter(str.isalnum, known.written)))
    return "".join(next(letters, "") if one.isalnum() else one for one in word)
