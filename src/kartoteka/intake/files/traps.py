"""Packed spreadsheets that would eat the machine: told before a library opens them.

A zip's own word on sizes can lie, so every part is unpacked here, counted and thrown away. A sheet with one
cell at its far corner is small as a file, yet a library lays it out in full: such cells are looked for in
the text of the sheet.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kartoteka.intake.files.source import ALWAYS_FINE, MAX_RATIO, MB, open_zip
from kartoteka.intake.files.unreadable import Unreadable

MAX_PART = 1024 * MB  # of all parts together, unpacked
MAX_COLUMNS = 2000
MAX_CELLS = 30_000_000
FEW_CELLS = 4_000_000  # however empty, a sheet of this size does no harm
WIDE = re.compile(rb'<c [^>]{0,60}?r="([A-Z]{2,3})(\d{1,7})"')
FAR_ROW = re.compile(rb'<row [^>]{0,60}?r="(\d{5,9})"|<c [^>]{0,60}?r="[A-Z]{1,3}(\d{5,9})"')
REPEATED_CELL = re.compile(
    rb'<table:(?:covered-)?table-cell[^>]*number-columns-repeated="(\d{4,})"[^>]*?(/?)>(?!\s*</table:table-row)'
)
REPEATED_ROW = re.compile(rb'<table:table-row[^>]*number-rows-repeated="(\d{5,})"[^>]*>')


def check_archive(content: Path | BinaryIO, name: str, kind: str) -> None:
    """Look through an xlsx, xlsb or ods. Raises Unreadable: bomb, password, damaged, too many columns or
    cells.
    """
    with open_zip(content, name) as archive:
        packed = sum(info.compress_size for info in archive.infolist())
        room = min(MAX_PART, max(ALWAYS_FINE, packed * MAX_RATIO))
        if sum(info.file_size for info in archive.infolist()) > room:
            raise Unreadable("bomb", name=name)
        for info in archive.infolist():
            if info.flag_bits & 1:
                raise Unreadable("password", name=name)
            if not info.filename.endswith((".xml", ".bin")) or not info.file_size + info.compress_size:
                continue
            room -= _check_part(archive, info, name, kind, room)


def _check_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, kind: str, room: int) -> int:
    """Unpack one part, look at it, and give back its true size."""
    sheet = re.fullmatch(r"xl/worksheets/(\w+)\.xml", info.filename)
    total, cells, columns, rows, carry = 0, 0, 1, 9999, b""
    whole = []
    for block in _blocks(archive, info, name):
        total += len(block)
        if total > room:
            raise Unreadable("bomb", name=name)
        if kind == "ods" and info.filename == "content.xml":
            whole.append(block)
        elif sheet:
            seen = carry + block
            carry = seen[-200:]
            cells += block.count(b"<c ")
            columns = max([_narrow(seen, columns), *(_column(match[1]) for match in WIDE.finditer(seen))])
            rows = max([rows, *(int(match[1] or match[2]) for match in FAR_ROW.finditer(seen))])
    if sheet:
        _check_extent(name, sheet[1], cells=cells, columns=columns, rows=rows)
    if whole:
        _check_ods(b"".join(whole), name)
    return total


def _check_extent(name: str, sheet: str, *, cells: int, columns: int, rows: int) -> None:
    if columns > MAX_COLUMNS:
        raise Unreadable("too_many_columns", name=name, limit=MAX_COLUMNS)
    extent = columns * rows
    if extent > MAX_CELLS or (extent > FEW_CELLS and cells < 0.02 * extent):
        raise Unreadable("too_many_cells", name=name, sheet=sheet, cells=extent)


def _check_ods(content: bytes, name: str) -> None:
    """Cells and rows said to be repeated a thousandfold, with something in or after them."""
    if b"encryption-data" in content[:4096]:
        raise Unreadable("password", name=name)
    if REPEATED_CELL.search(content):
        raise Unreadable("too_many_columns", name=name, limit=MAX_COLUMNS)
    for match in REPEATED_ROW.finditer(content):
        rest = content[match.end() : content.find(b"</table:table>", match.end())]
        if b"office:value-type" in rest or b"<text:p" in rest:
            raise Unreadable("too_many_cells", name=name, sheet="", cells=int(match[1]))


def _narrow(block: bytes, known: int) -> int:
    """The last of the columns A to Z that a block has cells in, or what is known already."""
    for number in range(26, known, -1):
        if re.search(rb' r="%c\d' % (64 + number), block):
            return number
    return known


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """The true unpacked content of a part, a megabyte at a time, whatever the archive says of its size."""
    stream = archive.fp
    assert stream is not None
    try:
        stream.seek(info.header_offset)
        fixed = stream.read(30)
        name_length, extra_length = struct.unpack("<HH", fixed[26:30])
        stream.seek(name_length + extra_length, 1)
        left = info.compress_size
        unpacker = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
        while left > 0 and (data := stream.read(min(left, MB))):
            left -= len(data)
            if unpacker is None:
                yield data
                continue
            while data and not unpacker.eof:
                yield unpacker.decompress(data, MB)
                data = unpacker.unconsumed_tail
    except (zlib.error, struct.error, OSError) as error:
        raise Unreadable("damaged", name=name) from error
