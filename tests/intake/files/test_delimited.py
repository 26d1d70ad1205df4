"""Delimited text as people and programs leave it."""

import csv
import gzip
import io
import lzma
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartoteka.intake.files import open_file
from kartoteka.intake.files.book import NOTHING
from kartoteka.intake.files.delimited import Dialect, Records

from .reading import read, written

PEOPLE = "Imię;Nazwisko;Telefon\nŻaneta;Wałęsa;600100200\nÓsma;Święch;600100201\nŁucja;Ćma;600100202\n"
GERMANS = "Vorname;Nachname;Straße\nJürgen;Groß;Hauptstraße 5\nBärbel;Öz;Am Gäßchen 1\n"
FINNS = (
    "Etunimi;Sukunimi;Puhelin\nPäivi;Hämäläinen;0401234567\nYrjö;Mäkelä;0401234568\nÅke;Öhman;0401234569\n"
)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|", ":", "^"])
def test_delimiters(tmp_path, delimiter):
    text = "name;email;city\nJan Kowalski;jan@wp.pl;Łódź\nEwa;ewa@wp.pl;Opole\n".replace(";", delimiter)
    book, rows, problems = read(tmp_path, text)
    assert book.delimiter == delimiter
    assert book.sheets[0].columns == ["name", "email", "city"]
    assert rows == [(2, ["Jan Kowalski", "jan@wp.pl", "Łódź"]), (3, ["Ewa", "ewa@wp.pl", "Opole"])]
    assert problems == []


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(PEOPLE, name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")]
    + [(PEOPLE, name) for name in ("cp1250", "iso8859-2", "cp852", "mac_latin2")]
    + [(GERMANS, name) for name in ("cp1252", "iso8859-1", "mac_roman", "cp850")]
    + [(FINNS, name) for name in ("cp1252", "iso8859-15", "mac_roman", "cp850")],
)
def test_encodings_give_the_letters_that_were_typed(tmp_path, text, encoding):
    book, rows, problems = read(tmp_path, text, encoding=encoding)
    wanted = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [book.sheets[0].columns, *(cells for _, cells in rows)] == wanted
    assert problems == []


def test_mostly_utf8_keeps_its_other_letters_and_names_the_row(tmp_path):
    lines = ["name,city", "Józef,Łódź", "Zoë,Kraków", "Wałęsa,Gdańsk"]
    content = b"\n".join([*(line.encode() for line in lines[:3]), lines[3].encode("cp1250")])
    book, rows, problems = read(tmp_path, content)
    assert book.encoding == "utf-8"
    assert rows[0] == (2, ["Józef", "Łódź"])
    assert rows[2] == (4, ["Wałęsa", "Gdańsk"])
    assert problems == [(4, "letters")]


QUOTES = [
    ('1,"Doe, Jane",x', ["1", "Doe, Jane", "x"], []),
    ('1,"say ""hi""",x', ["1", 'say "hi"', "x"], []),
    ('1,"over\ntwo lines",x', ["1", "over\ntwo lines", "x"], []),
    ('1,"over\n\n""three"" lines",x', ["1", 'over\n\n"three" lines', "x"], []),
    ('1,"Firma "Ala"",x', ["1", 'Firma "Ala"', "x"], ["quotes"]),
    ('1,"Firma "Ala", Kraków",x', ["1", 'Firma "Ala", Kraków', "x"], ["quotes"]),
    ('1,"say \\"hi\\"",x', ["1", 'say "hi"', "x"], ["quotes"]),
    ('1, "Doe, Jane", x', ["1", "Doe, Jane", "x"], []),
    ('1,"never closed,x', ["1", "never closed", "x"], ["quotes"]),
    ('1,5" pipe,x', ["1", '5" pipe', "x"], []),
    ('1,="0123",x', ["1", "0123", "x"], []),
    ('1,"=""0123""",x', ["1", "0123", "x"], []),
    ("1,'+48 600 100 200,x", ["1", "+48 600 100 200", "x"], []),
    ("1,O'Brien,x", ["1", "O'Brien", "x"], []),
    ("1,Ja\0n,x", ["1", "Jan", "x"], []),
    ("1,NULL,x", ["1", None, "x"], []),
    ("1,Jan", ["1", "Jan", None], ["short"]),
    ("1,Jan,x,,", ["1", "Jan", "x"], []),
    ("1,Jan,x,y", ["1", "Jan", "x", "y"], ["long"]),
]


@pytest.mark.parametrize(("line", "cells", "codes"), QUOTES)
def test_quoting_as_people_get_it_wrong(tmp_path, line, cells, codes):
    """A mended row, its neighbours untouched and rightly numbered: a line break in quotes begins no row."""
    around = [f"{number},name {number},city" for number in range(20)]
    text = "\n".join(["id,name,city", *around, line, "7,Ann,Leeds", "8,Bob,York"])
    _, rows, problems = read(tmp_path, text)
    assert rows[20] == (22, cells)
    assert rows[21:] == [(23, ["7", "Ann", "Leeds"]), (24, ["8", "Bob", "York"])]
    assert problems == [(22, code) for code in codes]


