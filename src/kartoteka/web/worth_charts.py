"""What the charts of worth draw, as plain data: charts.js gives it colours. Beside each stands its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from kartoteka.segments.worth.figures import Report
from kartoteka.segments.worth.holdout import GROUPS
from kartoteka.segments.worth.papers import STEPS

_SHADES = 6


def revenue_chart(found: Report) -> dict[str, Any]:
    """Bars of the period, and a line of the one before."""
    return {
        "kind": "bars",
        "labels": [date_format(each.first, "SHORT_DATE_FORMAT") for each in found.steps],
        "series": [
            {"name": _("This period"), "type": "bar", "data": [float(each.revenue) for each in found.steps]},
            {
                "name": _("Compared with"),
                "type": "line",
                "data": [float(each.revenue) for each in found.steps_then[: len(found.steps)]],
            },
        ],
    }


def curve_chart(shape: Mapping[str, Any]) -> dict[str, Any]:
    """Revenue and profit heaped up from the best customer down, in percent."""
    names = (("pareto", _("Revenue")), ("whale", _("Profit")))
    return {
        "kind": "curves",
        "x": _("customers, %"),
        "series": [
            {"name": name, "type": "line", "data": [[100 * x, 100 * y] for x, y in shape[key]["points"]]}
            for key, name in names
            if shape.get(key)
        ],
    }


_SHARES = (1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100)


def curve_rows(shape: Mapping[str, Any]) -> list[tuple[float, float | None, float | None]]:
    """The curves as a table: the share of customers from the best down, and of revenue and profit that they bring."""

    def at(key: str, share: float) -> float | None:
        known = shape.get(key)
        if not known:
            return None
        (x0, y0), (x1, y1) = next(
            (one, other) for one, other in pairwise(known["points"]) if other[0] >= share - 1e-9
        )
        return float(y0 + (y1 - y0) * (share - x0) / (x1 - x0))

    if not (shape.get("pareto") or shape.get("whale")):
        return []
    return [(each / 100, at("pareto", each / 100), at("whale", each / 100)) for each in _SHARES]


def profit_rows(steps: Mapping[str, float] | None) -> list[tuple[Any, float, bool]]:
    """From the full price to the profit: label, money as it is kept, and whether it is the sum."""
    return [(label, steps[key], key == "profit") for key, label in STEPS] if steps else []


def calibration_chart(tested: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Expected beside happened, by repeats so far."""
    if not tested:
        return None
    groups = tested["groups"]
    return {
        "kind": "bars",
        "labels": [f"{each['repeats']}{'+' * (each['repeats'] == GROUPS - 1)}" for each in groups],
        "series": [
            {"name": _("Expected"), "type": "line", "data": [each["expected"] for each in groups]},
            {"name": _("What happened"), "type": "bar", "data": [each["happened"] for each in groups]},
        ],
    }


@dataclass(frozen=True)
class HeatRow:
    """One row of a heat map; a cell is its value and a shade, 0 to 5."""

    head: Any
    cells: Sequence[tuple[float, int]]


def heat(rows: Sequence[Sequence[float]], *, heads: Sequence[Any] | None = None) -> list[HeatRow]:
    """Values with shades by their part of the highest one."""
    highest = max((value for row in rows for value in row), default=0) or 1
    return [
        HeatRow(
            heads[place] if heads else None,
            [(value, min(_SHADES - 1, int(_SHADES * value / highest))) for value in row],
        )
        for place, row in enumerate(rows)
    ]


@dataclass(frozen=True)
class Spark:
    """Small bars without axes. bars: left edge, top and height of each, on a ground of WIDTH by HEIGHT; the last is the
    one that runs. numbers: what they stand for, in words."""

    bars: Sequence[tuple[int, float, float]]
    numbers: str

    WIDTH, HEIGHT, STEP = 96, 24, 8


def spark(numbers: Sequence[int]) -> Spark:
    """The bars of these numbers; one that is not zero is never too small to be seen."""
    highest = max(numbers) or 1
    tall = [max(1.5 if each else 0.5, Spark.HEIGHT * each / highest) for each in numbers]
    bars = [
        (place * Spark.STEP, round(Spark.HEIGHT - each, 1), round(each, 1)) for place, each in enumerate(tall)
    ]
    return Spark(bars, ", ".join(number_format(each, force_grouping=True) for each in numbers))
