"""Countries as people write them, as ISO 3166-1 alpha-2.

Names come from CLDR (babel) in our six languages and German, codes from ISO 3166 (pycountry); what neither knows, the
everyday short forms and the old names, stands here.
"""

import re
from functools import lru_cache

from kartoteka.standard.characters import fold, plain, says_nothing, words
from kartoteka.standard.outcome import Standard

_LANGUAGES = ("en", "pl", "fi", "af", "fil", "ms", "de")
# The countries a code or a name is tried for first: no library has to be opened for them.
_USUAL = frozenset(
    words("PL FI ZA PH MY GB DE US SE NO DK EE FR ES IT NL BE AT CH CZ SK UA IE AU NZ CA SG IN CN JP")
)
# "_" stands for a space; folded, without dots.
_SPOKEN = {
    "PL": "polen polska rp poland rzeczpospolita rzeczpospolita_polska pologne polonia polish puola",
    "FI": "suomi finland finlandia finska suomen_tasavalta finnish soomi",
    "ZA": "rsa rpa south_africa suid_afrika etela_afrikka republic_of_south_africa "
    "republiek_van_suid_afrika s_africa s_a zuid_afrika "
    "afryka_poludniowa republika_poludniowej_afryki mzansi sudafrika timog_aprika",
    "PH": "philippines pilipinas phils phil the_philippines republic_of_the_philippines "
    "rp_philippines filipiny filippiinit filippyne pinas",
    "MY": "malaysia malezja malesia maleisie m_sia",
    "GB": "uk u_k great_britain britain gb england scotland wales northern_ireland united_kingdom "
    "gt_britain anglia szkocja walia irlandia_polnocna "
    "wielka_brytania zjednoczone_krolestwo englanti skotlanti iso_britannia britannia engeland "
    "skotland groot_brittanje brittanje inglatera "
    "gran_britanya grossbritannien england_uk uk_gb schottland vereinigtes_konigreich zk nagkakaisang_kaharian",
    "DE": "deutschland niemcy saksa duitsland alemanya jerman germany brd frg bundesrepublik_deutschland rfn tyskland",
    "US": "usa us u_s u_s_a united_states united_states_of_america america the_states "
    "stany_zjednoczone stany stany_zjednoczone_ameryki ameryka "
    "yhdysvallat amerikan_yhdysvallat amerikka vsa verenigde_state verenigde_state_van_amerika "
    "estados_unidos amerika amerika_syarikat "
    "vereinigte_staaten vereinigte_staaten_von_amerika",
    "NL": "holland the_netherlands holandia hollanti netherlands niederlande nederland alankomaat",
    "CZ": "czech_republic czechia czechy republika_czeska cr_czechy tsekki cesko ceska_republika "
    "tschechien tschechische_republik",
    "RU": "russia russian_federation rosja venaja rusland federacja_rosyjska rossija",
    "KR": "south_korea korea korea_poludniowa etela_korea republic_of_korea suid_korea sudkorea",
    "KP": "north_korea korea_polnocna pohjois_korea",
    "CI": "ivory_coast cote_d_ivoire",
    "MM": "burma birma",
    "SZ": "swaziland",
    "MK": "macedonia",
    "TR": "turkey turkiye turcja",
    "AE": "uae u_a_e emirates emiraty zea",
    "IE": "eire republic_of_ireland ireland irlandia irlanti",
    "CH": "schweiz suisse svizzera switzerland szwajcaria sveitsi",
    "AT": "osterreich oesterreich austria itavalta oostenryk",
    "SE": "sverige szwecja ruotsi",
    "NO": "norge norwegia norja",
    "DK": "danmark dania tanska",
    "EE": "eesti viro",
    "ES": "espana hiszpania espanja",
    "FR": "francja ranska frankryk pransya perancis",
    "IT": "italia wlochy",
    "HU": "magyarorszag wegry unkari",
    "BE": "belgique belgie belgia",
    "CN": "chiny kiina china prc",
    "VN": "viet_nam vietnam wietnam",
    "TW": "taiwan tajwan",
    "HK": "hong_kong hongkong",
    "GR": "el hellas grecja kreikka",
    "UA": "ukraine ukraina",
    "LT": "litwa liettua lietuva",
    "LV": "lotwa latvia latvija",
    "SK": "slowacja slovensko",
}
_AND_OTHERS = re.compile(r"[^a-z0-9]+")


def standardise(text: str, *, language: str = "") -> Standard[str]:
    """The alpha-2 code of the country `text` names, in any of our languages, or gives as a code of two or three letters.

    A name one slip away from a known one has its value too, with the problem "typo" and the known name in the
    note. language decides where a name means two countries ("SA" is South Africa in Afrikaans).
    Problems: "invalid", "typo".
    """
    # An exact code comes before the words for nothing: NA is Namibia, NO is Norway, BD is Bangladesh.
    code = (
        text
        if text in _USUAL or (text != "SA" and len(text) == 2 and text.isupper() and text.lower() in _names())
        else ""
    )
    if not code and not says_nothing(text):
        code, name = _find(text, language.lower())
        if name:
            return Standard(code, text, "typo", name)
    if code:
        return Standard(code, text)
    return Standard(None, text, "" if says_nothing(text) else "invalid")


@lru_cache(maxsize=8192)
def _find(text: str, language: str) -> tuple[str, str]:
    """The code, and the right name if `text` misspells it."""
    key = _key(plain(text))
    if key == "sa" and language == "af":
        return "ZA", ""
    for name in (key, key.removeprefix("the "), key.replace(" ", "")):
        code = _spoken().get(name) or _names().get(name)
        if code:
            return code, ""
    bare = _key(re.sub(r"\(.*?\)", "", plain(text)))
    if bare != key and bare in _names():
        return _names()[bare], ""
    return _misspelt(key) if len(key) >= 5 else ("", "")


def _key(text: str) -> str:
    return _AND_OTHERS.sub(" ", fold(text).replace("&", " and ")).strip()


@lru_cache(maxsize=1)
def _spoken() -> dict[str, str]:
    return {word: code for code, names in _SPOKEN.items() for word in words(names)}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Every name and code, folded, and its alpha-2; ISO's own codes are never overruled by a name."""
    import pycountry
    from babel import Locale

    known: dict[str, str] = {}
    for country in pycountry.countries:
        known[country.alpha_2.lower()] = country.alpha_2
        known[country.alpha_3.lower()] = country.alpha_2
    for country in pycountry.countries:
        for field in ("name", "official_name", "common_name"):
            name = getattr(country, field, "")
            if name:
                known.setdefault(_key(name), country.alpha_2)
    valid = {country.alpha_2 for country in pycountry.countries}
    for tag in _LANGUAGES:
        for code, name in Locale(tag).territories.items():
            if code in valid:
                known.setdefault(_key(name), code)
    return known


def _misspelt(key: str) -> tuple[str, str]:
    from rapidfuzz.distance import OSA

    near: dict[str, str] = {}
    for name, code in (_names() | _spoken()).items():
        if len(name) >= 5 and abs(len(name) - len(key)) <= 1 and OSA.distance(key, name, score_cutoff=1) <= 1:
            near.setdefault(code, name)
    return next(iter(near.items())) if len(near) == 1 else ("", "")


@lru_cache(maxsize=1024)
def name_in(code: str, language: str) -> str:
    """The name of a country in a language (CLDR); the code itself where there is none."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(language.replace("-", "_")).territories.get(code, code))
    except (UnknownLocaleError, ValueError):
        return code
