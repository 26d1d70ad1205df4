"""What worth says, put down as papers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kartoteka.activity.paper import Bars, Cell, Paper, Table, Times
from kartoteka.kit.fixed import from_units
from kartoteka.people.shown import date_shown

from .figures import Figures, Report
from .groups import CELL_NAMES
from .models import GoesWith
from .shapes import Shape


def figures_paper(found: Report, *, whom: str | Promise = "") -> Paper:
    """The figures of a period."""

    def line(label: str, of: Any) -> tuple[Cell, ...]:
        return label, of(found.now), of(found.then)

    names = (
        ("orders", _("Orders")),
        ("active", _("Customers who bought")),
        ("new", _("New")),
        ("returning", _("Returning")),
        ("silent", _("Silent")),
    )
    rows = [
        (_("From"), found.period.first, found.against.first),
        (_("To"), found.period.last, found.against.last),
        line(f"{_('Revenue')} ({found.currency})", lambda each: each.revenue),
        *(line(label, lambda each, name=name: getattr(each, name)) for name, label in names),
        line(f"{_('Basket')} ({found.currency})", _basket),
    ]
    steps = [
        (step.first, step.last, step.revenue, step.orders, before.revenue if before else None)
        for step, before in zip_longest(found.steps, found.steps_then[: len(found.steps)])
    ]
    head = (_("From"), _("To"), f"{_('Revenue')} ({found.currency})", _("Orders"), _("Compared with"))
    return Paper(
        name=f"{found.period.first}-{found.period.last}",
        title=_("Figures"),
        lead=_("%(whom)s, %(first)s to %(last)s")
        % {
            "whom": str(whom or _("Everybody")),
            "first": _day(found.period.first),
            "last": _day(found.period.last),
        },
        tables=(
            Table(_("Figures"), ("", _("This period"), _("Compared with")), rows),
            Table(_("Steps"), head, steps),
        ),
        bars=Bars(
            f"{_('Revenue')} ({found.currency})",
            [_day(each.first) for each in found.steps],
            [each.revenue for each in found.steps],
            [each.revenue for each in found.steps_then[: len(found.steps)]],
        ),
    )


def _basket(each: Figures) -> Decimal | None:
    return None if each.basket is None else round(each.basket, 2)


def _day(day: dt.date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


STEPS = (
    ("sold", _lazy("Sold at the full price")),
    ("discounts", _lazy("Discounts")),
    ("returned", _lazy("Called off, brought back or given back")),
    ("goods", _lazy("What the goods cost us")),
    ("served", _lazy("Cost to serve")),
    ("profit", _lazy("Profit")),
)


def base_paper(stands: Shape, *, whom: str | Promise = "") -> Paper:
    """How the base, or a group, stands: cells, cohorts, and the way from the price to the profit."""
    shape: Mapping[str, Any] = stands.shape
    cells = [(str(label).capitalize(), shape["cells"].get(key, 0)) for key, label in CELL_NAMES.items()]
    months = range(1, max((len(each["active"]) for each in shape["cohorts"]), default=1))
    cohorts = [
        (date_shown(each["label"]), each["size"], *(_share(each, month) for month in months))
        for each in shape["cohorts"]
    ]
    tables = [
        Table(_("Who they are (RFM)"), (_("Cell"), _("Customers")), cells),
        Table(
            _("Who bought again, by months since the first purchase"),
            (_("First purchase"), _("Customers"), *(str(month) for month in months)),
            cohorts,
        ),
    ]
    if profit := shape.get("profit"):
        rows = [(str(label), from_units(round(profit[key]))) for key, label in STEPS]
        tables.append(Table(_("From the price to the profit, in the last year"), ("", _("Money")), rows))
    day = stands.at.date()
    return Paper(
        name=f"base-{day}",
        title=_("The whole base") if not whom else str(whom),
        lead=_("%(count)s who have bought, counted %(day)s")
        % {
            "count": number_format(stands.customers, force_grouping=True),
            "day": _day(day),
        },
        tables=tables,
    )


def baskets_paper(pairs: Sequence[GoesWith], *, whom: str | Promise = "") -> Paper:
    """What goes with what."""
    rows = [
        (
            each.product.name,
            each.other.name,
            each.confidence,
            Times(each.lift),
            each.both,
            each.support,
        )
        for each in pairs
    ]
    head = (_("Who buys"), _("also buys"), _("Confidence"), _("Lift"), _("Together"), _("Support"))
    return Paper(
        name="baskets",
        title=_("What goes with what"),
        lead=str(whom or _("Everybody")),
        tables=(Table(_("What goes with what"), head, rows),),
    )


def _share(cohort: Mapping[str, Any], month: int) -> float | None:
    active = cohort["active"]
    return active[month] / cohort["size"] if month < len(active) else None
