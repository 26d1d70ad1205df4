"""Legal forms of companies: every spelling met in files, by the letters and digits alone, and the customary
written form."""

import re
from functools import lru_cache
from typing import NamedTuple

from kartoteka.standard.wordlists import read, words


class Form(NamedTuple):
    """A legal form: as it is customarily written, the countries it belongs to, whether its letters alone
    prove it.

    shy: so short that it may be a word or initials; believed with its points, its capitals, or in its
    country. home: believed in its countries only, or where nobody knows the country: elsewhere part of it
    belongs to the name ("The Bread Company Ltd").
    """

    written: str
    countries: frozenset[str]
    shy: bool = False
    home: bool = False


# before the name. The Polish ones are no legal forms in law, but stand where one stands: "PPHU Kowalski"
FRONT = {
    "oy": "Oy",
    "ab": "Ab",
    "ky": "Ky",
    "tmi": "Tmi",
    "toiminimi": "Tmi",
    "asoy": "As Oy",
    "asuntooy": "As Oy",
    "asuntoosakeyhtio": "As Oy",
    "bostadsab": "Bostads Ab",
    "osakeyhtio": "Oy",
    "aktiebolaget": "Ab",
    "kommandiittiyhtio": "Ky",
    "koy": "KOy",
    "kiinteistooy": "Kiinteistö Oy",
    "ay": "Ay",
    "avoinyhtio": "Ay",
    "pt": "PT",
    "cv": "CV",
    "ооо": "ООО",
    "ао": "АО",
    "пао": "ПАО",
    "зао": "ЗАО",
    "оао": "ОАО",
    "ип": "ИП",
    "тов": "ТОВ",
    "uab": "UAB",
    "sia": "SIA",
    "ou": "OÜ",
    "sarl": "SARL",
    "sa": "SA",
    "sas": "SAS",
    "sasu": "SASU",
    "as": "AS",
    "eurl": "EURL",
    "sci": "SCI",
    "vof": "VOF",
    "spolkazoo": "Sp. z o.o.",
    "spzoo": "Sp. z o.o.",
}
FRONT_COUNTRIES = {
    "PT": "ID",
    "CV": "ID",
    "SIA": "LV",
    "OÜ": "EE",
    "Ky": "FI",
    "Ay": "FI",
    "Ab": "FI SE",
    "SARL": "FR LU BE",
    "SA": "FR BE LU CH",
    "SAS": "FR",
    "AS": "EE",
    "SASU": "FR",
    "EURL": "FR",
    "SCI": "FR",
    "VOF": "NL",
}
# two that stand around one name: "Oy Kesko Ab"
AROUND = {
    ("Oy", "Ab"): "Oy Ab",
    ("Oy", "Abp"): "Oyj Abp",
    ("Oy", "Ltd"): "Oy Ltd",
    ("Oy", "AB"): "Oy Ab",
    ("Ab", "Oy"): "Oy Ab",
    ("PT", "Tbk"): "PT Tbk",
}
DESIGNATIONS = words("company forms designations")
SHORT_DESIGNATIONS = frozenset(
    {"ph", "fh", "fu", "pu", "pw", "zu", "pp"}
)  # only with their points, or where Poland is meant


# written before the name by custom; others behind it
BEFORE = frozenset(
    {
        *map(str.upper, DESIGNATIONS | SHORT_DESIGNATIONS),
        "Tmi",
        "As Oy",
        "KOy",
        "Kiinteistö Oy",
        "Bostads Ab",
        "PT",
        "CV",
    }
    | {"ООО", "АО", "ПАО", "ЗАО", "ОАО", "ИП", "ТОВ"}
)

_PLAIN = str.maketrans("ąćęłńóśźżäöüàéş", "acelnoszzaouaes")
_OTHER = re.compile(r"[\W_]+")


@lru_cache(maxsize=65536)
def letters_only(text: str) -> str:
    """The key of a form: "Sp. z o.o." gives "spzoo"."""
    return _OTHER.sub("", text.casefold().translate(_PLAIN))


def _forms() -> dict[str, tuple[Form, ...]]:
    spelt: dict[Form, set[str]] = {}
    for line in read("forms.txt").splitlines():
        if line.startswith("#"):
            continue
        written, others, countries, *manner = (cell.strip() for cell in line.split("|"))
        form = Form(written, frozenset(countries.split()), "shy" in manner, "home" in manner)
        spelt[form] = {letters_only(written), *others.split()}
    alone = {form.written: keys for form, keys in spelt.items() if " Sp. " not in form.written}
    found: dict[str, tuple[Form, ...]] = {}
    for form, keys in spelt.items():
        limited, _, partners = form.written.partition("z o.o. ")
        if partners:  # "Sp. z o.o. Sp. k.": every spelling of the one with every spelling of the other
            keys |= {one + other for one in alone[limited + "z o.o."] for other in alone[partners]}
        for key in keys:
            found[key] = (*found.get(key, ()), form)
    return found


FORMS = _forms()
# words that end or make up a form: a cheap look before the thorough one
HINTS = frozenset({"zoo", "oo", "o", "spzoo"} | {key for key in FORMS if len(key) <= 5}) | words(
    "company forms hints"
)
# written to the name without a space between, before or behind it
EAST = re.compile(
    r"(?P<front>株式会社|有限会社|合同会社|주식회사|㈜)\s*(?P<name>.+)|(?P<named>.+?)\s*"
    r"(?P<form>株式会社|有限会社|合同会社|주식회사|股份有限公司|有限责任公司|有限公司)"
)
# what stands behind a form and is no part of the company's name
AFTER_FORM = words("company forms after form")
