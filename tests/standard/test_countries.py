import pycountry
import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.standard import countries
from kartoteka.standard.countries import standardise

NAMES = {

    "PL": ["PL", "pl", "POL", "Polska", "polska", "Poland", "Puola", "Pole", "Polen", "Rzeczpospolita Polska", "RP",
           "Poland (PL)"],
    "FI": ["FI", "FIN", "Suomi", "SUOMI", "Finland", "Finlandia", "Finnland", "Suomen tasavalta"],

    "ZA": ["ZA", "RSA", "RPA", "South Africa", "Suid-Afrika", "Etelä-Afrikka", "Republika Południowej Afryki",
           "Südafrika", "S. Africa"],

    "PH": ["PH", "PHL", "Philippines", "the Philippines", "Pilipinas", "Filipiny", "Filippiinit", "Philippinen",
           "Filipina"],
    "MY": ["MY", "MYS", "Malaysia", "Malezja", "Malesia", "Maleisië"],

    "GB": ["GB", "GBR", "UK", "U.K.", "United Kingdom", "Great Britain", "England", "Scotland", "Wielka Brytania",
           "Zjednoczone Królestwo",
           "Iso-Britannia", "Verenigde Koninkryk", "Vereinigtes Königreich", "Großbritannien", "Anglia"],
    "DE": ["DE", "DEU", "Deutschland", "Niemcy", "Saksa", "Duitsland", "Germany", "Jerman", "Alemanya", "GERMANY"],

    "US": ["US", "USA", "U.S.A.", "United States", "United States of America", "Stany Zjednoczone", "Yhdysvallat",
           "Amerika Syarikat", "VSA"],
    "NL": ["Holland", "The Netherlands", "Holandia"],
    "CZ": ["Czech Republic", "Czechy", "Czechia", "Tšekki"],
    "CI": ["Côte d’Ivoire", "Ivory Coast"],
    "NO": ["NO", "Norway", "Norwegia"],
    "NA": ["NA", "Namibia"],
}  # fmt: skip


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in NAMES.items() for text in texts])
def test_names_and_codes(code: str, text: str) -> None:
    assert standardise(text) == countries.Standard(code, text)


@pytest.mark.parametrize(
    ("text", "code"),
    [("Polnad", "PL"), ("Germny", "DE"), ("Suommi", "FI"), ("Malasia", "MY"), ("Philipines", "PH")],
)
def test_a_slip_is_told(text: str, code: str) -> None:
    result = standardise(text)
    assert (result.value, result.problem) == (code, "typo")


def test_two_countries_one_name() -> None:
    assert standardise("SA").value == "SA"
    assert standardise("SA", language="af").value == "ZA"


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", ""), ("n/a", ""), ("-", ""), ("Atlantis", "invalid"), ("QQ", "invalid"), ("12", "invalid")],
)
def test_no_country(text: str, problem: str) -> None:
    assert standardise(text) == countries.Standard(None, text, problem)


@given(
    st.sampled_from(sorted(country.alpha_2 for country in pycountry.countries)),
    st.sampled_from(["en", "pl", "fi", "af", "fil", "ms", "de"]),
)
def test_the_name_of_a_country_in_any_of_our_languages_gives_it(code: str, language: str) -> None:
    name = Locale(language).territories[code]
    assert standardise(name).value == code
    assert standardise(name.upper()).value == code
    assert countries.name_in(code, language) == name
