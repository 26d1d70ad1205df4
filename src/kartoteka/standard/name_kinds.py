"""Who a name is of: nobody, a company, a household, or one person."""

import re

from kartoteka.standard import companies
from kartoteka.standard.company_forms import DESIGNATIONS, HINTS, letters_only
from kartoteka.standard.letters import fold
from kartoteka.standard.lore import given_names, surnames
from kartoteka.standard.name_words import FAMILY_AFTER, FAMILY_BEFORE, NOBODY

_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "1234567890", "abcdefgh")
_MAIL_OR_WEB = re.compile(r"\S@\S+\.\S|^www\.|https?://|\.(?:com|pl|fi|co\.za|ph|my|de)\b", re.I)
_LETTER = re.compile(r"[^\W\d_]")

# what a business calls itself; enough on its own, in any of the languages
TRADE = frozenset(
    """trading traders enterprise enterprises services service solutions systems consulting consultants consultancy holdings holding group logistics
    transport construction builders building engineering motors autos garage bakery cafe café restaurant bistro pizzeria pharmacy clinic hospital
    dental hotel guesthouse lodge school college university academy institute foundation association society federation ministry department council
    municipality office studio salon boutique shop store stores supermarket mart market markets marketing media design designs digital software technologies
    technology tech electronics electrical plumbing plumbers cleaning security supplies supply suppliers wholesale wholesalers distributors distribution
    manufacturing industries industrial international global import imports export exports investments investment properties property estates realty
    insurance bank finance financial capital ventures partners associates attorneys solicitors accountants farms farm foods catering catering's tours travel
    printing press publishing publishers labs laboratories gym fitness spa carwash laundry hardware furniture interiors gallery museum library theatre
    company corporation limited incorporated brothers bros sons trust club team
    sklep hurtownia apteka restauracja piekarnia cukiernia kwiaciarnia księgarnia kancelaria biuro firma zakład zaklad przedsiębiorstwo przedsiebiorstwo
    usługi uslugi handel serwis autoserwis warsztat gabinet przychodnia szpital szkoła szkola przedszkole liceum uniwersytet urząd urzad gmina parafia fundacja
    stowarzyszenie spółdzielnia spoldzielnia spółka spolka wspólnota wspolnota mieszkaniowa hotel pensjonat bar karczma zajazd centrum instytut agencja studio
    drukarnia stolarnia ślusarstwo hydraulika budownictwo bud transport spedycja salon fryzjerski kosmetyczny gospodarstwo nadleśnictwo starostwo ośrodek osrodek
    kuljetus rakennus huolto kiinteistö kiinteisto kauppa liike kampaamo parturi kahvila ravintola leipomo konditoria apteekki koulu yliopisto seurakunta
    kaupunki kunta yhdistys säätiö saatio seura asunto taloyhtiö taloyhtio osuuskunta toimisto tilitoimisto asianajotoimisto palvelu palvelut konepaja sähkö autokorjaamo
    autohuolto pesula maatila matkat putki remontti siivous verkkokauppa kukkakauppa kioski urheiluseura
    slaghuis bakkery kafee koffiewinkel winkel boerdery kerk skool hoërskool laerskool gemeente apteek vervoer konstruksie dienste beleggings eiendomme gastehuis
    prokureurs rekenmeesters landgoed wynlandgoed handelaars trust vereniging maatskappy plaas kwekery
    tindahan sari-sari karinderya panaderya palengke botika barangay paaralan simbahan kooperatiba cooperative multipurpose
    kedai restoran perniagaan syarikat koperasi sekolah masjid farmasi klinik bengkel pembinaan pasaraya perusahaan kilang warung pejabat majlis persatuan yayasan pertubuhan universiti
    bäckerei baeckerei metzgerei fleischerei apotheke autohaus werkstatt tischlerei schreinerei friseur gasthaus gasthof gaststätte ferienwohnung praxis zahnarztpraxis
    kanzlei steuerberater rechtsanwälte versicherung bauunternehmen handwerk handels dienstleistungen schule gymnasium universität verein stadtwerke verwaltung gemeinde buchhandlung
    blumen gärtnerei gartenbau elektro sanitär heizung dachdecker malerbetrieb spedition reisebüro getränke kindergarten kita stiftung sparkasse volksbank betrieb
    tienda ferretería panadería farmacia restaurante boulangerie garage entreprise établissements ristorante officina bakkerij slagerij""".split()
)
# trade words that are surnames, too: they tell a company only where no given name stands beside them
SOFT_TRADE = frozenset(
    "church bank hotel farm farms bar club team trust press capital market bros sons brothers mart store shop office bud handel kauppa kerk garage tech plaas kunta seura sähkö"
    " international global group partners associates blumen schule verein trust service services holding".split()
)
_TRADE_KEYS = frozenset(fold(word) for word in TRADE)
_SOFT_KEYS = frozenset(fold(word) for word in SOFT_TRADE)
_COMPOUND = re.compile(
    r"^(?:auto|agro|bio|eko|eco|euro|inter|multi|foto|tele|elektro|mega|super|trans|max|pro|info|net|web)[a-z]{4,}$"
)
_TRADE_ENDING = re.compile(
    r".{4,}(?:liike|kauppa|huolto|toimisto|palvelut?|yhdistys|handlung|handel|betrieb|schule|verein|werkstatt|apotheke|service|serwis|tex|pol|bud|trans|werke?|technik|haus)$"
)
COMPANY_SIGNS = HINTS | DESIGNATIONS | _TRADE_KEYS
_AND = re.compile(r"\s(?:&|\+|and|und|i|en|ja)\s", re.I)
_WE = frozenset(
    "sons synowie syn sohne soehne seuns partners partnerzy partner co company associates wspolnicy spolka pojat poika bros brothers cie fils hijos figli sohn daughters tochter kumppanit vennote".split()
)


