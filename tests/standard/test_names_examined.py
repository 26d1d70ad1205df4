"""What `kartoteka standardise name` prints for the entries of cases/names_examined.txt."""

import pytest

from kartoteka.standard.lines import standardise_lines
from tests.standard.examined import entries

_FIELDS = ("title", "given", "family", "particle", "suffix", "sex", "kind")


@pytest.mark.parametrize(("country", "typed", "labels"), entries("names", len(_FIELDS)))
def test_name(country: str, typed: str, labels: tuple[str, ...]) -> None:
    (printed,) = standardise_lines("name", [typed], country=country)
    labels = (*labels[:-1], labels[-1] or "person")
    wanted = {field: label for field, label in zip(_FIELDS, labels, strict=True) if label != "?"}
    assert {field: printed[field] for field in wanted} == wanted
