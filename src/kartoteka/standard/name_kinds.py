"""Who a name is of: nobody, a company, a household, or one person."""

import re
from functools import cache

from kartoteka.standard import companies
from kartoteka.standard.address_places import places
from kartoteka.standard.company_forms import DESIGNATIONS, HINTS, letters_only
from kartoteka.standard.letters import fold, is_formula
from kartoteka.standard.lore import given_names, surnames
from kartoteka.standard.name_words import FAMILY_AFTER, FAMILY_BEFORE, NOBODY, PARTICLES, TITLES
from kartoteka.standard.wordlists import words

_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "1234567890", "abcdefgh")
_MAIL_OR_WEB = re.compile(r"\S@\S+\.\S|^www\.|https?://|\.(?:com|pl|fi|co\.za|ph|my|de)\b", re.I)
_LETTER = re.compile(r"[^\W\d_]")

# what a business calls itself; enough on its own, in any of the languages
TRADE = words("name kinds trade")
# trade words that are surnames, too: they tell a company only where no given name stands beside them
SOFT_TRADE = words("name kinds soft trade")
_TRADE_KEYS = frozenset(fold(word) for word in TRADE)
_SOFT_KEYS = frozenset(fold(word) for word in SOFT_TRADE)
_COMPOUND = re.compile(
    r"^(?:auto|agro|bio|eko|eco|euro|inter|multi|foto|tele|elektro|mega|super|trans|max|pro|info|net|web)[a-z]{4,}$"
)
_TRADE_ENDING = re.compile(
    r".{4,}(?:liike|kauppa|huolto|toimisto|palvelut?|yhdistys|handlung|handel|betrieb|schule|verein|werkstatt|apotheke|service|serwis|tex|pol|bud|trans|werke?|technik|haus|keskus|praxis|klinik|laden|markt|verlag|zentrum|verwaltung|verband|gesellschaft|genossenschaft|kasse|technik|bau|studio|salon|optik|gemeinde|vertrieb|anstalt|akademie|virasto|koulu|laitos|kampaamo|pesula|kahvila|ravintola|leipomo|apteekki|stube|stubchen|(?:lay|build|clean|garden|print|cater|train|weld|fenc|roof|plaster|decorat|paint|market|consult|engineer|groom|trad|pack|recycl|detail|light|heat|plumb|glaz|floor|cloth|machin)ing|(?:ra|ta|tta|ja|aa)jat|ystavat|naiset|miehet|elakelaiset|veteraanit|erei|arnia|ownia|arstwo|nictwo|kerho|tehdas|myymala|asema|arzt|arztin"
    r"|reinigung|montage|beratung|vermietung|verleih|kirche|dienste?|fabrik|makler|agentur|skool|works|boere|boerdery|winkel|slaghuis|bakkery|kwekery|pizza|vervoer|dienste|handelaars)$"
)
# these tell a company also where a given name stands behind: "Pitopalvelu Maria", "Friseursalon Anna"
_SURE_ENDING = re.compile(
    r".{4,}(?:liike|kauppa|huolto|toimisto|palvelut?|yhdistys|korjaamo|kahvila|kampaamo|handlung|betrieb|verein|werkstatt|apotheke"
    r"|seura|liitto|hoitola|hieronta|asennus|siivous|remontti|kuljetus|verstas|puutarha|puoti|service|praxis|klinik|verlag|zentrum|verwaltung|gesellschaft|kasse|salon|studio|gasthof|gericht|gaststatte|pflege)$"
)
COMPANY_SIGNS = HINTS | DESIGNATIONS | _TRADE_KEYS | _SOFT_KEYS
_AND = re.compile(r"(?<!\bvon)\s(?:&|\+|and|und|i|en|ja|u\.)\s|\w\s?&\s?\w", re.I)
# "Browns of York", "Hair by Sarah", "Pick n Pay", "Fish 'n' Chips": between two words of a business, never of a name
_TIED_INSIDE = re.compile(
    r"[^\W\d_]{2}\s(?:of|by|(?i:this|your|our|the)|for|with|n|['’]n['’]?"
    r"|(?:am|im|an der|pod|nad|przy|u|ni|ng|sa|se)(?=\s[^a-z]))\s[^\W\d_]{2}"
)
_POSSESSIVE = re.compile(r"[^\W\d_]['’]s(?:$|\s[^\W\d_])", re.I)  # "Nando's", "St John's Church"
_INN = frozenset({"zum", "zur", "beim"})  # "Zum Goldenen Hirsch"
_WITH_FIGURES = re.compile(
    r"^\d+[- ][^\W\d]{4,}|[^\W\d]{4,}24\b|[^\W\d_]{3,}\d[A-Z]|^[A-Z]\d{1,2}\s[^\W\d]{3}"
)  # "A1 Taxis"
_WE = words("name kinds we")
_UNDER = frozenset({"pod", "nad", "przy"})  # "Pod Lipą"
NUMBERED = re.compile(r"[A-ZĄĆĘŁŃÓŚŹŻÄÖÜ]{2,5} (?:[Nn]r\.? |[Nn]o\.? )?\d{1,3}")  # "ZS nr 3", a school
# words of everyday speech that no one is called: beside nothing but unknown words they make a business's name
ORDINARY = frozenset(map(fold, words("name kinds ordinary")))
INSTITUTIONS = words("name kinds institutions")
_CUT_SHORT = re.compile(  # "Drew-Met", "Mar-Pol"
    r"[^\W\d_]{2,6}-(?:met|pol|bud|trans|tex|max|gaz|stal|med|rol|tech|mix|hurt|car|serwis|instal|plast|mar|ex|dent)",
    re.I,
)


