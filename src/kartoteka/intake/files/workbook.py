"""Spreadsheets: xlsx, xls and ods, read by calamine once they are known to be no trap."""

import datetime
import io
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import olefile
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from kartoteka.intake.files.book import NOTHING, Book, Cell, DateText, Report, Row, Sheet
from kartoteka.intake.files.header import Outline, data_rows, find_outline, name_columns, padded
from kartoteka.intake.files.source import MAX_DOCUMENT, MB, Source
from kartoteka.intake.files.traps import check_archive, check_xls
from kartoteka.intake.files.unreadable import Problem, Unreadable

MAX_COLUMNS = 2000
SAMPLE_ROWS = 400
Merged = list[tuple[tuple[int, int], tuple[int, int]]]


def read_workbook(source: Source, kind: str) -> Book:
    """All sheets of an xlsx or ods that hold anything. Raises Unreadable: locked, damaged, a bomb, too large, empty."""
    if source.path.stat().st_size > MAX_DOCUMENT:
        raise Unreadable("too_large", name=source.name, limit=MAX_DOCUMENT // MB)
    content = source.seekable()
    check_archive(content, source.name)
    return _book(content, source.name, kind)


def read_old_workbook(source: Source) -> Book:
    """The same for an xls, or whatever else came in Microsoft's old container, a locked xlsx among it."""
    content = io.BytesIO(source.whole(MAX_DOCUMENT))
    try:
        with olefile.OleFileIO(content) as container:
            streams = {path[0] for path in container.listdir()}
            if "EncryptedPackage" in streams:
                raise Unreadable("password", name=source.name)
            stream = next((each for each in ("Workbook", "Book") if each in streams), "")
            if not stream:
                kind = "Word" if "WordDocument" in streams else "Microsoft Office"
                raise Unreadable("not_a_table", name=source.name, kind=kind)
            check_xls(container.openstream(stream).read(), source.name)
    except Unreadable:
        raise
    except (
        Exception
    ) as error:  # olefile gives up on broken containers in many ways, endless recursion among them
        raise Unreadable("damaged", name=source.name) from error
    return _book(io.BytesIO(content.getvalue()), source.name, "xls")


def _book(content: Path | BinaryIO, name: str, kind: str) -> Book:
    if not isinstance(content, Path):
        content.seek(0)
    try:
        workbook = CalamineWorkbook.from_object(content)
        entries = [entry for entry in workbook.sheets_metadata if entry.typ == SheetTypeEnum.WorkSheet]
        held = [sheet for entry in entries if (sheet := _sheet(workbook, entry, name))]
    except PasswordError as error:
        raise Unreadable("password", name=name) from error
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable("damaged", name=name) from error
    except BaseException as error:
        # A fault inside the library arrives as PanicException, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise Unreadable("damaged", name=name) from error
    if not held:
        raise Unreadable("empty", name=name)
    problems = [] if held[0].header_row else [Problem(0, "no_header")]
    return Book(name, kind, held, problems=problems)


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
    return data_rows(padded(_cells(held, merged), len(outline.columns)), outline, report)


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
