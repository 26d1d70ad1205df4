"""What can be wrong with a file or a row of it, in plain words: every sentence of this package, in one
table.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext, gettext_noop

Param = str | int

#: code -> English text, translated where it is said; `{...}` are the parameters of the finding.
MESSAGES: dict[str, str] = {
    # the whole file
    "empty": gettext_noop(
        "{name} is empty. Save it again in the program it comes from, then drop it here once more."
    ),
    "no_rows": gettext_noop("{name} has no rows under its heading, so there is nothing to bring in."),
    "image": gettext_noop("{name} is a picture ({kind}), not a table. Choose the file with the list itself."),
    "not_a_table": gettext_noop(
        "{name} is a {kind} file. Save the list as Excel (.xlsx) or CSV and drop that here."
    ),
    "binary": gettext_noop(
        "{name} cannot be read as text or as a table. It may be damaged, or of a kind not known here."
    ),
    "damaged": gettext_noop("{name} is damaged and cannot be opened. Save or download it again."),
    "password": gettext_noop(
        "{name} is locked with a password. Save it without the password and drop it here again."
    ),
    "bomb": gettext_noop("{name} would unpack to an unreasonable size, so it was not opened."),
    "too_large": gettext_noop(
        "{name} is larger than the {limit} MB allowed here. Split it into smaller files."
    ),
    "too_many_columns": gettext_noop(
        "{name} has more than {limit} columns, which is too many. Delete those not needed."
    ),
    "mostly_empty": gettext_noop(
        "The sheets of {name} reach out to {cells} cells, nearly all of them empty. "
        "Copy the list alone into a new file."
    ),
    "too_many_cells": gettext_noop(
        "{name} has {cells} cells, more than can be opened at once. Save each sheet as CSV."
    ),
    "long_line": gettext_noop(
        "{name} has a line of more than {limit} MB. It has far too many columns, lacks line breaks, or is no table at all."
    ),
    "several_files": gettext_noop("{name} holds {count} files. Unpack it and drop the files one by one."),
    "not_found": gettext_noop("{name} cannot be found or opened."),
    # one row, or the file in part; reading goes on
    "letters": gettext_noop("Some letters could not be read for sure. Compare them with the original."),
    "quotes": gettext_noop(
        "The quotation marks did not match. The row was read as well as possible: check it."
    ),
    "long": gettext_noop(
        "The row has {cells} cells, but the heading has {columns}. Check that no cell has slipped."
    ),
    "short": gettext_noop(
        "The row has {cells} cells, but the heading has {columns}. Check that no cell is missing."
    ),
    "total": gettext_noop("The row looks like a total, so it was left out."),
    "repeated_header": gettext_noop("The heading is repeated here; the row was left out."),
    "footer": gettext_noop("The row looks like a page footer, so it was left out."),
    "no_header": gettext_noop("No heading was found; the columns were named by their position."),
    "broken_card": gettext_noop("A line of this card could not be read: {line}"),
}


class Unreadable(Exception):
    """A file that cannot be read, said so that a person can act on it.

    code: a key of MESSAGES; params: what the sentence names; message: the sentence in English.
    """

    def __init__(self, code: str, **params: Param) -> None:
        self.code = code
        self.params = params
        self.message = gettext(MESSAGES[code]).format(**params)
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something doubtful about a row (its number as a spreadsheet counts) or, with row 0, about the file."""

    row: int
    code: str
    params: dict[str, Param] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return gettext(MESSAGES[self.code]).format(**self.params)