def is_nobody(text: str, key: str) -> bool:
    """Whether a tidied text (key: its folded form) names nobody: junk, a placeholder, a number, an e-mail, a formula."""
    if is_formula(text) or (text[0] == "@" and " " not in text):
        return True
    words = key.split()
    if len(words) > 1 and "_".join(words) in NOBODY:
        return True  # "tidak ada", though Ada is a name
    if len(words) > 1 and words[0] not in NOBODY and key.replace(" ", "").isalpha():
        known = given_names()
        if words[0] in known or words[-1] in known:
            return False  # the common case, told quickly
    if _is_junk(key, words) or not _LETTER.search(text):
        return True
    if _MAIL_OR_WEB.search(text) and (" " not in text or not any(word in given_names() for word in words)):
        return True
    return sum(map(str.isdigit, text)) > 2 * sum(map(str.isalpha, text))


def _is_junk(key: str, words: list[str]) -> bool:
    """Placeholders in the six languages, one letter over and over, a row of keys."""
    if key.replace(" ", "_").rstrip("_0123456789") in NOBODY:
        return True
    if len(words) > 1 and (words[0] in _CUSTOMERS or words[-1] in _CUSTOMERS):
        others = words[1:] if words[0] in _CUSTOMERS else words[:-1]
        if not any(word in given_names() or word in surnames() or word in _TRADE_KEYS for word in others):
            return True  # "klient sklepu", "customer 12"
    half = len(words) // 2
    if half and words[:half] == words[half:] and "_".join(words[:half]) in NOBODY:
        return True  # "N/A N/A"
    bare = key.replace(" ", "")
    if len(bare) > 2 and len(set(bare)) == 1:
        return True
    if len(bare) > 3 and any(bare in row or bare[::-1] in row for row in _KEYBOARD):
        return True
    return len(set(words)) > 1 and NOBODY.issuperset(words) and _HALF_NAMES.isdisjoint(words)


_CUSTOMERS = frozenset(
    {"klient", "klientka", "customer", "client", "kunde", "kundin", "asiakas", "pelanggan", "kostumer"}
)
# of the words for nobody these are names as well
_HALF_NAMES = frozenset({"gast", "gosc", "demo", "nama", "misc", "other", "privat"})


def is_company(text: str, words: list[str], country: str) -> bool:
    """Whether a name is a company's. words: the folded words of the text."""
    given = sum(word in given_names() for word in words)
    if any(word in HINTS for word in words) and _form_proves(text, words, country):
        return True
    if (
        any(word in DESIGNATIONS for word in words[:1])
        or letters_only(text.partition(" ")[0]) in DESIGNATIONS
    ):
        return True
    hard = [word for word in words if word in _TRADE_KEYS and word not in _SOFT_KEYS]
    if hard and (len(words) > 1 or hard[0] not in surnames()):
        return True
    if (
        len(words) > 2
        and words[-1] in _SOFT_KEYS
        and words[-2] not in given_names()
        and words[-2] not in surnames()
    ):
        return len(words[-2]) > 1  # "Gugulethu Fresh Market", not "Mary Ann Church"
    return any(word in _SOFT_KEYS for word in words) and not given and len(words) > 1


