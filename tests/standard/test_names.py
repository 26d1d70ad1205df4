"""Names as files hold them, by country, and the laws of reading them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.standard import names

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
