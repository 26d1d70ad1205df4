"""The street part of an address: its street, house number and flat, as each country writes them."""

import re
from typing import NamedTuple

FLAT_WORDS = (
    r"flat|units?|apt|apartment|apartament|appartement|suite|ste|room|rm|flt|woonstel|eenheid|maisonette|studio|bsmt"
    r"|penthouse|condo|appt|door|shop|office|winkel|kiosk"
)


class Door(NamedTuple):
    """Where in a street: each part as typed, "" when not given."""

    street: str = ""
    number: str = ""
    flat: str = ""


_NUMBER = r"\d+(?:\s?[a-z](?![\w.]))?(?:\s?[-–]\s?\d+\s?[a-z]?(?!\w))?"
_PL_PREFIX = re.compile(r"^(?:ul|ulica|u)\b\.?\s*(?=\S)", re.I)
_PL_FLAT = (
    r"(?:m|lok\.?\s+u[zż]ytk\w*|lok(?:al)?\.?\s+us[lł]ug\w*|lok|lokal|mieszk|mieszkanie|m-nie|nr\s+lok|nr\s+lokalu"
    r"|apt|ap|pok|p)\b\.?"
)
_PL_HOUSE = r"(?:[\s,]+(?:bl(?:ok)?|kl(?:atka)?|bud(?:ynek)?)\b\.?\s*\w{1,3})"  # "5 bl. 3", "5 klatka B"
_PL_PLOT = r"dz(?:ia[lł]ka)?\b\.?\s*(?:nr\b\.?\s*)?(?:ew\.\s*)?\d+(?:/\d+)?"
_BEHIND = {
    "PL": re.compile(
        rf"^(?P<street>.*?\S)\s*[\s,]\s*(?:nr\.?\s*|numer\s*)?(?P<number>{_PL_PLOT}"
        rf"|(?:bl(?:ok)?\.?\s*)?{_NUMBER}{_PL_HOUSE}?(?:/\d+[a-z]?(?=\s*(?:/|\s{_PL_FLAT})))?)"
        rf"(?:\s*/\s*(?:{_PL_FLAT}\s*)?(?P<flat>\d+(?:\s?[a-z](?!\w))?|[a-z]\w{{0,3}})|[\s,/]*(?:{_PL_FLAT}|m(?=\d))\s*(?P<flat2>\w+(?:\s?[a-z](?!\w))?))?$",
        re.I,
    ),
    "FI": re.compile(
        r"^(?P<street>.*?\D)\s+(?P<number>\d+[a-z]?(?:\s?[-–]\s?\d+[a-z]?)?)"
        r"(?:[\s,]+(?P<flat>(?:(?:as|asunto|bst|bostad|lgh)\b\.?\s*)?(?:[a-zåäö](?![a-zåäö])(?:\s*(?:as\.?\s*)?\d+\s?[a-z]?)?|\d+\s?[a-z]?)))?$",
        re.I,
    ),
    "DE": re.compile(
        r"^(?P<street>.*?\D)\s*\b(?:Nr\.?\s*)?(?P<number>\d+(?:\s?[a-z](?!\w))?(?:\s?1/\d)?"
        r"(?:\s?[-–]\s?[a-z](?!\w)|\s?[-–+/]\s?\d+\s?[a-z]?(?!\w))?)"
        r"(?:(?:[\s,/]+(?:whg|wohnung|app|apt|top|tür|zimmer|haus)\b\.?\s*|\s*//\s*)(?P<flat>\w+)|[\s,/]+(?P<flat2>(?:\d+\.?\s?)?(?:og|ug|eg|dg|stock|etage)\b.*))?$",
        re.I,
    ),
    "": re.compile(
        r"^(?P<street>.*?\D)[\s,]+(?:nr?[.°º]?\s*)?(?P<number>\d+(?:\s?[a-z](?!\w))?(?:[-–]\d+[a-z]?)?)"
        r"(?:[\s,/-]+(?:(?:m|lok|apt|ap|lgh|byt|app|bus|flat|tv|th|piso|int|dpto)\b\.?\s*)?(?P<flat>\d{1,2}\s?[º°ª]\s?\w{1,4}\.?|\d{0,3}\s?[\wº°ª.-]{1,6}))?$",
        re.I,
    ),
}
# "18 A 4 Lehtotie", "12 Długa m. 4" where the number stands behind; not 3 Maja nor 7 Pułku Ułanów, which name a street
_NUMBER_OPENS = re.compile(
    r"^(?P<number>\d+\s?(?:[a-z](?![\w.])(?:\s\d+)?)?(?:\s?[-–/]\s?\d+[a-z]?)?)[\s,]+"
    r"(?!(?:stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|wrze[sś]nia|pa[zź]dziernika|listopada|grudnia"
    r"|pu[lł]ku|dywizji|armii|brygady|batalionu|aprile|maggio|settembre|novembre|de)\b)"
    rf"(?P<street>[^\W\d]\D+?)(?P<flat>[\s,/]+(?:{_PL_FLAT}|(?:as|asunto|bst|lgh|whg|wohnung|app|top)\b\.?)\s*\d+\w*|/\d+\w*)?$",
    re.I,
)
_BEHIND["NL"] = re.compile(
    r"^(?P<street>.*?\D)[\s,]+(?:nr?\.?\s*)?(?P<number>\d+\s?[a-z]?(?!\w))(?:(?:\s*[-/]\s*|[\s,]+(?:app?|bus|unit)\b\.?\s*|\s)(?P<flat>\w{1,4}))?$",
    re.I,
)
# "Pikk 10-5": house and flat
_BEHIND["EE"] = _BEHIND["LV"] = _BEHIND["LT"] = re.compile(
    r"^(?P<street>.*?\D)[\s,]+(?P<number>\d+\s?[a-z]?(?!\w)(?:/\d+)?)(?:\s?[-–]\s?(?P<flat>\d+[a-z]?))?$",
    re.I,
)
_BEHIND["AT"] = re.compile(
    r"^(?P<street>.*?\D)\s+(?P<number>\d+\s?[a-z]?(?:-\d+)?)(?:\s*/\s*(?P<flat>[\w/]+)|[\s,]+(?:top|tür)\.?\s*(?P<flat2>\w+))?$",
    re.I,
)
# where the figures behind the stroke are the house's own: "Vodičkova 12/34", "Via Garibaldi 12/A"
_BEHIND["CZ"] = _BEHIND["SK"] = _BEHIND["IT"] = re.compile(
    r"^(?P<street>.*?\D)[\s,]+(?:(?:nr?|č\.?\s?p)[.°º]?\s*)?(?P<number>\d+\s?[a-z]?(?!\w)(?:\s?[-–/]\s?\w{1,5})?)"
    r"(?:[\s,]+(?:int|byt|scala|interno)\b\.?\s*(?P<flat>\w+))?$",
    re.I,
)
_FI_FLOOR = re.compile(r"[\s,]+(?:\d+|[IVX]+)\.?\s*(?:krs|kerros)\b.*$|(?<=\s)rappu\s+(?=[a-z]\b)", re.I)
# "12 Hinterhaus", "5 parter", "5 II piętro"
_PART_OF_HOUSE = re.compile(
    r"(?<=[\da-z])[\s,]+(?:(?:hinter|vorder|garten|hof|seiten)haus|seitenflügel|hh|vh|parter(?:re)?|poddasze|suterena|oficyna"
    r"|(?:\d{1,2}|[IVX]{1,4})\.?\s?(?:p|piętro|pietro|og|ug|stock|etage)\b\.?|[edu]g)\b.{0,12}$",
    re.I,
)
_FI_STAIR = re.compile(r"(?<=\s)(\d+)([a-zåäö])\s?(\d+[a-z]?)$", re.I)  # "3A12", "3a 12": stair and flat
_FLAT_FIRST = re.compile(
    rf"^(?:(?:{FLAT_WORDS})\b\.?\s*(?:no\b\.?\s*)?)(?P<flat>\d+[a-z]?(?:[-/]\w+)*|[a-z]\d*(?:-\d+)*|[a-z]-\d+)\b[\s,]*(?P<rest>.*)$",
    re.I,
)
_FLAT_LAST = re.compile(
    rf"^(?P<rest>.+?)[\s,]+(?:(?:{FLAT_WORDS})\b\.?\s*(?:no\b\.?\s*)?|#\s?)(?P<flat>\w[\w/-]*)$", re.I
)
_MY_UNIT = re.compile(
    r"^(?:(?:no|unit|blok|block|blk)\b\.?\s*)?(?P<flat>[a-z]?\d*[a-z]?(?:-[a-z]?\d+[a-z]?){2,})(?:\s+(?P<house>\D.*))?$",
    re.I,
)
_STOREY_AND_DOOR = re.compile(r"#\s?(\d+-\d+[a-z]?)", re.I)  # "#12-05" by itself
_LOT_WORDS = r"blk|block|bloc|lot|phase|ph|plot|erf|stand|house|hse|lt|pt|batu|km|sublot"
_LOT = re.compile(
    rf"^(?P<number>(?:(?:(?:{_LOT_WORDS})\b\.?\s*(?:no\.?\s*)?)+\w+(?:[-/]\w+)*[\s,]*)+|b\d+[\s,]*l\d+|l\d+[\s,]*b\d+)"
    r"(?:[\s,]+(?P<street>\D.*))?$",
    re.I,
)
_NUMBER_FIRST = re.compile(
    r"^(?:(?:(?:house |rumah |huis )?(?:no|nr|number|nombor)|rumah|huis|h\.? ?no|#)\b\.?:?\s*|#\s*)?"
    r"(?P<number>(?:\d+(?:[a-z]|-[a-z](?=[\s,]))?(?:\s?[-–/&]\s?\d+[a-z]?)*)(?:\s(?:bis|ter|(?![nsew]\b)[a-z](?=\s)))?)\b[\s,]+(?P<street>\S.*)$",
    re.I,
)
_ONLY_NUMBER = re.compile(
    r"^(?:(?:(?:house |rumah |huis )?(?:no|nr|number|nombor)|house|rumah|huis|#)\b\.?\s*|#\s*)?"
    r"(?P<number>\d+[a-z]?(?:\s?[-–/&]\s?(?:\d+[a-z]?|[a-z]\b))*(?:\s(?:bis|ter))?)$",
    re.I,
)
_NUMBER_BEHIND = re.compile(
    r"^(?P<street>(?:\d+(?:st|nd|rd|th|ste|de)\s)?[^\d]*[^\d\s])\s+(?P<number>\d+[a-z]?(?:-\d+)?)$", re.I
)
_PARTS_OF_TOWN = frozenset(
    {
        "purok",
        "zone",
        "sitio",
        "phase",
        "ward",
        "district",
        "seksyen",
        "section",
        "extension",
        "brgy",
        "brgy.",
        "bgy",
        "bgy.",
        "barangay",
    }
)
# "Flat 2 Oak Court 15 Park Lane": the house before the street it stands in
_HOUSE_BETWEEN = re.compile(
    r"^[^\d,]*\b(?:house|court|building|bldg|tower|mansions?|lodge|apartments|centre|point|hall)\s+(?=\d+[a-z]?\s+\D{5,})",
    re.I,
)
# What a street has that tells more than its name; without it none of the patterns of `number_first` fits.
_MAY_SAY_WHERE = re.compile(rf"\d|#|\b(?:{FLAT_WORDS}|{_LOT_WORDS})\b", re.I).search
BOX = re.compile(
    r"\b(?:p\.?\s?o\.?\s*box|post(?:al)?\s?box|posbus|private\s+bag|privaatsak|postfach"
    r"|skr(?:ytka)?\.?\s*poczt(?:owa)?\.?|(?:pl|pb|bp|c\.?p\.?|box)(?=\s\d)|peti\s+surat|bo[iî]te\s+postale|postbus"
    r"|apartado(?:\s+de\s+correos)?|casella\s+postale)"
    r"\s*(?:no\.?\s*)?[x]?\s?\d[\d\s]*\b",
    re.I,
)