def looks_like_company(text: str, words: list[str]) -> bool:
    """Whether a name that holds no word of a company still reads like one: "Smith & Jones", "Autohuolto
    Laine"."""
    if (
        (words[0] == "the" and len(words) > 1 and words[1] not in TITLES)
        or _POSSESSIVE.search(text)
        or (not text.istitle() and _is_institution(text, words[0]))
        or ("-" in text and _CUT_SHORT.fullmatch(text))
        or (not text.isalpha() and _WITH_FIGURES.search(text))
        or (words[0] in _UNDER and len(words) > 1 and not any(word in given_names() for word in words))
    ):
        return True
    if len(words) == 1:
        return (text.isupper() and companies.is_acronym(text)) or _ends_like_trade(words)
    if "," not in text and (_AND.search(text) or _TIED_INSIDE.search(text)):
        return True  # a household it is not: that was asked before
    if words[0] in _INN and len(words) > 2 and not any(word in given_names() for word in words):
        return True
    return _is_everyday(words) or _is_branch(words) or _ends_like_trade(words)


def _ends_like_trade(words: list[str]) -> bool:
    """Whether a word is made like those for trades: "Pitopalvelu Maria", "Mattokauppa", "Holzhandlung Ernst"."""
    odd = [word for word in words if len(word) > 6 and word not in surnames() and word not in given_names()]
    if not odd:
        return False
    if words[0] == odd[0] and _SURE_ENDING.match(odd[0]):
        return True
    if any(word in given_names() for word in words):
        return False
    return (words[0] == odd[0] and _COMPOUND.match(odd[0]) is not None) or any(map(_TRADE_ENDING.match, odd))


def _is_institution(text: str, first: str) -> bool:
    """Whether a text opens with the letters of an institution, which are no first name: "NZOZ Medyk", "ROD Kolejarz"."""
    opening = text.partition(" ")[0]
    return (
        opening in INSTITUTIONS
        and len(opening) < len(text)
        and not (text.isupper() and first in given_names())
    )


def _is_everyday(words: list[str]) -> bool:
    """Whether everyday words stand among these and no word is anybody's name or an initial: "Big Five Safaris"."""
    return not ORDINARY.isdisjoint(words) and not any(
        len(word) == 1 or word in given_names() or word in surnames() or word in TITLES for word in words
    )


def _is_branch(words: list[str]) -> bool:
    """Whether a town ends or opens a name that holds no given name: "Mehiläinen Tampere", "Bloemfontein Skou"."""
    towns = _towns()
    last, first = words[-1] in towns, words[0] in towns
    if not (last or first) or any(word in given_names() or len(word) < 3 for word in words):
        return False
    if last and words[-1] not in surnames():
        return True
    return first and not any(word in surnames() for word in words)


@cache
def _towns() -> frozenset[str]:
    return frozenset(town for towns in places("city").values() for town in towns if len(town) > 4)


def _form_proves(text: str, words: list[str], country: str) -> bool:
    found = companies.find_form(text, country, sure=True)
    if found is None:
        _, form, _ = companies.split_form(text, country)
        opening = words[1] if words[0] in ("as", "asunto", "kiinteisto") and len(words) > 2 else words[0]
        return bool(form) and opening in ("oy", "tmi", "toiminimi", "pt") and len(words) > 1
    form = letters_only(found.written)
    typed = text[found.start : found.end]
    if form in ("sr", "co") and words[0] in given_names() and (form == "sr" or typed == "Co"):
        return False  # "Matti Laine sr.", "Lucio Co"
    if len(form) > 2 or "." in typed.rstrip(".") or form in ("oy", "ry") or any(map(str.islower, typed)):
        return True
    # two large letters behind one surname may be initials: "Botha SA", "Smit AG"; behind a trade they are a
    # form
    others = words[: -len(typed.split())]
    while len(others) > 1 and others[0] in PARTICLES:  # "De Villiers AB"
        others = others[1:]
    return not (len(others) == 1 and others[0] in surnames() and form != "cc")


def is_household(words: list[str]) -> bool:
    """Whether the words say that a family is meant: "The Smith family", "Fam. Müller", "Rodzina Nowak"."""
    if len(words) == 1:
        return len(words[0]) > 6 and words[0].endswith(("owie", "scy", "ccy"))  # "Nowakowie", "Kowalscy"
    if len(words) == 2 and words[0] in ("p", "pp"):
        return is_household(words[1:])
    opening = words[1] if words[0] in ("the", "die") else words[0]
    if opening in FAMILY_BEFORE or words[-1] in FAMILY_AFTER:
        return True
    plural = words[-1].endswith("s") and words[-1][:-1] in surnames()
    return words[0] in ("the", "die") and len(words) == 2 and plural
