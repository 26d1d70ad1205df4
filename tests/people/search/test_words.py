"""What of a record is put in the index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.people.search import spelling
from kartoteka.people.search.words import birth_words, national, words, words_of

pytestmark = pytest.mark.any_base


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Łódź-Świętokrzyska", ["lodz", "swietokrzyska"]),
        ("O'Brien, 12b", ["obrien", "12", "b"]),
        ("D’Souza", ["dsouza"]),
        ("Weiß ΑΘΗΝΑ Йосиф", ["weiss", "αθηνα", "иосиф"]),
        ("", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert list(words(text)) == found


@given(st.text(max_size=60))
def test_a_word_is_one_word(text: str) -> None:
    for word in words(text):
        assert words(word) == (word,)


@pytest.mark.parametrize(
    ("birth", "found"),
    [
        ("1985-04-03", {"1985", "=0403", "=19850403"}),
        ("1985-04", {"1985"}),
        ("1985", {"1985"}),
        ("--04-03", {"=0403"}),
    ],
)
def test_a_birth_date(birth: str, found: set[str]) -> None:
    assert set(birth_words(birth)) == found


@pytest.mark.parametrize(
    ("digits", "inland"),
    [("48600700800", "600700800"), ("358401234567", "401234567"), ("12025550123", "2025550123")],
)
def test_a_phone_number_without_its_country(digits: str, inland: str) -> None:
    assert national(digits) == inland


def test_words_of_a_record() -> None:
    names, others = words_of(
        {
            "name": "Jan van der Berg", "given": "Jan", "family": "van der Berg", "sex": "m", "income": "high",
            "phones": [{"value": "+48600700800", "label": "work"}],
            "emails": [{"value": "jan.vanderberg@firma.pl"}],
            "addresses": [{"street": "Długa", "number": "12b", "postcode": "00-950", "city": "Łódź", "country": "PL"}],
            "tags": ["VIP"], "x.shoe": 43, "x.secret": "gout",
        },
        frozenset({"income", "x.secret"}),
    )  # fmt: skip
    assert names == ["jan", "van", "der", "berg", "vanderberg"]
    assert set(others) == {
        "#00800700684", "+600700800", "firma", "dluga", "12", "b", "00", "950", "00950", "lodz", "vip", "43",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kowaslki", "kowalski"), ("kowalsky", "kowalski"), ("smith", "smyth"), ("szmit", "schmidt"), ("mueller", "muller"),
        ("jon", "john"), ("kowlsk", "kowalski"), ("virtannen", "virtanen"), ("reys", "reyes"), ("fischer", "fisher"),
    ],
)  # fmt: skip
def test_near_enough(typed: str, meant: str) -> None:
    assert spelling.slips(typed, meant) is not None


@pytest.mark.parametrize(
    ("typed", "other"), [("anna", "ewa"), ("jan", "ken"), ("nowak", "kowalski"), ("li", "lo")]
)
def test_too_far(typed: str, other: str) -> None:
    assert spelling.slips(typed, other) is None


letters = st.text("abcdefghijklmnoprstuwyz", min_size=3, max_size=12)


@given(letters, st.data())
def test_one_letter_off_is_led_to(word: str, data: st.DataObject) -> None:
    """A word with a letter changed, missing or too many shares a clue, or is the word lacking a letter."""
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(["", "x", "qx"]))
    typed = word[:place] + (letter if letter != "qx" else word[place] + "q") + word[place + 1 :]
    near = spelling.likely_clues(typed) | spelling.edges(typed)
    assert near & spelling.clues(word) or word in spelling.shorter(typed)