def behind_street(text: str, country: str) -> Door | None:
    """A street part with its house number last ("Długa 12/4", "Mannerheimintie 12 A 4"), or put before its street
    against the custom ("12/4 Długa"); None if it has no number."""
    pattern = _BEHIND.get(country, _BEHIND[""])
    text = _NUMBER_OPENS.sub(r"\g<street> \g<number>\g<flat>", text)
    if country == "PL":
        text = _PL_PREFIX.sub("", text)
    elif country == "FI":
        text = _FI_STAIR.sub(r"\1 \2 \3", _FI_FLOOR.sub("", text))
    found = pattern.match(text)
    if found is None:
        part = _PART_OF_HOUSE.search(text)
        door = behind_street(text[: part.start()], country) if part else None
        return door._replace(flat=door.flat or part[0].strip(" ,")) if door and part else None
    parts = found.groupdict()
    number = re.sub(r"(?<=\d)\s+(?=[a-zA-Z]\b)", "", parts["number"]).replace(" - ", "-")
    if country == "PL":
        number = re.sub(r"\s*([-/])\s*", r"\1", number).replace(",", "")
    elif country != "DE":
        number = number.replace(" ", "")
    flat = (parts.get("flat") or parts.get("flat2") or "").strip()
    if country == "FI":
        flat = re.sub(r"(?i)^(?:as|asunto|bst|bostad|lgh)\b\.?\s*", "", flat)
        flat = re.sub(r"(?i)\s*as\.?\s*(?=\d)", " ", flat)
        flat = re.sub(r"(?i)(?<=\d)\s+(?=[a-z]$)", "", re.sub(r"^([A-Za-z])(\d)", r"\1 \2", flat)).strip()
        flat = flat[:1].upper() + flat[1:]
    return Door(
        parts["street"].strip(" ,.-")
        + ("." if parts["street"].rstrip(" ,").lower().endswith("str.") else ""),
        number,
        flat,
    )


