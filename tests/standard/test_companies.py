"""Companies as files hold them, by country: the legal form apart."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.standard import companies

_LINES = (Path(__file__).with_name("cases") / "companies.txt").read_text("utf-8").splitlines()
ROWS = [[cell.strip() for cell in line.split("|")] for line in _LINES if line.strip() and line[0] != "#"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}:{row[1]}")
def test_name_and_form(row: list[str]) -> None:
    country, typed, name, form = row
    found = companies.standardise(typed, country=country).value
    assert found == companies.Company(name, form)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}:{row[1]}")
def test_the_standard_form_reads_the_same_again(row: list[str]) -> None:
    country, _, name, form = row
    written = companies.written(companies.Company(name, form))
    assert companies.standardise(written, country=country).value == companies.Company(name, form)


def test_a_form_is_written_where_its_country_puts_it() -> None:
    assert companies.written(companies.Company("Anna", "PPHU")) == "PPHU Anna"
    assert companies.written(companies.Company("Anna", "Sp. z o.o.")) == "Anna Sp. z o.o."
    assert companies.written(companies.Company("Anna")) == "Anna"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        *(("", "empty"), ("   ", "empty"), ("---", "invalid"), ("?!", "invalid")),
        *(("brak", "empty"), ("N/A", "empty"), ("ei ole", "empty"), ("NAN", "empty")),
    ],
)
def test_nothing_there(typed: str, problem: str) -> None:
    found = companies.standardise(typed)
    assert (found.value, found.typed, found.problem) == (None, typed, problem)


@pytest.mark.parametrize("typed", ["BD", "XX", "Nie Tylko Kawa", "Empty Nest Ltd"])
def test_a_name_that_only_looks_like_nothing(typed: str) -> None:
    assert companies.standardise(typed).value is not None


def test_what_stands_beside_is_told() -> None:
    assert (
        companies.standardise("Smith Holdings (Pty) Ltd t/a Joe's Diner", country="ZA").note == "Joe's Diner"
    )
    assert companies.standardise("ABC Sp. z o.o. w likwidacji", country="PL").note == "w likwidacji"


@given(st.text(max_size=60), st.sampled_from(["", "PL", "FI", "ZA", "PH", "MY", "GB", "DE"]))
def test_any_text_is_read_and_kept(text: str, country: str) -> None:
    found = companies.standardise(text, country=country)
    assert found.typed == text
    assert found.value is None or found.value.name.strip() == found.value.name != ""