def test_mixed_line_ends_and_a_sep_line_and_blank_rows(tmp_path):
    book, rows, _ = read(tmp_path, "sep=;\r\nname;phone\rAnn;1\n\r\nBob;2\r\nCid;3")
    assert book.sheets[0].header_row == 1
    assert rows == [(2, ["Ann", "1"]), (4, ["Bob", "2"]), (5, ["Cid", "3"])]


def test_lines_quoted_as_a_whole(tmp_path):
    text = '"name,mail,""city"""\n"Jan,a@b.pl,""Łódź, PL"""\n"Ewa,x@b.pl,Gdynia"\n'
    book, rows, problems = read(tmp_path, text)
    assert book.sheets[0].columns == ["name", "mail", "city"]
    assert rows == [(2, ["Jan", "a@b.pl", "Łódź, PL"]), (3, ["Ewa", "x@b.pl", "Gdynia"])]
    assert problems == []


def test_single_quotes(tmp_path):
    _, rows, _ = read(tmp_path, "'name','city'\n'Doe, Jane','Leeds'\n'Roe, Ann','York'\n")
    assert rows == [(2, ["Doe, Jane", "Leeds"]), (3, ["Roe, Ann", "York"])]


def test_one_column(tmp_path):
    book, rows, _ = read(tmp_path, "email\na@b.pl\nc@d.pl\n")
    assert (book.sheets[0].columns, rows) == (["email"], [(2, ["a@b.pl"]), (3, ["c@d.pl"])])


def test_packed_files_are_read_as_they_are(tmp_path):
    plain = PEOPLE.encode()
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/list.csv", plain)
    for packed in (gzip.compress(plain), lzma.compress(plain), zipped.getvalue()):
        book, rows, _ = read(tmp_path, packed)
        assert book.sheets[0].columns == ["Imię", "Nazwisko", "Telefon"]
        assert rows[0] == (2, ["Żaneta", "Wałęsa", "600100200"])


CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff=\"'\\"),
    max_size=12,
) | st.sampled_from(["a;b", 'say "x"', "two\nlines", "a, b", "x\ty", "a|b"])


@given(
    rows=st.lists(st.lists(CELL, min_size=4, max_size=4), min_size=1, max_size=15),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
@settings(max_examples=150, deadline=None)
def test_whatever_a_csv_writer_wrote_is_read_back(tmp_path_factory, rows, delimiter, encoding, quoting):
    rows = [[f"k{number}", *row] for number, row in enumerate(rows)]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\n").writerows(rows)
    lines = io.StringIO(text.getvalue(), newline="")
    problems = []
    read_back = list(Records(lines, Dialect(delimiter, width=5), problems.append, "cp1252"))
    wanted = [[None if cell.strip() in NOTHING else cell.strip() for cell in row] for row in rows]
    assert [cells for _, cells in read_back] == wanted
    assert [number for number, _ in read_back] == list(range(1, len(rows) + 1))
    assert problems == []
    path = written(tmp_path_factory.mktemp("csv"), "customer_id,name,city,phone,email\n".replace(",", delimiter)
                   + text.getvalue(), encoding=encoding)  # fmt: skip
    assert [cells for _, cells in open_file(path).sheets[0].rows()] == wanted


def test_rows_may_be_read_again(tmp_path):
    sheet = open_file(written(tmp_path, PEOPLE)).sheets[0]
    assert list(sheet.rows()) == list(sheet.rows())


@pytest.mark.parametrize("codec", ["cp1252", "cp1250"])
@pytest.mark.parametrize("text", [PEOPLE, FINNS, GERMANS])
def test_letters_encoded_twice_are_put_right(tmp_path, codec, text):
    """UTF-8 taken for a one-byte encoding and saved as UTF-8 again; one right row among them stays right."""
    wrong = "".join(
        chr(byte) if byte < 0x80 else bytes([byte]).decode(codec, "ignore") or chr(byte)
        for byte in text.encode()
    )
    wanted = [*csv.reader(io.StringIO(text), delimiter=";"), ["Ärn", "Żak", "1"]]
    book, rows, _ = read(tmp_path, wrong + "Ärn;Żak;1\n")
    assert [book.sheets[0].columns, *(cells for _, cells in rows)] == wanted


@pytest.mark.parametrize(
    "heading", ["user_pass", "Password", "password hash", "Hasło", "user_activation_key", "Customer password"]
)
def test_how_somebody_signs_in_elsewhere_is_never_taken_in(tmp_path, heading):
    book, rows, _problems = read(tmp_path, f"name,{heading},email\nJan,$P$BzX81Secret,jan@wp.pl\n")
    assert book.sheets[0].columns == ["name", heading, "email"]
    assert rows == [(2, ["Jan", None, "jan@wp.pl"])]
    assert book.sheets[0].sample() == [["Jan", None, "jan@wp.pl"]]


@pytest.mark.parametrize("heading", ["Passport", "Ski pass", "Hasło reklamowe", "Password hint said"])
def test_other_headings_that_look_alike_are_kept(tmp_path, heading):
    _book, rows, _problems = read(tmp_path, f"name,{heading},email\nJan,A 12,jan@wp.pl\n")
    assert rows == [(2, ["Jan", "A 12", "jan@wp.pl"])]
