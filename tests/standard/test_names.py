"""Names as files hold them, by country, and the laws of reading them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.standard import names
from kartoteka.standard.lore import language_told

_CASES = Path(__file__).with_name("cases") / "names.txt"


def _rows() -> list[list[str]]:
    lines = _CASES.read_text("utf-8").splitlines()
    return [
        [cell.strip() for cell in line.split("|")]
        for line in lines
        if line.strip() and not line.startswith("#")
    ]


PERSONS = [row for row in _rows() if not row[2].startswith("=")]
OTHERS = [row for row in _rows() if row[2].startswith("=")]


@pytest.mark.parametrize("row", PERSONS, ids=lambda row: f"{row[0]}:{row[1]}")
def test_person(row: list[str]) -> None:
    country, typed, given_names, family, particle, title, suffix, sex = row
    found = names.standardise(typed, country=country).value
    assert found is not None
    assert (found.kind, found.all_given, found.family, found.title) == ("person", given_names, family, title)
    assert particle in ("-", found.particle)
    assert suffix in ("-", found.suffix)
    assert sex in ("-", found.sex)


@pytest.mark.parametrize("row", OTHERS, ids=lambda row: f"{row[0]}:{row[1]}")
def test_other_kinds(row: list[str]) -> None:
    country, typed, kind = row
    found = names.standardise(typed, country=country).value
    assert found is not None
    assert found.kind == kind[1:]


@pytest.mark.parametrize(
    ("typed", "country", "family", "given_names"),
    [
        ("Jan i Anna Kowalscy", "PL", "Kowalscy", "Jan i Anna"),
        ("Mr & Mrs Smith", "GB", "Smith", ""),
        ("The Smith family", "GB", "Smith", ""),
        ("Virtasen perhe", "FI", "Virtanen", ""),
        ("Mnr en Mev van der Merwe", "ZA", "van der Merwe", ""),
        ("Smith, John & Mary", "GB", "Smith", "John & Mary"),
        ("Mr J & Mrs M Smith", "GB", "Smith", "J & M"),
        ("John Smith & Family", "", "Smith", "John"),
        ("Herr und Frau Tlustek", "DE", "Tlustek", ""),
        ("Mr & Mrs Harrison", "", "Harrison", ""),
        ("Kowal Ewa / Kowal Marcin", "", "Kowal", "Ewa & Marcin"),
    ],
)
def test_household_parts(typed: str, country: str, family: str, given_names: str) -> None:
    found = names.standardise(typed, country=country).value
    assert found is not None
    assert (found.family, found.all_given) == (family, given_names)


@pytest.mark.parametrize(
    ("typed", "country", "display"),
    [
        ("KOWALSKA, ANNA", "PL", "Anna Kowalska"),
        ("TAN WEI MING", "MY", "Tan Wei Ming"),
        ("Michelle Tan Wei Ling", "MY", "Michelle Tan Wei Ling"),
        ("dr Jan Nowak", "PL", "Jan Nowak"),
        ("dela Cruz, Juan Jr.", "PH", "Juan dela Cruz Jr."),
        ("李小龙", "CN", "李小龙"),
    ],
)
def test_display_keeps_the_bearers_order(typed: str, country: str, display: str) -> None:
    found = names.standardise(typed, country=country).value
    assert found is not None
    assert found.display == display


@pytest.mark.parametrize(
    ("typed", "nickname", "note"),
    [
        ("Elizabeth (Liz) Brown", "Liz", ""),
        ('Sibusiso "Sbu" Khumalo', "Sbu", ""),
        ("Rosnah @ Ros binti Ahmad", "Ros", ""),
        ("John Smith (deceased)", "", "deceased"),
        ("Anna Nowak z domu Kowalska", "", "z domu Kowalska"),
        ("Jan Kowalski - szef", "", "szef"),
    ],
)
def test_beside_the_name(typed: str, nickname: str, note: str) -> None:
    found = names.standardise(typed)
    assert found.value is not None
    assert (found.value.nickname, found.note) == (nickname, note)


def test_broken_letters_are_kept_and_told() -> None:
    found = names.standardise("KrzysztoÅ‚ WoÅºniak", country="PL")
    assert found.problem == "mojibake"
    assert found.note == "Krzysztoł Woźniak"
    assert found.value is not None
    assert found.value.family == "WoÅºniak"


SAME = """
Kasia Katarzyna | Gosia Małgorzata | Jasiek Jan | Bartek Bartosz | Bartek Bartłomiej | Ola Aleksandra
Liz Elizabeth | Beth Elizabeth | Betty Elizabeth | Bob Robert | Bill William | Peggy Margaret | Dick Richard
Jussi Juhani | Masa Matti | Pekka Petri | Kaisa Katariina | Tinus Marthinus | Koos Jacobus | Fanie Stephanus
Sbu Sibusiso | Thuli Nokuthula | Mohd Muhammad | Uschi Ursula | Hans Johannes | Sepp Josef | Kiko Francisco
ŁUKASZ lukasz | Catherine Kathryn | Stephen Steven | Zosia Zofia | Jack John | Hennie Hendrik | Lito Carlito
"""
OTHER = """
Kasia Gosia | Anna Maria | John James | Matti Mikko | Sipho Thabo | Ahmad Ali | Hans Peter | Juan Pedro
Liz Mary
"""


def _pairs(text: str) -> list[list[str]]:
    return [pair.split() for pair in text.replace("\n", "|").split("|") if pair.strip()]


@pytest.mark.parametrize("pair", _pairs(SAME), ids="-".join)
def test_the_same_given_name(pair: list[str]) -> None:
    assert names.same_given(*pair)
    assert names.same_given(*reversed(pair))


@pytest.mark.parametrize("pair", _pairs(OTHER), ids="-".join)
def test_another_given_name(pair: list[str]) -> None:
    assert not names.same_given(*pair)


def test_an_ambiguous_short_form_has_several_roots() -> None:
    assert {"bartosz", "bartlomiej"} <= names.roots_of("Bartek")
    assert names.root_of("Kasia") == "katarzyna"
    assert names.roots_of("Xyzzy") == {"xyzzy"}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Müller-Łuczak", "muller luczak"),
        ("  O’Brien,  J.J. ", "obrien jj"),
        ("STRAẞE", "strasse"),
        ("Ｊａｎ", "jan"),
        ("Ångström Øre Æther", "angstrom ore aether"),
        ("李小龙", "李小龙"),
        ("Анна", "анна"),
        ("a/l", "a l"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert names.fold(text) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert names.fold(names.fold(text)) == names.fold(text)


@given(st.text(max_size=60), st.sampled_from(["", "PL", "FI", "ZA", "PH", "MY", "GB", "DE", "ES", "CN"]))
def test_any_text_is_read_and_kept(text: str, country: str) -> None:
    found = names.standardise(text, country=country)
    assert found.typed == text
    assert found.value is not None
    assert found.value.kind in ("person", "company", "household", "none")
    assert (found.value.kind == "none") == (found.problem in ("empty", "invalid"))


GIVEN = st.sampled_from(["Anna", "Katarzyna", "Piotr", "Zofia", "Tomasz", "Małgorzata", "Łukasz"])
FAMILY = st.sampled_from(["Nowak", "Wójcik", "Zielińska", "Kowalski-Lis", "Szymański", "Dąbrowska"])


@given(GIVEN, FAMILY)
def test_order_and_capitals_change_nothing(first: str, last: str) -> None:
    usual, turned = f"{first} {last}", f"{last} {first}"
    spellings = {usual, turned, f"{last}, {first}", usual.upper(), turned.lower()}
    found = {names.standardise(one, country="PL").value for one in spellings}
    assert len(found) == 1


@pytest.mark.parametrize("row", PERSONS, ids=lambda row: f"{row[0]}:{row[1]}")
def test_the_display_reads_as_the_same_name(row: list[str]) -> None:
    once = names.standardise(row[1], country=row[0]).value
    assert once is not None
    again = names.standardise(once.display, country=row[0]).value
    assert again is not None
    assert (again.all_given, again.family, again.suffix) == (once.all_given, once.family, once.suffix)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Nowak, Fam.", "Fam. Nowak"), ("Nowak, Rodzina", "Rodzina Nowak"), ("Schmidt, Familie", "Familie Schmidt"),
        ("Smith, Mr & Mrs", "Mr & Mrs Smith"),
    ],
)  # fmt: skip
def test_a_household_out_of_two_columns(text: str, shown: str) -> None:
    name = names.standardise(text).value
    assert name is not None
    assert (name.kind, name.display, name.family, name.given) == (
        "household",
        shown,
        text.partition(",")[0],
        "",
    )


@pytest.mark.parametrize(("country", "sex"), [("PL", "m"), ("DE", "m"), ("GB", "f")])
def test_english_headings_do_not_tell_the_sex_of_a_name_elsewhere(country: str, sex: str) -> None:
    found = names.standardise("Jan Kowalski", country=country, language="en").value
    assert found is not None
    assert found.sex == sex


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("Jan Kowalski", "pl"),
        ("DI Kari Nieminen", "fi"),
        ("Mohd Faizal b. Hassan", "ms"),
        ("Anna Smith", ""),  # English names are borne everywhere
        ("Nowak", ""),  # one word is too little
        ("Zbigniew Nieminen", ""),  # a Pole's name and a Finn's
    ],
)
def test_the_words_tell_the_language_where_nobody_does(typed: str, language: str) -> None:
    assert language_told(typed) == language
