"""Sex, yes and no, languages: words of six languages (and German) with one meaning each."""

import pytest

from kartoteka.standard import languages, sexes, yesno

SEXES = {

    "m": ["m", "M", "Male", "man", "Mr", "Mr.", "mężczyzna", "Mężczyzna", "Pan", "mies", "Mies", "manlik", "Mnr",
          "lalaki", "Lelaki", "L", "Herr",
          "männlich", "♂", " m ", "M - male", "boy"],

    "f": ["f", "F", "Female", "woman", "Mrs", "Ms.", "K", "k", "Kobieta", "kobieta", "Pani", "N", "nainen",
          "Nainen", "rouva", "V", "vrou", "vroulik",
          "babae", "B", "Perempuan", "P", "W", "weiblich", "Frau", "♀", "K (kobieta)", "girl"],
}  # fmt: skip


@pytest.mark.parametrize(("sex", "text"), [(sex, text) for sex, texts in SEXES.items() for text in texts])
def test_sex(sex: str, text: str) -> None:
    assert sexes.standardise(text) == sexes.Standard(sex, text)


@pytest.mark.parametrize(
    ("text", "problem"),

    [("1", "ambiguous"), ("2", "ambiguous"), ("", ""), ("-", ""), ("brak", ""), ("other", ""), ("diverse", ""),
     ("X", ""), ("abc", "invalid"), ("M/F", "invalid")],
)  # fmt: skip
def test_no_sex(text: str, problem: str) -> None:
    result = sexes.standardise(text)
    assert (result.value, result.problem, result.typed) == (None, problem, text)


YES = [
    "yes",
    "Y",
    "TRUE",
    "1",
    "1.0",
    "x",
    "✓",
    "Tak",
    "tak!",
    "T",
    "Kyllä",
    "joo",
    "Ja",
    "oo",
    "Opo",
    "ya",
    "Jawohl",
    "subscribed",
    "opt-in",
    "wyrażam zgodę",
]
NO = [
    "no",
    "N",
    "False",
    "0",
    "0.0",
    "Nie",
    "nie",
    "EI",
    "nee",
    "Hindi",
    "tidak",
    "Nein",
    "unsubscribed",
    "opt-out",
    "☐",
    "brak zgody",
]


@pytest.mark.parametrize(("said", "text"), [(True, text) for text in YES] + [(False, text) for text in NO])
def test_yes_and_no(said: bool, text: str) -> None:
    assert yesno.standardise(text, country="PL") == yesno.Standard(said, text)


def test_tak_is_yes_in_polish_and_not_in_malay() -> None:
    assert yesno.standardise("Tak", country="PL").value is True
    assert yesno.standardise("tak", language="ms").value is False
    assert yesno.standardise("tak", country="MY").value is False
    assert yesno.standardise("tak") == yesno.Standard(None, "tak", "ambiguous")


@pytest.mark.parametrize(
    ("text", "problem"), [("", ""), (" ", ""), ("n/a", ""), ("-", ""), ("maybe", "invalid"), ("2", "invalid")]
)
def test_neither_yes_nor_no(text: str, problem: str) -> None:
    assert yesno.standardise(text) == yesno.Standard(None, text, problem)


LANGUAGES = {
    "en": [
        "en",
        "EN",
        "eng",
        "English",
        "angielski",
        "Englanti",
        "Engels",
        "Inggeris",
        "en-GB",
        "en_US",
        "Englisch",
    ],
    "pl": ["pl", "pol", "Polish", "polski", "po polsku", "puola", "Pools", "pl_PL", "język polski"],
    "fi": ["fi", "fin", "Finnish", "suomi", "fiński", "Suomeksi"],
    "af": ["af", "afr", "Afrikaans"],
    "fil": ["fil", "tl", "Tagalog", "Filipino", "fil-PH"],
    "ms": ["ms", "msa", "Malay", "Bahasa Melayu", "bahasa malaysia"],
    "de": ["de", "German", "Deutsch", "niemiecki", "saksa"],
    "sv": ["svenska", "ruotsi", "Swedish"],
    "fr": ["French", "francuski", "ranska", "Perancis"],
}


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in LANGUAGES.items() for text in texts]
)
def test_languages(code: str, text: str) -> None:
    assert languages.standardise(text) == languages.Standard(code, text)


@pytest.mark.parametrize(
    ("text", "problem"), [("", ""), ("n/a", ""), ("Klingon", "invalid"), ("12", "invalid")]
)
def test_no_language(text: str, problem: str) -> None:
    assert languages.standardise(text) == languages.Standard(None, text, problem)
