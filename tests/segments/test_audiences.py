"""Audiences are hashed as the platforms say: their own published examples come out."""

from __future__ import annotations

import pytest

from kartoteka.people.models import Customer
from kartoteka.segments.audiences import for_google, for_meta, google_email, hashed

pytestmark = pytest.mark.any_base

# developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters
PUBLISHED = {
    "john_smith@gmail.com": "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f",
    "16505551212": "e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176",
    "mary": "6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec",
    "정": "8fa8cd9c440be61d0151429310034083132b35975c4bea67fdd74158eb51db14",
    "valéry": "08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c",
}


def meta(**values: str) -> dict[str, str]:
    """A row for Meta by its headings."""
    address = {"postcode": values.pop("postcode", "")}
    row = for_meta(Customer(more={"addresses": [address]}, **values))
    return dict(zip(("email", "phone", "fn", "ln", "zip", "ct", "country", "dob", "gen"), row, strict=True))


@pytest.mark.parametrize(
    ("column", "heading", "typed", "plain"),
    [
        ("email", "email", " John_Smith@gmail.com", "john_smith@gmail.com"),
        ("phone", "phone", "+16505551212", "16505551212"),
        ("given", "fn", "Mary", "mary"),
        ("given", "fn", "정", "정"),
        ("given", "fn", "Vale\u0301ry", "valéry"),
    ],
)
def test_what_meta_publishes_comes_out(column: str, heading: str, typed: str, plain: str) -> None:
    assert meta(**{column: typed})[heading] == PUBLISHED[plain]


def test_meta_wants_no_punctuation_no_blanks_in_cities_and_digits_of_dates() -> None:
    row = meta(
        given="Anne-Marie", family="O'Neil  Kot", city="New York", country="US", birth="1997-02-16", sex="f",
        postcode="94035-1234",
    )  # fmt: skip
    plain = {"fn": "annemarie", "ln": "oneil kot", "ct": "newyork", "country": "us", "dob": "19970216", "gen": "f",
             "zip": "94035", "email": "", "phone": ""}  # fmt: skip
    assert row == {heading: hashed(text) for heading, text in plain.items()}
    assert meta(postcode="NW1 6-XE", country="GB")["zip"] == hashed("nw16xe")
    assert meta(postcode="31-019", country="PL")["zip"] == hashed("31019")
    assert meta(birth="--02-16")["dob"] == meta(birth="1997")["dob"] == ""


def test_google_wants_e164_names_in_lower_case_and_gmail_without_dots() -> None:
    who = Customer(
        email=" Jane.Q.Doe+shop@GoogleMail.com ", phone="+48600100200", given=" Zoë ", family="Pérez  Kot",
        country="PL", more={"addresses": [{"postcode": "30-001"}]},
    )  # fmt: skip
    email, phone, given, family, country, postcode = for_google(who)
    assert email == hashed("janeqdoe@googlemail.com")
    assert (phone, given, family) == (hashed("+48600100200"), hashed("zoë"), hashed("pérez kot"))
    assert (country, postcode) == ("PL", "30-001"), "neither is hashed"
    assert google_email("a.b+c@example.com") == "a.b+c@example.com", "dots and plus count elsewhere"
    assert for_google(Customer()) == ("",) * 6, "nothing is hashed of nothing"
