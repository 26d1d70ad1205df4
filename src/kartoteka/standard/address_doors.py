"""The parts of an address before its town, where the number opens the street: flat, building, street, suburb."""

import re

from kartoteka.standard.address_streets import Door, number_first

STREET_WORD = re.compile(
    r"\b(?:street|st|road|rd|avenue|ave|av|lane|ln|drive|dr|close|cl|way|court|ct|crescent|cres|place|pl|square|sq"
    r"|terrace|tce|boulevard|blvd|highway|hwy|gardens|gdns|grove|hill|park|row|mews|parade|walk|circle|extension|ext"
    r"|approach|rise|view|vale|orchard|meadows?|croft|wharf|quay|passage|alley|esplanade|circuit|loop|ridge"
    r"|straat|str|weg|laan|rylaan|singel|rue|quai|[^\W\d_]{3,}(?:straat|weg|laan|singel))\b\.?",
    re.I,
)
# words for a street that are as often an estate's or a mall's: "Menlyn Park, Atterbury Road"
_PARK = re.compile(r"\b(?:park|hill|gardens|gdns|grove|view|ridge|rise|vale|orchard|meadows?)\.?$", re.I)
_STREET_GOES_ON = re.compile(
    r"(?i)\s+(?:north|south|east|west|extension|ext|[ns][ew]|n|s|e|w|noord|suid|oos|wes|of|and|the)\b"
)
_TENEMENT = re.compile(r"\d{1,2}/\d{1,2}|\d{1,2}F\d{1,2}|[BG]F?\d?/\d", re.I)  # flat 2/1 of a Scottish stair
_TENEMENT_AND_DOOR = re.compile(r"(\d{1,2}/\d{1,2})\s+(\d+[a-z]?\s.*)", re.I)  # "2/1 45 Byres Road"
_VILLAGE = re.compile(r"(?:kampung|kampong|kg)\b", re.I)  # its houses have numbers of their own
_IN_BUILDING = re.compile(
    r"(?:tower|building|bldg|phase|level|floor|flr|menara|wing|cluster|bay)\s+\w{1,5}"
    r"|(?:tingkat|aras)\s+\d{1,2}|(?:\d{1,2}|[GULM]{1,2})/?F\b.*",
    re.I,
)
MALAY_STREET = re.compile(
    r"\b(?:jalan|jln|lorong|lrg|persiaran|pesiaran|psn|lebuh|lebuhraya|leboh|lingkaran|solok|medan|tingkat|changkat)"
    r"\b\.?",
    re.I,
)
_DISTRICT = re.compile(
    r"^(?:brgy|barangay|bgy|purok|sitio|poblacion|taman|tmn|kampung|kg|bandar|seksyen|section|subd|subdivision|village"
    r"|vill|bangsar|desa|ssb|apartment|menara|wisma|kondominium|condo|tower|pangsapuri|residensi|bukit|mukim|felda)\b"
    r"|\b(?:subd|subdivision|village|vill|heights|homes|estate|residences|tower|building|bldg|condominium)\b\.?$",
    re.I,
)
# "Unit 3/25 George Street", "3/25 George Street": the flat before the house number
_UNIT_OF = re.compile(r"(?P<flat>\w+)/(?P<number>\w+)")
_ESTATE = re.compile(r"(?<=\w)\s+(?=(?:taman|tmn|kampung|kg|seksyen|bandar|desa)\b)", re.I)
_BUILDING = re.compile(
    r"\b(?:building|bldg|tower|menara|wisma|plaza|kompleks|complex|mall|centre|center|house|apartments?|condominium"
    r"|residences?|mansions?|court|floor|flr|level|tingkat|industrial estate|business park)\b",
    re.I,
)
_DOOR_SIGN = re.compile(r"\d|^(?:flat|unit|apt)\b", re.I)


_FLOOR = re.compile(
    r"(?:(?:\d{1,2}(?:st|nd|rd|th)|ground|first|second|third|fourth|fifth|top|upper|lower)\s+(?:floor|flr|fl)\b\.?"
    r"|(?:\d{1,2}|[GULM]{1,2})/F\b)",
    re.I,
)


