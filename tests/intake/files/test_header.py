"""Where the heading is, and which rows below are none of the data."""

import pytest

from kartoteka.intake.files.header import find_header, letters, name_columns

from .reading import read

PEOPLE = [["Ann Doe", "ann@example.com", "600100200"], ["Bob Roe", "bob@example.com", "600100201"]] * 3


@pytest.mark.parametrize(
    ("above", "header"),
    [
        ([], ["Name", "E-mail", "Phone"]),
        ([["Customers of 2024"], [], ["printed 3.4.2024"]], ["Name", "E-mail", "Phone"]),
        ([["Shop:", "Leeds", None], ["Date:", "2024-05-01", None], []], ["Klient", "Mail", "Komórka"]),
        ([], ["wlasciciel_x", "adres_y", "kontakt_z"]),
        ([], ["Qwerty", "Asdfgh", "Zxcvbn"]),
        ([], ["Kolumna1", "Kolumna2", "Kolumna3"]),
        ([], ["Unnamed: 0", "Spalte 2", "Sarake3"]),
        ([["Lista"]], ["Imię i nazwisko", None, "Telefon"]),
    ],
)
def test_found_below_titles(above, header):
    rows = [*above, header, *PEOPLE]
    padded = [(number, cells + [None] * (3 - len(cells))) for number, cells in enumerate(rows, 1)]
    assert find_header(padded) == len(above)


@pytest.mark.parametrize(
    "rows",
    [
        PEOPLE,
        [["Jan", "Kowalski", "Kraków"], ["Ewa", "Nowak", "Opole"], ["Ewa", "Lis", "Kraków"]],
        [["Name Street", "5"], ["Other Street", "6"], ["Third Street", "7"]],
    ],
)
def test_none_where_the_first_row_is_data(rows):
    assert find_header(list(enumerate(rows, 1))) == -1


def test_without_a_heading_every_row_counts(tmp_path):
    book, rows, _ = read(tmp_path, "Jan Kowalski,600100200,jan@wp.pl\nEwa Nowak,600100201,ewa@wp.pl\n")
    assert book.sheets[0].header_row == 0
    assert book.sheets[0].columns == ["Column A", "Column B", "Column C"]
    assert [number for number, _ in rows] == [1, 2]
    assert [problem.code for problem in book.problems] == ["no_header"]


def test_printouts(tmp_path):
    """Headings repeated on each page, page numbers, sums; a customer called Total stays."""
    text = (
        "Lista klientów;;\n\nNazwisko;Miasto;Suma\nKot;Opole;5\nStrona 1 z 2;;\nNazwisko;Miasto;Suma\n"
        "Total;Kraków;7\n\nRazem;;12\nWygenerowano 3.4.2024;;\nRazem: 2 klientów;;\nSuma 41;;\n"
    )
    book, rows, problems = read(tmp_path, text)
    assert book.sheets[0].header_row == 3
    assert rows == [(4, ["Kot", "Opole", "5"]), (7, ["Total", "Kraków", "7"])]
    assert problems == [
        (5, "footer"),
        (6, "repeated_header"),
        (9, "total"),
        (10, "footer"),
        (11, "total"),
        (12, "total"),
    ]


def test_columns_get_unique_names():
    assert name_columns(["Phone", None, "phone", " E\nmail ", "Phone"], 6) == [
        "Phone",
        "Column B",
        "phone 2",
        "E mail",
        "Phone 3",
        "Column F",
    ]
    assert [letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_notes_column_without_a_heading(tmp_path):
    text = "name,phone\n" + "".join(f"Ann {n},60010020{n},told us to call\n" for n in range(5))
    book, rows, _ = read(tmp_path, text)
    assert book.sheets[0].columns == ["name", "phone", "Column C"]
    assert rows[0][1][2] == "told us to call"
