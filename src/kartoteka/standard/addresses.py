"""Addresses: one line, several lines or separate cells, into street, number, flat, postcode, town, region
and country.

What the parts hold, as a person would fill in a form: the street without "ul." (which every Polish street
has), but with "al.", "os.", "pl." (which name it); the flat without its word ("m. 4", "Flat 4", "Unit 4"
give "4"), in Finland with the stair ("A 4"); a house without a number gives its name as number; a post-
office box stands as the street. Nothing is spelled out: "Rd" stays "Rd". The postcode is written as its
country does.
"""

import re
from functools import lru_cache

from kartoteka.standard.address_homes import guessed, written_as_in
from kartoteka.standard.address_lines import Address, plain_street, read
from kartoteka.standard.address_places import FIGURES, NUMBER_FIRST, country_names, postcode_in
from kartoteka.standard.address_streets import Door, behind_street, number_first
from kartoteka.standard.letters import fold, mended, name_capitals, tidy
from kartoteka.standard.outcome import Standard
from kartoteka.standard.wordlists import words

_NOTHING = words("addresses nothing") | {"", "n a", "ei ole"}
# also "Elm Grove / Southsea", not "12 / 3"
_LINES = re.compile(r"\s*(?:\r\n|\r|\n|\t|;|\||\\n)\s*|\s+//?\s+(?=[^\W\d_]{2})")
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_BREAK = re.compile(r"[\r\n\t;|]|\s/|\\n").search
_COMMAS = re.compile(r"\s*,[\s,]*")
_CARE = re.compile(r"^\s*(?:c/o|attn\.?:?)\s[^,]*,\s*", re.I)
# "(entrance from the yard)": said of the place, no part of it; "(Oder)" and "(Selangor)" are parts
_ONLY_CODE = re.compile(r"(?=\S*\d)[A-Z0-9]{1,5}[ -]?[A-Z0-9]{2,4}")
_SAID_OF_IT = re.compile(r"\s*\((?!the\b)[^\W\d_A-Z][^()]*\s[^()]*\)\s*$")
_BEHIND_NUMBER = re.compile(
    r"(?<=\d)([a-z]?)\s*\([^()\d]+\)(?=,)", re.I
)  # "Feldstr. 22 (Hinterhof), 40479 Düsseldorf"
_ROMAN = re.compile(r"^(?:X{0,3}(?:IX|IV|V?I{0,3}))$", re.I)
_TWO_BEHIND_CODE = re.compile(
    r"\d[A-Za-z]{0,2} ([^\W\d_]+ [^\W\d_]+)$"
)  # a country of two words behind a postcode
_LONGEST = 600  # characters: a field longer than this is no address
_SMALL = words("addresses small")
_KEPT_LARGE = words("addresses kept large")


def standardise(text: str, *, country: str = "") -> Standard[Address]:
    """An address typed in one field (on one line or several), in its parts.

    country: ISO alpha-2 where known; else taken from the text (its last words, its postcode, its words), as
    it is where an address abroad stands among those of one country.
    None with the problem "empty" or "invalid" where no address is there; "incomplete" where no town and no
    street with a number were found.
    """
    if len(text) > _LONGEST:
        return Standard(None, text, "invalid")
    if len(_GAP.findall(text)) > 1 and "," not in text and not _BREAK(text):
        text = _GAP.sub(", ", text.strip())  # "1 High Street  London  SW1A 1AA  GB", as Mailchimp writes it
    bare = tidy(_LINES.sub(", ", text.strip()) if _BREAK(text) else text.strip())
    if (len(bare) < 24 and fold(bare) in _NOTHING) or not any(map(str.isalnum, bare)):
        return Standard(None, text, "invalid" if bare else "empty")
    if bare.count(",") != bare.count(", ") or " ," in bare or ", ," in bare:
        bare = _COMMAS.sub(", ", bare)
    if bare[:1] in "cCaA":
        bare = _CARE.sub("", bare)
    if ")" in bare:
        bare = _BEHIND_NUMBER.sub(r"\1", _SAID_OF_IT.sub("", bare))
    bare = bare.replace('"', "").strip(" ,.")
    bare, named = _without_country(bare)
    home = named or country.upper() or guessed(bare)
    address = read(bare, home) if home else read(bare, written_as_in(bare))._replace(country="")
    if not (address.postcode or named) and (abroad := guessed(bare)) not in ("", home):
        elsewhere = read(bare, abroad)
        address = elsewhere if elsewhere.postcode else address
    address = _with_capitals(address, bare)
    meant = mended(text)
    problem = (
        "mojibake" if meant else "" if address.city or (address.street and address.number) else "incomplete"
    )
    return Standard(address, text, problem, meant)


