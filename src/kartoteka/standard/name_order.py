"""Which words of a name are given names, which the family name, whatever order they were typed in."""

from kartoteka.standard.letters import fold
from kartoteka.standard.lore import given_names, leaning, sex_of, surnames
from kartoteka.standard.name_east import (
    SURNAMES,
    Split,
    Typed,
    by_father,
    by_house,
    chinese,
    malay_double,
    vietnamese,
)
from kartoteka.standard.name_words import BINDERS, OPENERS, PARTICLES, PATRONYMS, SHY, WITH_GIVEN
from kartoteka.standard.wordlists import words as words_of

_TWO_SURNAMES = frozenset({"ES", "MX", "AR", "CO", "CL", "PE", "VE", "EC"})
_JOINED_SURNAMES = frozenset({"PL", "FI", "PT", "BR"})
_MOTHER_BETWEEN = frozenset(
    {"PH", "US", "GB"}
)  # "Juan dela Cruz Santos": the mother's name, then the family's
_NOBLE = words_of("name order noble")
_GIVEN_ALIKE = frozenset({"al", "di", "den", "do", "mac", "da", "el"})
_GERMAN = frozenset({"DE", "AT", "CH"})
_VIRGINS = frozenset({"maria", "ma", "ana", "rosa"})
_CLANS = ("O'", "Mc", "Fitz")  # "O'Shaughnessy": a surname even if no list holds it
_INITIAL = 1.01  # an initial leans to the given names, and is told from a short form of one


def in_order(words: list[str], country: str, languages: tuple[str, ...]) -> Split:
    """Split the words of one person's name (no title, suffix or comma left in it)."""
    typed = Typed(words, [fold(word) for word in words], country, languages)
    if len(words) == 1:
        unlisted_clan = typed.lean(0) == 0 and words[0].startswith(_CLANS)
        return ([], words, "") if typed.lean(0) < 0 or unlisted_clan else (words, [], "")
    for reading in (by_father, vietnamese, by_house, _with_particle, _in_capitals, chinese, malay_double):
        found = reading(typed)
        if found:
            return found
    return _by_knowledge(typed)


def given_behind_title(title: str, word: str, languages: tuple[str, ...]) -> bool:
    """Whether the only name behind a title is a given name: "Pani Bożena", "Encik Ahmad"; not "Lord Byron", "Encik
    Tan"."""
    key, last, malay = fold(word), fold(title).rpartition(" ")[2], languages[:1] == ("ms",)
    lean = leaning(key, languages)
    if last == "lord":
        return False
    if lean > (0 if malay or key not in surnames() else 0.5):
        return True
    father = surnames().get(key)
    if malay and father and father.languages <= {"ms", "en"}:
        lean = 0.0  # a Malay surname is the father's given name
    return last in WITH_GIVEN and key not in SURNAMES and lean > -1.5


def family_with_particle(words: list[str]) -> tuple[list[str], str]:
    """A family name known as such (before a comma): its words, its particle."""
    mark = PATRONYMS.get(words[0].lower().rstrip(".")) if len(words) > 1 else None
    if mark:
        return [mark[0], *words[1:]], mark[0]
    last = 0
    while last < len(words) - 1 and words[last].lower() in PARTICLES:
        last += 1
    return words, " ".join(words[:last])


def _with_particle(typed: Typed) -> Split | None:
    """Names whose family name opens with a particle, or a word like San: "Johannes van der Merwe"."""
    for at in range(len(typed.words) - 1):
        found = _particle_at(typed, at)
        if found:
            return _around_particle(typed, at, *found)
    return None


def _particle_at(typed: Typed, at: int) -> tuple[int, int] | None:
    """Where the particle that opens here ends, and where its family name ends; None if none opens here."""
    words, keys = typed.words, typed.keys
    low, end, count = words[at].lower(), at, len(words)
    while end < count - 1 and words[end].lower() in PARTICLES and (end > at or low in OPENERS):
        end += 1
    bound = keys[end] in BINDERS and end < count - 1
    if end > at:
        return None if _is_a_name(typed, at, end) else (end, end + (2 if bound else 1))
    if not bound or (at == 0 and keys[0].startswith("abd")):
        return None
    if keys[at].startswith("jans") and words[at + 1].lower() != "van":
        return None
    last = at + 2
    while last < count and words[last - 1].lower() in PARTICLES:
        last += 1
    return end, last


def _is_a_name(typed: Typed, at: int, end: int) -> bool:
    """Whether what looks like a particle is a name: "Al Smith", "La Toya Jackson", "Le Thi Hoa"."""
    low = typed.words[at].lower()
    if typed.country == "VN" and low in ("le", "van", "do", "la"):
        return True
    if at > 0 or end > 1:
        return False
    if len(typed.words) == 2:
        return low in _GIVEN_ALIKE
    return low in SHY and typed.lean(-1) < 0


