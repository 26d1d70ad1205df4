"""What `kartoteka standardise company` prints for the entries of cases/companies_examined.txt."""

import pytest

from kartoteka.standard.lines import standardise_lines
from tests.standard.examined import entries

_FIELDS = ("name", "form")


@pytest.mark.parametrize(("country", "typed", "labels"), entries("companies", len(_FIELDS)))
def test_company(country: str, typed: str, labels: tuple[str, ...]) -> None:
    (printed,) = standardise_lines("company", [typed], country=country)
    wanted = {field: label for field, label in zip(_FIELDS, labels, strict=True) if label != "?"}
    assert {field: printed[field] for field in wanted} == wanted