def number_first(text: str) -> Door | None:
    """A street part with its number first ("12a High Street", "Unit 4B 123 Rizal Ave."); None if it has
    none."""
    if not _MAY_SAY_WHERE(text):
        return None
    flat = ""
    if found := _STOREY_AND_DOOR.fullmatch(text):
        return Door(flat=found[1])
    if found := _FLAT_FIRST.match(text):
        flat, text = found["flat"], _HOUSE_BETWEEN.sub("", found["rest"].strip())
        if not text:
            return Door(flat=flat)
    elif found := _FLAT_LAST.match(text):
        flat, text = found["flat"], found["rest"].strip(" ,")
    return _numbered(text, flat)


def _numbered(text: str, flat: str) -> Door | None:
    """The street and number of a part whose flat, if any, is taken off."""
    if found := _MY_UNIT.match(text):
        return Door(found["house"] or "", flat=found["flat"])
    if found := _LOT.match(text):
        return Door((found["street"] or "").strip(), found["number"].strip(" ,"), flat)
    if found := _ONLY_NUMBER.match(text):
        return Door("", found["number"], flat)
    if found := _NUMBER_FIRST.match(text):
        number = re.sub(r"\s*([-–/])\s*", r"\1", found["number"]).replace("–", "-")
        return Door(found["street"].strip(" ,"), number, flat)
    if (found := _NUMBER_BEHIND.match(text)) and found["street"].lower() not in _PARTS_OF_TOWN:
        return Door(found["street"], found["number"], flat)
    return Door(text, "", flat) if flat else None
