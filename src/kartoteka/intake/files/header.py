"""Where a table begins: the heading among title rows and blank rows, and the rows further down that are no
data.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kartoteka.intake.files.book import Cell, Report, Row
from kartoteka.intake.files.headings import fold, meaning
from kartoteka.intake.files.lead_marks import unmarked
from kartoteka.intake.files.unreadable import Problem

LOOK = 60  # rows in which a heading is looked for
TYPED = [
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.\w+")),
    ("date", re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ T].*)?|--?\d\d-\d\d")),
    ("phone", re.compile(r"\+?[\d ()./-]{7,20}")),
    ("number", re.compile(r"[-+]?[\d.,\s]*\d%?")),
    ("code", re.compile(r"(?=.*\d)[\w./-]{2,20}")),
]
#: What programs call a column that nobody named.
UNNAMED = re.compile(
    r"(?i:field|column|col|unnamed|kolumna|pole|feld|spalte|kolom|lajur|medan|sarake|kenttä|hanay)[ _:]*(\d+|[a-z])"
)
MACHINE_NAME = re.compile(rf"[a-z][a-z0-9]*(_[a-z0-9]+)+|[a-z]+[A-Z]\w*|{UNNAMED.pattern}")
TOTAL = re.compile(
    r"(grand )?total|totals|sum|subtotal|razem|suma|ogółem|łącznie|podsumowanie|do przeniesienia|z przeniesienia"
    r"|summe|gesamt|zwischensumme|insgesamt|yhteensä|summa|totaal|subtotaal|kabuuan|jumlah( besar| keseluruhan)?",
    re.IGNORECASE,
)
FOOTER = re.compile(
    r"(strona|str\.?|page|seite|sivu|bladsy|pahina|halaman|muka surat)\s*\d+(\s*(/|z|of|von|van|ng|dari)\s*\d+)?"
    r"|(koniec|end of|ende|loppu)\b.{0,30}"
    r"|(wygenerowano|wydrukowano|generated|printed|exported|erstellt am|gedruckt|tulostettu|dijana|dicetak)\b.{0,60}",
    re.IGNORECASE,
)
COUNTED = re.compile(
    rf"(?:{TOTAL.pattern})(?::\s*|\s+[-–=]?\s*)\d[\d\s.,]*(?:\s?[^\W\d]+\.?){{0,2}}", re.IGNORECASE
)  # in one cell: "Total: 6 customers"
NUMERIC = re.compile(r"[-+]?[\d\s.,]*\d\s*(?:%|[^\W\d]{1,3})?")


@dataclass(frozen=True, slots=True)
class Outline:
    """Where a table's heading is (header_row 0: nowhere), what stands there, and the columns' unique names."""

    header_row: int
    header: list[Cell]
    columns: list[str]

    @property
    def named(self) -> int:
        """How many columns the heading names (unnamed ones beyond may follow)."""
        return max((place + 1 for place, cell in enumerate(self.header) if cell), default=1)


def find_outline(first: list[Row]) -> Outline:
    """The outline of a table, told by its first rows."""
    index = find_header(first)
    header_row, header = first[index] if index >= 0 else (0, [])
    width = 1
    for _, cells in [(header_row, header), *first[index + 1 :]]:
        while len(cells) > width and any(cells[width:]):
            width += 1
    if index >= 0:
        width = _sensible_width(header, [cells for _, cells in first[index + 1 :]], width)
    header = header[:width]
    return Outline(header_row, header, name_columns(header, width))


def _sensible_width(header: list[Cell], below: list[list[Cell]], width: int) -> int:
    """The heading's width, and unnamed columns beyond it only where a good share of the rows uses them."""
    named = max((place + 1 for place, cell in enumerate(header) if cell), default=1)
    used = sum(any(cells[named:]) for cells in below)
    return width if used > 0.1 * len(below) else named


def find_header(rows: list[Row]) -> int:
    """The index among the first rows of the one that is the heading; -1 when the table has none."""
    filled = [(index, cells) for index, (_, cells) in enumerate(rows[:LOOK]) if any(cells)]
    if not filled:
        return -1
    width = max(sum(cell is not None for cell in cells) for _, cells in filled)
    best_score, best = 0.0, -1
    for place, (index, cells) in enumerate(filled[:30]):
        below = [later for _, later in filled[place + 1 :]]
        score = _heading_likeness(cells, below, width)
        if score > best_score + 1e-9:
            best_score, best = score, index
    return best