def is_nobody(text: str, key: str) -> bool:
    """Whether a tidied text (and its folded form) names nobody: junk, a placeholder, a phone number, an e-mail address."""
    joined = key.replace(" ", "_")
    if joined in NOBODY or not _LETTER.search(text):
        return True
    bare = key.replace(" ", "")
    if len(bare) > 2 and len(set(bare)) == 1:
        return True
    if len(bare) > 3 and any(bare in row or bare[::-1] in row for row in _KEYBOARD):
        return True
    words = set(key.split())
    if (
        words
        and words <= NOBODY
        and not words & {"gast", "gosc", "demo", "nama", "misc", "other", "privat"}
        and (len(words) > 1 or bare in NOBODY)
    ):
        return True
    if _MAIL_OR_WEB.search(text):
        return " " not in text or not any(word in given_names() for word in key.split())
    return sum(map(str.isdigit, text)) > 2 * sum(map(str.isalpha, text))


def may_be_company(text: str, words: list[str]) -> bool:
    """A cheap look whether `is_company` is worth asking where no word of the text is a sign in itself."""
    if _AND.search(text) or "." in text:
        return True
    return any(
        len(word) > 6 and word not in surnames() and (_TRADE_ENDING.match(word) or _COMPOUND.match(word))
        for word in words
    )


def is_company(text: str, words: list[str], country: str) -> bool:
    """Whether a name is a company's. words: the folded words of the text."""
    given = sum(word in given_names() for word in words)
    if any(word in HINTS for word in words) and _form_proves(text, words, country):
        return True
    if any(word in DESIGNATIONS for word in words[:1]) or letters_only(text.split(" ")[0]) in DESIGNATIONS:
        return True
    hard = [word for word in words if word in _TRADE_KEYS and word not in _SOFT_KEYS]
    if hard and (len(words) > 1 or hard[0] not in surnames()):
        return True
    if any(word in _SOFT_KEYS for word in words) and not given and len(words) > 1:
        return True
    if _AND.search(text):
        tail = _AND.split(text)[-1]
        return fold(tail).partition(" ")[0] in _WE or not given
    if any(
        _TRADE_ENDING.match(word) and word not in surnames() and word not in given_names() for word in words
    ):
        return not given
    return (
        bool(_COMPOUND.match(words[0])) and words[0] not in surnames() and words[0] not in given_names()
        if words
        else False
    )


def _form_proves(text: str, words: list[str], country: str) -> bool:
    found = companies.find_form(text, country, sure=True)
    if found is None:
        front, form, _ = companies.split_form(text, country)
        return bool(form) and words[0] in ("oy", "tmi", "toiminimi", "pt") and len(words) > 1
    form = letters_only(found.written)
    typed = text[found.start : found.end]
    if len(form) > 2 or "." in typed.rstrip(".") or form in ("oy", "ry") or any(map(str.islower, typed)):
        return True
    # two large letters behind one surname may be initials: "Botha SA", "Smit AG"; behind a trade they are a form
    others = words[: -len(typed.split())]
    return not (len(others) == 1 and others[0] in surnames() and form != "cc")


def is_household(words: list[str]) -> bool:
    """Whether the words say that a family is meant: "The Smith family", "Fam. Müller", "Rodzina Nowak"."""
    if len(words) < 2:
        return False
    if words[0] in FAMILY_BEFORE or words[-1] in FAMILY_AFTER:
        return True
    return words[0] == "the" and len(words) == 2 and words[1].endswith("s") and words[1][:-1] in surnames()
