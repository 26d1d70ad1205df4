"""A paper as a file: CSV that a spreadsheet opens, a workbook, or PDF.

Texts that a spreadsheet would take for a formula are made harmless.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal

import orjson
import typst
import xlsxwriter
from django.conf import settings
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kartoteka.people.exporting.writing import harmless

from .paper import Bars, Cell, Paper, Table, Times
from .written import money, percent

_SHORT = 12  # what is longer than this is no figure
_WIDE = 8  # from so many columns on the page lies on its side
_PAGE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", flipped: data.wide, margin: 1.8cm, numbering: "1 / 1")
#set text(lang: data.language, size: 9pt)
// A word that is longer than its column may break anywhere.
#show regex("[^\\s\\u{200b}]{24,}"): it => it.text.clusters().join("\\u{200b}")
#show heading: set block(above: 1.4em, below: 0.7em)
= #data.title
#data.lead
#if data.bars != none [
  == #data.bars.title
  #let part = 100% / calc.max(data.bars.now.len(), 1)
  #box(width: 100%, height: 4cm, stroke: (bottom: 0.6pt + luma(120)), {
    for (nr, tall) in data.bars.now.enumerate() {
      place(bottom + left, dx: part * nr, rect(width: part * 0.7, height: 4cm * tall, fill: rgb("#27438a"), stroke: none))
    }
    for (nr, tall) in data.bars.then.enumerate() {
      place(bottom + left, dx: part * nr, dy: -4cm * tall, line(length: part * 0.7, stroke: 1.2pt + rgb("#8f4208")))
    }
  })
  #let bar = box(rect(width: 7pt, height: 6pt, fill: rgb("#27438a"), stroke: none))
  #let dash = box(baseline: -3pt, line(length: 8pt, stroke: 1.2pt + rgb("#8f4208")))
  #text(size: 8pt, fill: luma(90))[
    #data.bars.first #h(1fr) #bar #data.bars.legend.at(0) #h(1em) #dash #data.bars.legend.at(1) #h(1fr) #data.bars.last
  ]
]
#for part in data.tables { block(breakable: part.rows.len() > 12)[
  == #part.title
  #table(
    columns: part.words.map(each => if not each { 1fr } else if part.crowded { 3fr } else { auto }),
    align: (x, y) => if part.words.at(x) { left } else { right },
    stroke: (x, y) => (bottom: 0.4pt + luma(200)), inset: (x: 2pt, y: 4pt),
    table.header(..part.head.map(each => strong(each))),
    ..part.rows.flatten().map(each => [#each]),
  )
] }
"""


def as_csv(paper: Paper) -> bytes:
    """The tables under one another. The mark at the beginning tells spreadsheets that it is UTF-8."""
    text = io.StringIO()
    out = csv.writer(text)
    for place, table in enumerate(paper.tables):
        if place:
            out.writerow(())
        out.writerows([[_harmless(cell) for cell in row] for row in (table.head, *table.rows)])
    return ("\ufeff" + text.getvalue()).encode()


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, Times):
        return round(cell.value, 2)
    return harmless(cell) if isinstance(cell, str) else cell


def as_workbook(paper: Paper) -> bytes:
    """A sheet for each table."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        share = book.add_format({"num_format": "0%"})
        times = book.add_format({"num_format": "0.0"})
        for table in paper.tables:
            sheet = book.add_worksheet("".join(each for each in table.title if each not in "[]:*?/\\")[:31])
            sheet.set_column(0, len(table.head), 20)
            for place, row in enumerate([table.head, *table.rows]):
                for column, value in enumerate(row):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(place, column, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(place, column, harmless(value))
                    elif isinstance(value, Times):
                        sheet.write_number(place, column, value.value, times)
                    elif value is not None:
                        sheet.write_number(
                            place, column, float(value), share if isinstance(value, float) else None
                        )
    return out.getvalue()


def as_pdf(paper: Paper) -> bytes:
    """For people to read and print, in the language that is active."""
    told = {
        "title": paper.title,
        "lead": paper.lead,
        "language": (get_language() or settings.LANGUAGE_CODE)[:2],
        "wide": any(len(table.head) > _WIDE for table in paper.tables),
        "bars": paper.bars and _heights(paper.bars),
        "tables": [
            {
                "title": table.title,
                "head": table.head,
                "words": (words := _words(table)),
                "crowded": sum(words) > 1,
                "rows": [[_written(cell) for cell in row] for row in table.rows],
            }
            for table in paper.tables
        ],
    }
    return bytes(
        typst.compile(_PAGE.encode(), format="pdf", sys_inputs={"data": orjson.dumps(told).decode()})
    )


def _words(table: Table) -> list[bool]:
    """By column, whether it holds words rather than figures, and so stands at the left and needs room."""
    lengths = [
        max((len(cell) for row in table.rows if isinstance(cell := row[place], str)), default=0)
        for place in range(len(table.head))
    ]
    return [not place or length > _SHORT for place, length in enumerate(lengths)]


def _heights(bars: Bars) -> dict[str, object]:
    """Each amount as a part of the highest; what is below nothing stands on the ground."""
    highest = max((*bars.now, *bars.then, Decimal(0))) or Decimal(1)
    return {
        "title": bars.title,
        "first": bars.labels[0] if bars.labels else "",
        "legend": [_("This period"), _("Compared with")],
        "last": bars.labels[-1] if len(bars.labels) > 1 else "",
        "now": [float(max(each, Decimal(0)) / highest) for each in bars.now],
        "then": [float(max(each, Decimal(0)) / highest) for each in bars.then],
    }


def _written(cell: Cell) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, dt.date):
        return date_format(cell, "SHORT_DATE_FORMAT")
    if isinstance(cell, Times):
        return number_format(round(cell.value, 1), decimal_pos=1, force_grouping=True)
    if isinstance(cell, Decimal):
        return money(cell)
    return percent(cell) if isinstance(cell, float) else number_format(cell, force_grouping=True)


# By the ending of the file: how it is written, and what it is.
KINDS: dict[str, tuple[Callable[[Paper], bytes], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": (as_pdf, "application/pdf"),
}
