"""The small words around a name: titles, suffixes, particles, what ties two people or says that nobody is
meant."""

from typing import NamedTuple

from kartoteka.standard.letters import fold
from kartoteka.standard.wordlists import parts_of, words


class Title(NamedTuple):
    """A title as it is usually written, the sex it tells, and the countries it is bound to (empty: any)."""

    written: str
    sex: str = ""
    only: frozenset[str] = frozenset()


def _key(word: str) -> str:
    return fold(word).replace(" ", "")


CHINESE = "MY SG CN TW HK ID"


def _titles() -> dict[str, Title]:
    """The titles by their letters; one bound to countries does not take the place of one that holds
    everywhere."""
    found: dict[str, Title] = {}
    for (sex, *only), entries in parts_of("titles.txt"):
        for word in entries:
            found.setdefault(_key(word), Title(word, sex.strip("-"), frozenset(only)))
    return found


TITLES = _titles()
TITLES["sr"] = Title("Sr", "", frozenset({"PH", "ES", "MX", "AR", "CO", "CL", "PE", "PT", "BR", "MY"}))
TITLES["tansri"] = Title("Tan Sri", "m")
# words that carry a title on, never open one: "dr n. med.", "Tan Sri", "Datuk Seri", "Prof. Dr. h.c.", "Rt
# Hon"
TITLE_MORE = words("name words title more")
TITLE_PAIRS = frozenset(
    {
        ("tan", "sri"),
        ("toh", "puan"),
        ("puan", "sri"),
        ("rt", "hon"),
        ("the", "rev"),
        ("the", "hon"),
        ("r", "pr"),
        ("st", "sierz"),
        ("lic", "iur"),
        ("sz", "p"),
        ("sz", "pan"),
        ("sz", "pani"),
        ("wing", "cdr"),
        ("wing", "commander"),
        ("group", "captain"),
        ("flight", "lieutenant"),
        ("squadron", "leader"),
        ("rear", "admiral"),
        ("vice", "admiral"),
        ("major", "general"),
        ("chief", "inspector"),
    }
)
# titles said with the given name alone: "Aling Nena", "Encik Ahmad", "Sir John"
WITH_GIVEN = words("name words with given")
AFTER_NAME = words("name words after name")  # Polish and other files put these behind, too
SMALL_IN_POLISH = words("name words small in polish")

SUFFIXES = {_key(word): word for word in sorted(words("name words suffixes"))}
SURE_SUFFIXES = words("name words sure suffixes")

PARTICLES = words("name words particles")
# a particle opens with one of these; the others only go on ("van der", "de la", "von und zu")
OPENERS = words("name words openers")
# of these some are given names or surnames as well: never at the start of a name, unless more particles
# follow
SHY = words("name words shy")
# a word that makes one surname with the next: San Juan, St. John, Janse van Rensburg, Abdul Rahman
BINDERS = words("name words binders")
# Di Caprio, Van Damme, De Niro: there the capital is the name's own
KEPT_CAPITAL = frozenset({"US", "GB", "IE", "CA", "AU", "NZ", "IT", "BE"})
# "Ní Bhriain", "Di Stefano": these are large at home, wherever the file is from
KEPT_ANYWHERE = frozenset({"ní", "ó", "uí", "nic", "ni", "di", "della", "dello", "dalla"})
# what stands between a person and the father's name, as written in the standard form, and the sex it tells
PATRONYMS = {
    "bin": ("bin", "m"),
    "b": ("bin", "m"),
    "binti": ("binti", "f"),
    "bt": ("binti", "f"),
    "bte": ("binte", "f"),
    "bti": ("binti", "f"),
    "binte": ("binte", "f"),
    "bnt": ("binti", "f"),
    "bintu": ("binti", "f"),
    "bta": ("binti", "f"),
    "a/l": ("a/l", "m"),
    "a/p": ("a/p", "f"),
    "s/o": ("s/o", "m"),
    "d/o": ("d/o", "f"),
    "al/": ("a/l", "m"),
    "ap/": ("a/p", "f"),
    "anak": ("anak", ""),
    "ak": ("anak", ""),
    "w/o": ("w/o", "f"),
    "ibni": ("ibni", "m"),
}
FATHERS = frozenset(mark for mark, _sex in PATRONYMS.values())
SHORT_PATRONYMS = frozenset({"b", "bt", "ak", "bta", "bti"})  # an initial anywhere but in the Malay world

AND = frozenset(
    {
        "&",
        "and",
        "i",
        "und",
        "en",
        "ja",
        "dan",
        "at",
        "et",
        "y",
        "+",
        "oraz",
        "sowie",
        "och",
        "og",
        "kaj",
        "ne",
        "no",
        "e",
        "/",
    }
)
FAMILY_BEFORE = words("name words family before")
FAMILY_AFTER = words("name words family after")
BORN = words("name words born")
CARE_OF = (
    "c/o",
    "attn",
    "attention",
    "fao",
    "att",
    "z. hd.",
    "z.hd.",
    "do rąk",
    "dla",
    "t.a.v.",
    "via",
    "u/p",
    "imienia",
    "szanowna",
    "szanowny",
    "szanowni",
    "sehr geehrte",
    "sehr geehrter",
    "dear",
    "to:",
    "name:",
    "nazwisko:",
)

NOBODY = frozenset(fold(word).replace(" ", "_") for word in words("name words nobody"))

# words that tell of something beside the name: a maiden name, an alias, whom it goes to
REMARKS_BEHIND = words("name words remarks behind")
ASIDE = REMARKS_BEHIND | {
    *(
        "vd",
        "v",
        "z",
        "ze",
        "zd",
        "od",
        "os",
        "geb",
        "geborene",
        "nee",
        "born",
        "ur",
        "aka",
        "vel",
        "alias",
        "attn",
    ),
    *(
        "fao",
        "from",
        "vom",
        "beim",
        "aus",
        "szanowna",
        "szanowny",
        "szanowni",
        "geehrte",
        "geehrter",
        "dear",
        "herrn",
        "domo",
    ),
}
