"""Yes and no in our languages. A consent may hang on it, so what means both is not decided."""

from kartoteka.standard.characters import fold, plain, says_nothing, words
from kartoteka.standard.outcome import Standard

_YES = """yes y yep yeah true t 1 on checked x ok okay agreed agree accepted accept granted
    subscribed optin opt-in opted_in active enabled
    v ✓ ✔ ☑ ✅ +
    tak t prawda zgoda wyrazam wyrazam_zgode zgadzam_sie wlaczone
    kylla k joo juu tosi paalla
    ja j waar goed
    oo o opo totoo
    ya iya benar setuju
    jawohl wahr zugestimmt"""
_NO = """no n nope false f 0 off unchecked declined refused rejected denied
    unsubscribed optout opt-out opted_out inactive disabled
    ✗ ✘ ☐ ❌ ✕
    nie falsz brak_zgody odmowa wylaczone nie_wyrazam nie_wyrazam_zgody
    ei e epatosi pois
    nee vals onwaar
    hindi h di mali
    tidak tdk bukan salah tak_setuju
    nein falsch abgelehnt"""
_SAID = {word: said for table, said in ((_YES, True), (_NO, False)) for word in words(table)}


def standardise(text: str, *, country: str = "", language: str = "") -> Standard[bool]:
    """True or False from a word, a letter or a mark in one of our languages.

    "tak" is yes in Polish and not in Malay: without a country (ISO alpha-2) or a language (ISO 639-1)
    that decides, it is "ambiguous".
    An empty cell has neither value nor problem: it says nothing, not no. Anything else is "invalid".
    """
    key = text.lower()
    if key not in _SAID:
        key = " ".join(fold(plain(text)).strip(" .,;:!()[]\"'").removesuffix(".0").split())
    if key == "tak":
        return _tak(text, country.upper(), language.lower())
    said = _SAID.get(key)
    if said is None and key not in ("nie", "no"):
        return Standard(None, text, "" if says_nothing(text) else "invalid")
    return Standard(said, text)


def _tak(text: str, country: str, language: str) -> Standard[bool]:
    if language == "ms" or (country == "MY" and language != "pl"):
        return Standard(False, text)
    if language == "pl" or country == "PL":
        return Standard(True, text)
    return Standard(None, text, "ambiguous")
