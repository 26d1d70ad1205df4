"""What every file becomes: a book of sheets, a sheet of named columns and numbered rows of text cells."""

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
        streamed; any sheet may be read anew. Raises Unreadable when the file turns out to be damaged
        further on.
        """
        return iter(self.read(report))

    def sample(self, count: int = 1000) -> list[list[Cell]]:
        """The cells of the first rows, cut to the columns: what mapping looks at."""
        width = len(self.columns)
        return [cells[:width] for _, cells in islice(self.rows(), count)]


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
