"""Companies' names: the legal form apart, quotes and trading-as gone, capitals restored."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from kartoteka.standard.characters import says_nothing
from kartoteka.standard.company_forms import (
    AFTER_FORM,
    AROUND,
    BEFORE,
    DESIGNATIONS,
    EAST,
    FORMS,
    FRONT,
    FRONT_COUNTRIES,
    SHORT_DESIGNATIONS,
    Form,
    letters_only,
)
from kartoteka.standard.letters import fold, is_formula, mended, tidy
from kartoteka.standard.lore import given_names, surnames
from kartoteka.standard.outcome import Standard
from kartoteka.standard.wordlists import words

_ATOM = re.compile(r"[^\W_]+|&")
_QUOTES = re.compile("[\"„”“«»‚‹›]|''|(?<!\\w)'(?=\\w[^']*'(?:\\W|$))|(?<=\\w)'(?=\\s|$|,)(?<!s')")
_TRADING = re.compile(
    r"\s*[,(]?\s+(?:t/as?|t\.a\.|ta/|trading as|d/b/a|dba|doing business as|h/a|handeldrywend as|pod marką"
    r"|aputoiminimi)\s*:?\s+",
    re.I,
)
_EDGES = " ,.;:-–/|*#_"
_EDGES_KEEPING_POINT = " ,;:-–/|*#_"
_LEAD = re.compile(r"^(?:M/s\.?|Messrs\.?|Firma:|Fa\.|c/o)\s+", re.I)
_ABOUT = re.compile(r"\s*[(,]?\s*\bc/o\s.*$", re.I)  # to whose hands, behind the name
# "(467890-P)", "Reg. No. 2015/123456/07", "NIP 525-000-00-00": the number of a register behind the name
_REGISTERED = re.compile(
    r"[\s,;–-]*(?:\((?:[^()\d]{2,20}[\s:.])?[A-Z]{0,3}\d[\d /.-]{4,}(?:-?[A-Z])?\)"
    r"|\b(?:(?:company|co\.?|reg(?:istration|d)?\.?)\s*n(?:o|r|umber)\b"
    r"|nip|krs|regon|y-tunnus|kvk|hrb|org\.?\s*nr|abn|uen)\W*\d[\d /.-]{4,}(?:-?[A-Z])?)\s*$",
    re.I,
)
_SHORTENED = re.compile(
    r"(?:\b\w\.|\b(?:Co|Bros|Kumpp|Cie|Corp|St|Inc|Sp|No|Int|Intl|Phils?|Mfg|Ent|Assoc|Jr|Sr|Ind|Dev|Dist|[^\W\d]*ges)\.)$",
    re.I,
)
_VOWEL = re.compile("[aeiouyäöüåąęóáéíúàèìòùâêîôûæøœ]", re.I)
_LONGEST = 500  # characters: a field longer than this is no company's name
_SHORT_WORDS = words("companies short words")
_SMALL = words("companies small")
# before a form and no name by themselves: what stands behind the form belongs to them
_UNFINISHED = words("companies unfinished")
_OTHER_HALF = re.compile(r"\.?\s+[^\W\d_]")
_KEPT = {
    **{name.lower(): name for name in words("companies own capitals")},
    **{name: name.upper() for name in words("companies acronyms")},
    **{title: title.capitalize() for title in ("dr", "mr", "mrs", "st", "sr", "jr")},
}


class Company(NamedTuple):
    """A company: its name without the legal form, and the form in its customary spelling ("Sp. z o.o.",
    "(Pty) Ltd")."""

    name: str
    form: str = ""


class Found(NamedTuple):
    """Where in the text a legal form stands."""

    start: int
    end: int
    written: str


def standardise(text: str, *, country: str = "") -> Standard[Company]:
    """One company's name, apart from its legal form.

    country: ISO alpha-2, where known; it decides between forms spelled alike ("S.A." in Poland, "SA" in France) and
    believes short ones ("CC" in South Africa). The form comes back in its customary spelling, quotes and what stands
    behind the form (a country, "in liquidation") are dropped, a trading name is told in the note, and a name all in
    capitals or all small gets its capitals; short forms without vowels stay large. Two spellings differ only so far as
    two files would: "PPHU", "FHU" and the like count as a form when nothing else does.
    """
    if len(text) > _LONGEST:
        return Standard(None, text, "invalid")
    bare = _LEAD.sub("", tidy(text))
    if not any(map(str.isalnum, bare)):
        return Standard(None, text, "empty" if not bare else "invalid")
    if is_formula(bare):
        return Standard(None, text, "invalid")
    if len(bare) < 20 and _says_none(bare):
        return Standard(None, text, "empty")
    meant = mended(text)
    if plain := _plain(bare, country):
        return Standard(Company(restored(plain[0], bare), plain[1]), text, "mojibake" if meant else "", meant)
    name, form, note = split_form(bare, country)
    if not name:
        return Standard(Company(bare), text)
    return Standard(Company(restored(name, bare), form), text, "mojibake" if meant else "", meant or note)


def _says_none(text: str) -> bool:
    """Whether somebody wrote that there is no company ("brak", "n/a"); "BD" and "XX" may be the letters of one."""
    letters = text.isalpha() and text.isupper() and len(text) < 4
    return says_nothing(text) and not (letters and text not in _SAID_LARGE)


_SAID_LARGE = frozenset({"NA", "NAN", "NIL"})


# a word that may open a legal form, or something that stands before or behind one
_OPENS_FORM = frozenset(
    key[:size]
    for key in (*FORMS, *FRONT, *DESIGNATIONS, *SHORT_DESIGNATIONS, *AFTER_FORM)
    for size in range(1, len(key) + 1)
) | words("companies tells more")
_PLAIN_WORDS = re.compile(r"[^\W\d_]{2,}(?:(?: & | |-)[^\W\d_]{2,})*")
_PLAIN_WORD = re.compile(r"[^\W\d_]+")
_ANY_NAME = "Qwxz Vbnm"


def _plain(text: str, country: str) -> tuple[str, str] | None:
    """Name and form where plain words stand before a form that was met before ("Laine Puutarha Oy"), else None."""
    head = _PLAIN_WORDS.match(text)
    if head is None or max(text[0], text[-1]) > "\u2fff":  # there a form needs no space beside it
        return None
    end = 0
    for word in _PLAIN_WORD.finditer(text, 0, head.end()):
        if letters_only(word[0]) in _OPENS_FORM:
            break
        end = word.end()
    name, tail = text[:end], text[end:]
    if not name or (tail and (tail[0] not in " ,(" or tail[1:2] in "&-'" or len(tail) > 40)):
        return None
    form = _form_behind(tail, country) if tail else ""
    return (name, form) if form is not None else None


@lru_cache(maxsize=20_000)
def _form_behind(tail: str, country: str) -> str | None:
    """The form that is all of what stands behind a plain name; None if there is more or less than a form."""
    name, form, note = split_form(_ANY_NAME + tail, country)
    return form if name == _ANY_NAME and not note else None


def written(company: Company) -> str:
    """The name with its form, each in its customary place: "PPHU Kowalski", "Kowalski Sp. z o.o."."""
    name, form = company
    return " ".join(filter(None, (form, name) if form in BEFORE else (name, form)))


def split_form(text: str, country: str) -> tuple[str, str, str]:
    """Name (typed capitals), form and note of a tidied text."""
    note = ""
    text = _ABOUT.sub("", _REGISTERED.sub("", text)) or text
    if not text.isascii() and (east := EAST.fullmatch(text)):
        return _bare_name(east["name"] or east["named"]), east["front"] or east["form"], note
    if _TRADING.search(text):
        legal, trade = _TRADING.split(text, maxsplit=1)
        name, form, _ = split_form(legal, country)
        trade = trade.strip(_EDGES + ")\"'")
        if form or fold(legal).partition(" ")[0] not in given_names():
            return name, form, trade
        text, note = trade, legal.strip(_EDGES)
    found = find_form(text, country)
    front = _front_form(text, country)
    if front and found and found.start < front.end:
        found = None  # "Sp. z o.o. Metalex"
    if found is None and front is None:
        return _bare_name(text), "", note
    if found is None:
        assert front is not None
        return _bare_name(text[front.end :]), front.written, note
    name, rest = text[: found.start], text[found.end :]
    if front and front.end <= found.start and (both := AROUND.get((front.written, found.written))):
        return _bare_name(text[front.end : found.start]), both, note
    if not _bare_name(name):
        return _bare_name(rest), found.written, note
    if _OTHER_HALF.match(rest) and letters_only(name) in _UNFINISHED:
        return _bare_name(f"{name.rstrip(_EDGES)} {rest}"), found.written, note  # "Handels OHG Krause"
    return _bare_name(name), found.written, note or rest.strip(_EDGES + "()")


class _Atoms(NamedTuple):
    """The words and figures of a text, with their keys, and how they are to be read."""

    text: str
    found: list[re.Match[str]]
    keys: list[str]
    country: str
    sure: bool


def find_form(text: str, country: str, *, sure: bool = False) -> Found | None:
    """The legal form that ends the name, with what may follow it; None if there is none.

    sure: believe short forms only in their own country or with points (for a text that may be a person).
    """
    found = list(_ATOM.finditer(text))
    keys = [letters_only(atom[0]) or atom[0] for atom in found]
    atoms = _Atoms(text, found, keys, country, sure)
    last = len(keys)
    while last > 1:
        ending = _ending_at(atoms, last)
        if ending is not None:
            return ending
        if not _may_follow(keys, last):
            break
        last -= 1
    return _in_the_middle(atoms._replace(sure=True))


def _may_follow(keys: list[str], last: int) -> bool:
    """Whether the atoms before `last` end in what stands behind forms ("Poland", "w likwidacji")."""
    tail = ""
    for key in reversed(keys[max(0, last - 3) : last]):
        tail = key + tail
        if tail in AFTER_FORM:
            return True
    return last < len(keys) and keys[last - 1] in ("w", "in", "south", "suid", "united", "i")


def _ending_at(atoms: _Atoms, last: int) -> Found | None:
    """The longest form that ends with the atom before `last`."""
    text, found, keys, country, sure = atoms
    tail, best = "", None
    for first in range(last - 1, max(0, last - 10), -1):
        if keys[first] == "&":
            continue
        tail = keys[first] + tail
        forms = FORMS.get(tail)
        if forms is None or (tail == "zoo" and country != "PL"):
            continue
        if tail.startswith("co") and keys[first - 1] in ("&", "and", "und", "i"):
            continue  # "Smith & Co Ltd" is called "Smith & Co"
        start, end = found[first].start(), found[last - 1].end()
        form = _believed(forms, text[start:end], country, sure)
        if form is not None:
            best = Found(start, end, form.written)
    return best


def _believed(forms: tuple[Form, ...], typed: str, country: str, sure: bool) -> Form | None:
    """The form meant, or None where its letters are more likely a word or initials."""
    form = next((one for one in forms if country in one.countries), forms[0])
    if country in form.countries:
        return form
    if form.home and (country or "," not in typed):
        return None
    exact = next((one for one in forms if one.written.rstrip(".") == typed), None)
    if exact is not None:
        return exact
    pointed = "." in typed.rstrip(".") or "/" in typed or len(typed) > 6
    if len(letters_only(typed)) <= 3 and sure and not pointed:
        return (
            form
            if not form.shy and (typed in (form.written, form.written.rstrip(".")) or len(typed) > 2)
            else None
        )
    if form.shy and not pointed:
        return form if not sure and typed.isupper() and form.written.isupper() and not country else None
    return form


def _in_the_middle(atoms: _Atoms) -> Found | None:
    """A form that cannot be anything else, with more text behind it: "ABC Sp. z o.o. Oddział Kraków"."""
    text = atoms.text
    for last in range(len(atoms.keys) - 1, 1, -1):
        follows = text[atoms.found[last - 1].end() :].lstrip(" .)")[:1]
        form = _ending_at(atoms, last)
        if form is None:
            continue
        typed = text[form.start : form.end]
        surely = _written_so(typed, atoms.country) or len(letters_only(typed)) > 3 or "." in typed.rstrip(".")
        if surely or follows in (",", "-", "(", "/"):
            return form
    return None


def _written_so(typed: str, country: str) -> bool:
    """Whether a form is typed as its own country writes it, and is no word or initials: "Siemens AG Wien"."""
    plain = "" if len(typed) < 3 else typed.upper()
    return any(
        (country in form.countries or not (country or len(typed) < 3))
        and not form.shy
        and (typed in (form.written, form.written.replace(".", "")) or typed == plain == form.written.upper())
        for form in FORMS.get(letters_only(typed), ())
    )


def _front_form(text: str, country: str) -> Found | None:
    """A form before the name: "Oy Kesko Ab", "PT Maju", "P.P.H.U. Kowalski"."""
    head, best = "", None
    atoms = list(_ATOM.finditer(text))
    for atom in atoms[:5]:
        head += letters_only(atom[0])
        end = atom.end()
        if end >= atoms[-1].end() or len(head) > 18:
            break
        typed = text[:end]
        if head in DESIGNATIONS or (
            head in SHORT_DESIGNATIONS and ("." in typed or country == "PL") and typed.isupper()
        ):
            best = Found(0, end, head.upper())
        elif head in FRONT:
            written = FRONT[head]
            bound = FRONT_COUNTRIES.get(written, "")
            if (
                not bound
                or country in bound.split()
                or (not country and written in ("Ky", "Ab", "PT", "CV", "SIA") and typed == written)
                or len(head) > 9
                or (not country and len(written) > 3 and typed.isupper())
            ):
                own = next(
                    (form.written for form in FORMS.get(head, ()) if country in form.countries), written
                )
                best = Found(0, end, own)
    return best


def _bare_name(text: str) -> str:
    name = _QUOTES.sub("", text).strip(_EDGES_KEEPING_POINT)
    while name.endswith("(") or (name.endswith(")") and "(" not in name):
        name = name[:-1].strip(_EDGES_KEEPING_POINT)
    if name.startswith(")") or name.startswith("."):
        name = name.lstrip(").").strip(_EDGES_KEEPING_POINT)
    if name.endswith(".") and not _SHORTENED.search(name):
        name = name.rstrip(".")
    return re.sub(r"\s+", " ", name).strip()


def restored(name: str, whole: str) -> str:
    """The name with its capitals, where the text was typed all large or all small; else as typed."""
    if whole.isupper() and sum(map(str.isalpha, whole)) > 1:
        return " ".join(_from_capitals(word, first=not index) for index, word in enumerate(name.split(" ")))
    if whole.islower() or name.islower():
        return " ".join(_from_small(word, first=not index) for index, word in enumerate(name.split(" ")))
    words = name.split(" ")
    if name.isupper() and (len(words) > 1 or len(name) > 5) and not any(map(str.isdigit, name)):
        return " ".join(_from_capitals(word, first=not index) for index, word in enumerate(words))
    return name


def _known(word: str) -> bool:
    key = fold(word)
    return key in _SHORT_WORDS or key in given_names() or key in surnames()


def _from_capitals(word: str, *, first: bool) -> str:
    if not first and word.lower() in _SMALL:
        return word.lower()
    return _parts_of(word, acronyms=3)


def _from_small(word: str, *, first: bool) -> str:
    if not first and word.lower() in _SMALL:
        return word.lower()
    return _parts_of(word, acronyms=3)


def _parts_of(word: str, *, acronyms: int) -> str:
    return "".join(
        _word_part(part, acronyms) if part[:1].isalpha() else part
        for part in re.split(r"([^\w']+|_|\d+)", word)
    )


@cache
def _edges_said() -> frozenset[str]:
    """How words begin and end, by two letters, in all the names and trades that are known."""
    trades = words("name kinds trade") - words("companies acronyms")
    known = (*given_names(), *surnames(), *map(fold, trades))
    return frozenset(edge for word in known for edge in (f"^{word[:2]}", f"{word[-2:]}$"))


def _can_be_said(word: str) -> bool:
    """Whether a word begins and ends as words do; "BASF" and "RSPB" are said letter by letter."""
    key = fold(word)
    return f"^{key[:2]}" in _edges_said() and f"{key[-2:]}$" in _edges_said()


def is_acronym(word: str) -> bool:
    """Whether a word in capitals is certainly said letter by letter, and is nobody's name: "BASF", "KFC", not "NG"."""
    low = word.lower()
    return word.isalpha() and (
        _KEPT.get(low) == word or (2 < len(word) < 6 and not _known(word) and not _can_be_said(low))
    )


def _word_part(part: str, acronyms: int) -> str:
    low = part.lower()
    if low in _KEPT:
        return _KEPT[low]
    if low.endswith("'s") and len(low) > 3:
        return _word_part(part[:-2], acronyms) + "'s"
    letters = "".join(filter(str.isalpha, part))
    if (
        len(letters) == 1
        or (len(letters) <= 4 and not _VOWEL.search(letters))
        or (len(letters) <= acronyms and letters.isascii() and not _known(part))
        or (len(letters) <= 5 and part.isupper() and not _can_be_said(low))
    ):
        return part.upper()
    head, mark, tail = low.partition("'")
    if mark and head in ("o", "d", "l") and len(tail) > 1:
        return head.upper() + mark + tail.capitalize()
    if low.startswith("mc") and len(low) > 4:
        return "Mc" + low[2:].capitalize()
    return low[:1].upper() + low[1:]
