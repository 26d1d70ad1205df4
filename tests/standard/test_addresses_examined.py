"""What `kartoteka standardise address` prints for the entries of cases/addresses_examined.txt."""

import pytest

from kartoteka.standard.lines import standardise_lines
from tests.standard.examined import entries

_FIELDS = ("street", "number", "flat", "postcode", "city")


@pytest.mark.parametrize(("country", "typed", "labels"), entries("addresses", len(_FIELDS)))
def test_address(country: str, typed: str, labels: tuple[str, ...]) -> None:
    (printed,) = standardise_lines("address", [typed], country=country)
    wanted = {field: label for field, label in zip(_FIELDS, labels, strict=True) if label != "?"}
    assert {field: printed[field] for field in wanted} == wanted
