"""Reading one address: its postcode, town and region, and the parts before the town."""

import re
from functools import lru_cache
from typing import NamedTuple

from kartoteka.standard.address_doors import MALAY_STREET, STREET_WORD, doors, names_place, street_word_end
from kartoteka.standard.address_places import NUMBER_FIRST, places, postcode_in
from kartoteka.standard.address_streets import BOX, Door, behind_street
from kartoteka.standard.letters import fold


class Address(NamedTuple):
    """An address in its parts; country is ISO alpha-2, district the suburb, barangay or housing estate."""

    street: str = ""
    number: str = ""
    flat: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    district: str = ""


_POLISH_STREET = re.compile(
    r"(?:^|(?<=[\s,]))(?:(?:ul\.?|al\.?|aleja|aleje|os\.?|osiedle|pl\.|plac|ulica)\s+(?=\S)|(?:ul|al|os|pl)\.(?=\S))",
    re.I,
)
# where nobody says which country it is: "12 Long Street", "Unit 5, 12 Main Road"
_NUMBER_OPENS = re.compile(
    r"(?:(?:flat|unit|apartment|apt|suite|room|rm)\.?\s*\w+,?\s+)?(?:no\.?\s*)?\d+[a-z]?(?:[-/]\d+[a-z]?)?,?\s[^,\d]*?"
    + STREET_WORD.pattern,
    re.I,
)
# where a postcode looks like a house number, and the house number opens the address
_FIGURES_FIRST = NUMBER_FIRST - {"MY", "FR", "GB", "IE", "CA"}
_PROVINCE = re.compile(r"\s+\(?([A-Z]{2})\)?$")  # "Roma RM", "Roma (RM)"
_STREET_AND_TOWN = re.compile(
    r"\d+[a-z]?(?:-\d+)?\s+(?:\d+(?:st|nd|rd|th)\b)?\D+$", re.I
)  # "13 Church Street Worcester"
_PLAIN_TOWN = re.compile(r"[^\W\d_]{3,}(?:[ -][^\W\d_]+){0,2}")
_POST_OFFICE = re.compile(r"^(?:poczta\s|p-ta\s|m\.)\s*", re.I)  # the town whose post office serves a village
_NUMBER_ALONE = re.compile(r"(?:nr?\.?\s*)?\d+\s?[a-z]?(?:\s?[-/]\s?\w{1,4})?", re.I)


def read(text: str, home: str) -> Address:
    """The parts of an address whose country is apart (home), in the capitals typed."""
    code, before, after = _postcode_apart(text, home)
    parts = [part.strip() for part in before.split(",") if part.strip(" .-")]
    behind = [part.strip() for part in after.split(",") if part.strip(" .-()")]
    region = ""
    alone = len(behind) == 1 and len(parts) > 1 and home not in NUMBER_FIRST and not _is_city(behind[0], home)
    if (alone or len(behind) > 1) and _is_region(behind[-1], home):
        region = behind.pop()
    if (
        not behind
        and len(parts) > 1
        and _is_region(parts[-1], home)
        and not (len(parts) == 2 and _is_city(parts[-1], home))
    ):
        region = parts.pop()
    if behind and not region:
        behind[0], region = _region_behind(behind[0], home)
    if behind and home == "IT" and (province := _PROVINCE.search(behind[0])):
        behind[0], region = behind[0][: province.start()], province[1]
    first = home in NUMBER_FIRST or (not home and _NUMBER_OPENS.match(text))
    found = _number_first(parts, behind, home) if first else _number_behind(parts, behind, home)
    return Address(
        street=found.street,
        number=found.number,
        flat=found.flat,
        postcode=code,
        city=_POST_OFFICE.sub("", found.city).rstrip("."),
        region=region or found.region,
        country=home,
        district=found.district,
    )


