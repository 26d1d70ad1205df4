"""The survey of a whole file before its rows are understood: how many there are, and what a column says as a whole."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kartoteka.standard import dates

from .files import Book, Sheet, key_is_sound
from .files.book import Cell, DateText
from .files.fields import Target, target
from .models import Import
from .understanding import Plan

Raw = tuple[int, list[Cell]]
# Of a long column so many different cells tell its order of day and month.
_CELLS = 5000
_KEYS = 20_000


@dataclass(frozen=True)
class Survey:
    """The sheets to be read, each with its plan, and the number of rows in all."""

    plans: list[tuple[Sheet, Plan]]
    rows: int


def survey(book: Book, file_import: Import) -> Survey:
    """Read the file once through, and plan how to understand it."""
    plans, total = [], 0
    for sheet in book.sheets:
        mapping = file_import.mapping.get(sheet.name)
        if not mapping or not mapping["use"]:
            continue
        targets = tuple(target(field) if field else None for field in mapping["fields"])
        plan = Plan(
            columns=tuple(sheet.columns),
            targets=targets,
            country=file_import.country,
            language=file_import.language,
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
    for _row, row in sheet.rows():
        rows += 1
        for place in births:
            text = row[place]
            if text and not isinstance(text, DateText) and len(cells[place]) < _CELLS:
                cells[place].add(text)
        if keys and row[keys[0]] and len(named) < _KEYS:
            named.append((str(row[keys[0]]), " ".join(row[place] or "" for place in names)))
    orders = {place: dates.order_of(sorted(some), country=plan.country) for place, some in cells.items()}
    targets = plan.targets
    if keys and not key_is_sound(named):
        # One key on different people would make them one customer; such a column is only kept.
        targets = _without(targets, keys)
    return rows, replace(plan, targets=targets, orders=orders)


def _without(targets: Sequence[Target | None], places: Sequence[int]) -> tuple[Target | None, ...]:
    return tuple(None if place in places else each for place, each in enumerate(targets))
