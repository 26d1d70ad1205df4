"""Characters as one alphabet of tools writes them: what every other module of this package reads first."""

import unicodedata
from functools import lru_cache

_INVISIBLE = "".join(
    map(chr, [0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)])
)
_INVISIBLE += "\ufeff\ufffe\ufe0e\ufe0f\u20e3"
_DASHES = "‐‑‒–—―−⁃﹘﹣－ー"
_SINGLE_QUOTES = "‘’‚‛′`´ʹʼ＇"
_DOUBLE_QUOTES = "“”„‟″«»＂"
_TABLE: dict[int, str] = {
    **{ord(c): "" for c in _INVISIBLE},
    **dict.fromkeys(range(0x20), " "),
    0: "",
    0x7F: "",
    **{ord(c): "-" for c in _DASHES},
    **{ord(c): "'" for c in _SINGLE_QUOTES},
    **{ord(c): '"' for c in _DOUBLE_QUOTES},
    ord("⁄"): "/",
    ord("∕"): "/",
}
# Letters that Unicode does not take apart into a base letter and a mark.
_FOLDED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


def words(text: str) -> list[str]:
    """The words of a table kept as text, for reading and amending it easily; "_" in a word stands for a space."""
    return [word.replace("_", " ") for word in text.split()]


def plain(text: str) -> str:
    """The same text with one character for one thing.

    Compatibility forms (full-width letters), the digits of every script, dashes, quotes and spaces become their
    ASCII siblings; what cannot be seen is dropped; the ends are trimmed. Letters keep their accents and case.
    """
    if text.isascii():
        return text.strip() if text.isprintable() else text.translate(_TABLE).strip()
    # Dashes and quotes first: NFKC would turn some of them into a space and a mark.
    text = unicodedata.normalize("NFKC", text.translate(_TABLE)).translate(_TABLE)
    if not text.isascii():
        text = "".join(_ascii_digit(c) if c.isdigit() or c.isspace() else c for c in text)
    return text.strip()


def _ascii_digit(char: str) -> str:
    return " " if char.isspace() else str(unicodedata.digit(char))


def fold(text: str) -> str:
    """Lower case without accents, for comparing: "Paździer." is "pazdzier.", "MÄRZ" is "marz"."""
    text = text.casefold()
    if text.isascii():
        return text
    text = text.translate(_FOLDED)
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


# What people write in a cell to say that there is nothing to write; "_" stands for a space.
_NOTHING = frozenset(
    fold(word)
    for word in words(
        """
    - -- --- . .. ... / \\ ? ?? ??? ???? * x xx xxx n/a na n.a. n.a n\\a #n/a #n/d! #ref!
    nan nat nil null none no_data empty (none) (null) (empty) [none] <none> <null> blank unknown (unknown) unk not_known
    not_given not_provided not_available
    missing tba tbc tbd undefined no no_number no_phone no_email no_e-mail
    brak (brak) brak_danych brak_numeru brak_telefonu brak_maila brak_adresu nie_ma nie_posiada nie_dotyczy n/d nd nd. n.d.
    nieznany nieznana nieznane nie_podano nie_podał nie_podała bd b/d b.d. b.d nie
    ei ei_ole ei_tiedossa ei_tietoa tuntematon puuttuu ei_saatavilla ei_puhelinta
    onbekend geen nie_beskikbaar nie_bekend n.v.t. nvt
    wala wala_po hindi_alam walang_impormasyon
    tiada tidak_diketahui tidak tak_ada tdk tiada_maklumat
    unbekannt keine keiner kein k.a. k._a. keine_angabe entfällt entfallt fehlt
    """
    )
)


@lru_cache(maxsize=1024)
def says_nothing(text: str) -> bool:
    """Whether a cell is empty or holds a word for "nothing" in one of our languages ("n/a", "brak", "-")."""
    return not text.strip() or " ".join(fold(plain(text)).split()) in _NOTHING
