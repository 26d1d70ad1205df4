"""Tables in mark-up: the "Excel" files of web programs, which are HTML, and Excel's own XML of 2003."""

import re
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser

from kartoteka.intake.files.book import NOTHING, Book, Cell, DateText, Report, Row, Sheet
from kartoteka.intake.files.encoding import find_encoding
from kartoteka.intake.files.header import Outline, data_rows, find_outline, padded
from kartoteka.intake.files.source import MB, Source
from kartoteka.intake.files.unreadable import Problem, Unreadable

MAX_MARKUP = 128 * MB
MAX_COLUMNS = 2000
MAX_SPAN = MAX_COLUMNS + 1
SAMPLE_ROWS = 400
CELLS, ROWS = ("td", "th", "cell"), ("tr", "row")


def read_markup(source: Source) -> Book:
    """The tables of an HTML page or an Excel 2003 XML. Raises Unreadable: too large, too wide, no table in it."""
    encoding = find_encoding(source)
    reader = Tables(source.name)
    reader.feed(source.whole(MAX_MARKUP).decode(encoding.name, "replace"))
    reader.close()
    sheets = [_sheet(name, rows) for name, rows in reader.tables if len(rows) > 1]
    if not sheets:
        raise Unreadable("not_a_table", name=source.name, kind="web page or XML")
    problems = [] if sheets[0].header_row else [Problem(0, "no_header")]
    return Book(source.name, "html" if reader.is_html else "xml", sheets, encoding.name, problems=problems)


def _sheet(name: str, rows: list[Row]) -> Sheet:
    outline = find_outline(rows[:SAMPLE_ROWS])
    return Sheet(name, outline.header_row, outline.columns, partial(_rows, rows, outline))


def _rows(rows: list[Row], outline: Outline, report: Report) -> Iterator[Row]:
    return data_rows(padded(rows, len(outline.columns)), outline, report)


class Tables(HTMLParser):
    """Collects the rows of every table; a table within a cell is text of that cell."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[str, list[Row]]] = []
        self.is_html = False
        self._name = name
        self._sheet = ""
        self._depth = 0
        self._row: list[Cell] | None = None
        self._below: dict[
            int, tuple[int, Cell]
        ] = {}  # column -> rows still covered by a cell above, its text
        self._text: list[str] | None = None
        self._cell: dict[str, str | None] = {}
        self._type = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name.removeprefix("ss:"): value for name, value in attrs}
        if tag == "worksheet":
            self._sheet = given.get("name") or ""
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append((self._sheet, []))
        elif self._depth == 1 and tag in ROWS:
            self.is_html = self.is_html or tag == "tr"
            self._end_row()
            self._begin_row(
                int(index) if (index := given.get("index") or "").isdecimal() and len(index) < 8 else 0
            )
        elif self._depth == 1 and tag in CELLS:
            self._end_cell()
            self._cell, self._text, self._type = given, [], ""
        elif tag == "data":
            self._type = given.get("type") or ""
        elif tag in ("br", "p", "div") and self._text:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._depth:
            if self._depth == 1:
                self._end_row()
                self._below = {}
            self._depth -= 1
        elif self._depth == 1 and tag in CELLS:
            self._end_cell()
        elif self._depth == 1 and tag in ROWS:
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(re.sub(r"\s+", " ", data) if self.is_html else data)

    def _begin_row(self, index: int) -> None:
        rows = self.tables[-1][1]
        number = rows[-1][0] + 1 if rows else 1
        self._row = []
        rows.append((max(number, index), self._row))

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            for column in sorted(column for column in self._below if column >= len(self._row)):
                self._row.extend([None] * (column - len(self._row)))
                self._take_from_above()
        self._row = None

    def _end_cell(self) -> None:
        """Put the cell in its column: after those covered from above, or where its index says."""
        if self._text is None:
            return
        value, given = self._value("".join(self._text)), self._cell
        self._text = None
        if self._row is None:
            self._begin_row(0)
        assert self._row is not None
        while len(self._row) in self._below:
            self._take_from_above()
        self._row.extend([None] * (_count(given.get("index"), 0) - 1 - len(self._row)))
        across = max(_count(given.get("colspan"), 1), _count(given.get("mergeacross"), 0) + 1)
        down = max(_count(given.get("rowspan"), 1), _count(given.get("mergedown"), 0) + 1)
        if down > 1:
            self._below[len(self._row)] = (down - 1, value)
        self._row.extend([value, *[None] * (across - 1)])
        if len(self._row) > MAX_COLUMNS:
            raise Unreadable("too_many_columns", name=self._name, limit=MAX_COLUMNS)

    def _take_from_above(self) -> None:
        """The text of a cell that reaches down from a row above."""
        assert self._row is not None
        rows, text = self._below.pop(len(self._row))
        if rows > 1:
            self._below[len(self._row)] = (rows - 1, text)
        self._row.append(text)

    def _value(self, text: str) -> Cell:
        text = "\n".join(line.strip() for line in text.splitlines()).strip()
        if self._type == "DateTime":
            return DateText(text.removesuffix("T00:00:00.000").split(".")[0].replace("T", " "))
        if self._type == "Number" and text.endswith(".0"):
            text = text[:-2]
        return None if text in NOTHING else text


def _count(text: str | None, default: int) -> int:
    """An index or a span; wild ones are cut where they will be refused, or do no harm."""
    return min(int(text), MAX_SPAN) if text and text.isdecimal() and len(text) < 10 else default
