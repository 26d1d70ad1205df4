"""The reports of the site as people read them: a table with its headings, and what its chart draws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.activity import paper
from kartoteka.activity.reports.cohorts import Cohort
from kartoteka.activity.reports.funnels import Funnel, shown
from kartoteka.activity.reports.origins import CAMPAIGN, DIRECT, SITE, Origins
from kartoteka.activity.reports.pages import PageRow
from kartoteka.activity.reports.paths import Paths

from .worth_charts import heat

_BARS = 12
KINDS: dict[str, str | Promise] = {
    CAMPAIGN: gettext_lazy("campaign"),
    SITE: gettext_lazy("other site"),
    DIRECT: gettext_lazy("came by themselves"),
}


@dataclass(frozen=True)
class Table:
    """Headings, each with how its cells are written: "text", "count", "share" (1 for all), "seconds", "money", "day".

    chart: for charts.js, none where the table is its own. shades: for a heat map, of each row from the third column on.
    """

    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Any]]
    chart: dict[str, Any] | None = None
    shades: Sequence[Sequence[int]] = field(default=())

    @property
    def lines(self) -> Iterator[list[tuple[str, Any, int | None]]]:
        """Each row as its cells: how it is written, the value, its shade."""
        ways = [way for _label, way in self.columns]
        for place, row in enumerate(self.rows):
            shades = [None, None, *(self.shades[place] if self.shades else ())]
            yield list(zip(ways, row, [*shades, *[None] * (len(row) - len(shades))], strict=False))

    def on_paper(self, title: str) -> paper.Table:
        """For a file. Seconds are whole there."""
        ways = [way for _label, way in self.columns]
        rows = [tuple(map(_on_paper, ways, row)) for row in self.rows]
        return paper.Table(title, tuple(label for label, _way in self.columns), rows)


def _on_paper(way: str, cell: Any) -> paper.Cell:
    seconds = way == "seconds" and cell is not None
    found: paper.Cell = round(cell) if seconds else cell
    return found


def _bars(rows: Iterable[tuple[str, float]], name: str) -> dict[str, Any]:
    some = list(rows)[:_BARS]
    series = {"name": name, "type": "bar", "data": [value for _label, value in some]}
    return {"kind": "list", "labels": [label for label, _value in some], "series": [series]}


def paths_table(found: Paths) -> Table:
    """From which page to which, at which step."""
    other, ended = _("other pages"), _("left the site")
    rows, links = [], []
    nodes: dict[str, int] = {}
    for each in found.links:
        source = other if each.source is None else each.source
        target = other if each.target is None else each.target or ended
        rows.append((source, target, each.step, each.visits, each.visits / found.visits))
        # A node is a page at a step; charts.js shows what stands behind the line's end.
        one, two = f"{each.step}\n{source}", f"{each.step + 1}\n{target}"
        nodes |= {one: each.step - 1, two: each.step}
        links.append({"source": one, "target": two, "value": each.visits})
    columns = [
        (_("From page"), "text"),
        (_("To page"), "text"),
        (_("Step"), "count"),
        (_("Visits"), "count"),
        (_("Of all visits"), "share"),
    ]
    drawn = [{"name": name, "depth": depth} for name, depth in nodes.items()]
    return Table(columns, rows, {"kind": "paths", "nodes": drawn, "links": links})


def exits_table(found: Sequence[PageRow]) -> Table:
    """On which pages visits end."""
    columns = [
        (_("Page"), "text"),
        (_("Ended here"), "count"),
        (_("Of the visits that saw it"), "share"),
        (_("Visits"), "count"),
        (_("Began here"), "count"),
        (_("Views"), "count"),
    ]
    rows = [(each.page, each.exits, each.exit_share, each.visits, each.entries, each.views) for each in found]
    return Table(columns, rows, _bars(((each.page, each.exits) for each in found), _("Ended here")))


def time_table(found: Sequence[PageRow]) -> Table:
    """How long pages were really visible."""
    columns = [
        (_("Page"), "text"),
        (_("Visible in all"), "seconds"),
        (_("Each time"), "seconds"),
        (_("Views that told it"), "count"),
        (_("Views"), "count"),
    ]
    rows = [(each.page, each.seconds, each.seconds_each, each.timed, each.views) for each in found]
    bars = ((each.page, round((each.seconds_each or 0) / 60, 2)) for each in found)
    return Table(columns, rows, _bars(bars, _("Minutes each time")))


def sharing_table(found: Sequence[PageRow]) -> Table:
    """Which pages lead to sharing."""
    columns = [
        (_("Page"), "text"),
        (_("Shared something afterwards"), "count"),
        (_("Of the visits that saw it"), "share"),
        (_("Visits"), "count"),
        (_("Shared on it"), "count"),
    ]
    rows = [(each.page, each.led, each.led_share, each.visits, each.shares) for each in found]
    bars = ((each.page, each.led) for each in found)
    return Table(columns, rows, _bars(bars, _("Visits that shared something afterwards")))


def origins_table(found: Origins) -> Table:
    """Where visits come from, with what they sold."""
    columns = [
        (_("From where"), "text"),
        (_("How"), "text"),
        (_("Campaign"), "text"),
        (_("Medium"), "text"),
        (_("Visits"), "count"),
        (_("Visitors"), "count"),
        (_("Orders"), "count"),
        (_("Revenue"), "money"),
    ]
    if any(each.unrated for each in found.rows):
        columns.append((_("Orders without a rate, not in the revenue"), "count"))
    rows = []
    bars = []
    for each in found.rows:
        kind = str(KINDS[each.kind])
        numbers = (each.visits, each.visitors, each.orders, each.revenue, each.unrated)
        rows.append((each.source, kind, each.name, each.medium, *numbers)[: len(columns)])
        bars.append((" · ".join(filter(None, (each.source, each.name))) or kind, each.visits))
    return Table(columns, rows, _bars(bars, _("Visits")))


def funnel_table(found: Funnel) -> Table:
    """How many came so far."""
    columns = [
        (_("Step"), "text"),
        (_("Persons"), "count"),
        (_("Of the first step"), "share"),
        (_("Of the step before"), "share"),
    ]
    rows, before = [], 0
    for each in found.stages:
        so_far = each.people / before if before else None
        rows.append((shown(each.what), each.people, found.of_first(each), so_far))
        before = each.people
    series = {"name": _("Persons"), "type": "bar", "data": [row[1] for row in rows]}
    return Table(columns, rows, {"kind": "bars", "labels": [row[0] for row in rows], "series": [series]})


def cohorts_table(found: Sequence[Cohort]) -> Table:
    """Who came again."""
    weeks = max((len(each.returned) for each in found), default=0)
    columns = [(_("First visit in the week of"), "day"), (_("Persons"), "count")]
    columns += [(str(week), "share") for week in range(1, weeks + 1)]
    shares = [[came / each.people for came in each.returned] for each in found]
    rows = [
        (each.monday, each.people, *its, *[None] * (weeks - len(its)))
        for each, its in zip(found, shares, strict=True)
    ]
    return Table(columns, rows, None, [[shade for _value, shade in row.cells] for row in heat(shares)])
