"""Keyset paging: a page starts behind the last row of the one before, so the thousandth is as quick as the first."""

import base64
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson
from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet

M = TypeVar("M", bound=Model)


_LOST = "This place in the list cannot be found; start from the top."


class BadCursor(ValueError):
    """The place in the list that was asked for cannot be read."""


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of rows, with the cursor of the next page and of the one before ("" when there is none)."""

    rows: list[M]
    after: str
    before: str


def _cursor(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([str(value) for value in values])).decode().rstrip("=")


def _read(cursor: str, parts: int) -> list[str]:
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise BadCursor(_LOST) from error
    if not isinstance(values, list) or len(values) != parts:
        raise BadCursor(_LOST)
    # PostgreSQL holds no text with a null in it, so none of ours has one.
    if not all(isinstance(value, str) and "\x00" not in value for value in values):
        raise BadCursor(_LOST)
    return values


def place_of(row: Model, *, by: str) -> str:
    """The cursor of a row's own place in a list by this column: the page behind it, or in front of it."""
    return _cursor([getattr(row, by), row.pk])


def page(
    rows: QuerySet[M],
    *,
    by: str,
    size: int,
    descending: bool = False,
    after: str = "",
    before: str = "",
) -> Page[M]:
    """`size` rows ordered by the column `by` and then the key, behind `after` or in front of `before`.

    by: a column that is never null. Raises BadCursor for a cursor that was not given out by this function.
    """
    backwards = bool(before)
    falling = descending != backwards
    if cursor := before or after:
        value, key = _read(cursor, 2)
        way = "lt" if falling else "gt"
        try:
            # The first condition lets the index find the place; the second steps over the row itself.
            rows = rows.filter(**{f"{by}__{way}e": value}).filter(
                Q(**{f"{by}__{way}": value}) | Q(**{f"pk__{way}": int(key)})
            )
        except (ValueError, TypeError, ValidationError) as error:
            raise BadCursor(_LOST) from error
    order = (F(by).desc(), F("pk").desc()) if falling else (F(by).asc(), F("pk").asc())
    try:
        found = list(rows.order_by(*order)[: size + 1])
    except OverflowError as error:  # a moment before the first year, once it is turned to UTC
        raise BadCursor(_LOST) from error
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()

    has_next = bool(found) and (more if not backwards else True)
    has_previous = bool(found) and (more if backwards else bool(after))
    return Page(
        rows=found,
        after=place_of(found[-1], by=by) if has_next else "",
        before=place_of(found[0], by=by) if has_previous else "",
    )
