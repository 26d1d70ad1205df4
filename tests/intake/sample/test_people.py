"""Invented customers: their data hold together, and the same seed gives the same."""

from collections import Counter, defaultdict

import phonenumbers
import pytest
import stdnum.fi.ytunnus
import stdnum.pl.nip
from email_validator import validate_email

from kartoteka.intake.sample.naming import Name, for_sex
from kartoteka.intake.sample.people import COUNTRIES, Person, invent
from kartoteka.intake.sample.plain import COLUMNS, rows, write_plain
from kartoteka.intake.sample.pools import cities_of, names_of, streets_of

pytestmark = pytest.mark.any_base

PEOPLE = list(invent(3000, seed=11))


def test_same_seed_same_people_other_seed_others() -> None:
    assert list(invent(300, seed=11)) == PEOPLE[:300]
    assert [person.text for person in invent(300, seed=12)] != [person.text for person in PEOPLE[:300]]


def test_ids_count_from_one_and_the_count_is_kept() -> None:
    assert [person.id for person in PEOPLE] == list(range(1, 3001))
    assert len(list(invent(1, seed=5, countries=["FI"]))) == 1


def test_all_countries_and_languages_come() -> None:
    assert {person.country for person in PEOPLE} == set(COUNTRIES)
    assert {person.language for person in PEOPLE} == {"en", "af", "fil", "ms", "fi", "pl"}
    assert {person.country for person in invent(50, seed=1, countries=["PL"])} == {"PL"}


def test_phones_are_valid_in_their_country() -> None:
    """Valid to libphonenumber, and nearly every customer can be called."""
    numbers = [(number, person.country) for person in PEOPLE for number in person.phones]
    wrong = [
        number
        for number, country in numbers
        if not phonenumbers.is_valid_number_for_region(phonenumbers.parse(number), country)
    ]
    assert wrong == []
    assert sum(not person.phones for person in PEOPLE) < 30


def test_strangers_share_neither_phone_nor_mail() -> None:
    homes: dict[str, set[int]] = defaultdict(set)
    for person in PEOPLE:
        for contact in [*person.phones, *person.emails, person.former_phone]:
            homes[contact].add(person.household)
    del homes[""]
    assert [contact for contact, households in homes.items() if len(households) > 1] == []


def test_mail_reaches_nobody_yet_is_well_formed() -> None:
    for person in PEOPLE[:600]:
        for address in person.emails:
            validate_email(address, check_deliverability=False)
            assert address.endswith((".example", "@example.com", "@example.org", "@example.net"))


def test_postcode_and_city_agree() -> None:
    for person in PEOPLE:
        city = next(city for city in cities_of(person.country) if city.name == person.address.city)
        assert any(_fits(person.address.postcode, pattern) for pattern in city.postcodes)
        assert person.address.region == city.region


def _fits(text: str, pattern: str) -> bool:
    return len(text) == len(pattern) and all(
        sign.isdigit() if form == "#" else sign.isalpha() if form == "@" else sign == form
        for sign, form in zip(text, pattern, strict=True)
    )


def test_registration_numbers_have_right_check_digits() -> None:
    firms = [person.firm for person in PEOPLE if person.firm]
    kinds = Counter(firm.registration_kind for firm in firms)
    assert set(kinds) == {"company number", "CIPC", "TIN", "SSM", "Y-tunnus", "NIP"}
    for firm in firms:
        number = firm.registration
        if firm.registration_kind == "NIP":
            assert stdnum.pl.nip.is_valid(number)
        elif firm.registration_kind == "Y-tunnus":
            assert stdnum.fi.ytunnus.is_valid(number)
        elif firm.registration_kind == "TIN":
            digits = [int(digit) for digit in number.replace("-", "")]
            assert sum(place * digit for place, digit in enumerate(digits[:8], 1)) % 11 == digits[8]


def test_families_hold_together() -> None:
    households: dict[int, list[Person]] = defaultdict(list)
    for person in PEOPLE:
        households[person.household].append(person)
    homes = [home for home in households.values() if len(home) > 1 and home[0].kind == "person"]
    assert len(homes) > 200
    assert all(member.address == home[0].address for home in homes for member in home)
    assert any(home[0].emails and home[0].emails == home[1].emails for home in homes)
    assert any(set(home[0].phones) & set(home[1].phones) for home in homes)
    twins = [home for home in homes if len(home) == 2 and home[0].birth == home[1].birth]
    assert len(twins) > 20
    assert all(one.text != other.text for one, other in twins)
    namesakes = [
        home
        for home in homes
        if (one := home[0].name) and (other := home[1].name)
        if (one.given, one.family) == (other.given, other.family)
    ]
    assert len(namesakes) > 20
    for home in namesakes:
        assert home[0].birth
        assert home[1].birth
        assert home[1].birth.year - home[0].birth.year >= 20


@pytest.mark.parametrize(
    ("name", "text", "particle"),
    [
        (Name("af", "m", "Jan", "van der Merwe"), "Jan van der Merwe", "van der"),
        (
            Name("fil", "m", "Juan", "dela Cruz", middle="Reyes", suffix="Jr."),
            "Juan Reyes dela Cruz Jr.",
            "dela",
        ),
        (Name("zh", "f", "Mei Ling", "Tan", western="Alice"), "Alice Tan Mei Ling", ""),
        (Name("ta", "f", "Kavitha", "a/p Muthu"), "Kavitha a/p Muthu", "a/p"),
        (Name("ms", "m", "Faiz", "bin Abdul Rahman"), "Faiz bin Abdul Rahman", "bin"),
        (Name("pl", "f", "Anna", "Kowalska"), "Anna Kowalska", ""),
    ],
)
def test_names_stand_in_their_own_order(name: Name, text: str, particle: str) -> None:
    assert (name.text, name.particle) == (text, particle)


@pytest.mark.parametrize(
    ("family", "women"),
    [("Kowalski", "Kowalska"), ("Zawadzki", "Zawadzka"), ("Konieczny", "Konieczna"), ("Nowak", "Nowak")],
)
def test_polish_women(family: str, women: str) -> None:
    assert for_sex(family, "pl", "f") == women
    assert for_sex(family, "pl", "m") == family


@pytest.mark.parametrize("people", ["en", "zu", "af", "fil", "ms", "zh", "ta", "fi", "pl"])
def test_lists_of_names_are_clean(people: str) -> None:
    names = names_of(people)
    every = {*names.male.table, *names.female.table, *names.family.table}
    assert len(every) > 90
    assert all(name == name.strip() and name and not any(sign.isdigit() for sign in name) for name in every)
    given = {*names.male.table, *names.female.table, "Muhammad Faiz"}
    assert set(names.short) <= given, set(names.short) - given
    assert all(name not in forms for name, forms in names.short.items())


@pytest.mark.parametrize("country", COUNTRIES)
def test_lists_of_places_are_long_enough(country: str) -> None:
    assert len(cities_of(country)) >= 30
    assert len(set(streets_of(country).table)) >= 50


def test_plain_rows(tmp_path) -> None:  # type: ignore[no-untyped-def]
    write_plain(tmp_path / "a.csv", count=100, seed=3)
    lines = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert len(lines) == 101
    assert all(len(row) == len(COLUMNS) for row in rows(50, 3))
