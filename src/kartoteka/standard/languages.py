"""Languages as people write them, as ISO 639-1 (and "fil", which has no code of two letters)."""

from functools import lru_cache

from kartoteka.standard.characters import fold, plain, says_nothing, words
from kartoteka.standard.outcome import Standard

_NAMED_IN = ("en", "pl", "fi", "af", "fil", "ms", "de")
_USUAL = frozenset(words("en af fil ms fi pl de sv"))
_SPOKEN = {
    "en": "english eng ang angielski po_angielsku englanti englanniksi engels ingles inggeris bi englisch en-gb en-us",
    "pl": "polish pol polski po_polsku puola puolaksi pools polako poland polnisch polszczyzna jezyk_polski",
    "fi": "finnish fin suomi suomeksi finski po_finsku fins finlandes finnisch suomen_kieli",
    "af": "afrikaans afr afrikaner",
    "fil": "filipino fil tagalog tgl tl pilipino wikang_filipino taglish",
    "ms": "malay msa may bahasa_melayu bahasa_malaysia melayu bm malajski malaiji malaysian malaiisch bahasa",
    "de": "german deu ger deutsch niemiecki po_niemiecku saksa saksaksi duits aleman jerman",
    "sv": "swedish swe svenska ruotsi ruotsiksi szwedzki sweeds",
    "uk": "ukrainian ukr ukrainski ukraina ukrainska",
}


def standardise(text: str) -> Standard[str]:
    """The code of the language `text` names (in one of our languages, or its own) or gives as a code ("pol", "en-GB").

    Tagalog and Filipino are one: "fil". Anything unknown is "invalid".
    """
    code = text if text in _USUAL else _find(text)
    if code:
        return Standard(code, text)
    return Standard(None, text, "" if says_nothing(text) else "invalid")


@lru_cache(maxsize=2048)
def _find(text: str) -> str:
    key = " ".join(fold(plain(text)).replace("_", "-").strip(" .,;").split())
    for name in (key, key.partition("-")[0], key.removesuffix(" language").removeprefix("jezyk ")):
        code = _known().get(name)
        if code:
            return code
    return ""


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    import pycountry
    from babel import Locale

    known = {word: code for code, names in _SPOKEN.items() for word in words(names)}
    for language in pycountry.languages:
        short = getattr(language, "alpha_2", "")
        if short:
            code = "fil" if short == "tl" else short
            for name in (short, language.alpha_3, fold(language.name)):
                known.setdefault(name, code)
    codes = set(known.values())
    for tag in _NAMED_IN:
        for code, name in Locale(tag).languages.items():
            if code in codes:
                known.setdefault(fold(name), code)
    return known
