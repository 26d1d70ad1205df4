"""What a customer's row says of a sensitive value: that there is one, and no more. Pure: see sealing.py for the rest."""

from collections.abc import Iterable, Mapping
from typing import Any

Values = Mapping[str, Any]

# What stands in a customer's row in the place of a sensitive value.
PRESENT = "•"
EMPTY: tuple[Any, ...] = (None, "", [], {})


def is_private(values: Iterable[str], typed: Iterable[str], hidden: frozenset[str]) -> bool:
    """Whether one of these fields (of values, or typed by their own keys) is among the sensitive ones."""
    return not (hidden.isdisjoint(values) and hidden.isdisjoint(typed))


def marked(values: Values, hidden: frozenset[str]) -> Values:
    """The values as a row may hold them: of a sensitive one only that it is there."""
    if hidden.isdisjoint(values):
        return values
    return {
        key: PRESENT if key in hidden else value
        for key, value in values.items()
        if key not in hidden or value not in EMPTY
    }
