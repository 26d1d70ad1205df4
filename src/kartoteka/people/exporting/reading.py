"""Reading a file that turned up: CSV of any usual delimiter, or a workbook; as rows of text."""

import csv
import io
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

_LONGEST = 200 * 1024 * 1024


class CannotRead(ValueError):
    """The file is neither a CSV nor a workbook."""


def rows_of(path: Path) -> list[list[str]]:
    """The rows of the file, those of all its sheets. Raises CannotRead, OSError."""
    if path.stat().st_size > _LONGEST:
        raise CannotRead(_("This file is too large to be looked through."))
    data = path.read_bytes()
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            return [
                [_as_text(cell) for cell in row]
                for name in book.sheet_names
                for row in book.get_sheet_by_name(name).to_python()
            ]
        except CalamineError as error:
            raise CannotRead(_("This workbook cannot be read.")) from error
    text = _text(data)
    if "\x00" in text:
        raise CannotRead(_("This is neither a CSV file nor a workbook."))
    first = text.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _as_text(cell: object) -> str:
    """A cell as it is seen: a phone that a spreadsheet took for a number has no point behind it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1250"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
