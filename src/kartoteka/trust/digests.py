"""A table's content as one number, the same on every database and in any order of the rows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from django.db.models import Field, JSONField, Model

_MODULUS = 1 << 128


class Normal:
    """Writes a model's rows in one way, however a database hands the same value out."""

    def __init__(self, model: type[Model]) -> None:
        self._writers: list[Callable[[Any], Any]] = [_writer(field) for field in model._meta.concrete_fields]

    def text(self, row: Sequence[Any]) -> bytes:
        """A row as bytes; two rows have the same exactly when they hold the same."""
        values = [
            None if value is None else write(value) for write, value in zip(self._writers, row, strict=True)
        ]
        return json.dumps(values, sort_keys=True, separators=(",", ":")).encode()


class Digest:
    """Rows added up: the sum of their hashes, so that the order does not matter and a row told twice does."""

    def __init__(self, normal: Normal) -> None:
        self._normal = normal
        self.rows = 0
        self.sum = 0

    def add(self, row: Sequence[Any]) -> None:
        """Count a row in."""
        found = blake2b(self._normal.text(row), digest_size=16).digest()
        self.sum = (self.sum + int.from_bytes(found, "big")) % _MODULUS
        self.rows += 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Digest) and (self.rows, self.sum) == (other.rows, other.sum)

    __hash__ = None  # type: ignore[assignment]


def _writer(field: Field[Any, Any]) -> Callable[[Any], Any]:
    return same_number if isinstance(field, JSONField) else _plain


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)


def same_number(value: Any) -> Any:
    """PostgreSQL keeps 1e3 as 1000: a number is the same whether it was written as a float or not."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: same_number(each) for key, each in value.items()}
    if isinstance(value, list):
        return [same_number(each) for each in value]
    return value
