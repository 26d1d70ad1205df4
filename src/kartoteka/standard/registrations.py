"""Registration numbers of businesses, checked by country: NIP, Y-tunnus, VAT, company and tax numbers.

The check digits are python-stdnum's business; which number a column means, and how it is written, is decided here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType

from .outcome import Standard

# Country -> kind -> the module of stdnum that checks it.
_KNOWN: dict[str, dict[str, str]] = {
    "PL": {"nip": "stdnum.pl.nip", "regon": "stdnum.pl.regon", "vat": "stdnum.pl.nip"},
    "FI": {"ytunnus": "stdnum.fi.ytunnus", "vat": "stdnum.fi.alv"},
    "GB": {"vat": "stdnum.gb.vat", "utr": "stdnum.gb.utr"},
    "DE": {"vat": "stdnum.de.vat", "handelsregister": "stdnum.de.handelsregisternummer"},
    "ZA": {"tin": "stdnum.za.tin"},
    "FR": {"siren": "stdnum.fr.siren", "siret": "stdnum.fr.siret", "vat": "stdnum.fr.tva"},
    "NL": {"vat": "stdnum.nl.btw"},
    "SE": {"orgnr": "stdnum.se.orgnr", "vat": "stdnum.se.vat"},
    "NO": {"orgnr": "stdnum.no.orgnr", "vat": "stdnum.no.mva"},
    "DK": {"cvr": "stdnum.dk.cvr"},
    "ES": {"nif": "stdnum.es.nif"},
    "IT": {"vat": "stdnum.it.iva"},
    "AU": {"abn": "stdnum.au.abn", "acn": "stdnum.au.acn"},
}
# What people write above the column for the number of a country.
_WORDS = {
    "nip": "nip", "regon": "regon", "krs": "krs", "ytunnus": "ytunnus", "y-tunnus": "ytunnus", "ust": "vat",
    "ustid": "vat", "ust-idnr": "vat", "vat": "vat", "ssm": "ssm", "tin": "tin", "company": "company",
}  # fmt: skip
_VAT_PREFIX = re.compile(r"([A-Z]{2})\s?[-:]?\s?([0-9A-Z][0-9A-Z .\-/]{3,})")
# Numbers without check digits, by shape: Companies House, CIPC, SSM (new and old), SEC and TIN of the Philippines.
_SHAPES: dict[str, tuple[tuple[str, str], ...]] = {
    "GB": (("company", r"(?:[A-Z]{2})?\d{6,8}"),),
    "ZA": (("company", r"(?:CK)?\d{4}/\d{5,6}/\d{2}"),),
    "MY": (("ssm", r"\d{12}|\d{5,7}-?[A-Z]"),),
    "PH": (("tin", r"\d{3}-?\d{3}-?\d{3}(?:-?\d{3,5})?"), ("sec", r"(?:CS|A)?\d{9,11}")),
    "PL": (("krs", r"000\d{7}"),),
    "DE": (("handelsregister", r"HR[AB]\s?\d{1,6}\s?[A-Z]?"),),
}


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration number: of which country, which kind of number, and the number in its customary writing."""

    country: str
    kind: str
    number: str

    @property
    def entry(self) -> dict[str, str]:
        """As a claim holds it."""
        return {"country": self.country, "kind": self.kind, "number": self.number}


@lru_cache(maxsize=64)
def _module(path: str) -> ModuleType:
    from importlib import import_module

    return import_module(path)


def _by_check(country: str, kind: str, text: str) -> Registration | None:
    path = _KNOWN.get(country, {}).get(kind)
    if path is None:
        return None
    module = _module(path)
    if not module.is_valid(text):
        return None
    write: Callable[[str], str] = getattr(module, "format", module.compact)
    return Registration(country, kind, write(module.compact(text)))


@lru_cache(maxsize=8192)
def standardise(text: str, *, kind: str = "", country: str = "") -> Standard[Registration]:
    """A registration number as its country writes it.

    kind: what the column or form calls the number ("nip", "vat", "company"), "" when it does not say. country: ISO alpha-2,
    where the number does not begin with one. A number that fails its check has the problem "invalid" and is kept as typed;
    one of a country or kind we do not know is kept without a problem.
    """
    bare = " ".join(text.upper().split())
    if not bare or not any(char.isdigit() for char in bare):
        return Standard(None, text, "invalid" if bare else "")
    wanted = _WORDS.get(kind.lower().strip(), kind.lower().strip())
    prefix = _VAT_PREFIX.fullmatch(bare)
    if prefix and prefix[1] in _KNOWN:
        for each in _KNOWN[prefix[1]]:
            if found := _by_check(prefix[1], each, prefix[2]):
                return Standard(found, text)
        # "NO 12345678" is more often somebody's "number" than Norway's, "SE000123" a company of Britain.
        strange = prefix[1] == "NO" or any(re.fullmatch(shape, bare) for _, shape in _SHAPES.get(country, ()))
        meant = prefix[1] == country or (wanted in ("", "vat") and not strange)
        if meant and "vat" in _KNOWN[prefix[1]]:
            return Standard(Registration(prefix[1], wanted or "vat", bare), text, "invalid")
    places = [country] if country else list(_KNOWN)
    if wanted:
        for place in (
            places if wanted not in ("nip", "ytunnus") else {"nip": ["PL"], "ytunnus": ["FI"]}[wanted]
        ):
            if found := _by_check(place, wanted, bare):
                return Standard(found, text)
    checked = wanted in _KNOWN.get(country, {}) or wanted in ("nip", "ytunnus", "regon")
    if country and not checked:
        for each in _KNOWN.get(country, {}):
            if found := _by_check(country, each, bare):
                return Standard(found, text)
        for each, shape in _SHAPES.get(country, ()):
            if re.fullmatch(shape, bare):
                return Standard(Registration(country, each, bare), text)
    return Standard(Registration(country, wanted, bare), text, "invalid" if checked else "")
