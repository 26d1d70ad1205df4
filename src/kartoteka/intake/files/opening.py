"""Open any file people have: told by its content, never by its ending."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from zipfile import ZipFile

from kartoteka.intake.files.book import Book, Report, Row, Sheet, ignore
from kartoteka.intake.files.delimited import MAX_COLUMNS, SAMPLE_LINES, Delimited, understand
from kartoteka.intake.files.header import Outline, data_rows, find_outline
from kartoteka.intake.files.markup import read_markup
from kartoteka.intake.files.source import DAMAGED, MAX_BYTES, Source, find_source, open_zip
from kartoteka.intake.files.unreadable import Problem, Unreadable
from kartoteka.intake.files.vcard import read_cards

IMAGES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"RIFF": "WebP",
    b"\0\0\0\x18ftyphei": "HEIC",
    b"\0\0\0\x1cftyphei": "HEIC",
}
OTHERS = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"PAR1": "Parquet",
    b"SQLite format 3": "SQLite",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\0\x01\0\0Standard": "Access",
    b"OggS": "audio",
    b"ID3": "audio",
}
MARKUP = re.compile(
    rb"[\s\xef\xbb\xbf\xff\xfe]*(?:<!doctype html|<html|<table|<meta|<head|<style|<body|<div"
    rb"|<\?xml[^>]*>.{0,300}<(?:html|workbook))",
    re.IGNORECASE | re.DOTALL,
)
JSON = re.compile(rb"[\s\xef\xbb\xbf]*(?:\[\s*)?\{\s*\"[^\"]*\"\s*:")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_file(path: Path, *, name: str = "", max_bytes: int = MAX_BYTES) -> Book:
    """Read the outlines of a file: its format, its sheets, where their headings are. Rows are read by
    `Sheet.rows`.

    name: what to call the file in messages (a dropped file has another name on disk). max_bytes: unpacked
    size allowed.
    Raises Unreadable, and nothing else, for whatever is wrong with the file.
    """
    name = name or path.name
    source = find_source(path, name=name, max_bytes=max_bytes)
    head = source.head()
    if not head:
        raise Unreadable("empty", name=name)
    _refuse_known_others(head, name)
    if head.startswith((b"PK", OLE)):
        from .workbook import (
            read_old_workbook,
            read_workbook,
        )  # loads the reader, of which most commands have no need

        return (
            read_old_workbook(source) if head.startswith(OLE) else read_workbook(source, _zip_format(source))
        )
    if MARKUP.match(head.replace(b"\0", b"")[:4096]):
        return read_markup(source)
    if _looks_like_cards(head):
        return read_cards(source)
    return _read_delimited(source)


def _refuse_known_others(head: bytes, name: str) -> None:
    for magic, kind in IMAGES.items():
        if head.startswith(magic) and not (magic == b"BM" and head[:64].isascii() and b"\0" not in head[:64]):
            raise Unreadable("image", name=name, kind=kind)
    for magic, kind in OTHERS.items():
        if head.startswith(magic):
            raise Unreadable("not_a_table", name=name, kind=kind)
    if JSON.match(head):
        raise Unreadable("not_a_table", name=name, kind="JSON")
    if re.match(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<svg", head, re.DOTALL):
        raise Unreadable("image", name=name, kind="SVG")


def _zip_format(source: Source) -> str:
    """xlsx or ods; Unreadable names what else it is."""
    with open_zip(source.seekable(), source.name) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return "xlsx"
        mime = _mimetype(archive, source.name) if "mimetype" in names else b""
    if b"opendocument.spreadsheet" in mime:
        return "ods"
    kinds = {
        "xl/workbook.bin": "binary Excel (.xlsb)",
        "word/document.xml": "Word",
        "ppt/presentation.xml": "PowerPoint",
        "Index/Document.iwa": "Numbers",
    }
    kind = next((kinds[part] for part in kinds if part in names), "OpenDocument" if mime else "ZIP")
    raise Unreadable("not_a_table", name=source.name, kind=kind)


def _mimetype(archive: ZipFile, name: str) -> bytes:
    try:
        with archive.open("mimetype") as stream:
            return stream.read(200)
    except DAMAGED as error:
        raise Unreadable("damaged", name=name) from error


def _looks_like_cards(head: bytes) -> bool:
    return bool(re.match(rb"[\s\0\xef\xbb\xbf\xff\xfe]*begin:vcard", head.replace(b"\0", b""), re.IGNORECASE))


def _read_delimited(source: Source) -> Book:
    fitted = understand(source)
    for _ in range(2):  # quotes are read better once the width is known, and the width once the quotes are
        outline = find_outline(list(islice(fitted.rows(ignore), SAMPLE_LINES)))
        if len(outline.columns) > MAX_COLUMNS:
            raise Unreadable("too_many_columns", name=source.name, limit=MAX_COLUMNS)
        width = outline.named if outline.header_row else len(outline.columns)
        fitted = replace(fitted, dialect=replace(fitted.dialect, width=width))
    fitted = replace(fitted, dialect=replace(fitted.dialect, width=len(outline.columns)))
    sheet = Sheet("", outline.header_row, outline.columns, partial(_rows, fitted, outline))
    problems = [] if sheet.header_row else [Problem(0, "no_header")]
    return Book(source.name, "csv", [sheet], fitted.encoding.name, fitted.dialect.delimiter, problems)


def _rows(understood: Delimited, outline: Outline, report: Report) -> Iterator[Row]:
    def below_heading(problem: Problem) -> None:
        if problem.row > outline.header_row:
            report(problem)

    return data_rows(understood.rows(below_heading), outline, report)
