"""The sample's files: they open, they are dirty, and the truth knows every row of them."""

import csv
import hashlib
from datetime import date
from pathlib import Path
from random import Random

import openpyxl
import phonenumbers
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.intake.files.opening import open_file
from kartoteka.intake.sample import spelling
from kartoteka.intake.sample.__main__ import main
from kartoteka.intake.sample.entries import entry
from kartoteka.intake.sample.files import NOBODY, Truth, write
from kartoteka.intake.sample.people import COUNTRIES, invent
from kartoteka.intake.sample.sources import SOURCES, Source

pytestmark = pytest.mark.any_base


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    return write(tmp_path_factory.mktemp("sample"), customers=1200, seed=7)


def _filled_rows(path: Path) -> dict[int, list[str]]:
    """The rows below the header that hold anything, by their numbers as a spreadsheet counts."""
    if path.suffix == ".vcf":
        text = path.read_text(encoding="utf-8")
        return {place: [card.serialize()] for place, card in enumerate(vobject.readComponents(text), 1)}
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path).active
        assert sheet is not None
        found = {
            place: list(row) for place, row in enumerate(sheet.iter_rows(values_only=True), 1) if any(row)
        }
        return {place: [str(cell) for cell in row] for place, row in found.items() if place > 4}
    warranty = path.name.startswith("warranty")
    with path.open(encoding="cp1250" if warranty else "utf-8", newline="") as lines:
        table = list(csv.reader(lines, delimiter=";" if warranty else ","))
    assert {len(row) for row in table} == {len(table[0])}
    return dict(enumerate(table[1:], 2))


def test_truth_covers_every_row_of_every_file(truth: Truth) -> None:
    assert len(truth.files) == 4 + len(COUNTRIES)
    for file in truth.files:
        rows = _filled_rows(truth.folder / file.name)
        assert sorted(rows) == list(file.rows), file.name
        assert len(rows) > 50


def test_the_person_of_a_row_is_the_one_in_it(truth: Truth) -> None:
    """In nearly every row of the shop stands the mail of the customer whose row the truth says it is."""
    people = {person.id: person for person in invent(1200, seed=7)}
    shop = next(file for file in truth.files if file.name.startswith("webshop"))
    rows = _filled_rows(truth.folder / shop.name)
    right = 0
    for number, person in zip(shop.rows, shop.persons, strict=True):
        mail = rows[number][5].lower().removeprefix("mailto:")
        right += person != NOBODY and mail in people[person].emails
    assert right > 0.95 * len(rows)


def test_the_import_reads_just_these_rows(truth: Truth) -> None:
    """The reader of imports and the truth count rows alike."""
    for file in truth.files:
        (sheet,) = open_file(truth.folder / file.name).sheets
        read = {row for row, _ in sheet.rows()}
        assert read <= set(file.rows), file.name
        assert read >= {row for row, person in zip(file.rows, file.persons, strict=True) if person != NOBODY}


@given(seed=st.integers(0, 10**9), care=st.floats(0, 1), source=st.sampled_from(SOURCES))
def test_any_customer_can_be_written_anywhere(seed: int, care: float, source: Source) -> None:
    rng = Random(seed)
    for person in invent(5, seed=seed):
        known = entry(person, rng, care=care)
        if source.needs(known):
            row = source.row(known, rng)
            assert any(row)
            assert known.full.strip()


def test_default_size_and_how_often_a_customer_comes(truth: Truth) -> None:
    persons = [person for _, _, person in truth if person != NOBODY]
    assert 2200 < len(persons) < 2800
    assert len(set(persons)) == 1200
    assert any(person == NOBODY for _, _, person in truth)


def test_same_seed_same_files(truth: Truth, tmp_path: Path) -> None:
    again = write(tmp_path, customers=1200, seed=7)
    assert list(again) == list(truth)
    for file in truth.files:
        digests = {
            hashlib.sha256((folder / file.name).read_bytes()).digest() for folder in (truth.folder, tmp_path)
        }
        assert len(digests) == 1, file.name


def test_one_country_has_five_files_in_its_language(tmp_path: Path) -> None:
    truth = write(tmp_path, customers=200, seed=3, countries=["FI"])
    assert len(truth.files) == 5
    assert {file.country for file in truth.files} == {"FI"}
    header = (tmp_path / "warranty-cards.csv").read_text(encoding="cp1252").splitlines()[0]
    assert header.startswith("Sarjanumero;Tuote;Ostopäivä")


def test_command_writes_truth_and_plain_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "--customers", "60", "--truth", "--countries", "pl,gb"]) == 0
    with (tmp_path / "truth.csv").open(encoding="utf-8") as lines:
        table = list(csv.DictReader(lines))
    assert list(table[0]) == ["file", "row", "person"]
    assert {row["person"] for row in table} - {""} == {str(number) for number in range(1, 61)}
    assert main([str(tmp_path), "--customers", "10", "--plain"]) == 0
    assert "customers.csv" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", [["--countries", "XX"], ["--customers", "0"], ["--customers", "1500000", "--countries", "PL"]]
)
def test_command_refuses_what_it_cannot(
    wrong: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path), *wrong])
    assert "error" in capsys.readouterr().err


@given(seed=st.integers(0, 10**6), country=st.sampled_from(COUNTRIES))
def test_a_spelt_phone_is_still_the_number(seed: int, country: str) -> None:
    """However it is written, the same number is read from it, but for the one figure at times misheard."""
    rng = Random(seed)
    person = next(iter(invent(1, seed=seed, countries=[country])))
    for number in person.phones:
        text = spelling.phone(number, country, rng).replace("(0)", "")
        read = phonenumbers.format_number(
            phonenumbers.parse(text, country), phonenumbers.PhoneNumberFormat.E164
        )
        assert len(read) == len(number)
        assert sum(one != other for one, other in zip(read, number, strict=True)) <= 1


@given(text=st.text(min_size=4, max_size=30), seed=st.integers(0, 1000))
def test_a_slip_is_one_slip(text: str, seed: int) -> None:
    slipped = spelling.typo(text, Random(seed))
    assert abs(len(slipped) - len(text)) <= 1
    assert slipped[0] == text[0]


@pytest.mark.parametrize(
    ("country", "language", "written"),
    [
        ("PL", "pl", "03.04.1985"),
        ("PH", "fil", "04/03/1985"),
        ("FI", "fi", "3.4.1985"),
        ("ZA", "af", "1985/04/03"),
    ],
)
def test_dates_as_the_country_writes_them(country: str, language: str, written: str) -> None:
    assert spelling.day(date(1985, 4, 3), country, language, Random(1), usual=1.0) == written
