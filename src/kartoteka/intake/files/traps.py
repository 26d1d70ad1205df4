"""Spreadsheets that would eat the machine: told before a library opens them.

A zip's own word on sizes can lie, so every part is unpacked here, counted and thrown away. A sheet with one cell
at its far corner is small as a file, yet a library lays it out in full, empty cells and all: how far the cells
reach is therefore read from the sheets themselves (ECMA-376 for xlsx, OpenDocument 1.3, [MS-XLS] for xls).
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from kartoteka.intake.files.source import ALWAYS_FINE, MAX_RATIO, MB, open_zip
from kartoteka.intake.files.unreadable import Unreadable

MAX_UNPACKED = 1024 * MB  # all parts of a workbook together
MAX_COLUMNS = 2000
MAX_CELLS = 30_000_000  # of all sheets together, empty ones counted: about a gigabyte when laid out
FEW_CELLS = 4_000_000  # however empty, sheets of this size do no harm
# Nearly every sheet has no such cell: then it is small enough, and need not be measured cell by cell.
FAR_CELL = re.compile(rb' r="(?:[A-Z]{2}|[A-Z]\d{6})')
CELL = re.compile(rb' r="([A-Z]{1,3})(\d{1,9})"')
NEAR_COLUMNS, NEAR_ROWS = 26, 99_999
ODS_TAG = re.compile(
    rb"<table:table-row([^>]*)>|<table:(?:covered-)?table-cell([^>]*?)(/?)>|<(/)table:table-row>|<(/)table:table>"
)
REPEATED = re.compile(rb'-repeated="(\d+)"')
# Records of [MS-XLS] that hold a cell with something in it: formula, number, text, yes/no.
XLS_CELLS = frozenset([0x0006, 0x00BD, 0x0203, 0x0204, 0x0205, 0x00D6, 0x00FD, 0x027E])
XLS_SHEET, XLS_LOCK = 0x0809, 0x002F


@dataclass(slots=True)
class Extent:
    """How far the cells of a workbook's sheets reach, and how many there are."""

    name: str
    cells: int = 0
    reach: int = 0

    def add(self, *, columns: int, rows: int, cells: int) -> None:
        """Count a sheet in. Raises Unreadable when it is too wide, or all sheets together too large."""
        if columns > MAX_COLUMNS:
            raise Unreadable("too_many_columns", name=self.name, limit=MAX_COLUMNS)
        self.cells += cells
        self.reach += columns * rows
        if self.reach > FEW_CELLS and self.cells < 0.02 * self.reach:
            raise Unreadable("mostly_empty", name=self.name, cells=self.reach)
        if self.reach > MAX_CELLS:
            raise Unreadable("too_many_cells", name=self.name, cells=self.reach)


def check_archive(content: Path | BinaryIO, name: str) -> None:
    """Look through an xlsx or ods. Raises Unreadable: a bomb, a password, damaged, too many columns or cells."""
    extent = Extent(name)
    with open_zip(content, name) as archive:
        packed = sum(info.compress_size for info in archive.infolist())
        room = min(MAX_UNPACKED, max(ALWAYS_FINE, packed * MAX_RATIO))
        if sum(info.file_size for info in archive.infolist()) > room:
            raise Unreadable("bomb", name=name)
        for info in archive.infolist():
            if info.flag_bits & 1:
                raise Unreadable("password", name=name)
            if info.filename.endswith(".xml"):
                room -= _check_part(partial(_blocks, archive, info, name), info.filename, extent, room)


def _check_part(blocks: Callable[[], Iterator[bytes]], part: str, extent: Extent, room: int) -> int:
    """Unpack one part, look at it, and give back its true size."""
    total, cells, is_far, carry = 0, 0, False, b""
    whole = []
    for block in blocks():
        total += len(block)
        if total > room:
            raise Unreadable("bomb", name=extent.name)
        if part == "content.xml":
            whole.append(block)
        elif part.startswith("xl/worksheets/"):
            cells += block.count(b"<c ")
            is_far = is_far or FAR_CELL.search(carry + block) is not None
            carry = block[-20:]
    if is_far:
        columns, rows = _measured(blocks())
        extent.add(columns=columns, rows=rows, cells=cells)
    elif cells:
        extent.add(columns=min(cells, NEAR_COLUMNS), rows=min(cells, NEAR_ROWS), cells=cells)
    if whole:
        _check_ods(b"".join(whole), extent)
    return total


def _measured(blocks: Iterator[bytes]) -> tuple[int, int]:
    """The last column and the last row of a sheet that have a cell."""
    columns: set[bytes] = set()
    rows, carry = 1, b""
    for block in blocks:
        found = CELL.findall(carry + block)
        carry = block[-30:]
        columns.update(letters for letters, _ in found)
        rows = max(rows, max((int(row) for _, row in found), default=1))
    return max(map(_column, columns), default=1), rows


def _check_ods(content: bytes, extent: Extent) -> None:
    """Lay the sheets out on paper only: cells and rows may be said to be repeated a million times."""
    column = width = row = height = last = repeat = cells = 0
    for match in ODS_TAG.finditer(content):
        row_attributes, cell_attributes, is_empty, ends_row, ends_table = match.groups()
        if cell_attributes is not None:
            count = _repeats(cell_attributes)
            column += count
            if not is_empty or b"value" in cell_attributes:
                last, cells = column, cells + count * repeat
        elif row_attributes is not None:
            column, last, repeat = 0, 0, _repeats(row_attributes)
        elif ends_row:
            row += repeat
            if last:
                width, height = max(width, last), row
        elif ends_table:
            extent.add(columns=width, rows=height, cells=cells)
            column = width = row = height = last = repeat = cells = 0


def check_xls(workbook: bytes, name: str) -> None:
    """Look through the workbook stream of an xls. Raises Unreadable: a password, too many columns or cells."""
    extent = Extent(name)
    columns = rows = cells = at = 0
    while at + 4 <= len(workbook):
        kind, size = struct.unpack_from("<HH", workbook, at)
        if kind in XLS_CELLS and size >= 4:
            row, column = struct.unpack_from("<HH", workbook, at + 4) if at + 8 <= len(workbook) else (0, 0)
            columns, rows, cells = max(columns, column + 1), max(rows, row + 1), cells + 1
        elif kind == XLS_SHEET:
            extent.add(columns=columns, rows=rows, cells=cells)
            columns = rows = cells = 0
        elif kind == XLS_LOCK:
            raise Unreadable("password", name=name)
        at += 4 + size
    extent.add(columns=columns, rows=rows, cells=cells)


def _repeats(attributes: bytes) -> int:
    found = REPEATED.search(attributes) if b"-repeated" in attributes else None
    return min(int(found[1]), 10_000_000) if found else 1


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """The true unpacked content of a part, a megabyte at a time, whatever the archive says of its size."""
    stream = archive.fp
    if stream is None or info.compress_type not in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        raise Unreadable("damaged", name=name)
    unpacker = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
    try:
        stream.seek(info.header_offset)
        name_length, extra_length = struct.unpack("<HH", stream.read(30)[26:30])
        stream.seek(name_length + extra_length, 1)
        left = info.compress_size
        while left > 0 and (data := stream.read(min(left, MB))):
            left -= len(data)
            if unpacker is None:
                yield data
            while unpacker is not None and data and not unpacker.eof:
                yield unpacker.decompress(data, MB)
                data = unpacker.unconsumed_tail
    except (zlib.error, struct.error, OSError, ValueError) as error:
        raise Unreadable("damaged", name=name) from error
