"""Spreadsheets as they are kept at a counter: titles, merged cells, several sheets, totals."""

import datetime
import gzip
import zipfile

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from kartoteka.intake.files import DateText, open_file

ROWS = [
    ["Nazwisko", "Imię", "Telefon", "Data ur."],
    ["Wałęsa", "Żaneta", "600 100 200", datetime.date(1985, 4, 3)],
    ["Święch", "Ósma", 48600100201, datetime.date(1951, 12, 31)],
]
READ = [
    (1, ["Wałęsa", "Żaneta", "600 100 200", "1985-04-03"]),
    (2, ["Święch", "Ósma", "48600100201", "1951-12-31"]),
]


def write_xlsx(path, rows):
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Klienci")
    date = book.add_format({"num_format": "dd.mm.yyyy"})
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write_datetime(number, column, value, date)
            elif value is not None:
                sheet.write(number, column, value)
    book.close()


def write_xls(path, rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Klienci")
    date = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value, *([date] if isinstance(value, datetime.date) else []))
    book.save(str(path))


def write_ods(path, rows):
    document = OpenDocumentSpreadsheet()
    table = Table(name="Klienci")
    for row in rows:
        line = TableRow()
        for value in row:
            if isinstance(value, datetime.date):
                cell = TableCell(valuetype="date", datevalue=value.isoformat())
            elif isinstance(value, int):
                cell = TableCell(valuetype="float", value=str(value))
            else:
                cell = TableCell(valuetype="string")
            if value is not None:
                cell.addElement(P(text=str(value)))
            line.addElement(cell)
        line.addElement(TableCell(numbercolumnsrepeated="16000"))
        table.addElement(line)
    rest = TableRow(numberrowsrepeated="1048000")
    rest.addElement(TableCell(numbercolumnsrepeated="16384"))
    table.addElement(rest)
    document.spreadsheet.addElement(table)
    document.save(str(path))


@pytest.mark.parametrize(("ending", "write"), [("xlsx", write_xlsx), ("xls", write_xls), ("ods", write_ods)])
@pytest.mark.parametrize("above", [[], [["Lista klientów, maj 2024"], [None]]])
def test_each_format_gives_the_same_rows(tmp_path, ending, write, above):
    path = tmp_path / "list.bin"  # told by its content, not by its ending
    write(path, [*above, *ROWS])
    book = open_file(path)
    sheet = book.sheets[0]
    assert (book.format, sheet.name, sheet.header_row) == (ending, "Klienci", len(above) + 1)
    assert sheet.columns == ROWS[0]
    rows = list(sheet.rows())
    assert rows == [(number + sheet.header_row, cells) for number, cells in READ]
    assert isinstance(rows[0][1][3], DateText)
    assert not isinstance(rows[0][1][2], DateText)


def test_a_workbook_packed_once_more(tmp_path):
    write_xlsx(tmp_path / "list.xlsx", ROWS)
    (tmp_path / "list.gz").write_bytes(gzip.compress((tmp_path / "list.xlsx").read_bytes()))
    with zipfile.ZipFile(tmp_path / "list.zip", "w") as archive:
        archive.write(tmp_path / "list.xlsx", "list.xlsx")
    for name in ("list.gz", "list.zip"):
        book = open_file(tmp_path / name)
        assert (book.format, len(list(book.sheets[0].rows()))) == ("xlsx", 2)


def test_merged_cells_several_sheets_and_totals(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "A"
    sheet.append(["Our customers", None, None, None])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["Name", "Phone", None, "City"])
    sheet.merge_cells("B3:C3")
    for row in (
        ["Ann Doe", 5.0, True, "Leeds"],
        ["Bob Roe", 1.5, None, None],
        ["Name", "Phone", None, "City"],
    ):
        sheet.append(row)
    sheet.merge_cells("D4:D5")
    sheet.append([])
    sheet.append(["Total", 6.5])
    other = book.create_sheet("B")
    other["C5"], other["D5"], other["C6"], other["D6"] = "email", "name", "a@b.pl", "Ann"
    book.create_sheet("Empty")
    hidden = book.create_sheet("H")
    hidden.append(["email"])
    hidden.append(["x@y.pl"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")

    read = open_file(tmp_path / "a.xlsx")
    assert [(each.name, each.header_row, each.hidden) for each in read.sheets] == [
        ("A", 3, False),
        ("B", 5, False),
        ("H", 1, True),
    ]
    problems = []
    assert read.sheets[0].columns == ["Name", "Phone", "Phone 2", "City"]
    assert list(read.sheets[0].rows(problems.append)) == [
        (4, ["Ann Doe", "5", "TRUE", "Leeds"]),
        (5, ["Bob Roe", "1.5", None, "Leeds"]),
    ]
    assert [(each.row, each.code) for each in problems] == [(6, "repeated_header"), (8, "total")]
    assert read.sheets[1].columns == ["Column A", "Column B", "email", "name"]
    assert list(read.sheets[1].rows()) == [(6, [None, None, "a@b.pl", "Ann"])]


def test_a_stray_cell_far_below_does_no_harm(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", ROWS)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book.active["A200000"] = "stray"
    book.save(tmp_path / "a.xlsx")
    rows = list(open_file(tmp_path / "a.xlsx").sheets[0].rows())
    assert [number for number, _ in rows] == [2, 3, 200000]
