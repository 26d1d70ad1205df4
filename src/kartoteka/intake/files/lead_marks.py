"""The marks that Meta puts before numbers in the file of a lead form, so that no spreadsheet takes them for numbers.

`l:` stands before a lead's id, `p:` before a phone, `z:` before a postcode; `ag:`, `as:`, `c:` and `f:` before the ids
of ad, ad set, campaign and form. Without them a lead has the same id as Meta's webhook tells.
"""

import re
from collections.abc import Callable, Sequence

from .book import Cell
from .headings import fold

_SIGNS = frozenset(map(fold, ("created_time", "form_id", "is_organic", "platform")))
_MARK = re.compile(r"(?:l|p|z|ag|as|c|f):(?=[+\d(])")


def unmarked(columns: Sequence[str]) -> Callable[[list[Cell]], list[Cell]] | None:
    """What takes the marks off the cells of a row, where the columns are those of a lead form's file; else None."""
    return _without if set(map(fold, columns)) >= _SIGNS else None


def _without(cells: list[Cell]) -> list[Cell]:
    return [
        cell[mark.end() :] if isinstance(cell, str) and (mark := _MARK.match(cell)) else cell
        for cell in cells
    ]
