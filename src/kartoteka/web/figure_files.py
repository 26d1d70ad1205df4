"""Figures as a file: CSV that a spreadsheet opens, or a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.http import HttpResponse

from kartoteka.people.exporting.writing import harmless

Rows = Iterable[Sequence[Any]]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def handed_out(name: str, sheets: Sequence[tuple[str, Rows]], *, kind: str) -> HttpResponse:
    """Tables with their titles as a "csv" (one below the other) or an "xlsx" (a sheet each) of this name.

    Cells are texts, numbers, days or None. Texts that a spreadsheet would take for a formula are made harmless.
    """
    if kind == "csv":
        # The mark at the beginning tells spreadsheets that it is UTF-8.
        content: str | bytes = "\ufeff" + _csv(sheets)
        answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(_workbook(sheets), content_type=_XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _csv(sheets: Sequence[tuple[str, Rows]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    for place, (_title, rows) in enumerate(sheets):
        if place:
            writer.writerow(())
        writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()


def _workbook(sheets: Sequence[tuple[str, Rows]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, rows in sheets:
            sheet = book.add_worksheet(title[:31])
            sheet.set_column(0, 9, 22)
            for place, row in enumerate(rows):
                for column, value in enumerate(row):
                    if hasattr(value, "year"):
                        sheet.write_datetime(place, column, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(place, column, harmless(value))
                    elif value is not None:
                        sheet.write_number(place, column, float(value))
    return out.getvalue()
