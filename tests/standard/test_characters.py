import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.standard.characters import fold, plain, says_nothing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" ａｂｃ１２３ ", "abc123"),
        ("٠١٢३४５", "012345"),
        ("a\u200bb\u00adc\ufeff", "abc"),
        ("1–2—3−4", "1-2-3-4"),
        ("„x”‘y’", "\"x\"'y'"),
        ("a\u00a0b\u2003c\td\ne", "a b c d e"),
        ("Żółw\x00", "Żółw"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text())
def test_plain_twice_is_plain_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ŻÓŁW", "zolw"), ("Straße", "strasse"), ("Østergård", "ostergard"), ("MÄRZ", "marz")],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "  ", "-", "N/A", "n.a.", "Brak", "EI OLE", "ei  ole", "tiada", "#N/A", "?", "(brak)", "entfällt"],
)
def test_says_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["0", "1985", "Jan", "a@b.pl", "nobody"])
def test_says_something(text: str) -> None:
    assert not says_nothing(text)
