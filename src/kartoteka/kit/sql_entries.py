"""Entries of lists in JSON columns, asked by one of their parts."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, F, Func


class HasPart(Func):
    """Whether an entry of the list under a key of a JSON column has one of these texts as its `part`, in large or small
    letters; with None, whether one has any text there."""

    output_field = BooleanField()

    def __init__(self, column: str, key: str, part: str, some: Sequence[str] | None) -> None:
        super().__init__(F(column))
        self.key, self.part = key, part
        self.some = None if some is None else [each.lower() for each in some]

    def as_sqlite(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        """By json_each."""
        column, params = compiler.compile(self.source_expressions[0])
        told = "lower(json_extract(value, %s))"
        test = f"{told} <> ''" if self.some is None else f"{told} IN ({', '.join(['%s'] * len(self.some))})"
        sql = f"EXISTS(SELECT 1 FROM json_each({column}, %s) WHERE {test})"  # noqa: S608 (marks only)
        return sql, (*params, f'$."{self.key}"', f'$."{self.part}"', *(self.some or ()))

    def as_postgresql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        """By jsonb_array_elements."""
        column, params = compiler.compile(self.source_expressions[0])
        told = "lower(entry ->> %s)"
        test = f"{told} <> ''" if self.some is None else f"{told} = ANY(%s::text[])"
        entries = f"jsonb_array_elements(COALESCE({column} -> %s, '[]'::jsonb))"
        sql = f"EXISTS(SELECT 1 FROM {entries} AS entry WHERE {test})"  # noqa: S608 (marks only)
        return sql, (*params, self.key, self.part, *([] if self.some is None else [self.some]))
