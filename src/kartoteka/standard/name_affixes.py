"""What stands beside a name in its field: a nickname, a maiden name, "c/o", a company, a remark, a phone
number."""

import re
from typing import NamedTuple

from kartoteka.standard.address_places import places
from kartoteka.standard.letters import fold
from kartoteka.standard.lore import given_names, leaning
from kartoteka.standard.name_kinds import COMPANY_SIGNS
from kartoteka.standard.name_words import CARE_OF, NOBODY, REMARKS_BEHIND, SURE_SUFFIXES, TITLES
from kartoteka.standard.wordlists import words

_QUOTED = re.compile(r"[\"„”“«»]([^\"„”“«»]{1,30})[\"„”“«»]|(?:(?<=\s)|^)'([^']{2,20})'(?=\s|,|$)")
_BRACKETED = re.compile(r"\s*[(\[{<]([^)\]}>]*)[)\]}>]?\s*")
_BORN = re.compile(
    r"\s*[,(]?\s*(?:\bz\s+d(?:omu|\.)|\bz\s?d\.|\bo\.s\.|\bos\.|\bgeb(?:oren(?:e|er|e)?)?\b\.?|\bn[ée]e\b|\bborn\b|\bur\.|\bgebore\b|\bde\s+domo\b)\s+[^,)]+\)?",
    re.I,
)
_ALIAS = re.compile(r"\s+(?:@|a\.?k\.?a\.?|alias|vel|f\.?k\.?a\.?)\s+", re.I)
_CARE_OF = re.compile(
    r"^\s*(?:" + "|".join(re.escape(one) for one in CARE_OF) + r"|an(?=\s+(?:herrn|frau|familie)\b))\s*:?\s+",
    re.I,
)
_CARE_OF_INSIDE = re.compile(r"\s*,?\s+(?:c/o|u/p)\s+.*$", re.I)
_ASIDE = re.compile(r"\s+(?:-|/|\||;|:)\s+|\s*[|]\s*")
_NUMBER = re.compile(
    r"\s*[,;:-]?\s*(?:(?:tel|tel\.|mob|cell|ph|puh|nr|no|#)\.?:?\s*)?\+?\(?\d[\d\s()./-]*(?=\s|,|$)|#\S*|\*+",
    re.I,
)
_HALF_NUMBER = re.compile(r"(?:[\s,;]+(?:tel|kom|mob|cell|puh|fax)\b\.?)+\s*:?\s*$", re.I)
_MAIL = re.compile(r"\s*[<(]?\S+@\S+\.\S+[>)]?")
_ORDINAL = re.compile(r"\b(?:2nd|3rd|4th)\b", re.I)
_PATRONYM = re.compile(r"\b([ASDW])\s*[/\\]\s*([LPO])\b", re.I)
_ACCOUNT = re.compile(r"\(\s*(?:sa|cc|m|s)\s*\)", re.I)
# in brackets these say something of the person; they are no nickname
_REMARKS = words("name affixes remarks")
_NO_NICKNAME = _REMARKS | COMPANY_SIGNS
# "Kasia z apteki", "Thabo from work": where somebody is from, behind the name and in small letters
_FROM = re.compile(r"^(.*\w\w) ((?:z|ze|od|from|vom|beim|aus) (?!d\b|domu\b)([^\W\d_]+)\b[^,]*)$")
_RELATIONS = words("name households relations")


# signs and words that tell that something stands beside the name
_EXTRAS = re.compile(
    r"[()\[\]{}\"„”“«»;|@\d*#:<>_=~^?!\\/]|\s-\s|\s'|'\s|c/o|\bz\s?d|\bo\.?s\.|\bgeb|\bn[ée]e\b|\bborn\b|\bur\.|\bde\s+domo\b"
    r"|\baka\b|\bvel\b|\balias\b|\battn|\bfao\b|\b(?:tel|kom|puh|fax)\.?\s*:?$|^[^\W\d_]{3,}\.[^\W\d_]{3,}$",
    re.I,
)
_TWO = re.compile(r"([^\W\d_]+) ([^/;|]+?)(?: / |; ?| ?\| ?)([^\W\d_]+) ([^/;|]+)")
_GLUED_TITLE = re.compile(
    r"\b((?:mr|mrs|ms|dr|prof|mgr|inż|pan|pani|mnr|mev|rev|engr|atty|[a-z]|hr|fr|lek|ks|ds|adv|ir|en|tn|pn)\.)(?=[^\W\d_]{3})",
    re.I,
)
_CAMEL = re.compile(r"([^\W\d_A-Z]|[A-Z](?![A-Z]))(?<=[^\W\d_]{3})(?=[A-ZĄĆĘŁŃÓŚŹŻÄÖÜÅ][^\W\d_]{2})")


