"""Addresses: one line, several lines or separate cells, into street, number, flat, postcode, town, region, country.

What the parts hold, as a person would fill in a form: the street without "ul." (which every Polish street has), but
with "al.", "os.", "pl." (which name it); the flat without its word ("m. 4", "Flat 4", "Unit 4" give "4"), in Finland
with the stair ("A 4"); a house without a number gives its name as number; a post-office box stands as the street.
Nothing is spelled out: "Rd" stays "Rd". The postcode is written as its country does.
"""

import re
from dataclasses import dataclass, replace

from kartoteka.standard.address_places import COUNTRY_NAMES, FIGURES, NUMBER_FIRST, POSTCODES, places
from kartoteka.standard.address_streets import BOX, Door, behind_street, number_first
from kartoteka.standard.letters import fold, mended, name_capitals, tidy
from kartoteka.standard.outcome import Standard


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts; country is ISO alpha-2, district the suburb, barangay or housing estate."""

    street: str = ""
    number: str = ""
    flat: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    district: str = ""


_NOTHING = frozenset(
    {
        "",
        "brak",
        "none",
        "na",
        "n a",
        "nil",
        "null",
        "unknown",
        "test",
        "xxx",
        "tbc",
        "wala",
        "tiada",
        "ei ole",
        "onbekend",
        "unbekannt",
    }
)
_LINES = re.compile(r"\s*(?:\r\n|\r|\n|;|\|)\s*")
_CARE = re.compile(r"^\s*(?:c/o|attn\.?:?)\s[^,]*,\s*", re.I)
_POLISH = re.compile(r"\b(?:ul|al|os|pl)\.\s?\w|\b(?:ulica|aleja|osiedle)\b", re.I)
_POLISH_STREET = re.compile(
    r"(?:^|(?<=[\s,]))(?:ul\.?|al\.?|aleja|aleje|os\.?|osiedle|pl\.|plac|ulica)\s+(?=\S)|(?:^|(?<=[\s,]))(?:ul|al|os|pl)\.(?=\S)",
    re.I,
)
_GUESSES = (
    ("GB", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b")),
    ("PL", re.compile(r"\b\d{2}-\d{3}\b(?!-)")),
    ("MY", re.compile(r"\b(?:jalan|jln|lorong|taman|persiaran|kampung|kg\.)\s", re.I)),
    ("PH", re.compile(r"\b(?:brgy|barangay|purok|metro manila|quezon city|makati)\b", re.I)),
    ("FI", re.compile(r"(?:katu|tie|kuja|polku|kaari|gatan|vägen)\s+\d", re.I)),
    ("DE", re.compile(r"(?:stra(?:ß|ss)e|str\.|weg|allee|platz|gasse)\s*\d", re.I)),
    ("US", re.compile(r"\b[A-Z]{2}\s+\d{5}(?:-\d{4})?$")),
    (
        "ZA",
        re.compile(
            r"\b(?:cape town|johannesburg|durban|pretoria|gauteng|kwazulu-natal|western cape)\b", re.I
        ),
    ),
)
_STREET_WORD = re.compile(
    r"\b(?:street|st|road|rd|avenue|ave|av|lane|ln|drive|dr|close|cl|way|court|ct|crescent|cres|place|pl|square|sq|terrace|tce|boulevard|blvd|highway|hwy|"
    r"gardens|gdns|grove|hill|park|row|mews|parade|walk|circle|extension|ext|straat|str|weg|laan|rylaan|singel|rue|quai)\b\.?",
    re.I,
)
_MALAY_STREET = re.compile(
    r"\b(?:jalan|jln|lorong|lrg|persiaran|psn|lebuh|lebuhraya|leboh|lingkaran|solok|medan|tingkat|changkat|pesiaran)\b\.?",
    re.I,
)
_DISTRICT = re.compile(
    r"^(?:brgy|barangay|bgy|purok|sitio|poblacion|taman|tmn|kampung|kg|bandar|seksyen|section|subd|subdivision|village|vill|bangsar|desa|ssb|apartment|menara|wisma|kondominium|condo|tower|pangsapuri|residensi|bukit|mukim|felda)\b\.?|\b(?:subd|subdivision|village|vill|heights|homes|estate|residences|tower|building|bldg|condominium)\b\.?$",
    re.I,
)
_BUILDING = re.compile(
    r"\b(?:building|bldg|tower|menara|wisma|plaza|kompleks|complex|mall|centre|center|house|apartments?|condominium|residences?|mansions?|court|floor|flr|level|tingkat|industrial estate|business park)\b",
    re.I,
)
_ROMAN = re.compile(r"^(?:X{0,3}(?:IX|IV|V?I{0,3}))$", re.I)
_SMALL = frozenset(
    "of the and upon on in de la del der die das den dem von zu am im und van en na le les du des w i nad pod do od ku".split()
)
_KEPT_LARGE = frozenset(
    "po ss usj pju ttdi pj kl jb nw se sw ne ii iii iv ny nsw qld ncr us uk pl bf dbp bgc nlex slex sctx cbd".split()
)


def standardise(text: str, *, country: str = "") -> Standard[Address]:
    """An address typed in one field (on one line or several), in its parts.

    country: ISO alpha-2 where known; else taken from the text (its last words, its postcode, its words).
    None with the problem "empty" or "invalid" where no address is there; "incomplete" where no town and no street
    with a number were found.
    """
    bare = tidy(_LINES.sub(", ", text.strip()))
    if fold(bare) in _NOTHING or not any(map(str.isalnum, bare)):
        return Standard(None, text, "invalid" if bare else "empty")
    bare = _CARE.sub("", re.sub(r"\s*,[\s,]*", ", ", bare.replace('"', ""))).strip(" ,.")
    bare, named = _without_country(bare)
    home = named or country.upper() or _guessed(bare)
    address = _read(bare, home)
    address = _with_capitals(replace(address, country=home), bare)
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
    """An address out of separate cells; number and flat may stand in the street's cell, the postcode in the town's."""
    home = country.upper()
    typed = ", ".join(filter(None, (street, number, flat, postcode, city, region)))
    found = Address(country=home)
    street, city = tidy(street), tidy(city)
    if street:
        door = _door([street], home) if not tidy(number) else None
        if door is not None and not tidy(number):
            found = replace(found, street=door.street, number=door.number, flat=door.flat)
        else:
            found = replace(found, street=_plain_street(street, home))
    if tidy(number):
        whole = behind_street(f"x {tidy(number)}", home) if home not in NUMBER_FIRST else None
        found = replace(
            found, number=whole.number if whole else tidy(number), flat=whole.flat if whole else found.flat
        )
    pattern = POSTCODES.get(home)
    inside = pattern.found.search(city) if pattern and not tidy(postcode) else None
    if inside:
        postcode, city = inside[0], (city[: inside.start()] + city[inside.end() :]).strip(" ,")
    found = replace(
        found,
        flat=tidy(flat) or found.flat,
        postcode=postcode_of(postcode, country=home),
        city=city,
        region=tidy(region),
    )
    found = _with_capitals(found, " ".join(filter(None, (street, city))))
    empty = not (found.street or found.city or found.postcode or found.number)
    return Standard(None if empty else found, typed, "empty" if empty else "")


def postcode_of(text: str, *, country: str) -> str:
    """A postcode as its country writes it: "30001" in PL gives "30-001", "sw1a1aa" in GB "SW1A 1AA", "181" in ZA "0181"."""
    bare = tidy(text).removesuffix(".0").strip(" ,.")
    size = FIGURES.get(country, 0)
    if bare.isdigit() and len(bare) < size and len(bare) >= size - 2:
        bare = bare.zfill(size)
    pattern = POSTCODES.get(country)
    found = pattern.found.fullmatch(bare) if pattern else None
    return found.expand(pattern.written).upper() if pattern and found else bare.upper()


def _without_country(text: str) -> tuple[str, str]:
    head, comma, tail = text.rpartition(",")
    code = COUNTRY_NAMES.get(fold(tail)) if comma else None
    if code and len(fold(tail)) > 2 or (code and tail.strip() in ("UK", "ZA", "RSA")):
        return head.strip(" ,"), code or ""
    last = text.rpartition(" ")[2]
    code = COUNTRY_NAMES.get(fold(last)) if len(last) > 4 else None
    if code and code not in ("AU",) and text.count(" ") > 2:
        return text[: -len(last)].strip(" ,"), code
    return text, ""


def _guessed(text: str) -> str:
    return next((code for code, sign in _GUESSES if sign.search(text)), "")


def _read(text: str, home: str) -> Address:
    """The parts of an address without its country, in the capitals typed."""
    code, before, after = _postcode_apart(text, home)
    parts = [part.strip() for part in before.split(",") if part.strip(" .-")]
    behind = [part.strip() for part in after.split(",") if part.strip(" .-()")]
    region = ""
    if behind and len(behind) > 1 and _is_region(behind[-1], home):
        region = behind.pop()
    if (
        not behind
        and len(parts) > 1
        and _is_region(parts[-1], home)
        and not (len(parts) == 2 and _is_city(parts[-1], home))
    ):
        region = parts.pop()
    found = (
        _number_first(parts, behind, home) if home in NUMBER_FIRST else _number_behind(parts, behind, home)
    )
    return replace(found, postcode=code, region=region or found.region, city=found.city.rstrip("."))


def _postcode_apart(text: str, home: str) -> tuple[str, str, str]:
    """The postcode, the text before it, the text after it."""
    pattern = POSTCODES.get(home)
    if pattern is None:
        pattern = (
            POSTCODES["DE"]
            if re.search(r"\b\d{5}\b", text)
            else POSTCODES["ZA"]
            if re.search(r"\b\d{4}\b", text)
            else None
        )
    found = None
    if pattern:
        for match in pattern.found.finditer(text):
            if match.start() == 0 and home in NUMBER_FIRST and home not in ("MY", "FR"):
                continue  # a house number of as many figures
            if (
                home in ("ZA", "PH", "AU")
                and match.end() < len(text)
                and not re.match(r"\s*,|\s+[A-Z]\w+.*$", text[match.end() :])
            ):
                continue
            if (
                home == "PL"
                and "-" not in match[0]
                and re.search(r"\d\s\d", match[0])
                and not re.match(r"\s+\D", text[match.end() :])
            ):
                continue
            found = match
            if home == "GB" or ("-" in match[0] and home == "PL"):
                break
    if found is None or pattern is None:
        return "", text, ""
    return (
        found.expand(pattern.written).upper(),
        text[: found.start()].strip(" ,("),
        text[found.end() :].strip(" ,)"),
    )


def _is_region(text: str, home: str) -> bool:
    return fold(re.sub(r"(?i)^(?:woj\.?|województwo)\s+", "", text)) in places("region").get(home, ())


def _is_city(text: str, home: str) -> bool:
    return fold(text) in places("city").get(home, ())


def _number_behind(parts: list[str], behind: list[str], home: str) -> Address:
    """Street before number: Poland, Finland, Germany and most others."""
    city, rest = "", list(parts)
    if behind:
        city = behind[0]
        rest += behind[1:]
    box = next((part for part in rest if BOX.fullmatch(part)), "")
    if box:
        rest.remove(box)
        return Address(street=box, city=city or (rest[-1] if rest else ""))
    if home == "PL":
        rest, city = _polish_town_first(rest, city)
    at = next(
        (
            i
            for i, part in enumerate(rest)
            if re.search(r"\d", part) and (re.search(r"[^\W\d_]{2}", part) or i == 0)
        ),
        -1,
    )
    if at < 0:
        if not city and rest:
            city = rest.pop() if len(rest) != 1 or not _POLISH_STREET.match(rest[0]) else ""
        return Address(
            street=_plain_street(rest[0], home) if rest else "", city=city, district=" ".join(rest[1:])
        )
    street_part, others = rest[at], rest[:at] + rest[at + 1 :]
    for extra in list(others):
        if re.match(
            r"(?i)^(?:m|lok|lokal|mieszk\w*|as|asunto|whg|wohnung|apt|bst|lgh|klatka|\d+\.?\s*(?:og|etage|stock))\b\.?\s*\w*",
            extra,
        ) and re.search(r"\d", extra):
            street_part += f" {extra}"
            others.remove(extra)
    door = behind_street(street_part, home)
    if door is None and not city:
        door, city = _town_behind_number(street_part, home)
    if door is None:
        door = Door(_plain_street(street_part, home))
    if not city and others:
        city = others.pop()
    return Address(
        street=door.street, number=door.number, flat=door.flat, city=city, district=", ".join(others)
    )


def _polish_town_first(rest: list[str], city: str) -> tuple[list[str], str]:
    """ "Kraków ul. Długa 12": the town stands before the word for street."""
    for i, part in enumerate(rest):
        found = _POLISH_STREET.search(part)
        if found and found.start() > 0:
            town = part[: found.start()].strip(" ,")
            if not re.search(r"\d", town):
                return [*rest[:i], part[found.start() :], *rest[i + 1 :]], city or town
    return rest, city


def _town_behind_number(part: str, home: str) -> tuple[Door | None, str]:
    """ "Długa 12/4 Kraków": the longest street part that reads as one, the rest is the town."""
    words = part.split(" ")
    for size in range(len(words) - 1, 1, -1):
        door = behind_street(" ".join(words[:size]), home)
        if door is not None and not re.search(r"\d", " ".join(words[size:])):
            return door, " ".join(words[size:])
    return None, ""


def _plain_street(street: str, home: str) -> str:
    return re.sub(r"(?i)^(?:ul\.?|ulica)\s+|^ul\.", "", street).strip() if home == "PL" else street


def _number_first(parts: list[str], behind: list[str], home: str) -> Address:
    """Number before street: Britain, South Africa, the Philippines, Malaysia and others."""
    parts = list(parts)
    city = region = ""
    if behind:
        city, extra = behind[0], behind[1:]
        parts += extra
    box = next((i for i, part in enumerate(parts) if BOX.match(part)), -1)
    if box >= 0:
        found = BOX.match(parts[box])
        assert found is not None
        tail = parts[box][found.end() :].strip(" ,")
        others = [*parts[:box], *([tail] if tail else []), *parts[box + 1 :]]
        city = city or (others.pop() if others else "")
        return Address(street=found[0].strip(), city=city, district=", ".join(others))
    if not city and len(parts) > 1:
        city = parts.pop()
    if city and len(parts) > 1 and not _is_city(city, home) and _is_region(city, home):
        region, city = city, parts.pop()
    if not city and parts:
        parts[-1], city = _town_behind_street(parts[-1], home)
    elif city and not parts:
        street, town = _town_behind_street(city, home)
        if re.search(r"\d", city):
            parts, city = [street], town
    door, others = _doors(parts, home)
    return Address(
        street=door.street,
        number=door.number,
        flat=door.flat,
        city=city,
        region=region,
        district=", ".join(others),
    )


def _town_behind_street(part: str, home: str) -> tuple[str, str]:
    """ "12 Main Rd Sea Point Cape Town": a town known by name, else what follows the word for street."""
    words = part.split(" ")
    for size in range(min(4, len(words) - 1), 0, -1):
        if _is_city(" ".join(words[-size:]), home):
            return " ".join(words[:-size]), " ".join(words[-size:])
    found = None
    for match in _STREET_WORD.finditer(part):
        if match.start() > 0:
            found = match
    if found and found.end() < len(part) and not re.search(r"\d", part[found.end() :]):
        return part[: found.end()], part[found.end() :].strip(" ,")
    return part, ""


def _door(parts: list[str], home: str) -> Door | None:
    """Street, number and flat out of one cell."""
    if home in NUMBER_FIRST:
        return number_first(parts[0])
    return behind_street(parts[0], home)


def _doors(parts: list[str], home: str) -> tuple[Door, list[str]]:
    """Street, number and flat out of the parts before the town; the parts that are none of these (suburb, estate)."""
    street = number = flat = ""
    left: list[str] = []
    for part in parts:
        door = (
            number_first(part)
            if re.search(r"\d|(?i:^(?:flat|unit|apt)\b)", part) and not street_is_full(street, number)
            else None
        )
        if (
            door is None
            or (door.number and number and not door.flat)
            or (_DISTRICT.match(part) and not _MALAY_STREET.search(part) and (street or not door.number))
        ):
            if _MALAY_STREET.match(part) and not street:
                street = part
            else:
                left.append(part)
            continue
        if door.street and _MALAY_STREET.match(part):
            street = street or part
            continue
        flat, number = flat or door.flat, number or door.number
        if door.street and (not street):
            street = door.street
    if not street and left:
        at = next((i for i, part in enumerate(left) if _MALAY_STREET.match(part)), None)
        if at is None:
            at = next(
                (
                    i
                    for i, part in enumerate(left)
                    if _STREET_WORD.search(part) and not _BUILDING.search(part)
                ),
                None,
            )
        if at is None:
            at = 0 if not number or not _DISTRICT.search(left[0]) else None
        if at is not None:
            street = left.pop(at)
            if not number and not flat and at == 1 and not re.search(r"\d", left[0]) and home in ("GB", "IE"):
                number = left.pop(0)
    if street and home != "MY":
        street, suburb = _suburb_apart(street)
        left = [suburb, *left] if suburb else left
    return Door(street, number, flat), left


def street_is_full(street: str, number: str) -> bool:
    """Whether both are known, so that later figures belong to something else."""
    return bool(street and number)


def _suburb_apart(street: str) -> tuple[str, str]:
    """ "Main Rd Sea Point": what follows the last word for a street."""
    found = None
    for match in _STREET_WORD.finditer(street):
        if match.start() > 0:
            found = match
    if (
        found
        and found.end() < len(street)
        and re.match(r"\s+[^\W\d]", street[found.end() :])
        and not re.match(
            r"(?i)\s+(?:north|south|east|west|extension|ext|n|s|e|w|noord|suid|oos|wes|of|and|the)\b",
            street[found.end() :],
        )
    ):
        return street[: found.end()], street[found.end() :].strip(" ,")
    return street, ""


def _with_capitals(address: Address, whole: str) -> Address:
    letters = "".join(filter(str.isalpha, whole.replace(address.postcode, "")))
    odd = letters.isupper() or letters.islower()
    return replace(
        address,
        street=_capitals(address.street)
        if odd or address.street.isupper() and len(address.street) > 4
        else address.street,
        city=_capitals(address.city)
        if odd or address.city.isupper() or address.city.islower()
        else address.city,
        region=_capitals(address.region)
        if len(address.region) > 3 and (odd or address.region.isupper())
        else address.region.upper()
        if len(address.region) == 2
        else address.region,
        district=_capitals(address.district) if odd else address.district,
        number=_capitals(address.number) if odd and address.number[:1].isalpha() else address.number,
        flat=address.flat.upper()
        if letters.islower()
        and len(address.flat) < 4
        and not address.flat.isdigit()
        and address.country != "PL"
        else address.flat,
    )


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
