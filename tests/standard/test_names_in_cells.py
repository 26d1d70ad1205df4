"""Names whose given and family names stand in cells of their own."""

import pytest

from kartoteka.standard import names


@pytest.mark.parametrize(
    ("given", "family", "country", "found"),
    [
        ("Anna-Liisa", "Korhonen", "FI", ("Anna-Liisa", "", "Korhonen", "")),
        ("Anna Maria", "Kowalska-Nowak", "PL", ("Anna", "Maria", "Kowalska-Nowak", "")),
        ("Hock Ming", "Lau", "MY", ("Hock Ming", "", "Lau", "")),
        ("Durrah", "binti Abdul Nasir", "MY", ("Durrah", "", "binti Abdul Nasir", "binti")),
        ("Shanmugam", "a/l Rajendran", "MY", ("Shanmugam", "", "a/l Rajendran", "a/l")),
        ("Johannes", "van der Merwe", "ZA", ("Johannes", "", "van der Merwe", "van der")),
        ("Siobhan", "O'Neill", "GB", ("Siobhan", "", "O'Neill", "")),
    ],
)
def test_read_at_once_as_with_a_comma_between(
    given: str, family: str, country: str, found: tuple[str, str, str, str]
) -> None:
    assert names.of_cells(given, family, country=country, language="") == found
    both = names.standardise(f"{family}, {given}", country=country).value
    assert both is not None
    assert (both.given, both.middle, both.family, both.particle) == found


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Dr Anna", "Kowalska"), ("Anna", "Kowalska Jr"), ("ANNA", "KOWALSKA"), ("Anna i Jan", "Kowalscy"), ("A.", "Lis"),
        ("Tan", "Wei Ming"), ("Anna (mama)", "Lis"), ("Fam", "Lis"), ("Anna", "Van Wyk"), ("", "Lis"), ("Anna", ""),
    ],
)  # fmt: skip
def test_what_says_more_is_left_to_the_long_way(given: str, family: str) -> None:
    assert names.of_cells(given, family, country="", language="") is None