class Affixes(NamedTuple):
    """A name's text freed of what stood beside it."""

    rest: str
    nickname: str = ""
    note: str = ""
    separate: bool = False  # the note stood apart (in brackets, behind a dash or comma), not inside the name


def remark_apart(text: str) -> tuple[str, str]:
    """The text without what is said of somebody behind the name with no sign between: "z apteki", "dup"; and that."""
    rest, _, last = text.rpartition(" ")
    if last.isalpha() and fold(last) in REMARKS_BEHIND and " " in rest:
        return rest, last
    found = _FROM.match(text)
    if found and found[3].islower() and fold(found[3]) not in _RELATIONS and leaning(fold(found[3]), ()) <= 0:
        return found[1], found[2]
    return text, ""


def taken_apart(text: str) -> Affixes:
    """The name alone, the nickname and the other things that stood beside it."""
    text = _PATRONYM.sub(r"\1/\2", text)
    nickname, notes, separate = "", [], False
    text = _HALF_NUMBER.sub("", _MAIL.sub(" ", text)).strip()
    born = _BORN.search(text)
    if born and born.start() > 0:
        before, maiden, behind = text[: born.start()], born[0].strip(" ,()"), text[born.end() :]
        if (
            " " not in before.strip()
            and "," not in text
            and maiden.count(" ") > (2 if "z d" in maiden else 1)
        ):
            maiden, _, family = maiden.rpartition(" ")  # "Danuta z d. Pietrzak Wolska"
            behind = f"{family} {behind}"
        notes.append(maiden)
        text = f"{before} {behind}"
    if quoted := _QUOTED.search(text):
        nickname = (quoted[1] or quoted[2] or "").strip()
        text = text[: quoted.start()] + " " + text[quoted.end() :]
        if not text.strip(" ,."):
            return Affixes(nickname)
    while bracketed := _BRACKETED.search(text):
        inside = bracketed[1].strip(" \"'.")
        remaining = f"{text[: bracketed.start()]} {text[bracketed.end() :]}".strip()
        if not any(map(str.isalpha, remaining)):
            return Affixes(inside or remaining)
        if fold(inside) in TITLES and inside:
            remaining = f"{inside} {remaining}"
        elif fold(inside) in SURE_SUFFIXES:
            remaining = f"{remaining} {inside}"
        elif _is_nickname(inside) and not nickname:
            nickname = inside
        elif inside:
            notes.append(inside)
            separate = True
        text = remaining
    parts = _ALIAS.split(text, maxsplit=1)
    if len(parts) == 2 and all(parts):
        text, nickname = _with_alias(parts[0], parts[1], nickname)
    text, aside = _without_aside(text)
    if aside:
        notes.append(aside)
        separate = True
    text = text if _ORDINAL.search(text) else _NUMBER.sub(" ", text)
    if " " not in text.strip() and "," not in text:
        text = (
            re.sub(r"[._]", " ", text)
            if re.fullmatch(r"[^\W\d_]{3,}[._][^\W\d_]{3,}", text.strip())
            else text
        )
    text = re.sub(r"[_=~^?!<>\"|;*#:]", lambda sign: "," if sign[0] == ";" else " ", text)
    return Affixes(
        re.sub(r"\s+", " ", text).replace(" ,", ",").strip(" ,-/"), nickname, "; ".join(notes), separate
    )


def without_care_of(text: str) -> str:
    """The text without "c/o", "Attn:" before it or "c/o ABC Ltd" behind it."""
    if "/" in text or ":" in text or text[:3].lower() in _CARE_STARTS:
        return _CARE_OF_INSIDE.sub("", _CARE_OF.sub("", text))
    return text


_CARE_STARTS = frozenset(one[:3] for one in CARE_OF) | {"an "}


def _is_nickname(inside: str) -> bool:
    if leaning(fold(inside), ()) < 0 or any(fold(inside) in towns for towns in places("city").values()):
        return False  # another surname, or where they live
    words = fold(inside).split()
    return (
        0 < len(words) <= 2
        and inside.replace(" ", "").replace("-", "").replace("'", "").isalpha()
        and _NO_NICKNAME.isdisjoint(words)
        and not (inside.isupper() and len(inside) <= 3)
    )


