"""Tests of a column that say their value as a literal: a partial index is not found by a parameter."""

from typing import Any

from django.db.models import CharField, Lookup


@CharField.register_lookup
class Blank(Lookup):
    """`column__blank=True`: the text is empty."""

    lookup_name = "blank"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """SQL of the test."""
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} {'=' if self.rhs else '<>'} ''", tuple(parameters)


@CharField.register_lookup
class Besides(Lookup):
    """`column__besides="word"`: the text is another than this one word of plain letters."""

    lookup_name = "besides"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """SQL of the test. Raises ValueError for anything but such a word."""
        left, parameters = self.process_lhs(compiler, connection)
        if not (isinstance(self.rhs, str) and self.rhs.isascii() and self.rhs.isalpha()):
            raise ValueError(f"{self.rhs!r} is no word")
        return f"{left} <> '{self.rhs}'", tuple(parameters)
