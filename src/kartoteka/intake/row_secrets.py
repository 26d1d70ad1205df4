"""What stood in sensitive columns of refused or flawed rows, sealed by a key of the row: it is of nobody yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b
from typing import Any

import orjson
from django.db.models import TextField
from django.db.models.functions import Cast, Concat

from kartoteka.kit import bulk
from kartoteka.people.rules import hidden_fields
from kartoteka.trust.personal_keys import MARK, Subject, destroy, is_sealed, open_many, seal_many

from .models import Import, RowProblem
from .way import Told


def subject_of(file_import: int, sheet: str, row: int) -> Subject:
    """Whose key a row has: its own."""
    return Subject("row", f"{file_import}:{row}:{blake2b(sheet.encode(), digest_size=6).hexdigest()}")


def sealed_rows(file_import: Import, told: Told) -> list[tuple[str, str]]:
    """The problems and the cells of each wrong row as JSON text, with what is sensitive sealed; in their order."""
    if not told.wrong:
        return []
    hidden = hidden_fields()
    wanted: list[tuple[Subject, str]] = []
    for each in told.wrong:
        whose = subject_of(file_import.pk, told.sheet, each.row)
        wanted += [(whose, problem["typed"]) for problem in each.problems if _to_seal(problem, hidden)]
        wanted += [(whose, bulk.json(each.cells))] if each.private and each.cells else []
    sealed = iter(seal_many(wanted))
    done = []
    for each in told.wrong:
        shut = [
            {**problem, "typed": next(sealed)} if _to_seal(problem, hidden) else problem
            for problem in each.problems
        ]
        cells = next(sealed) if each.private and each.cells else each.cells
        done.append((bulk.json(shut), bulk.json(cells)))
    return done


def _to_seal(problem: dict[str, str], hidden: Collection[str]) -> bool:
    return bool(problem["typed"]) and problem["field"] in hidden


def open_rows(rows: Sequence[RowProblem], *, cells: bool = False) -> None:
    """Open what is sealed in these rows as they stand in memory: what was typed, and the cells if asked for."""
    sealed = [
        (each, "typed", each["typed"])
        for row in rows
        for each in row.problems
        if is_sealed(each.get("typed"))
    ]
    texts = open_many([text for *_where, text in sealed]) if sealed else []
    for (problem, part, _text), opened in zip(sealed, texts, strict=True):
        problem[part] = opened or ""
    shut = [row for row in rows if cells and is_sealed(row.cells)]
    opened_cells = open_many([str(row.cells) for row in shut]) if shut else []
    for row, text in zip(shut, opened_cells, strict=True):
        row.cells = orjson.loads(text) if text else []


def as_text(row: RowProblem) -> str:
    """All that an opened row says, to look for somebody in it."""
    return bulk.json([row.problems, row.cells])


def destroy_keys_of(rows: Iterable[tuple[int, str, int]]) -> None:
    """Destroy the keys of these rows (import, sheet, row): what copies hold of them cannot be read any more."""
    destroy(subject_of(*each) for each in rows)


def with_text() -> Any:
    """The rows, each with all it says (as it stands in the base) as `text`."""
    text = Concat(Cast("problems", TextField()), Cast("cells", TextField()), output_field=TextField())
    return RowProblem.objects.annotate(text=text)


def sealed_ones() -> Any:
    """The rows in which anything is sealed."""
    return with_text().filter(text__contains=f'"{MARK}')
