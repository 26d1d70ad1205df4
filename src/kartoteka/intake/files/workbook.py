"""Spreadsheets: xlsx, xlsb, xls and ods, read by calamine once they are known to be no trap."""

import datetime
import io
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from kartoteka.intake.files.book import NOTHING, Book, Cell, DateText, Report, Row, Sheet
from kartoteka.intake.files.header import Outline, data_rows, find_outline, name_columns
from kartoteka.intake.files.source import MB, Source
from kartoteka.intake.files.traps import check_archive
from kartoteka.intake.files.unreadable import Problem, Unreadable

MAX_COLUMNS = 2000
MAX_WORKBOOK = 512 * MB
SAMPLE_ROWS = 400
Merged = list[tuple[tuple[int, int], tuple[int, int]]]


def read_workbook(source: Source, kind: str) -> Book:
    """All sheets that hold anything. Raises Unreadable: locked, damaged, a bomb, too large, nothing in it."""
    if source.path.stat().st_size > MAX_WORKBOOK:
        raise Unreadable("too_large", name=source.name, limit=MAX_WORKBOOK // MB)
    content = io.BytesIO(source.whole(MAX_WORKBOOK)) if source.packing else source.path
    if kind != "xls":
        check_archive(content, source.name, kind)
    try:
        workbook = CalamineWorkbook.from_object(content)
        sheets = [
            _sheet(workbook, entry, source.name) for entry in workbook.sheets_metadata if _is_table(entry)
        ]
    except PasswordError as error:
        raise Unreadable("password", name=source.name) from error
    except (CalamineError, OSError, ValueError, BaseException) as error:
        # A fault inside the library arrives as pyo3's PanicException, which is no Exception.
        if isinstance(error, Unreadable | KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
            raise
        raise Unreadable("damaged", name=source.name) from error
    held = [sheet for sheet in sheets if sheet]
    if not held:
        raise Unreadable("empty", name=source.name)
    problems = [Problem(0, "no_header") for sheet in held[:1] if not sheet.header_row]
    return Book(source.name, kind, held, problems=problems)


def _is_table(entry: Any) -> bool:
    return bool(entry.typ == SheetTypeEnum.WorkSheet)


def _sheet(workbook: Any, entry: Any, name: str) -> Sheet | None:
    held = workbook.get_sheet_by_name(entry.name)
    if held.start is None or not held.height:
        return None
    if held.total_width > MAX_COLUMNS:
        raise Unreadable("too_many_columns", name=name, limit=MAX_COLUMNS)
    merged: Merged = held.merged_cell_ranges or []
    outline = find_outline(list(islice(_cells(held, merged), SAMPLE_ROWS)))
    outline = _name_across(outline, merged)
    hidden = entry.visible != SheetVisibleEnum.Visible
    return Sheet(
        entry.name, outline.header_row, outline.columns, partial(_rows, held, merged, outline), hidden
    )


def _name_across(outline: Outline, merged: Merged) -> Outline:
    """A heading merged over several columns names them all."""
    header = list(outline.header)
    for (top, left), (bottom, right) in merged:
        if top <= outline.header_row - 1 <= bottom and left < right < len(header) and header[left]:
            header[left + 1 : right + 1] = [header[left]] * (right - left)
    if header == outline.header:
        return outline
    return Outline(outline.header_row, outline.header, name_columns(header, len(outline.columns)))


def _rows(held: Any, merged: Merged, outline: Outline, report: Report) -> Iterator[Row]:
    width = len(outline.columns)

    def fitted() -> Iterator[Row]:
        for number, cells in _cells(held, merged):
            if len(cells) != width:
                while len(cells) > width and cells[-1] is None:
                    cells.pop()
                cells.extend([None] * (width - len(cells)))
            yield number, cells

    return data_rows(fitted(), outline, report)


def _cells(held: Any, merged: Merged) -> Iterator[Row]:
    """Row numbers and texts, with the values of cells merged downwards repeated in every row they cover."""
    margin: list[Cell] = [None] * held.start[1]
    fills = _fills(merged)
    kept: dict[int, Cell] = {}
    # iter_rows begins at the sheet's first row, but at the first column that holds anything.
    for number, values in enumerate(held.iter_rows(), 1):
        cells = margin + [_text(value) for value in values]
        for column, is_first in fills.get(number, ()):
            if column < len(cells):
                if is_first:
                    kept[column] = cells[column]
                elif cells[column] is None:
                    cells[column] = kept.get(column)
        yield number, cells


def _fills(merged: Merged) -> dict[int, list[tuple[int, bool]]]:
    """row number -> columns in which a block of merged cells begins (True) or goes on (False)."""
    fills: dict[int, list[tuple[int, bool]]] = {}
    for (top, left), (bottom, _right) in merged:
        if top < bottom < top + 1000:
            for row in range(top, bottom + 1):
                fills.setdefault(row + 1, []).append((left, row == top))
    return fills


def _text(value: Any) -> Cell:
    """A cell as a person saw it: 48600100200.0 is "48600100200", a date is ISO and known to be one."""
    kind = type(value)
    if kind is str:
        text = value.strip()
        if "_x000D_" in text:
            text = text.replace("_x000D_", "").strip()
        return None if text in NOTHING else text
    return TEXTS[kind](value) if kind in TEXTS else str(value)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return format(value, ".15g")


def _moment(value: datetime.datetime) -> str:
    if value.time() == datetime.time():
        return DateText(value.date().isoformat())
    return DateText(value.isoformat(sep=" ", timespec="seconds"))


TEXTS: dict[type, Callable[[Any], str]] = {
    float: _number,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    datetime.datetime: _moment,
    datetime.date: lambda value: DateText(value.isoformat()),
    datetime.time: lambda value: str(value.isoformat(timespec="minutes")),
}