def from_parts(
    *,
    street: str = "",
    number: str = "",
    flat: str = "",
    postcode: str = "",
    city: str = "",
    region: str = "",
    country: str = "",
) -> Standard[Address]:
    """An address out of separate cells; the number may stand with the street, the postcode with the town."""
    home = country.upper()
    typed = ", ".join(filter(None, (street, number, flat, postcode, city, region)))
    street, number, city = tidy(street), tidy(number), tidy(city)
    door = None
    if street and not number:
        door = number_first(street) if home in NUMBER_FIRST else behind_street(street, home)
    named = door.street if door else plain_street(street, home) if street else ""
    door = door or _numbered(number, home)
    pattern = postcode_in(home)
    inside = pattern.found.search(city) if pattern and not tidy(postcode) else None
    if inside:
        postcode, city = inside[0], (city[: inside.start()] + city[inside.end() :]).strip(" ,")
    found = Address(
        named,
        door.number,
        (tidy(flat) if flat else "") or door.flat,
        postcode_of(postcode, country=home),
        city,
        tidy(region) if region else "",
        home,
    )
    if not _has_usual_capitals(found):
        found = _with_capitals(found, " ".join(filter(None, (street, city))))
    empty = not (found.street or found.city or found.postcode or found.number)
    return Standard(None if empty else found, typed, "empty" if empty else "")


@lru_cache(maxsize=20_000)
def _numbered(number: str, home: str) -> Door:
    """The number and the flat in the cell of a house number."""
    if not number or home in NUMBER_FIRST:
        return Door(number=number)
    return behind_street(f"x {number}", home) or Door(number=number)


@lru_cache(maxsize=50_000)
def postcode_of(text: str, *, country: str) -> str:
    """A postcode as its country writes it: "30001" in PL is "30-001", "sw1a1aa" in GB "SW1A 1AA"."""
    bare = tidy(text).removesuffix(".0").strip(" ,.")
    size = FIGURES.get(country, 0)
    if bare.isdigit() and len(bare) < size and len(bare) >= size - 2:
        bare = bare.zfill(size)
    pattern = postcode_in(country)
    found = pattern.found.fullmatch(bare) if pattern else None
    return pattern.written(found) if pattern and found else bare.upper()


def _without_country(text: str) -> tuple[str, str]:
    head, comma, tail = text.rpartition(",")
    code = (
        country_names().get(fold(tail))
        if comma and not tail[-1:].isdigit() and not tail[1:2].isdigit()
        else None
    )
    # "DE" may be Delaware, but not behind a postcode.
    behind_code = tail.isupper() and _ONLY_CODE.fullmatch(head.rpartition(",")[2].strip()) is not None
    if code and (len(fold(tail)) > 2 or tail.strip() in ("UK", "ZA", "RSA") or behind_code):
        return head.strip(" ,"), code or ""
    last = text.rpartition(" ")[2]
    code = country_names().get(fold(last)) if len(last) > 4 or last == "RSA" else None
    if (
        code is None
        and (two := _TWO_BEHIND_CODE.search(text))
        and (code := country_names().get(fold(two[1])))
    ):
        last = two[1]  # "CA22 2RD United Kingdom"
    if code and code not in ("AU",) and text.count(" ") > 2:
        return text[: -len(last)].strip(" ,"), code
    return text, ""


def _has_usual_capitals(found: Address) -> bool:
    """Whether town and street are surely written as they are to be, which nearly all are."""
    city = found.city
    return (
        city.istitle()
        and not (found.region or city.isupper() or _shouted(found.street))
        and not (found.postcode and found.postcode in city)
    )


def _with_capitals(address: Address, whole: str) -> Address:
    letters = whole.replace(address.postcode, "") if address.postcode else whole
    small = letters.islower()
    odd = small or letters.isupper()
    region, flat = address.region, address.flat
    if not odd and not region and not _shouted(address.street) and address.city.istitle():
        return address
    if len(region) == 2:
        region = region.upper()
    elif odd or (region.isupper() and len(region) > 3):
        region = _capitals(region)
    if small and address.country != "PL" and len(flat) < 4:
        flat = flat.upper()
    return address._replace(
        street=_capitals(address.street) if odd or _shouted(address.street) else address.street,
        city=_capitals(address.city)
        if odd or (address.city.isupper() and len(address.city) > 3) or address.city.islower()
        else address.city,
        region=region,
        district=_capitals(address.district) if odd else address.district,
        number=_capitals(address.number) if odd and address.number[:1].isalpha() else address.number,
        flat=flat,
    )


def _shouted(text: str) -> bool:
    return text.isupper() and len(text) > 4


def _capitals(text: str) -> str:
    words = text.split(" ")
    return " ".join(_word(word, first=not i) for i, word in enumerate(words))


def _word(word: str, *, first: bool) -> str:
    low = word.lower()
    if low in ("al.", "os.", "pl.", "al", "os"):
        return low
    if not first and low in _SMALL:
        return low
    if low.strip(".,") in _KEPT_LARGE or (len(word) > 1 and _ROMAN.match(word)) or re.search(r"\d", word):
        return word.upper() if not re.match(r"\d+(?:st|nd|rd|th)$", low) else low
    return name_capitals(word)


__all__ = ["Address", "from_parts", "postcode_of", "standardise"]