def doors(parts: list[str], home: str) -> tuple[Door, list[str]]:
    """Street, number and flat out of the parts before the town; and those that are none (suburb, estate)."""
    known = Door()
    left: list[str] = []
    if home == "GB" and parts and (stair := _TENEMENT_AND_DOOR.match(parts[0])):
        parts = [stair[1], stair[2], *parts[1:]]
    if parts and (floor := _FLOOR.match(parts[0])):  # "3/F 210 Quezon Ave.": the door, where no other is told
        behind = [parts[0][floor.end() :].strip(), *parts[1:]] if floor.end() < len(parts[0]) else parts[1:]
        if (found := doors(behind, home))[0].number:
            return found[0]._replace(flat=found[0].flat or floor[0]), found[1]
    for i, part in enumerate(parts):
        if i + 1 < len(parts) and (inside := _door_in_building(part, parts[i + 1 :])):
            known, left = known._replace(flat=known.flat or inside.number), [*left, inside.street]
            continue
        if home == "GB" and not known.flat and len(parts) > 1 and _TENEMENT.fullmatch(part):
            known = known._replace(flat=part)
            continue
        known, taken = (known, False) if _IN_BUILDING.fullmatch(part) else _taken(part, known)
        if not taken:
            left.append(part)
    if not known.street and left:
        known = _street_among(left, known, home)
    if home == "MY" and (estate := _ESTATE.search(known.street)):
        left = [known.street[estate.end() :], *left]
        known = known._replace(street=known.street[: estate.start()])
    if home in ("AU", "NZ") and (unit := _UNIT_OF.fullmatch(known.number or known.flat)):
        known = known._replace(flat=unit["flat"], number=unit["number"])
    if known.street and home != "MY":
        street, suburb = _suburb_apart(known.street)
        known = known._replace(street=street)
        left = [suburb, *left] if suburb else left
    return known, left


def _door_in_building(part: str, behind: list[str]) -> Door | None:
    """ "Marlborough Court 5, 12 Gladys Street", "12-05 Menara TM, Jalan Pantai": a door and the building it is in,
    where a street of its own stands behind; None for every other part."""
    door = number_first(part) if _BUILDING.search(part) and not _IN_BUILDING.fullmatch(part) else None
    if door is None or door.flat or not door.number or not door.number[0].isdigit():
        return None
    storeys = re.search(r"\d-\d", door.number)
    for other in behind:
        street = number_first(other)
        if (street and street.number[:1].isdigit() and _names_street(street.street)) or (
            storeys and _names_street(other)
        ):
            return door
    return None


def _taken(part: str, known: Door) -> tuple[Door, bool]:
    """What is known of the door after one more part, and whether the part was of any use."""
    door = number_first(part) if _DOOR_SIGN.search(part) else None
    if (
        door
        and door.flat
        and (not (door.street or door.number) or _IN_BUILDING.fullmatch(f"{door.street} {door.number}"))
    ):
        return (known, False) if known.flat else (known._replace(flat=door.flat), True)
    if (
        door
        and door.flat
        and not door.number
        and (_BUILDING.search(door.street) or not _names_street(door.street))
    ):
        return known._replace(flat=known.flat or door.flat), False  # "Unit 5 Seaview": a building
    if known.street and known.number:
        return known, False
    if known.flat and known.street and door and door.number and _names_street(door.street):
        return Door(door.street, door.number, known.flat), True  # "Unit 7 Oakwood Mews, 14 Kloof Street"
    malay = MALAY_STREET.match(part)
    district = (
        _DISTRICT.match(part) and not MALAY_STREET.search(part) and door and (known.street or not door.number)
    )
    if door is None or (door.number and known.number and not door.flat) or district:
        return (known._replace(street=part), True) if malay and not known.street else (known, False)
    if door.street and malay:
        return known._replace(street=known.street or part), True
    return Door(known.street or door.street, known.number or door.number, known.flat or door.flat), True


def names_place(text: str) -> bool:
    return bool(_names_street(text) or _BUILDING.search(text) or _DISTRICT.search(text))


def _names_street(text: str) -> bool:
    return bool(STREET_WORD.search(text) or MALAY_STREET.search(text))


def _street_among(left: list[str], known: Door, home: str) -> Door:
    """The likeliest street, taken out of the parts left over; in Britain a house's name before it."""
    at = next((i for i, part in enumerate(left) if MALAY_STREET.match(part)), None)
    if at is None:
        named = [i for i, part in enumerate(left) if STREET_WORD.search(part) and not _BUILDING.search(part)]
        at = next((i for i in named if not _PARK.search(left[i])), next(iter(named), None))
    if at is None and (not (known.number and _DISTRICT.search(left[0])) or _VILLAGE.match(left[0])):
        at = 0
    if at is None:
        return known
    known = known._replace(street=left.pop(at))
    if (
        not known.number
        and not known.flat
        and at == 1
        and home in ("GB", "IE")
        and not re.search(r"\d", left[0])
    ):
        known = known._replace(number=left.pop(0))
    return known


def street_word_end(text: str) -> int:
    """Where the last word for a street ends, when more words follow; 0 if there is none."""
    ends = [match.end() for match in STREET_WORD.finditer(text) if match.start() > 0]
    return ends[-1] if ends and ends[-1] < len(text) else 0


def _suburb_apart(street: str) -> tuple[str, str]:
    """ "Main Rd Sea Point": what follows the last word for a street."""
    end = street_word_end(street)
    behind = street[end:]
    if end and re.match(r"\s+[^\W\d]", behind) and not _STREET_GOES_ON.match(behind):
        return street[:end], behind.strip(" ,")
    return street, ""
