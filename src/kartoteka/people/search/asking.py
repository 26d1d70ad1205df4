"""What was typed, as terms: words to be corrected, and numbers to be read as phones, dates or plain numbers."""

import re
import unicodedata

from kartoteka.kit.ids import read_card

from .guessing import Word
from .terms import Number, Term
from .words import is_number, words

MOST_TERMS = 8

_EMAIL = re.compile(r"(\S+@[^\s@]+)\.[a-z]{2,}\b")
_SITE = re.compile(r"\b(?:https?://)?www\.(\S+?)\.[a-z]{2,}\b")
_RUN = re.compile(r"\+?\d+(?:[\s\-./()]{0,3}\d+)*")


def cards_in(text: str) -> list[str]:
    """The card numbers that the text holds: as a whole, or a word of it."""
    return list(dict.fromkeys(filter(None, map(read_card, (text, *text.split())))))


def terms_in(text: str) -> list[Term]:
    """What is asked for, in the order typed; a letter alone is left out beside longer words."""
    plain = _SITE.sub(r" \1 ", _EMAIL.sub(r" \1 ", unicodedata.normalize("NFKC", text).lower()))
    terms: list[Term] = []
    place = 0
    ended = not plain[-1:].isspace()
    for run in _RUN.finditer(plain):
        terms += _words_in(plain[place : run.start()], last=False)
        terms.append(Number(words(run.group())))
        place = run.end()
    terms += _words_in(plain[place:], last=ended)
    long = [term for term in terms if isinstance(term, Number) or len(term.typed) > 1]  # type: ignore[attr-defined]
    return (long or terms)[:MOST_TERMS]


def _words_in(text: str, *, last: bool) -> list[Word]:
    found = [word for word in words(text) if not is_number(word)]
    return [Word(word, last=last and place == len(found) - 1) for place, word in enumerate(found)]
