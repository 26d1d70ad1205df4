"""Mark-up that calls itself Excel."""

import pytest

from kartoteka.intake.files import DateText, Unreadable

from .reading import read

PAGE = """<html><head><meta charset="utf-8"><style>td {color: red}</style></head><body>
<p>Report</p><table border=1>
<tr><td colspan=3>Lista klientów
<tr><th>Imię&nbsp;i nazwisko</th><th>Telefon</th><th>Miasto</th></tr>
<tr><td>Żaneta <b>Wałęsa</b></td><td>600 100 200</td><td rowspan=2>Łódź &amp; Opole</td></tr>
<tr><td>Ewa<br>Kot</td><td>600 100 201</td></tr>
<tr><td>Jan Lis<td><table><tr><td>600 100 202</td></tr></table></td><td></td></tr>
</table></body></html>"""
SHEET = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Klienci"><Table>
<Row ss:Index="3"><Cell><Data ss:Type="String">Nazwisko</Data></Cell><Cell><Data ss:Type="String">Imię</Data></Cell>
<Cell><Data ss:Type="String">Telefon</Data></Cell><Cell><Data ss:Type="String">Data ur.</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">Kot</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">600100200</Data></Cell>
<Cell><Data ss:Type="DateTime">1985-04-03T00:00:00.000</Data></Cell></Row>
<Row><Cell/><Cell><Data ss:Type="String">Ewa</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["utf-8", "cp1250", "utf-16"])
def test_a_page_with_a_table(tmp_path, encoding):
    book, rows, _ = read(tmp_path, PAGE, encoding=encoding)
    sheet = book.sheets[0]
    assert (book.format, sheet.header_row) == ("html", 2)
    assert sheet.columns == ["Imię i nazwisko", "Telefon", "Miasto"]
    assert rows == [
        (3, ["Żaneta Wałęsa", "600 100 200", "Łódź & Opole"]),
        (4, ["Ewa\nKot", "600 100 201", "Łódź & Opole"]),
        (5, ["Jan Lis", "600 100 202", None]),
    ]


def test_excel_xml(tmp_path):
    book, rows, _ = read(tmp_path, SHEET)
    sheet = book.sheets[0]
    assert (book.format, sheet.name, sheet.header_row) == ("xml", "Klienci", 3)
    assert rows == [(4, ["Kot", None, "600100200", "1985-04-03"]), (5, [None, "Ewa", None, None])]
    assert isinstance(rows[0][1][3], DateText)


def test_a_page_without_a_table(tmp_path):
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, "<!DOCTYPE html><html><body><p>Please sign in</p></body></html>")
    assert refused.value.code == "not_a_table"
