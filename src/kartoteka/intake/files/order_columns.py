"""Which column of a file of orders means what: by what was chosen last time, by the heading, by the content.

The columns that tell of the customer are mapped as in any other file.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from kartoteka.intake.files.book import Cell
from kartoteka.intake.files.content import DATE
from kartoteka.intake.files.fields import ORDER_PARTS, target
from kartoteka.intake.files.headings import fold, words
from kartoteka.intake.files.mapping import ColumnMap, propose

# Of a customer an order can tell all but what is only asked of customers themselves.
_NOT_HERE = ("created", "tags", "note", "website", "handle")
# Content alone says so little here that only these are believed of it.
_BY_CONTENT = ("email", "phone")
# Headings that shops put above their orders, where the same words mean something else elsewhere.
_SHOPIFY = frozenset(("name", "lineitem quantity", "lineitem price"))
_WHOLE = re.compile(r"-?\d{1,5}(?:[.,]0+)?")
_MONEY = re.compile(r"[^\d-]{0,4}-?\d[\d  ]*[.,]\d{1,4}[^\d]{0,4}")


def order_words() -> dict[str, str]:
    """Folded heading -> field key, of what orders alone tell."""
    return words("order_headings")


def is_of_order(field: str | None) -> bool:
    """Whether a field key is one of an order or of its lines."""
    return bool(field) and target(str(field)).base in ORDER_PARTS


def tells_orders(columns: Sequence[str]) -> bool:
    """Whether these headings are those of orders: a number, a date, and an amount or a quantity."""
    said = {order_words().get(fold(each), "") for each in columns}
    return {"order.number", "order.at"} <= said and bool(said & {"line.price", "line.total", "order.total"})


def may_mean(field: str | None, *, of_orders: bool) -> bool:
    """Whether a column may mean this in a file of orders, or in one of customers; "" only keeps it."""
    if not field:
        return True
    return target(field).base not in _NOT_HERE if of_orders else not is_of_order(field)


def propose_orders(
    columns: Sequence[str],
    sample: Sequence[Sequence[Cell]],
    *,
    remembered: dict[str, str] | None = None,
    own: Mapping[str, str] | None = None,
    country: str = "",
) -> list[ColumnMap]:
    """Propose a field for every column of a file of orders. What is given is as for `mapping.propose`.

    A field of the order is given to one column; of several that could be it, the first.
    """
    kept = {fold(heading): key for heading, key in (remembered or {}).items()}
    taken: set[str] = set()
    maps = []
    shop = {fold(each) for each in columns} >= _SHOPIFY
    for each in propose(columns, sample, remembered=remembered, own=own, country=country):
        folded = fold(each.header)
        said = "order.number" if shop and folded == "name" else order_words().get(folded, "")
        if kept.get(folded) and (is_of_order(kept[folded]) or not said):
            found = replace(each, field=kept[folded], how="remembered", confidence=1.0)
        elif said and said not in taken:
            found = replace(each, field=said, how="header", confidence=0.9)
        else:
            found = _of_the_customer(each)
        maps.append(found)
        taken.add(found.field or "")
    return _by_content(_one_key(maps), sample)


def _of_the_customer(each: ColumnMap) -> ColumnMap:
    """What the column says of the customer, where that can be believed in a file of orders."""
    base = target(each.field).base if each.field else ""
    if not base or base in _NOT_HERE or (each.how == "content" and base not in _BY_CONTENT):
        return replace(each, field=None, how="", confidence=0.0)
    return each


def _one_key(maps: list[ColumnMap]) -> list[ColumnMap]:
    keys = [each for each in maps if each.field == "key"]
    best = max(keys, key=lambda each: each.confidence, default=None)
    return [
        replace(each, field=None, how="", confidence=0.0)
        if each.field == "key" and each is not best
        else each
        for each in maps
    ]


def _by_content(maps: list[ColumnMap], sample: Sequence[Sequence[Cell]]) -> list[ColumnMap]:
    """What no heading told, told by the cells: the moment, the number that runs over several lines, quantity and price."""
    known = {each.field for each in maps if each.field}
    values = [[row[each.column] if each.column < len(row) else None for row in sample] for each in maps]

    def free(test: re.Pattern[str]) -> int:
        for place, each in enumerate(maps):
            cells = [cell for cell in values[place] if cell]
            if (
                each.field is None
                and cells
                and sum(bool(test.fullmatch(cell)) for cell in cells) > 0.8 * len(cells)
            ):
                return place
        return -1

    def give(field: str, place: int) -> None:
        if place >= 0:
            maps[place] = replace(maps[place], field=field, how="content", confidence=0.5)
            known.add(field)

    if "order.at" not in known:
        give("order.at", free(DATE))
    if "order.number" not in known:
        give("order.number", _running_column(maps, values))
    if not known & {"line.price", "line.total", "order.total"}:
        give("line.price" if "line.quantity" in known or free(_WHOLE) >= 0 else "order.total", free(_MONEY))
    if "line.price" in known and "line.quantity" not in known:
        give("line.quantity", free(_WHOLE))
    return maps


def _running_column(maps: Sequence[ColumnMap], values: Sequence[Sequence[Cell]]) -> int:
    """The column whose cells are codes that stand in runs, one order behind the other; -1 where there is none."""
    for place, each in enumerate(maps):
        cells = [cell for cell in values[place] if cell]
        if (
            each.field is not None
            or len(cells) < 3
            or not all(re.fullmatch(r"#?[\w/-]*\d[\w/-]*", c) for c in cells)
        ):
            continue
        runs = 1 + sum(one != other for one, other in pairwise(cells))
        if runs == len(set(cells)) < len(cells):
            return place
    return -1
