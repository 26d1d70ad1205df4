"""What can be wrong with a file or a row of it, in plain words: every sentence of this package, in one
table.
"""

from dataclasses import dataclass, field

Param = str | int

#: code -> English text. Faces translate by code; `{...}` are the parameters of the finding.
MESSAGES: dict[str, str] = {
    # the whole file
    "empty": "{name} is empty. Save it again in the program it comes from, then drop it here once more.",
    "no_rows": "{name} has no rows under its heading, so there is nothing to bring in.",
    "image": "{name} is a picture ({kind}), not a table. Choose the file with the list itself.",
    "not_a_table": "{name} is a {kind} file. Save the list as Excel (.xlsx) or CSV and drop that here.",
    "binary": "{name} cannot be read as text or as a table. It may be damaged, or of a kind not known here.",
    "damaged": "{name} is damaged and cannot be opened. Save or download it again.",
    "password": "{name} is locked with a password. Save it without the password and drop it here again.",
    "bomb": "{name} would unpack to an unreasonable size, so it was not opened.",
    "too_large": "{name} is larger than the {limit} MB allowed here. Split it into smaller files.",
    "too_many_columns": "{name} has more than {limit} columns, which is too many. Delete those not needed.",
    "mostly_empty": "The sheets of {name} reach out to {cells} cells, nearly all of them empty. "
    "Copy the list alone into a new file.",
    "too_many_cells": "{name} has {cells} cells, more than can be opened at once. Save each sheet as CSV.",
    "long_line": "{name} has a line of more than {limit} MB. It may lack line breaks or be no table at all.",
    "several_files": "{name} holds {count} files. Unpack it and drop the files one by one.",
    "not_found": "{name} cannot be found or opened.",
    # one row, or the file in part; reading goes on
    "letters": "Some letters could not be read for sure. Compare them with the original.",
    "quotes": "The quotation marks did not match. The row was read as well as possible: check it.",
    "long": "The row has {cells} cells, but the heading has {columns}. Check that no cell has slipped.",
    "short": "The row has {cells} cells, but the heading has {columns}. Check that no cell is missing.",
    "total": "The row looks like a total, so it was left out.",
    "repeated_header": "The heading is repeated here; the row was left out.",
    "footer": "The row looks like a page footer, so it was left out.",
    "no_header": "No heading was found; the columns were named by their position.",
    "broken_card": "A line of this card could not be read: {line}",
}


class Unreadable(Exception):
    """A file that cannot be read, said so that a person can act on it.

    code: a key of MESSAGES; params: what the sentence names; message: the sentence in English.
    """

    def __init__(self, code: str, **params: Param) -> None:
        self.code = code
        self.params = params
        self.message = MESSAGES[code].format(**params)
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something doubtful about a row (its number as a spreadsheet counts) or, with row 0, about the file."""

    row: int
    code: str
    params: dict[str, Param] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return MESSAGES[self.code].format(**self.params)
