"""What a heading says: the field it means, by the words people and programs use in seven languages
(headings.txt).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from kartoteka.intake.files.fields import MANY, Target, target

NUMBER, HOLDER, OTHER = "-number", "-holder", "-other"
HARD = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "đ": "d", "ı": "i", "œ": "oe", "#": " # "})

# Words that only say which of several is meant. label -> folded words; an address and a phone share them.
LABELS: dict[str, str] = {
    "billing": "billing bill invoice faktura faktury rozliczeniowy platnika laskutus faktuur rechnung rechnungs bil invois",
    "shipping": "shipping delivery ship dostawy wysylki dostawa toimitus aflewering liefer lieferung "
    "penghantaran paghahatid recipient",
    "home": "home private personal domowy dom prywatny zamieszkania koti huis privat rumah bahay residential kediaman",
    "work": "work business office company sluzbowy firmowy praca firma firmy tyo yritys werk kantoor pejabat opisina "
    "geschaeftlich geschaftlich dienstlich trabaho employer",
    "mobile": "mobile cell kom komorkowy gsm matka sel selfoon handy mobil bimbit",
    "fax": "fax faks faksi",
    "main": "primary main preferred glowny podstawowy default ensisijainen hoof utama haupt",
    "other": "other second secondary alternative alt dodatkowy drugi inny toinen ander lain weitere zweite "
    "alternate additional backup emergency",
}
LABEL_OF = {word: label for label, words in LABELS.items() for word in words.split()}
# Words that say nothing about the field.
_FILLERS = (
    "customer client klient klienta klientki kontakt contact user your my the of ng sa mga person osoby buyer "
    "kupujacego kunde kunden asiakas asiakkaan se pelanggan anda twoj twoje nasz member subscriber current "
    "required optional value info details dane full complete field kolumna column pole address adres default "
    "nr no number numer account owner guest participant patient przy w do na or and i en und ja dan at"
)
VAGUE = frozenset(["first", "last"])  # a name's only by themselves: "Last Active", "First order"
FILLERS = frozenset(_FILLERS.split())


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading was found to mean: a field key, NUMBER, HOLDER, OTHER or "" ; and how sure that is (0 to 1)."""

    field: str
    confidence: float


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """A heading as it is compared: small letters without accents, words apart, punctuation gone
    ("firstName" too).
    """
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text.strip())
    text = unicodedata.normalize("NFKD", text.casefold().translate(HARD))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+|#", text))


@cache
def words(name: str = "headings") -> dict[str, str]:
    """Folded heading -> field key, from the list of this name: `headings`, or `order_headings` of orders alone."""
    found: dict[str, str] = {}
    field = ""
    for line in Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            field = line.strip("[]")
        elif line and not line.startswith("# "):
            for each in line.split(","):
                found.setdefault(fold(each), field)
    return found


@lru_cache(maxsize=8192)
def meaning(heading: str) -> Meaning:
    """The field a heading means: by its exact words, then without labels and fillers, then roughly."""
    folded = fold(heading)
    known = words()
    if not folded:
        return Meaning("", 0.0)
    if folded in known:
        return Meaning(_label_whole(folded, known[folded]), 0.95)
    tokens = _split_off(folded)
    return _beside(tokens, known) or _reduced(tokens, known) or _roughly(tokens, known)


def _beside(tokens: list[str], known: dict[str, str]) -> Meaning | None:
    """ "Phone 1 - Type" says something of another column, and is no field itself."""
    whose = known.get(" ".join(token for token in tokens[:-1] if not token.isdecimal()))
    numbered = any(map(str.isdecimal, tokens))  # "Event 1 - Label"
    if tokens[-1] in ("label", "type") and (numbered or whose in ("email", "phone", "address", "website")):
        return Meaning(OTHER, 0.9)
    return None


def labels_beside(columns: Sequence[str]) -> dict[int, int]:
    """Where one column tells which number or address another one holds: "Phone 1 - Value" and "Phone 1 - Type", in
    newer files "Phone 1 - Label". Place of the value -> place of its label."""
    places = {fold(heading): place for place, heading in enumerate(columns)}
    found = {}
    for folded, place in places.items():
        stem, _, last = folded.rpartition(" ")
        if last == "value" and stem:
            told = places.get(f"{stem} type", places.get(f"{stem} label"))
            if told is not None:
                found[place] = told
    return found


def labels_of(heading: str) -> frozenset[str]:
    """Which of several a heading speaks of: "billing" of "billing_first_name", mostly nothing."""
    return frozenset(LABEL_OF[token] for token in _split_off(fold(heading)) if token in LABEL_OF)


@lru_cache(maxsize=1024)
def label_said(base: str, text: str) -> str:
    """The label that a cell says in words, of those a field of this base can have: "* Mobile", "Work Fax", "Dom"."""
    labels = [LABEL_OF[token] for token in fold(text).split() if token in LABEL_OF]
    fitting = [label for label in labels if label in MANY[base]]
    return "fax" if "fax" in fitting else next(iter(fitting), "")


def _reduced(tokens: list[str], known: dict[str, str]) -> Meaning | None:
    """Known words once labels ("billing"), numbers and fillers ("customer") are left out, fewer being surer."""
    labels = [LABEL_OF[token] for token in tokens if token in LABEL_OF]
    for kept, confidence in (
        ([token for token in tokens if token not in LABEL_OF], 0.9),
        ([token for token in tokens if token not in LABEL_OF and not token.isdecimal()], 0.85),
        ([token for token in tokens if token not in FILLERS and not token.isdecimal()], 0.8),
        ([t for t in tokens if t not in LABEL_OF and t not in FILLERS and not t.isdecimal()], 0.75),
    ):
        field = known.get(" ".join(kept)) or known.get("".join(kept))
        if kept and field:
            return Meaning(_labelled(field, labels), confidence)
    return None


def _roughly(tokens: list[str], known: dict[str, str]) -> Meaning:
    """One telling word among others that are not known."""
    labels = [LABEL_OF[token] for token in tokens if token in LABEL_OF]
    for token in sorted(tokens, key=len, reverse=True):
        field = known.get(token, "")
        if len(token) > 3 and field and not field.startswith("-") and token not in VAGUE:
            return Meaning(_labelled(field, labels), 0.5)
    if "address" in tokens or "adres" in tokens:
        return Meaning(_labelled("address", labels), 0.6)
    return Meaning("", 0.0)


def _split_off(folded: str) -> list[str]:
    """Words, with labels written together with the next word split off: "lieferadresse", "kotiosoite"."""
    tokens = []
    for token in folded.split():
        for label in ("rechnungs", "liefer", "laskutus", "toimitus", "haupt", "koti", "tyo"):
            if token.startswith(label) and len(token) > len(label) + 2:
                tokens += [label, token[len(label) :]]
                break
        else:
            tokens.append(token)
    return tokens


def _label_whole(folded: str, field: str) -> str:
    """An exact heading such as "shipping address" or "lieferadresse" carries its label, too."""
    if field != "address":
        return field
    labels = [LABEL_OF[token] for token in _split_off(folded) if token in LABEL_OF]
    return _labelled(field, [label for label in labels if label != "home"])


def _labelled(field: str, labels: list[str]) -> str:
    """The field with the label that suits it; a field of one kind only stays as it is."""
    if field.startswith("-") or not labels:
        return field
    base, part, label = target(field)
    fitting = [each for each in labels if each in MANY.get(base, ())]
    return field if label or not fitting else Target(base, part, fitting[0]).key