def _postcode_apart(text: str, home: str) -> tuple[str, str, str]:
    """The postcode, the text before it, the text after it."""
    pattern = postcode_in(home)
    if pattern is None:
        pattern = (
            postcode_in("DE")
            if re.search(r"\b\d{5}\b", text)
            else postcode_in("ZA")
            if re.search(r"\b\d{4}\b", text)
            else None
        )
    found = None
    if pattern:
        for match in pattern.found.finditer(text):
            if match.start() == 0 and home in _FIGURES_FIRST and not _town_follows(text, match.end(), home):
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
        pattern.written(found),
        text[: found.start()].strip(" ,(-–"),
        text[found.end() :].lstrip(" ,)").rstrip(" ,"),
    )


def _town_follows(text: str, at: int, home: str) -> bool:
    """Whether a known town stands between the figures that open an address and the next comma."""
    town, comma, _ = text[at:].partition(",")
    return bool(comma) and _is_city(town.strip(), home)


def _region_behind(town: str, home: str) -> tuple[str, str]:
    """ "Petaling Jaya Selangor": the region at the end of the town's text, apart."""
    words = town.split(" ")
    for size in range(min(3, len(words) - 1), 0, -1):
        tail = " ".join(words[-size:])
        if home == "PL" and not tail.lower().startswith("woj"):
            continue  # Piekary Śląskie, Ostrów Wielkopolski
        if _is_region(tail, home) and not _is_city(town, home):
            return " ".join(words[:-size]), tail
    return town, ""


def _is_region(text: str, home: str) -> bool:
    return fold(re.sub(r"(?i)^(?:woj\.?|województwo)\s+", "", text)) in places("region").get(home, ())


def _is_city(text: str, home: str) -> bool:
    return fold(text) in places("city").get(home, ())


def _number_behind(parts: list[str], behind: list[str], home: str) -> Address:
    """Street before number: Poland, Finland, Germany and most others."""
    city, rest = "", list(parts)
    if behind and re.search(r"\d", behind[0]) and rest and not re.search(r"\d", rest[-1]):
        city, rest = rest[-1], rest[:-1] + behind  # "Kraków 30-001, ul. Długa 12"
    elif behind:
        city = behind[0]
        rest += behind[1:]
        if not rest and re.search(r"\d", city):  # "30-001 Kraków ul. Długa 12/4"
            found, town = _polish_town_first([city], "")
            rest, city = (found, town) if town else ([city.partition(" ")[2]], city.partition(" ")[0])
    box = next((part for part in rest if BOX.fullmatch(part)), "")
    if box:
        rest.remove(box)
        return Address(street=box, city=city or (rest[-1] if rest else ""))
    if home == "PL":
        rest, city = _polish_town_first(rest, city)
    rest = _numbers_joined(rest)
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
            street=plain_street(rest[0], home) if rest else "", city=city, district=" ".join(rest[1:])
        )
    street_part, others = rest[at], rest[:at] + rest[at + 1 :]
    for extra in list(others):
        if re.match(
            r"(?i)^(?:m|lok|lokal|mieszk\w*|as|asunto|whg|wohnung|app|top|tür|apt|bst|lgh|klatka|\d+\.?\s*(?:og|etage|stock)|[edu]g$"
            r"|piso|int|dpto|\d+\s?[º°ª])(?:\b|(?<=[º°ª]))\.?\s*\w*",
            extra,
        ) and (re.search(r"\d", extra) or home == "DE"):
            street_part += f" {extra}"
            others.remove(extra)
    door = behind_street(street_part, home)
    if not city:
        door, city = _town_behind_number(street_part, home, door)
    if door is None:
        door = Door(plain_street(street_part, home))
    if not city and others:
        city = others.pop()
    return Address(
        street=door.street, number=door.number, flat=door.flat, city=city, district=", ".join(others)
    )


def _numbers_joined(parts: list[str]) -> list[str]:
    """ "Via Roma, 5": a number that stands alone goes to the street before its comma."""
    joined: list[str] = []
    for part in parts:
        if joined and _NUMBER_ALONE.fullmatch(part) and not re.search(r"\d", joined[-1]):
            joined[-1] += f" {part}"
        else:
            joined.append(part)
    return joined


