"""Letters: tidied text, the folded form for comparing, capitals restored, broken encodings told."""

import re
import unicodedata
from functools import lru_cache

_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_DRAWN = re.compile("[\u2190-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff]+")
_SPACES = re.compile(r"\s+")
# Signs and letters that are what they seem, with single blanks between: all but the grave accent up to U+024F.
_PLAIN = re.compile("(?:[!-_a-~\u00c0-\u024f]+(?: [!-_a-~\u00c0-\u024f]+)*)?").fullmatch
_LOOKALIKES = str.maketrans(
    {
        "\u2019": "'",
        "\u2018": "'",
        "\u02bc": "'",
        "\u00b4": "'",
        "`": "'",
        "\u2032": "'",
        "\u2010": "-",
        "\u2011": "-",
    }
    | {
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u3000": " ",
        "\uff0c": ",",
        "\u3001": ",",
    }
    | {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width letters and signs
)
_OWN_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ŀ": "l",
        "ŋ": "n",
    }
)
_MARKS = re.compile("[\u0300-\u036f]+")
_INSIDE = re.compile(r"(?<=\w)'(?=\w)|(?<=\b\w)\.(?=\w\b)|(?<=\b\w)\.(?=\w\.)")
_NOT_WORD = re.compile(r"[\W_]+")
_BROKEN = re.compile(
    "[\u00c2-\u00d1\u00d8\u00d9\u00e2][\u0080-\u00bf\u0152-\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
# "=CMD()", "+SUM(A1)", "=B2&C2", "-2+3+cmd|' /C calc'!A0"; and what a spreadsheet shows for one that fails: "#REF!"
_FORMULA = re.compile(
    r"[=+@-][=+@\s-]*[a-z][\w.]*\(|=\s*\(*[+-]?(?:\$?[a-z]{1,3}\$?\d|\d+\s*[-+*/^])|[=+@-].*\|.*!|#[\w/]+[!?]|#n/?[av]",
    re.I,
)
_PARTS = re.compile(r"([-/.&+ (])")
# Zulu and Xhosa write a click with c: "Mchunu", "Mcebisi" are no sons of anybody
_CLICK = re.compile(r"mc(?:[aeiou]|h[aeou]|w[aei]).*[aiou]", re.I).fullmatch
_FIRST_CAPITALS = frozenset({"o", "d", "l", "m", "dell", "dall", "all"})


def tidy(text: str) -> str:
    """The text with what nobody sees or means taken out.

    Composed letters (NFC), full-width letters made ordinary, curly apostrophes and long dashes made plain,
    zero-width and control characters dropped, runs of white space made one space.
    """
    if _PLAIN(text):
        return text
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text).translate(_LOOKALIKES))
    return _SPACES.sub(" ", text).strip()


def without_drawings(text: str) -> str:
    """A tidied text without hearts, stars, faces and flags."""
    return " ".join(_DRAWN.sub(" ", text).split()) if _DRAWN.search(text) else text


@lru_cache(maxsize=131072)
def fold(text: str) -> str:
    """The form in which two spellings are compared: "Müller-Łuczak, J.J." gives "muller luczak jj".

    Case folded; accents taken off and ł, ø, ß, æ ... spelled with plain letters; apostrophes and the points
    between
    initials dropped; all else that is no letter or digit is one space. Folding twice changes nothing. Other
    scripts
    keep their letters.
    """
    text = tidy(text).casefold()
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFD", text)).translate(_OWN_LETTERS)
        text = unicodedata.normalize("NFC", text).casefold()
    return _NOT_WORD.sub(" ", _INSIDE.sub("", text)).strip()


def mended(text: str) -> str:
    """What was meant where UTF-8 was read as Windows-1252 ("WoÅºniak" gives "Woźniak"), or "" if the text
    is sound."""
    if text.isascii() or not _BROKEN.search(text):
        return ""
    raw = bytearray()
    for letter in text:
        try:
            raw += letter.encode("cp1252")
        except UnicodeEncodeError:
            if ord(letter) > 0xFF:
                return ""
            raw.append(ord(letter))  # the five bytes Windows-1252 leaves undefined
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def is_formula(text: str) -> bool:
    """Whether a text is a spreadsheet's formula, or the error that one left behind."""
    return text[:1] in ("=", "+", "-", "@", "#") and _FORMULA.match(text) is not None


def capital(word: str) -> str:
    """One word with its first letter large and the others small: "ŁUCJA" gives "Łucja"."""
    return word[:1].upper() + word[1:].lower()


def name_capitals(word: str) -> str:
    """A word of a name as it is usually written: "O'BRIEN-MCDONALD" gives "O'Brien-McDonald"."""
    if _PARTS.search(word):
        return "".join(part if _PARTS.fullmatch(part) else name_capitals(part) for part in _PARTS.split(word))
    head, mark, tail = word.partition("'")
    if mark and head.lower() in _FIRST_CAPITALS and len(tail) > 1:
        return capital(head) + mark + name_capitals(tail)
    if word[:2].lower() == "mc" and len(word) > 4 and not _CLICK(word):
        return "Mc" + capital(word[2:])
    return capital(word)


def oddly_cased(word: str) -> bool:
    """Whether the word's capitals say nothing: all small, all large, or large where none belongs ("jAN",
    "KowALski")."""
    if word.islower() or (word.isupper() and sum(map(str.isalpha, word)) > 1):
        return True
    parts = [part for part in _INNER.split(word) if len(part) > 1]
    return any(_odd_part(part) for part in parts) or any(len(part) > 2 and part.isupper() for part in parts)


_NGUNI = re.compile(r"[a-z]{2,4}[A-Z][a-z]{2,}")  # kaNcube, waThiong'o
_INNER = re.compile(r"[-'/.&+ (]")
_LARGE_INSIDE = re.compile(r"[A-Z]{2,}[a-z]")


def _odd_part(part: str) -> bool:
    if not part[0].isupper():
        return not part.islower() and not _NGUNI.fullmatch(part)
    if len(part) < 4 or part.isupper():
        return False
    return part[-1].isupper() or (part[0] not in "MO" and _LARGE_INSIDE.search(part) is not None)
