"""A report as a file: CSV that a spreadsheet opens, or a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from kartoteka.segments.worth.figures import Figures, Report


def _figures(found: Report) -> Iterator[tuple[Any, ...]]:
    def line(label: str, of: Any) -> tuple[Any, ...]:
        return label, of(found.now), of(found.then)

    yield "", _("This period"), _("Compared with")
    yield _("From"), found.period.first, found.against.first
    yield _("To"), found.period.last, found.against.last
    yield line(f"{_('Revenue')} ({found.currency})", lambda each: each.revenue)
    names = (
        ("orders", _("Orders")),
        ("active", _("Customers who bought")),
        ("new", _("New")),
        ("returning", _("Returning")),
    )
    for name, label in (*names, ("silent", _("Silent"))):
        yield line(label, lambda each, name=name: getattr(each, name))
    yield line(_("Basket"), _basket)


def _basket(each: Figures) -> Any:
    return "" if each.basket is None else round(each.basket, 2)


def _steps(found: Report) -> Iterator[tuple[Any, ...]]:
    yield _("From"), _("To"), f"{_('Revenue')} ({found.currency})", _("Orders")
    for each in found.steps:
        yield each.first, each.last, each.revenue, each.orders


def as_file(found: Report, *, kind: str) -> HttpResponse:
    """The report as "csv" or "xlsx"."""
    name = f"{found.period.first}-{found.period.last}.{kind}"
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([*_figures(found), (), *_steps(found)])
        # The mark at the beginning tells spreadsheets that it is UTF-8.
        answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(
            _workbook(found), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _workbook(found: Report) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, rows in ((_("Figures"), _figures(found)), (_("Steps"), _steps(found))):
            sheet = book.add_worksheet(title[:31])
            sheet.set_column(0, 3, 22)
            for place, row in enumerate(rows):
                for column, value in enumerate(row):
                    if hasattr(value, "year"):
                        sheet.write_datetime(place, column, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(place, column, value)
                    else:
                        sheet.write_number(place, column, float(value))
    return out.getvalue()
