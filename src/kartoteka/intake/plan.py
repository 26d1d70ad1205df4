"""The survey of a whole file before its rows are understood: how many there are, and what a column says as a whole."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kartoteka.standard import dates

from .files import Book, Sheet, row_voices, shared_keys
from .files.book import Cell, DateText
from .files.fields import Target, target
from .models import Import
from .row import Plan, Raw

# Of a long column so many different cells tell its order of day and month.
_CELLS = 5000
_KEYS = 20_000
# Where a file is at home is heard from its first rows and then from every so many.
_HEARD = 1000
_EVERY = 20
_FAIR_PART = 0.02


@dataclass(frozen=True)
class Survey:
    """The sheets to be read, each with its plan, and the number of rows in all."""

    plans: Sequence[tuple[Sheet, Any]]
    rows: int


def still_to_do(file_import: Import, found: Survey) -> Iterator[tuple[Sheet, Any, int]]:
    """The sheets that are still to be read, each with its plan and the row behind which the import stands."""
    file_import.rows = found.rows
    Import.objects.filter(pk=file_import.pk).update(rows=found.rows)
    reached = not file_import.sheet and not file_import.row
    for sheet, plan in found.plans:
        behind = 0
        if not reached:
            if sheet.name != file_import.sheet:
                continue
            reached, behind = True, file_import.row
        yield sheet, plan, behind


def rows_behind(sheet: Sheet, row: int) -> Iterator[Raw]:
    """The rows of a sheet behind this one."""
    return (each for each in sheet.rows() if each[0] > row)


def used(
    book: Book, file_import: Import
) -> Iterator[tuple[Sheet, Mapping[str, Any], tuple[Target | None, ...]]]:
    """The sheets that are brought in, each with what was said of it and what its columns mean."""
    for sheet in book.sheets:
        mapping = file_import.mapping.get(sheet.name)
        if mapping and mapping["use"]:
            yield sheet, mapping, tuple(target(field) if field else None for field in mapping["fields"])


def survey(book: Book, file_import: Import) -> Survey:
    """Read the file once through, and plan how to understand it."""
    plans, total = [], 0
    for sheet, mapping, targets in used(book, file_import):
        plan = Plan(
            columns=tuple(sheet.columns),
            targets=targets,
            country=file_import.country,
            language=file_import.language,
            orders={int(place): order for place, order in mapping.get("orders", {}).items()},
        )
        rows, plan = _look_through(sheet, plan)
        total += rows
        plans.append((sheet, plan))
    return Survey(plans, total)


def _look_through(sheet: Sheet, plan: Plan) -> tuple[int, Plan]:
    births = [place for place, each in enumerate(plan.targets) if each and each.base == "birth"]
    keys = [place for place, each in enumerate(plan.targets) if each and each.base == "key"]
    names = [
        place for place, each in enumerate(plan.targets) if each and each.base in ("name", "given", "family")
    ]
    cells: dict[int, set[str]] = defaultdict(set)
    named: list[tuple[str, str]] = []
    rows = 0
    voices: dict[str, float] = defaultdict(float)
    for _row, row in sheet.rows():
        rows += 1
        if rows % _EVERY == 1 or rows < _HEARD:
            _hear(voices, plan, row)
        for place in births:
            text = row[place]
            if text and not isinstance(text, DateText) and len(cells[place]) < _CELLS:
                cells[place].add(text)
        if keys and row[keys[0]] and len(named) < _KEYS:
            named.append((str(row[keys[0]]), " ".join(row[place] or "" for place in names)))
    plan = replace(plan, homes=_homes(voices))
    orders = dict(plan.orders)
    for place, some in cells.items():
        orders[place] = dates.order_of(sorted(some), country=plan.country) or orders.get(place, "")
    # One key on different people would make them one customer: such a key is only kept; where there are many, the column.
    shared = shared_keys(named)
    if sum(key in shared for key, _who in named) > len(named) / 10:
        return rows, replace(plan, targets=_without(plan.targets, keys), orders=orders)
    return rows, replace(plan, orders=orders, shared=frozenset(shared))


def _hear(voices: dict[str, float], plan: Plan, row: Sequence[Cell]) -> None:
    """Add the country a row speaks for, if it speaks for one."""
    cells = [(each.key, cell) for each, cell in zip(plan.targets, row, strict=False) if each and cell]
    heard = row_voices(cells)
    if heard:
        best = max(heard.values())
        loudest = [country for country, voice in heard.items() if voice == best]
        for country in loudest:
            voices[country] += 1 / len(loudest)


def _homes(voices: dict[str, float]) -> dict[str, float]:
    """The countries that a fair part of the rows speaks for, with their shares."""
    whole = sum(voices.values())
    return {country: voice / whole for country, voice in voices.items() if voice > _FAIR_PART * whole}


def _without(targets: Sequence[Target | None], places: Sequence[int]) -> tuple[Target | None, ...]:
    return tuple(None if place in places else each for place, each in enumerate(targets))
