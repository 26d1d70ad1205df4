"""Refused rows as a workbook: the rows as they were, with the reason beside them, ready to mend and drop again.

Every cell is written as text, so that nothing in it is ever taken for a formula.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .models import Import, RowProblem
from .queries import sensitive_in
from .row_secrets import open_rows
from .wording import reason

# What a sheet of a workbook can hold.
_LONGEST_CELL = 32_767
_MOST_ROWS = 1_048_576
_MOST_COLUMNS = 16_384


def refused_rows(*, file_import: Import, by: Actor) -> bytes:
    """The refused rows of an import as an XLSX file, a sheet for each sheet that has some; the first row is the header.

    Raises NotAllowed, also where the file has sensitive fields that `by` may not see.
    """
    by.must(Right.IMPORT)
    if sensitive_in(field for sheet in file_import.mapping.values() for field in sheet["fields"]):
        by.must(Right.SEE_SENSITIVE)
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheets: dict[str, _Sheet] = {}
        for row in _refused(file_import):
            if row.sheet not in sheets:
                columns = file_import.mapping.get(row.sheet, {}).get("columns", [])
                sheets[row.sheet] = _Sheet(book, row.sheet, columns)
            sheets[row.sheet].add(row)
        if not sheets:
            book.add_worksheet().write_string(0, 0, _("No row was refused."))
    note(by=by, action="exported", matter="import", key=file_import.pk, detail={"what": "refused rows"})
    return out.getvalue()


def _refused(file_import: Import) -> Iterator[RowProblem]:
    rows = RowProblem.objects.filter(file_import=file_import, refused=True).order_by("id")
    for some in bulk.chunks(rows.iterator(2000), 2000):
        open_rows(some, cells=True)
        yield from some


class _Sheet:
    """One sheet on its way, opened again under another number when it is full."""

    def __init__(self, book: Any, name: str, columns: list[str]) -> None:
        self._book = book
        self._columns = columns[: _MOST_COLUMNS - 1]
        self._open(name)

    def _open(self, name: str) -> None:
        # A workbook's own names for sheets: those of files may be too long for it or have forbidden signs.
        self._sheet = self._book.add_worksheet()
        self._sheet.set_column(0, 0, 40)
        self._sheet.write_string(0, 0, _("Why it was refused"))
        for place, column in enumerate(self._columns, start=1):
            self._write(0, place, column)
        self._name, self._next = name, 1

    def add(self, row: RowProblem) -> None:
        """Write one row."""
        if self._next == _MOST_ROWS:
            self._open(self._name)
        self._write(self._next, 0, " ".join(dict.fromkeys(map(reason, row.problems))))
        for place, cell in enumerate(row.cells[: _MOST_COLUMNS - 1], start=1):
            if cell:
                self._write(self._next, place, str(cell))
        self._next += 1

    def _write(self, row: int, column: int, text: str) -> None:
        self._sheet.write_string(row, column, text[:_LONGEST_CELL])