def _heading_likeness(cells: list[Cell], below: list[list[Cell]], width: int) -> float:
    """0 for a row that cannot be the heading, else more the more it looks like one."""
    texts = [cell for cell in cells if cell]
    if len(texts) < min(2, width) or len(texts) < 0.4 * width:
        return 0.0
    folded = [fold(text) for text in texts]
    if len(set(folded)) < 0.6 * len(folded) or any(len(text) > 80 for text in texts):
        return 0.0
    known = sum(bool(meaning(text).field) and not _typed(text) for text in texts)
    typed = sum(bool(_typed(text)) and not UNNAMED.fullmatch(text) for text in texts)
    exact = sum(meaning(text).confidence >= 0.75 for text in texts if not _typed(text))
    if exact >= 2 or (exact == 1 and len(texts) <= 2 and width <= 2 and not typed):
        share = (known + exact) / (2 * len(texts))
        return 2.0 + share + 0.5 * len(texts) / width - typed / len(texts) if share > 0.2 else 0.0
    if typed > 0.25 * len(texts) or not below:
        return 0.0
    return _contrast(cells, below) * len(texts) / width


def _contrast(cells: list[Cell], below: list[list[Cell]]) -> float:
    """The share of columns whose values are of one type where the heading is not, or never repeat the
    heading.
    """
    telling = agreeing = machine = 0
    for column, text in enumerate(cells):
        values = [row[column] for row in below if column < len(row) and row[column]]
        if not text or not values:
            continue
        types = [_typed(value or "") for value in values]
        common = max(set(types), key=types.count)
        if common and types.count(common) > 0.7 * len(types):
            telling += 1
            agreeing += _typed(text) != common
        machine += bool(MACHINE_NAME.fullmatch(text))
    if machine >= 2:
        return 1.5
    return agreeing / telling if telling and agreeing >= 0.7 * telling else 0.0


def _typed(text: str) -> str:
    text = text.strip()
    return next((name for name, pattern in TYPED if pattern.fullmatch(text)), "")


def name_columns(cells: list[Cell], width: int) -> list[str]:
    """Heading texts made unique; a blank one becomes "Column C", a second "Phone" becomes "Phone 2"."""
    names: list[str] = []
    taken: set[str] = set()
    for index in range(max(width, len(cells))):
        given = cells[index] if index < len(cells) else None
        name = base = " ".join(given.split())[:200] if given else f"Column {letters(index)}"
        count = 2
        while name.casefold() in taken:
            name, count = f"{base} {count}", count + 1
        taken.add(name.casefold())
        names.append(name)
    return names


def letters(index: int) -> str:
    """A column's letters in a spreadsheet: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def padded(rows: Iterable[Row], width: int) -> Iterator[Row]:
    """Rows with at least `width` cells, and beyond them none that is empty."""
    for number, cells in rows:
        if len(cells) != width:
            while len(cells) > width and cells[-1] is None:
                cells.pop()
            cells.extend([None] * (width - len(cells)))
        yield number, cells


def data_rows(rows: Iterable[Row], outline: Outline, report: Report) -> Iterator[Row]:
    """The rows below the heading, without blank ones, repeated headings, totals and page footers."""
    header, header_row = outline.header, outline.header_row
    first = next((cell for cell in header if cell), None)
    place = header.index(first) if first else 0
    unmark = unmarked(outline.columns)
    for number, cells in rows:
        if number <= header_row or not any(cells):
            continue
        if first is not None and cells[place] == first and _same(cells, header):
            report(Problem(number, "repeated_header"))
        elif code := _aside(cells):
            report(Problem(number, code))
        else:
            yield number, unmark(cells) if unmark else cells


def _same(cells: list[Cell], header: list[Cell]) -> bool:
    filled = len(header) - header.count(None)
    agreeing = sum(cell is not None and cell == heading for cell, heading in zip(cells, header, strict=False))
    return filled > 1 and agreeing >= 0.8 * filled


def _aside(cells: list[Cell]) -> str:
    """Whether a row is no customer but a total or a page footer: the code of what to say, or ""."""
    texts = list(filter(None, cells))
    if len(texts) > 0.7 * len(cells) + 1:
        return ""
    if TOTAL.fullmatch(texts[0].rstrip(": ")) and all(map(NUMERIC.fullmatch, texts[1:])):
        return "total"
    if len(texts) == 1 and len(cells) > 1 and COUNTED.fullmatch(texts[0]):
        return "total"
    if len(texts) == 1 and len(cells) > 1 and FOOTER.fullmatch(texts[0]):
        return "footer"
    return ""
