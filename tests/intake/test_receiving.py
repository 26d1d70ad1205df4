"""Files on their way in: what is refused leaves nothing behind."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from kartoteka.intake.models import Import
from kartoteka.intake.receiving import CannotImport, discard, receive, settle
from kartoteka.intake.whole import import_stream, queue_stream
from kartoteka.people.models import ContactPoint, Source
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("take", [import_stream, queue_stream])
@pytest.mark.parametrize(
    ("text", "more"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(99), {}),
        (b"", {}),
        (b"id,name\n1,Anna\n", {"columns": {"nothing": "name"}}),
        (b"id,name\n1,Anna\n", {"columns": {"name": "no_field"}}),
        (b"id,name\n1,Anna\n", {"columns": {"name": "", "id": ""}}),
        (b"id,name\n1,Anna\n", {"ground": "because"}),
    ],
)
def test_a_refused_file_leaves_nothing_behind(take, text: bytes, more: dict[str, object]) -> None:
    known = {
        "stream": io.BytesIO(text),
        "name": "a.csv",
        "source": "new shop",
        "ground": "contract",
        "by": SHELL,
    }
    with pytest.raises(CannotImport):
        take(**known | more)
    assert not Import.objects.exists()
    assert not Source.objects.exists()


def test_a_file_taken_back_takes_the_source_that_was_named_for_it(db: None) -> None:
    make.csv_import("id,name\n1,Anna\n", source="shop")
    for source, left in (("new shop", {"shop"}), ("shop", {"shop"})):
        found = receive(stream=io.BytesIO(b"id,name\n2,Ola\n"), name="b.csv", by=SHELL)
        settle(file_import=found, by=SHELL, source=source, ground="contract")
        discard(file_import=found, by=SHELL)
        assert set(Source.objects.values_list("name", flat=True)) == left


def test_an_e_mail_and_a_number_in_one_cell_are_both_heard(db: None) -> None:
    text = 'id,name,contact\n1,Jan Lis,"jan@example.com, tel. 600 100 200"\n2,Ola,ola@example.com\n'
    make.csv_import(text, country="PL")
    assert set(ContactPoint.objects.values_list("value", flat=True)) == {
        "jan@example.com", "ola@example.com", "+48600100200",
    }  # fmt: skip


def test_notes_beside_the_customers_are_not_brought_in(db: None) -> None:
    with io.BytesIO() as book:
        with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
            workbook.add_worksheet("notes").write(0, 0, "Ask Jan about May")
            people = workbook.add_worksheet("people")
            people.write_row(0, 0, ["name", "phone"])
            people.write_row(1, 0, ["Jan Lis", "600 100 200"])
        book.seek(0)
        found = receive(stream=book, name="a.xlsx", by=SHELL)
    assert {name: sheet["use"] for name, sheet in found.mapping.items()} == {"notes": False, "people": True}


def test_a_dry_run_tells_the_numbers_of_the_real_one(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of a row that stands in the file again far below, in another chunk."""
    monkeypatch.setattr("kartoteka.intake.customer_way.CHUNK", 2)
    text = "name,city\n" + "Anna,Oslo\nOla,Oslo\nEwa,Oslo\n" * 3
    dry, real = (make.csv_import(text, dry_run=dry_run) for dry_run in (True, False))
    assert (dry.new, dry.joined, dry.known) == (real.new, real.joined, real.known) == (3, 0, 6)


def test_a_country_is_said_by_its_name_or_not_at_all(db: None) -> None:
    assert make.csv_import("name\nAnna\n", country="Poland").country == "PL"
    with pytest.raises(CannotImport, match="no country Narnia"):
        make.csv_import("name\nOla\n", country="Narnia")
