"""What `kartoteka standardise` prints for phones, e-mails and dates."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.standard.lines import KINDS, standardise_lines


def test_phones() -> None:
    lines = ["tel. 22 123 45 67 wew. 12, kom. 600 100 200\n", "12345\n", "\n", "brak\n"]
    assert list(standardise_lines("phone", lines, country="PL")) == [
        {"values": ["+48221234567", "+48600100200"], "extension": "12", "problem": None},
        {"values": [], "extension": "", "problem": "invalid"},
        {"values": [], "extension": "", "problem": None},
        {"values": [], "extension": "", "problem": "invalid"},
    ]


def test_emails() -> None:
    lines = ["Jan <JAN@wp.pl>; anna@o2.pl\r\n", "jan@gmial.com", "jan@wp", ""]
    assert list(standardise_lines("email", lines)) == [
        {"values": ["jan@wp.pl", "anna@o2.pl"], "extension": "", "problem": None},
        {"values": ["jan@gmial.com"], "extension": "", "problem": "typo"},
        {"values": [], "extension": "", "problem": "invalid"},
        {"values": [], "extension": "", "problem": None},
    ]


def test_dates() -> None:
    lines = ["03/04/1985", "31140", "3 IV", "", "x"]
    assert list(standardise_lines("date", lines)) == [
        {"value": None, "problem": "ambiguous"},
        {"value": None, "problem": "invalid"},
        {"value": "--04-03", "problem": None},
        {"value": None, "problem": None},
        {"value": None, "problem": "invalid"},
    ]
    assert list(standardise_lines("date", lines[:2], country="PH", excel=True)) == [
        {"value": "1985-03-04", "problem": None},
        {"value": "1985-04-03", "problem": None},
    ]


@pytest.mark.parametrize("kind", ["phone", "email", "date"])
def test_each_line_gives_one_object_that_json_holds(kind: str) -> None:
    lines = ["a", "", "501 234 567", "jan@wp.pl", "\x00", "03.04.1985", "żółw"]
    assert len([json.dumps(each) for each in standardise_lines(kind, lines, country="PL")]) == len(lines)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        standardise_lines("colour", ["red"])


# what fields of any kind are made of, and what no field should hold: tied together these find more than letters alone do
_WORDS = (
    "Anna",
    "van der ",
    "bin ",
    " z o.o.",
    " Ltd",
    "ul. ",
    "12/3 m. 4",
    "+48 ",
    "0",
    "1.",
    "x@y.pl",
    "the ",
    "Fam. ",
)
_SIGNS = (
    " & ",
    "'",
    '"',
    "((",
    "]",
    "@",
    ";",
    ", ",
    " - ",
    "/",
    "\u202e",
    "\u200b",
    "\x00",
    "\ufeff",
    "\U0010ffff",
)
_LETTERS = ("i", "אב", "字", "ไท", "😀", "İı", "e\u0301")
_PIECES = st.sampled_from((*_WORDS, *_SIGNS, *_LETTERS))


@pytest.mark.parametrize("kind", KINDS)
@given(st.lists(_PIECES, max_size=14).map("".join), st.sampled_from(["", "PL", "MY", "DE"]))
def test_whatever_stands_in_a_field_is_read(kind: str, line: str, country: str) -> None:
    (printed,) = standardise_lines(kind, [line], country=country)
    json.dumps(printed)


@pytest.mark.parametrize("line", ["&\r'' \U0001f600", "A & " * 70, '"' * 290, "(" * 290])
@pytest.mark.parametrize("kind", KINDS)
def test_signs_alone_are_read_as_well(kind: str, line: str) -> None:
    assert len(list(standardise_lines(kind, [line]))) == 1


@pytest.mark.parametrize("kind", ["phone", "email", "name", "company", "address"])
def test_a_letter_in_a_field_is_none_of_these(kind: str) -> None:
    (printed,) = standardise_lines(kind, ["Dear Anna & Co, 12 High Street " * 20_000], country="GB")
    assert not any(printed.get(part) for part in ("values", "given", "family", "name", "street", "city"))