def _around_particle(typed: Typed, at: int, end: int, last: int) -> Split:
    """The names before and behind a family name with its particle."""
    words, keys, rest = typed.words, typed.keys, typed.words[last:]
    small = [word.lower() for word in words[at:end]]
    particle = " ".join(small or [word.lower() for word in words[at + 1 : last - 1]])
    family = [*small, *words[end:last]]
    tied_before = keys[at - 1] in _NOBLE or (keys[at] in ("zu", "zur") and typed.lean(at - 1) <= -1.5)
    if at > 1 and tied_before:  # "Otto Graf von Bismarck", "Dirk Meyer zu Bexten"
        return words[: at - 1], [words[at - 1], *family, *rest], particle
    if at > 2 and keys[at - 1] == "y" and not rest:  # "Andres Bonifacio y de Castro"
        return words[: at - 2], [*words[at - 2 : at], *family], ""
    if at == 0 or not rest:
        return words[:at] + rest, family, particle
    marian = (
        at == 1
        and keys[0] in _VIRGINS
        and (typed.country in _TWO_SURNAMES or (not typed.country and typed.lean(last - 1) >= 1))
    )  # "María del Carmen Ruiz"
    if marian or typed.country in _MOTHER_BETWEEN:
        return words[:last], rest, ""
    given_behind = all(leaning(key, typed.languages) > 0.5 or len(key) == 1 for key in keys[last:])
    if given_behind and typed.lean(0) < 0:  # "Meyer zu Bexten Dirk"
        return rest, words[:at] + family, particle
    return words[:at], family + rest, particle


def _in_capitals(typed: Typed) -> Split | None:
    """Where only the family name is typed in capitals: "KOWALSKI Jan", "Jan Maria KOWALSKI"."""
    words, keys = typed.words, typed.keys
    large = [word.isupper() and len(key) > 2 for word, key in zip(words, keys, strict=True)]
    if not any(large) or all(word.isupper() for word in words):
        return None
    if (
        any(word.isupper() and len(key) <= 2 for word, key in zip(words, keys, strict=True))
        and sum(large) > 1
    ):
        return None
    first, last = large.index(True), len(large) - 1 - large[::-1].index(True)
    if not all(large[first : last + 1]) or (first > 0 and last < len(words) - 1):
        return None
    if not any(map(_has_vowel, keys[first : last + 1])):
        return None
    return words[:first] + words[last + 1 :], words[first : last + 1], ""


def _has_vowel(key: str) -> bool:
    return any(letter in "aeiouy" for letter in key)


def _by_knowledge(typed: Typed) -> Split:
    """Family last, unless what is known of the words says that it stands first."""
    words, keys, country = typed.words, typed.keys, typed.country
    lean = [
        _INITIAL if _is_initial(word, key) else leaning(key, typed.languages)
        for word, key in zip(words, keys, strict=True)
    ]
    first = (
        _family_first(lean, country, keys[0] in given_names())
        and not _same_sex(keys, lean, typed.languages)
        and not (typed.languages[:1] == ("ms",) and _is_fathers(keys[0]))
    )
    if first:
        count = 1
        joined = country in _JOINED_SURNAMES or country in _TWO_SURNAMES
        while joined and count < len(words) - 1 and lean[count] <= -1.5:
            count += 1
        return words[count:], words[:count], ""
    start = _family_start(typed, lean)
    return words[:start], words[start:], ""


def _is_fathers(key: str) -> bool:
    """Whether a word is no family's name among Malays, who bear their father's: it does not come first by itself."""
    known = surnames().get(key)
    return known is not None and known.languages <= {"ms", "en"}


def _family_start(typed: Typed, lean: list[float]) -> int:
    """Where a family name that stands last begins: one word, or two where people bear two."""
    keys, country = typed.keys, typed.country
    start = len(keys) - 1
    if (
        country in _TWO_SURNAMES
        and len(keys) > 2
        and lean[start - 1] <= 0.5
        and keys[start - 1] not in ("y", "e")
    ):
        start -= 1
    elif country in _JOINED_SURNAMES or (not country and typed.languages[:1] == ("pl",)):
        while start > 1 and lean[start - 1] <= -1.5 and lean[start] <= 0:
            start -= 1
    elif start > 1 and country in _GERMAN and keys[start - 1] in _NOBLE:
        start -= 1  # "Otto Graf Lambsdorff"
    if len(keys) > 3 and keys[start - 1] == "y":
        start -= 2
    return start


def _same_sex(keys: list[str], lean: list[float], languages: tuple[str, ...]) -> bool:
    """ "George Michael": a first word that may be a surname stays the given name before one of the same
    sex."""
    if lean[0] <= 0 or lean[0] == _INITIAL:
        return False
    first, last = sex_of(keys[0], languages), sex_of(keys[-1], languages)
    return lean[-1] < 2 and first != "" and first == last and languages[:1] not in (("pl",), ("fi",))


def _family_first(lean: list[float], country: str, named: bool) -> bool:
    first, last = lean[0], lean[-1]
    if len(lean) > 2 and first < 1 and set(lean[1:]) == {_INITIAL}:
        return True  # "Whitmore J. R."
    if len(lean) > 2 and _INITIAL in lean[1:-1] and first > -1.5:
        return False  # "James T. Kirk"
    if country == "PH" and first > -1 and (first > 0 or last < 2):
        return False  # "Jose Dalisay": there surnames are given names, too
    doubtful = country in ("GB", "US", "PH", "IE", "AU") and last < 2 and last != _INITIAL
    needed = 2.5 if first == 0 and (doubtful or (country == "MY" and last != _INITIAL)) else 1.0
    needed = 1.5 if first > -1.5 and named else needed
    if last - first >= needed and first <= 0.5:
        return True
    return len(lean) > 2 and first <= -1.5 and lean[1] >= 1.0 and last > -3


def _is_initial(word: str, key: str) -> bool:
    bare = word.replace(".", "").replace("-", "")
    return len(bare) == 1 or (
        len(bare) <= 3 and bare.isupper() and (word != bare or not _has_vowel(key) or len(bare) == 2)
    )
