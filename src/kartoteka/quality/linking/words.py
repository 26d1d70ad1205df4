"""What can be read out of one distinct text: its fold, its parts, its sound.

Names, streets and cities repeat, so this is done once per distinct text, never once per row.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kartoteka.standard.letters import fold
from kartoteka.standard.lore import given_names, root_of, roots_of

__all__ = ["family_core", "firm_words", "fold", "mans", "roots", "sound", "street_core"]

PARTICLES = frozenset(
    [
        "van",
        "der",
        "den",
        "de",
        "du",
        "da",
        "di",
        "del",
        "della",
        "dela",
        "dos",
        "das",
        "la",
        "le",
        "las",
        "los",
        "von",
        "zu",
        "zum",
        "zur",
        "vd",
        "vande",
        "vander",
        "vanden",
        "af",
        "av",
        "ten",
        "ter",
        "te",
        "het",
        "bin",
        "binti",
        "bt",
        "bte",
        "ibn",
        "al",
        "el",
        "san",
        "santa",
        "y",
    ]
)
"""Small words inside a family name: sources keep, drop or shorten them at will."""

_STREET_WORDS = frozenset(
    [
        "ul",
        "ulica",
        "al",
        "aleja",
        "aleje",
        "pl",
        "plac",
        "os",
        "osiedle",
        "street",
        "str",
        "st",
        "road",
        "rd",
        "avenue",
        "ave",
        "av",
        "lane",
        "ln",
        "drive",
        "dr",
        "close",
        "straat",
        "laan",
        "weg",
        "rylaan",
        "strasse",
        "jalan",
        "jln",
        "lorong",
        "kalye",
        "katu",
        "tie",
        "kuja",
        "the",
    ]
)


def roots(given: str) -> list[str]:
    """The full names a folded given name can stand for, the likeliest first (kasia: katarzyna); itself if unknown."""
    likeliest = root_of(given)
    return [likeliest, *sorted(roots_of(given) - {likeliest})]


def mans(given: str) -> bool:
    """Whether a folded given name is a man's in some language."""
    known = given_names().get(given)
    return known is not None and "m" in known.sexes.values()


def family_core(text: str) -> str:
    """A family name as it is compared: folded, particles off, one gender.

    "van der Merwe", "vd Merwe" and "Merwe" give one core, and so do "Kowalska" and "Kowalski".
    """
    words = fold(text).split()
    kept = [word for word in words if len(word) > 1 and word not in PARTICLES] or words
    return " ".join(_one_gender(word) for word in kept)


_COMING_AND_GOING = """
the and of i ja en und og de group grupa international intl global worldwide company co corp corporation
inc ltd limited llc llp plc pte pty sdn bhd gmbh ag kg oy oyj ab sa spzoo bv nv cc
"""
_FIRM_WORDS = frozenset(_COMING_AND_GOING.split())
"""What a firm's name may lose or gain without becoming another's."""


def firm_words(text: str) -> list[str]:
    """The words that make a firm's name: folded, without those that come and go (Group, International, Ltd, &)."""
    words = fold(text).split()
    return [word for word in words if word not in _FIRM_WORDS] or words


def _one_gender(word: str) -> str:
    """Polish and Russian family names bend with the sex of the bearer; compare the man's form."""
    if len(word) > 5:
        for her, his in (("ska", "ski"), ("cka", "cki"), ("dzka", "dzki"), ("skaya", "ski"), ("ova", "ov")):
            if word.endswith(her):
                return word[: -len(her)] + his
    return word


def street_core(text: str) -> str:
    """A street without the words that only say that it is one."""
    words = fold(text).split()
    return " ".join(word for word in words if word not in _STREET_WORDS) or " ".join(words)


_SOUNDS = (
    ("sch", "s"), ("sz", "s"), ("cz", "c"), ("ch", "h"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("rz", "z"),
    ("qu", "k"), ("x", "ks"), ("w", "v"), ("y", "i"), ("j", "i"), ("q", "k"), ("z", "s"), ("c", "k"),
)  # fmt: skip


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """A rough sound of a folded word: its first letter and the consonants after it, at most five.

    Only used to bring candidates together, so it may be generous.
    """
    for spelt, heard in _SOUNDS:
        word = word.replace(spelt, heard)
    if not word:
        return ""
    skeleton = word[0] + re.sub(r"[aeiouh0-9 ]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", skeleton)[:5]
