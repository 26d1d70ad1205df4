"""Which country an address is in that does not say so: by its postcode, its words, its region and its town."""

import re
from functools import cache

from kartoteka.standard.address_doors import STREET_WORD
from kartoteka.standard.address_places import places
from kartoteka.standard.letters import fold

# the first sign that is found decides
_SIGNS = (
    ("GB", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}$")),
    ("PL", re.compile(r"\b\d{2}-\d{3}\b(?!-)")),
    ("PT", re.compile(r"(?<![\w-])[1-9]\d{3}-\d{3} [^\W\d]")),
    ("BR", re.compile(r"(?<![\w-])\d{5}-\d{3}\b")),
    ("IE", re.compile(r"\b[AC-FHKNPRTV-Y]\d[\dW] ?(?=[A-Z\d]*\d)[AC-FHKNPRTV-Y\d]{4}$")),
    ("CA", re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b")),
    ("SG", re.compile(r"\bsingapore \(?\d{6}\b", re.I)),
    ("LV", re.compile(r"\bLV-\d{4}\b")),
    ("LT", re.compile(r"\bLT-\d{5}\b")),
    ("PL", re.compile(r"(?:^|[\s,])(?:ul|ulica|os|osiedle)\b\.?\s*(?=\w)", re.I)),
    ("FI", re.compile(r"\bFIN?-\d{5}\b")),
    ("SE", re.compile(r"\bSE?-\d{3} ?\d{2}\b")),
    ("DE", re.compile(r"\bDE?-\d{5}\b")),
    ("MY", re.compile(r"\b(?:jalan|jln|lorong|lrg|lebuh|taman|persiaran|kampung|kg)\b[. ]", re.I)),
    (
        "PH",
        re.compile(
            r"\b(?:brgy|barangay|purok|subd|metro manila|quezon city|makati)\b|\bcity,?(?: [\w .]+)?,? \d{4}$"
            r"|\bbl(?:oc)?k\b.*\blo?t\b|\blo?t\b.*\bbl(?:oc)?k\b",
            re.I,
        ),
    ),
    ("FI", re.compile(r"(?:katu|tie|kuja|polku|kaari|linja|gatan|vägen)\s+\d+(?:[ ,].*)? \d{5}\b", re.I)),
    ("FI", re.compile(r"\b\d+ ?[A-ZÅÄÖ] ?\d{1,3},? \d{5}\b")),
    ("CZ", re.compile(r"\b\d{3} \d{2} (?:praha|brno|ostrava|plzeň|olomouc|.*[ěščřžýůťďň])", re.I)),
    ("CZ", re.compile(r"[ěřů].*\b\d{3} \d{2} \w", re.I)),
    ("SE", re.compile(r"(?:gatan|vägen|torget|gränd)\b.*\b\d{3} \d{2} \w|\bbox \d+, \d{3} \d{2} \w", re.I)),
    ("IT", re.compile(r"^(?:via|viale|piazza|corso|vicolo)\s.*\b\d{5}\b", re.I)),
    ("FI", re.compile(r"(?:katu|tie|kuja|polku|kaari|linja)\s+\d", re.I)),
    (
        "AT",
        re.compile(r"(?:straße|str\.|gasse|weg|platz|allee)\s*\d[^,]*,? (?:A-)?[1-9]\d{3} [A-ZÄÖÜ]", re.I),
    ),
    ("CH", re.compile(r"strasse\s*\d[^,]*,? (?:CH-)?[1-9]\d{3} [A-ZÄÖÜ]", re.I)),
    ("AU", re.compile(r"\b(?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT),? \d{4}$")),
    ("DE", re.compile(r"(?:stra(?:ß|ss)e|str\.?|weg|allee|platz|gasse)\s*\d", re.I)),
    ("NL", re.compile(r"\b[1-9]\d{3}\s?[A-Z]{2}\s+[A-Z]")),
    ("US", re.compile(r"\b[A-Z]{2}\s+\d{5}(?:-\d{4})?$")),
    ("ZA", re.compile(r"\b(?:posbus|privaatsak|private bag|p/?\.? ?bag|woonstel|erf)\s", re.I)),
)


def guessed(text: str) -> str:
    """The country (ISO alpha-2) of an address by what stands in it, "" where nothing tells."""
    found = next((code for code, sign in _SIGNS if sign.search(text)), "")
    return found or _by_place(text)


def written_as_in(text: str) -> str:
    """A country (ISO alpha-2) that writes its addresses as this one is written, though nobody knows where it is:
    "Unit 4, 12 Main Road, Newtown 6011" opens with its number and ends in four figures."""
    if _FOUR_FIGURES.search(text) and (STREET_WORD.search(text) or _LOT.match(text)):
        return "ZA"
    return ""


_FOUR_FIGURES = re.compile(r"[\s,]\d{4}$")
_LOT = re.compile(r"(?:erf|stand|plot|lot|shop|unit|flat|p\.? ?o\.? ?box)\b", re.I)
_FIGURES = re.compile(r"\d\S*")


def _by_place(text: str) -> str:
    """The only country that has a region or a larger town of the name the address ends in; "" if there is none."""
    ends = [fold(_FIGURES.sub("", part)) for part in text.split(",")[-3:]]
    for kind in ("region", "city"):
        for end in reversed(ends):
            words = end.split(" ")
            for size in range(min(3, len(words))):
                if code := _only(kind).get(" ".join(words[size:])):
                    return code
    return ""


@cache
def _only(kind: str) -> dict[str, str]:
    homes: dict[str, str] = {}
    for country, names in places(kind).items():
        for name in names:
            if len(name) > 3:
                homes[name] = "" if name in homes else country
    return homes
