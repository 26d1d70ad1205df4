"""The sex a source states, as "m" or "f". Never guessed from codes that mean different things in different files."""

from kartoteka.standard.characters import fold, plain, says_nothing, words
from kartoteka.standard.outcome import Standard

_WORDS = {
    "m": """m male man boy mr mister sir he him masculine men mens gent gentleman
        mezczyzna chlopiec pan meski mez_czyzna chlop facet
        mies poika herra miespuolinen u uros
        manlik mnr meneer seun
        lalaki lalake ginoo g l
        lelaki laki-laki laki jantan encik tuan en
        mann mannlich maennlich herr junge
        ♂ ♂️ homme masculin hombre masculino uomo""",
    "f": """f female woman girl mrs ms miss madam madame lady she her feminine women womens fem
        k kobieta dziewczyna dziewczynka pani zenski kob
        n nainen tytto rouva neiti naispuolinen
        v vrou vroulik vroue mev mej mejuffrou dogter meisie
        b babae binibini ginang gng bb
        p perempuan wanita puan cik
        w weiblich frau fraulein fraeulein madchen
        ♀ ♀️ femme feminin mujer femenino donna kvinna""",
}
_OF = {word: sex for sex, table in _WORDS.items() for word in words(table)}
_NEITHER = frozenset(
    words("x d other divers diverse non-binary nonbinary nb inne inna muu ander iba pa lain-lain lain anders")
) | frozenset(("prefer not to say", "rather not say", "nie chce podac", "en halua sanoa", "iba pa"))
_CODES = frozenset(("0", "1", "2", "9"))


def standardise(text: str) -> Standard[str]:
    """ "m" or "f" from a letter, a word or a title in one of our languages ("K", "vrou", "Pani", "lelaki", "Mr").

    Neither (other, diverse, not told) has no value and no problem, its word in the note. A bare number is
    "ambiguous": files disagree on what 1 and 2 mean. Anything else is "invalid".
    """
    key = text.lower()
    sex = _OF.get(key)
    if sex:
        return Standard(sex, text)
    key = " ".join(fold(plain(text)).strip(" .,;:()[]\"'").split())
    sex = _OF.get(key) or _both_ways(key)
    if sex:
        return Standard(sex, text)
    if key in _NEITHER:
        return Standard(None, text, "", key)
    if key in _CODES:
        return Standard(None, text, "ambiguous")
    return Standard(None, text, "" if says_nothing(text) else "invalid")


def _both_ways(key: str) -> str:
    """ "m - male", "K (kobieta)": words that all say the same."""
    found = {
        _OF.get(word.strip(".,:"))
        for word in key.replace("(", " ").replace(")", " ").replace("/", " ").replace("-", " ").split()
    }
    return found.pop() or "" if len(found) == 1 else ""