def _polish_town_first(rest: list[str], city: str) -> tuple[list[str], str]:
    """ "Kraków ul. Długa 12": the town stands before the word for street."""
    for i, part in enumerate(rest):
        found = _POLISH_STREET.search(part)
        if found and found.start() > 0:
            town = part[: found.start()].strip(" ,")
            if not re.search(r"\d", town):
                return [*rest[:i], part[found.start() :], *rest[i + 1 :]], city or town
    if len(rest) == 1 and not city:  # "Kraków Długa 12": by the towns that are known
        words = rest[0].split(" ")
        for size in range(min(3, len(words) - 2), 0, -1):
            if _is_city(town := " ".join(words[:size]), "PL") and words[size][:1].isalpha():
                return [" ".join(words[size:])], town
    return rest, city


def _town_behind_number(part: str, home: str, whole: Door | None) -> tuple[Door | None, str]:
    """ "Długa 12/4 Kraków", "12 Długa Kraków": the street up to a known town; what the `whole` part reads as, if it
    does; else the longest street that reads as one."""
    words = part.split(" ")
    known = [size for size in range(2, len(words)) if _is_city(" ".join(words[size:]), home)]
    for size in known if whole else known + list(range(len(words) - 1, 1, -1)):
        door = behind_street(" ".join(words[:size]), home)
        if door is not None and not re.search(r"\d", " ".join(words[size:])):
            return door, " ".join(words[size:])
    return whole, ""


@lru_cache(maxsize=50_000)
def plain_street(street: str, home: str) -> str:
    """A Polish street without its "ul."."""
    return re.sub(r"(?i)^(?:ul\.?|ulica)\s+|^ul\.", "", street).strip() if home == "PL" else street


def _number_first(parts: list[str], behind: list[str], home: str) -> Address:
    """Number before street: Britain, South Africa, the Philippines, Malaysia and others."""
    parts = list(parts)
    city = region = ""
    if behind:
        if re.search(r"\d", behind[0]) and parts and _is_city(parts[-1], home):
            behind.insert(0, parts.pop())  # "Kuala Lumpur 50450, 23 Jalan Ampang"
        city, extra = behind[0], behind[1:]
        parts += extra
        if len(parts) > 1 and BOX.match(parts[0]) and _is_region(city, home) and not _is_city(city, home):
            region, city = city, parts.pop()
    box = next((i for i, part in enumerate(parts) if BOX.match(part)), -1)
    if box >= 0:
        found = BOX.match(parts[box])
        assert found is not None
        tail = parts[box][found.end() :].strip(" ,")
        others = [*parts[:box], *([tail] if tail else []), *parts[box + 1 :]]
        city = city or (others.pop() if others else "")
        return Address(street=found[0].strip(), city=city, region=region, district=", ".join(others))
    if not city and len(parts) > 1 and not _STREET_AND_TOWN.match(parts[-1]):
        city, region = _region_behind(parts.pop(), home)
    if (
        len(parts) > 1
        and _is_region(city, home)
        and not (_is_city(city, home) or MALAY_STREET.match(parts[-1]))
    ):
        region, city = city, parts.pop()
    if not city and len(parts) > 1 and _is_city(parts[0], home):
        city = parts.pop(0)
    if not city and parts:
        start, tail = _region_behind(parts[-1], home)
        if tail and _town_behind_street(start, home)[1]:
            parts[-1], region = start, tail
        parts[-1], city = _town_behind_street(parts[-1], home)
        if len(parts) == 1 and not city and _PLAIN_TOWN.fullmatch(parts[0]) and not names_place(parts[0]):
            return Address(city=parts[0], region=region)
    elif city and not parts:
        street, town = _town_behind_street(city, home)
        if re.search(r"\d", city):
            parts, city = [street], town
    door, others = doors(parts, home)
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
    end = street_word_end(part)
    if end and not re.search(r"\d", part[end:]):
        return part[:end], part[end:].strip(" ,")
    if not end and home not in ("", "MY") and len(words) > 3 and not STREET_WORD.search(part):
        return " ".join(words[:-1]), words[-1]  # "12 Upper Gungate Tamworth"
    return part, ""
