"""What every file becomes: a book of sheets, a sheet of named columns and numbered rows of text cells."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from kartoteka.intake.files.unreadable import Problem

Cell = str | None
Row = tuple[int, list[Cell]]
Report = Callable[[Problem], None]

#: Cells in which programs write that there is nothing. What a person may have meant (`-`, `?`) is kept.
NOTHING = frozenset(
    [
        *("", "NULL", "null", "(null)", "\\N", "nan", "NaN", "NaT", "<NA>", "None", "undefined"),
        *("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"),
    ]
)


# Headings under which programs write out how somebody signs in with them, be it hashed: nothing of it is ever taken in.
SECRET = re.compile(
    r"(?:(?:user|customer|account|login|web)?[\s_.-]*(?:password|passwort|passwd|pwd|has[lł]o|salasana|wagwoord|kata[\s_]laluan)"
    r"|user[\s_]?pass|user[\s_]activation[\s_]key)(?:[\s_.-]*(?:hash|salt|digest|token|reset[\s_]key))?",
    re.IGNORECASE,
)


class DateText(str):
    """A cell that came typed as a date from a spreadsheet: ISO text, its order of day and month certain."""

    __slots__ = ()


def ignore(_problem: Problem) -> None:
    """The report of a reader who does not want to hear of problems."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table.

    header_row: the heading's row number as a spreadsheet counts (the first row is 1); 0 when there is none.
    columns: heading texts, unique; "Column C" where the heading is blank.
    """

    name: str
    header_row: int
    columns: list[str]
    read: Callable[[Report], Iterable[Row]]
    hidden: bool = False

    def rows(self, report: Report = ignore) -> Iterator[Row]:
        """Number (as a spreadsheet counts, title and blank rows counted) and cells of every row of data.

        Each row has at least as many cells as there are columns; what lies beyond the heading follows as
        further cells. Blank rows, repeated headings, totals and page footers are left out; `report` hears
        of the latter three and of every doubtful row, just before that row is given. A text file is
        streamed; any sheet may be read anew. Cells of a column of passwords are empty. Raises Unreadable when
        the file turns out to be damaged further on.
        """
        secret = [place for place, heading in enumerate(self.columns) if SECRET.fullmatch(heading.strip())]
        rows = iter(self.read(report))
        return (_emptied(row, secret) for row in rows) if secret else rows

    def sample(self, count: int = 1000) -> list[list[Cell]]:
        """The cells of the first rows, cut to the columns: what mapping looks at."""
        width = len(self.columns)
        return [cells[:width] for _, cells in islice(self.rows(), count)]


def _emptied(row: Row, places: Iterable[int]) -> Row:
    number, cells = row
    for place in places:
        cells[place] = None
    return number, cells


@dataclass(frozen=True, slots=True)
class Book:
    """One file, read. format: csv, xlsx, xls, ods, html, xml, vcard; encoding, delimiter: "" where there are
    none.
    """

    name: str
    format: str
    sheets: list[Sheet]
    encoding: str = ""
    delimiter: str = ""
    problems: list[Problem] = field(default_factory=list)
