"""The figures of worth as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kartoteka.segments.worth.figures import Figures, Report

from .figure_files import handed_out


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
    name = f"{found.period.first}-{found.period.last}"
    return handed_out(name, [(_("Figures"), _figures(found)), (_("Steps"), _steps(found))], kind=kind)
