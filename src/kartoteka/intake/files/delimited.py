"""Delimited text: which delimiter and quotes a file uses, and its records, told apart even where the
quoting is a mess.
"""

import csv
import io
import math
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import BinaryIO, cast

from kartoteka.intake.files.book import NOTHING, Cell, Report, Row
from kartoteka.intake.files.encoding import Encoding, find_encoding, repaired
from kartoteka.intake.files.source import MAX_LINE, Source
from kartoteka.intake.files.unreadable import Problem, Unreadable

DELIMITERS = [";", ",", "\t", "|", ":", "\x1f", "^", "~"]
LIKELY = {";": 1.0, ",": 1.0, "\t": 1.0, "|": 1.0, ":": 0.5, "\x1f": 1.0, "^": 0.8, "~": 0.8}
SAMPLE_LINES = 400
MAX_COLUMNS = 2000
CELL_LINES = 500  # a quoted cell with more line breaks is taken for a quotation mark gone astray
ESCAPES = re.compile(r'^=?"(.*)"$', re.DOTALL)  # ="0123", Excel's way to keep a zero
STRAY_BYTES = re.compile("[\udc80-\udcff]+")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written. wrapped: each line as a whole stands in quotes once more (saved twice by
    Excel).

    width: cells in most records; ragged: short records are this file's habit; skip: leading lines that are
    no rows.
    """

    delimiter: str
    quote: str = '"'
    wrapped: bool = False
    width: int = 0
    ragged: bool = False
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Delimited:
    """A text file, understood."""

    source: Source
    encoding: Encoding
    dialect: Dialect

    def rows(self, report: Report) -> Iterator[Row]:
        """Every record with its number; blank ones too. A line break inside quotes does not begin a record."""
        with text(self.source, self.encoding) as stream:
            lines = islice(lines_of(stream, self.encoding), self.dialect.skip, None)
            yield from Records(lines, self.dialect, report, self.encoding.fallback)


def understand(source: Source) -> Delimited:
    """Find out encoding and dialect. Raises Unreadable."""
    encoding = find_encoding(source)
    with text(source, encoding) as stream:
        lines = list(islice(lines_of(stream, encoding), SAMPLE_LINES))
    if not any(line.strip("\ufeff\0 \t\r\n") for line in lines):
        raise Unreadable("empty", name=source.name)
    return Delimited(source, encoding, find_dialect(lines))


def text(source: Source, encoding: Encoding) -> io.TextIOWrapper:
    """The file as text; bytes that do not fit come as lone surrogates and are mended record by record."""
    errors = (
        "replace" if encoding.name.startswith("utf-16") or encoding.name == "utf-32" else "surrogateescape"
    )
    return io.TextIOWrapper(cast(BinaryIO, source.open(max_line=MAX_LINE)), encoding.name, errors, newline="")


def lines_of(stream: io.TextIOWrapper, encoding: Encoding) -> Iterator[str]:
    """The lines, with letters that were encoded twice put right."""
    return (repaired(line, encoding.twice) for line in stream) if encoding.twice else iter(stream)


def find_dialect(lines: list[str]) -> Dialect:
    """The dialect under which the lines fall into the most even columns."""
    named = re.fullmatch(r'\ufeff?"?sep=(.)"?', lines[0].rstrip("\r\n"), re.IGNORECASE)
    if named:
        return _measure(lines[1:], Dialect(named[1], skip=1))[1]
    body = "".join(lines)
    quote = (
        "'"
        if '"' not in body and len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n])", body)) > len(lines)
        else '"'
    )
    trials = [Dialect(delimiter, quote) for delimiter in DELIMITERS if delimiter in body]
    if _all_wrapped(lines):
        trials += [replace(trial, wrapped=True) for trial in trials]
    best_score, best = 0.0, Dialect(",", quote, width=1)
    for trial in trials:
        score, measured = _measure(lines, trial)
        if score > best_score:
            best_score, best = score, measured
    return best


def _measure(lines: list[str], dialect: Dialect) -> tuple[float, Dialect]:
    """How evenly the lines divide (0: not at all) and the dialect with its width filled in."""
    records = Records(lines, dialect, lambda _problem: None, "cp1252")
    widths = Counter(len(cells) for _, cells in records if any(cells))
    rows = sum(widths.values())
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0, replace(dialect, width=1)
    width = max(wide, key=lambda each: (wide[each] * min(each, 12), each))
    # Rows that only lack cells at their end are how some programs write, and title rows are short as well.
    full, short = widths[width], sum(count for each, count in widths.items() if each < width)
    longer = rows - full - short
    even = (full + 0.5 * (short - widths[1]) - longer * 0.5) / rows
    score = max(even, 0.0) * math.log2(1 + width) * LIKELY.get(dialect.delimiter, 1.0)
    return score, replace(dialect, width=width, ragged=short > 0.2 * rows)


def _all_wrapped(lines: list[str]) -> bool:
    """Nearly every line begins and ends with a quotation mark: then it may be quoted as a whole."""
    stripped = [line.strip() for line in lines if line.strip()]
    return sum(line[0] == line[-1] == '"' for line in stripped) > 0.8 * len(stripped)


class Records:
    """The records of lines of text, numbered from 1.

    A line without a quotation mark is simply split, which is what most lines are. Others are read strictly;
    where that fails, the ways in which programs and people get quotes wrong are tried, and the row is
    reported.
    """

    def __init__(self, lines: Iterable[str], dialect: Dialect, report: Report, fallback: str) -> None:
        self._lines = iter(lines)
        self._pending: deque[str] = deque()
        self._dialect = dialect
        self._report = report
        self._fallback = fallback

    def __iter__(self) -> Iterator[Row]:
        delimiter, quote = self._dialect.delimiter, self._dialect.quote
        width, wrapped, nothing = self._dialect.width, self._dialect.wrapped, NOTHING
        pending, lines = self._pending, self._lines
        number = 0
        cells: list[Cell]
        while line := (pending.popleft() if pending else next(lines, "")):
            number += 1
            if wrapped:
                line = _unwrap(line)
            given = (
                self._quoted(line, number)
                if quote in line
                else line.rstrip("\r\n").split(delimiter, MAX_COLUMNS)
            )
            if "=" in line or "'" in line or "\0" in line or not (line.isascii() or _is_clean(line)):
                given = self._odd(given, number)
            cells = [None if (cell := each.strip()) in nothing else cell for each in given]
            if len(cells) != width and width:
                self._fit(cells, number)
            yield number, cells

    def _fit(self, cells: list[Cell], number: int) -> None:
        """Drop empty cells beyond the width, fill up a short record, and report what does not fit."""
        width, count = self._dialect.width, len(cells)
        while len(cells) > width and cells[-1] is None:
            cells.pop()
        if len(cells) > width:
            self._report(Problem(number, "long", {"cells": count, "columns": width}))
        elif count < width:
            if count > 1 and not self._dialect.ragged:
                self._report(Problem(number, "short", {"cells": count, "columns": width}))
            cells.extend([None] * (width - count))

    def _odd(self, given: list[str], number: int) -> list[str]:
        """Take out null bytes, Excel's ="0123", the apostrophe that marks text; mend bytes that did not
        decode.
        """
        cells = [_plain_text(cell) for cell in given]
        whole = "".join(cells)
        if not whole.isascii() and STRAY_BYTES.search(whole):
            self._report(Problem(number, "letters"))
            cells = [STRAY_BYTES.sub(self._mend, cell) for cell in cells]
        return cells

    def _mend(self, match: re.Match[str]) -> str:
        return match[0].encode("utf-8", "surrogateescape").decode(self._fallback, "replace")

    def _quoted(self, line: str, number: int) -> list[str]:
        """The cells of a line with quotes in it, taking further lines in when a quoted cell goes on there."""
        cells = self._strict(line)
        if cells is not None and self._fits(cells):
            return cells
        if cells is None and (joined := self._over_lines(line)) is not None:
            return joined
        for read in (self._backslashed, self._spaced, self._tolerant, self._joined, self._plain):
            attempt = read(line)
            if attempt is not None and self._fits(attempt):
                if cells is None:
                    self._report(Problem(number, "quotes"))
                return attempt
        if cells is None:
            self._report(Problem(number, "quotes"))
            return self._tolerant(line)
        return cells

    def _fits(self, cells: list[str]) -> bool:
        return len(cells) == self._dialect.width or not self._dialect.width

    def _strict(self, line: str) -> list[str] | None:
        reader = csv.reader(
            [line], delimiter=self._dialect.delimiter, quotechar=self._dialect.quote, strict=True
        )
        try:
            return next(reader)
        except (csv.Error, StopIteration):
            return None

    def _spaced(self, line: str) -> list[str] | None:
        """Spaces between delimiter and quotation mark: `1, "Doe, Jane", x`."""
        reader = csv.reader(
            [line],
            delimiter=self._dialect.delimiter,
            quotechar=self._dialect.quote,
            strict=True,
            skipinitialspace=True,
        )
        try:
            return next(reader)
        except (csv.Error, StopIteration):
            return None

    def _backslashed(self, line: str) -> list[str] | None:
        """Quotation marks inside written as \\"."""
        if "\\" + self._dialect.quote not in line:
            return None
        reader = csv.reader(
            [line],
            delimiter=self._dialect.delimiter,
            quotechar=self._dialect.quote,
            strict=True,
            doublequote=False,
            escapechar="\\",
        )
        try:
            return next(reader)
        except (csv.Error, StopIteration):
            return None

    def _over_lines(self, line: str) -> list[str] | None:
        """A record whose quoted cell runs over line breaks, or None when the quotation mark is merely
        astray.

        It is astray when the lines do not close it soon, or when each of them would be a full record by
        itself.
        """
        delimiter, quote, width = self._dialect.delimiter, self._dialect.quote, self._dialect.width
        if line.count(quote) % 2 == 0:
            return None
        taken = [line]
        for following in islice(chain(self._drain(), self._lines), CELL_LINES):
            taken.append(following)
            if following.count(quote) % 2:
                break
        whole = "".join(map(_unwrap, taken) if self._dialect.wrapped else taken)
        cells = self._strict(whole) or self._backslashed(whole)
        full_lines = width > 1 and all(each.count(delimiter) >= width - 1 for each in taken if each.strip())
        if cells is None or full_lines or (width and len(cells) > width):
            self._pending.extendleft(reversed(taken[1:]))
            return None
        return cells

    def _drain(self) -> Iterator[str]:
        while self._pending:
            yield self._pending.popleft()

    def _tolerant(self, line: str) -> list[str]:
        """Cells where a quoted one ends only at a quotation mark right before a delimiter or the end of the
        line.

        Doubled and backslashed marks inside count as one. A mark never closed ends at the next delimiter.
        """
        delimiter, quote = self._dialect.delimiter, self._dialect.quote
        rest, cells = line.rstrip("\r\n"), []
        while True:
            start = rest.lstrip(" ") if delimiter != " " else rest
            end = self._closing(start) if start.startswith(quote) else -1
            if end >= 0:
                inner = start[1:end].replace("\\" + quote, quote).replace(quote * 2, quote)
                cells.append(inner)
                rest = start[end + 1 :].lstrip(" ")
                if not rest:
                    return cells
                rest = rest[len(delimiter) :]
                continue
            cell, found, rest = rest.partition(delimiter)
            cells.append(cell.strip().removeprefix(quote).replace(quote * 2, quote))
            if not found:
                return cells

    def _plain(self, line: str) -> list[str]:
        """Every delimiter counts, whatever the quotation marks say."""
        quote = self._dialect.quote
        return [
            cell.strip().removeprefix(quote).removesuffix(quote)
            for cell in line.rstrip("\r\n").split(self._dialect.delimiter)
        ]

    def _joined(self, line: str) -> list[str] | None:
        """As many delimiters taken for text as are too many, within one cell that begins and ends with a
        mark.
        """
        delimiter, quote = self._dialect.delimiter, self._dialect.quote
        pieces = line.rstrip("\r\n").split(delimiter)
        extra = len(pieces) - self._dialect.width
        if extra <= 0 or not self._dialect.width:
            return None
        for start in range(self._dialect.width):
            first, last = pieces[start].lstrip(), pieces[start + extra].rstrip()
            if first.startswith(quote) and last.endswith(quote) and len(last) > 1:
                whole = delimiter.join(pieces[start : start + extra + 1]).strip()[1:-1]
                others = [piece.strip().strip(quote) for piece in pieces]
                return [*others[:start], whole.replace(quote * 2, quote), *others[start + extra + 1 :]]
        return None

    def _closing(self, start: str) -> int:
        """Where the quotation mark that closes the cell at the start of the text stands, or -1."""
        quote = re.escape(self._dialect.quote)
        found = re.search(f"(?<!^){quote}(?= *(?:{re.escape(self._dialect.delimiter)}|$))", start)
        return found.start() if found else -1


def _plain_text(cell: str) -> str:
    cell = cell.replace("\0", "").replace("\ufeff", "")
    if cell[:1] == "=" and (escaped := ESCAPES.match(cell.strip())):
        return escaped[1].replace('""', '"')
    if cell[:1] == "'" and cell[1:2] in "=+-@0123456789" and cell[-1:] != "'":
        return cell[1:]
    return cell


def _is_clean(line: str) -> bool:
    """No lone surrogates (bytes that did not decode) and no byte order mark within."""
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return "\ufeff" not in line


def _unwrap(line: str) -> str:
    stripped = line.rstrip("\r\n")
    if len(stripped) > 1 and stripped[0] == stripped[-1] == '"':
        return stripped[1:-1].replace('""', '"') + line[len(stripped) :]
    return line
