"""The survey of a file of orders before its rows are read: what its amounts, dates and numbers are as a whole."""

import re
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from kartoteka.standard import dates

from .files import Book, Sheet, is_of_order
from .files.book import Cell, DateText
from .files.fields import Target
from .models import Import
from .order_cells import decimal_mark
from .order_reading import OrderPlan
from .plan import Survey, used
from .receiving import CannotImport
from .row import Plan

# So many different cells of a column tell what it is like.
_CELLS = 5000
_AMOUNTS = (
    "line.price", "line.total", "line.discount", "line.tax", "line.cost", "line.quantity", "order.total",
    "order.discount", "order.shipping", "order.tax", "order.paid", "order.refunded",
)  # fmt: skip
_DATES = ("order.at", "order.due_on", "order.paid_at")
_MARKED = re.compile(r"([A-Za-z]{1,3})\d+")
_FEW = 0.5


def must_tell_orders(file_import: Import) -> None:
    """Raise CannotImport unless the columns tell when orders were placed and what they came to."""
    for sheet in file_import.mapping.values():
        if not sheet["use"]:
            continue
        told = set(sheet["fields"])
        if "order.at" not in told:
            text = _("Say which column tells the date of the order: choose “%(field)s” for it.")
            raise CannotImport(text % {"field": "order.at"}, field="fields")
        if not told & {"line.price", "line.total", "order.total"}:
            text = _("Say which column tells the price or the total: choose “%(field)s” for it.")
            raise CannotImport(text % {"field": "line.price / order.total"}, field="fields")


def survey_orders(book: Book, file_import: Import) -> Survey:
    """Read the file once through, and plan how to read its orders."""
    plans, total = [], 0
    for sheet, _mapping, targets in used(book, file_import):
        rows, plan = _look_through(sheet, targets, file_import)
        total += rows
        plans.append((sheet, plan))
    return Survey(plans, total)


def _look_through(
    sheet: Sheet, targets: Sequence[Target | None], file_import: Import
) -> tuple[int, OrderPlan]:
    watched = {
        place: each.key
        for place, each in enumerate(targets)
        if each and each.key in (*_AMOUNTS, *_DATES, "order.number")
    }
    cells: dict[int, set[str]] = {place: set() for place in watched}
    rows = 0
    for _row, row in sheet.rows():
        rows += 1
        for place, some in cells.items():
            cell: Cell = row[place]
            if cell and len(some) < _CELLS and not isinstance(cell, DateText):
                some.add(cell)
    country = file_import.country
    amounts = [cell for place, key in watched.items() if key in _AMOUNTS for cell in sorted(cells[place])]
    numbers = [cell for place, key in watched.items() if key == "order.number" for cell in cells[place]]
    people = Plan(
        columns=tuple(sheet.columns),
        targets=tuple(None if each is None or is_of_order(each.key) else each for each in targets),
        country=country,
        language=file_import.language,
        orders={
            place: dates.order_of(sorted(cells[place]), country=country)
            for place, key in watched.items()
            if key in _DATES
        },
    )
    plan = OrderPlan(tuple(targets), people, file_import.currency)
    return rows, replace(plan, mark=decimal_mark(amounts, country=country), credit=_credit(numbers))


def _credit(numbers: Sequence[str]) -> str:
    """The letters that make a number a cancellation: "C" where some begin with it and most are plain digits."""
    marked = [found[1] for each in numbers if (found := _MARKED.fullmatch(each.removeprefix("#")))]
    plain = sum(each.removeprefix("#").isdecimal() for each in numbers)
    return "C" if "C" in marked and plain > _FEW * len(numbers) else ""
