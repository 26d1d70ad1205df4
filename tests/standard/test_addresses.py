"""Addresses as files hold them, by country, on one line, on several, in cells."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.standard import addresses
from kartoteka.standard.addresses import Address

_LINES = (Path(__file__).with_name("cases") / "addresses.txt").read_text("utf-8").splitlines()
ROWS = [[cell.strip() for cell in line.split("|")] for line in _LINES if line.strip() and line[0] != "#"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}:{row[1]}")
def test_one_field(row: list[str]) -> None:
    country, typed, *parts = row
    found = addresses.standardise(typed.replace("\\n", "\n"), country=country).value
    assert found is not None
    assert [found.street, found.number, found.flat, found.postcode, found.city] == parts


@pytest.mark.parametrize(
    ("typed", "country", "region", "district"),
    [
        ("45 Jan Smuts Avenue, Rosebank, Johannesburg, Gauteng, 2196", "ZA", "Gauteng", "Rosebank"),
        ("Unit 4B, 123 Rizal Ave., Brgy. San Jose, Quezon City 1100", "PH", "", "Brgy. San Jose"),
        (
            "No 5, Jalan Mawar 3, Taman Melati, 47300 Petaling Jaya, Selangor",
            "MY",
            "Selangor",
            "Taman Melati",
        ),
        ("7 Station Road, Headingley, Leeds, West Yorkshire, LS1 4AB", "GB", "West Yorkshire", "Headingley"),
        ("123 Main St, Springfield, IL 62704", "US", "IL", ""),
    ],
)
def test_region_and_district(typed: str, country: str, region: str, district: str) -> None:
    found = addresses.standardise(typed, country=country).value
    assert found is not None
    assert (found.region, found.district, found.country) == (region, district, country)


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("ul. Długa 12/4, 30-001 Kraków", "PL"),
        ("12 High Street, London SW1A 1AA", "GB"),
        ("Mannerheimintie 12 A 4, 00100 Helsinki, Suomi", "FI"),
        ("Hauptstraße 5, 80331 München, Deutschland", "DE"),
        ("12 Main Road, Durban 4001, South Africa", "ZA"),
        ("No. 12, Jalan Ampang, 50450 Kuala Lumpur", "MY"),
        ("123 Rizal St., Brgy. San Jose, Quezon City", "PH"),
        ("7 Main Road, Boksburg", "ZA"),
        ("7 Mill Lane, Newtown, Powys", "GB"),
        ("7 Mill Lane, Newtown 2196", ""),  # read as South Africa writes it, but it may be elsewhere
    ],
)
def test_the_country_is_read_from_the_address(typed: str, country: str) -> None:
    found = addresses.standardise(typed).value
    assert found is not None
    assert found.country == country


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            {"street": "ul. Długa 12/4", "postcode": "30001", "city": "KRAKÓW", "country": "PL"},
            Address("Długa", "12", "4", "30-001", "Kraków", country="PL"),
        ),
        (
            {"street": "ul. Długa", "number": "12/4", "city": "30-001 Kraków", "country": "PL"},
            Address("Długa", "12", "4", "30-001", "Kraków", country="PL"),
        ),
        (
            {"street": "12a high street", "postcode": "sw1a1aa", "city": "london", "country": "GB"},
            Address("High Street", "12a", "", "SW1A 1AA", "London", country="GB"),
        ),
        (
            {
                "street": "Church Street",
                "number": "7",
                "postcode": "181",
                "city": "Pretoria",
                "country": "ZA",
            },
            Address("Church Street", "7", "", "0181", "Pretoria", country="ZA"),
        ),
        (
            {"street": "Mannerheimintie 12 A 4", "postcode": "100", "city": "Helsinki", "country": "FI"},
            Address("Mannerheimintie", "12", "A 4", "00100", "Helsinki", country="FI"),
        ),
        (
            {"street": "Hauptstr.", "number": "5", "postcode": "4103.0", "city": "Leipzig", "country": "DE"},
            Address("Hauptstr.", "5", "", "04103", "Leipzig", country="DE"),
        ),
    ],
)
def test_cells(cells: dict[str, str], expected: Address) -> None:
    assert addresses.from_parts(**cells).value == expected


@pytest.mark.parametrize(
    ("typed", "among", "postcode", "city"),
    [
        ("10 Downing Street, London SW1A 2AA", "PL", "SW1A 2AA", "London"),
        ("ul. Długa 5 m. 7, 00-950 Warszawa", "GB", "00-950", "Warszawa"),
        ("Kerkweg 12, 7600 Stellenbosch", "ZA", "7600", "Stellenbosch"),
    ],
)
def test_one_abroad_among_those_of_a_country(typed: str, among: str, postcode: str, city: str) -> None:
    found = addresses.standardise(typed, country=among).value
    assert found is not None
    assert (found.postcode, found.city) == (postcode, city)


@pytest.mark.parametrize("typed", ["", "  ", "brak", "n/a", "-", "???"])
def test_no_address(typed: str) -> None:
    assert addresses.standardise(typed).value is None
    assert addresses.standardise(typed).problem in ("empty", "invalid")


@given(
    st.text(max_size=80), st.sampled_from(["", "PL", "FI", "ZA", "PH", "MY", "GB", "DE", "US", "FR", "AT"])
)
def test_any_text_is_read_and_kept(text: str, country: str) -> None:
    assert addresses.standardise(text, country=country).typed == text


@given(
    st.sampled_from(["Długa", "Polna", "3 Maja", "os. Piastów", "Jana Pawła II", "Wita Stwosza"]),
    st.integers(1, 250),
    st.sampled_from(["", "a", "B"]),
    st.integers(0, 99),
    st.sampled_from(["/{}", " m. {}", " lok. {}", " m {}"]),
    st.sampled_from(["30-001 Kraków", "43-300 Bielsko-Biała", "65-001 Zielona Góra"]),
)
def test_polish_addresses_are_taken_apart_as_put_together(
    street: str, house: int, letter: str, flat: int, joint: str, town: str
) -> None:
    door = joint.format(flat) if flat else ""
    found = addresses.standardise(f"{street} {house}{letter}{door}, {town}", country="PL").value
    code, _, city = town.partition(" ")
    assert found == Address(street, f"{house}{letter}", str(flat) if flat else "", code, city, country="PL")