def _with_alias(main: str, other: str, nickname: str) -> tuple[str, str]:
    """ "Rosnah @ Ros binti Ahmad": the alias stands in the middle, the father's name belongs to both; so does the given
    name behind "Kowalska vel Nowak Anna"."""
    patronym = re.search(r"\s(?:bin|binti|bte|bt|a/l|a/p)\s.*$", other, re.I)
    if patronym and not re.search(r"\s(?:bin|binti|bte|bt|a/l|a/p)\s", main, re.I):
        return main + patronym[0], nickname or other[: patronym.start()]
    alias, _, given = other.partition(" ")
    if given and " " not in main and leaning(fold(main), ()) < 0 < leaning(fold(given), ()):
        return f"{main} {given}", nickname or alias
    return main, nickname or other


def _without_aside(text: str) -> tuple[str, str]:
    """ "Anna Kowalska - księgowość": the remark apart; a spaced hyphen inside a double name is mended."""
    found = _ASIDE.search(text)
    if not found:
        return text, ""
    left, right = text[: found.start()].strip(), text[found.end() :].strip()
    first = fold(right).partition(" ")[0]
    if (
        "-" in found[0]
        and " " not in right
        and (
            leaning(first, ()) < 0
            or (
                " " in left
                and leaning(fold(left).split()[-1], ()) < 0
                and right[:1].isupper()
                and leaning(first, ()) <= 0
                and len(first) > 3
            )
        )
    ):
        return f"{left}-{right}", ""
    if "-" in found[0] and " " not in left and leaning(fold(left), ()) <= 0 and leaning(first, ()) < 0:
        return f"{left}-{right}", ""
    if ";" in found[0]:
        return f"{left}, {right}", ""
    said = set(fold(left).split())
    if not any(map(str.isalpha, left)) or (" " in right and said <= _REMARKS | NOBODY):
        return right, left  # "DO NOT CALL - Jane Cooper"
    return left, right


_FULL_STOP = re.compile(r"(?<=[^\W\d_]{5})\.$")  # a sentence's, not a title's


def prepared(bare: str) -> tuple[str, Affixes]:
    """The text with what is glued together apart, and what stands beside the name taken off."""
    if (" / " in bare or ";" in bare or "|" in bare) and (two := _TWO.fullmatch(bare)):
        known = given_names()
        if fold(two[1]) in known and fold(two[3]) in known:
            bare = f"{two[1]} {two[2]} & {two[3]} {two[4]}"  # "Marcin Kowal / Ewa Kowal"
        elif fold(two[2]) in known and fold(two[4]) in known:
            bare = f"{two[2]} {two[1]} & {two[4]} {two[3]}"  # "Kowal Ewa / Kowal Marcin"
    bare = without_care_of(_VD.sub(_van_der, _ONLY_VAN.sub("van ", bare)))
    if "." in bare:
        bare = _GLUED_TITLE.sub(r"\1 ", bare)
    bare, said = remark_apart(_FULL_STOP.sub("", bare))
    if " " not in bare:
        bare = _unglued(bare)
    affixes = taken_apart(bare) if _EXTRAS.search(bare) else Affixes(bare)
    return bare, affixes._replace(note="; ".join(filter(None, (affixes.note, said)))) if said else affixes


def _unglued(word: str) -> str:
    """ "JanKowalski" in two words, where the first is a given name."""
    found = _CAMEL.search(word)
    if found is None or word[:2] in ("Mc", "O'") or leaning(fold(word[: found.end()]), ()) < 1:
        return word
    return f"{word[: found.end()]} {word[found.end() :]}"


_ONLY_VAN = re.compile(  # "Janse v Rensburg": these follow no other word than van
    r"\bv\.? (?=(?:rensburg|vuuren|zyl|wyk|niekerk|rooyen|tonder|heerden|staden|schalkwyk|aswegen|jaarsveld|deventer"
    r"|greunen|dyk)\b)",
    re.I,
)
_VD = re.compile(r"\bv\.?\s?/?\s?d\.?\s?(?=[A-Z][a-z]|[A-Z]{3}|(?<=\s)[a-z]{4})", re.I)


def _van_der(short: re.Match[str]) -> str:
    """ "vd Merwe", "v.d. Merwe": a common shorthand in South Africa and the Netherlands."""
    return "VAN DER " if short[0][0] == "V" and short[0].upper() == short[0] else "van der "
