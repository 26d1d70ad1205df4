"""How values are written for a reader."""

import pytest

from kartoteka.people.shown import address_shown

HIGH_STREET = {"street": "High Street", "number": "14", "city": "Leeds", "country": "GB"}


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ({**HIGH_STREET, "flat": "2"}, "Flat 2, 14 High Street, Leeds"),
        ({**HIGH_STREET, "number": "", "flat": "5B"}, "Unit 5B, High Street, Leeds"),
        ({**HIGH_STREET, "flat": "Penthouse"}, "Penthouse, 14 High Street, Leeds"),
        ({**HIGH_STREET, "flat": "A-12-3", "country": "MY"}, "A-12-3, 14 High Street, Leeds"),
        ({**HIGH_STREET, "flat": "3", "country": "ZA"}, "Unit 3, 14 High Street, Leeds"),
        ({"street": "Długa", "number": "5", "flat": "7", "country": "PL"}, "Długa 5/7"),
        ({"street": "Lehtotie", "number": "12", "flat": "A 4", "country": "FI"}, "Lehtotie 12 A 4"),
        ({"street": "Lehtotie", "number": "12", "flat": "4", "country": "FI"}, "Lehtotie 12 as. 4"),
        ({"country": "PL"}, "PL"),
    ],
)
def test_an_address_as_its_country_writes_it(address: dict[str, str], line: str) -> None:
    assert address_shown(address) == line
