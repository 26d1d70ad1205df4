"""How complete a record is: the weights of the fields it has, out of the weights of all that count, in percent."""

from collections.abc import Mapping
from typing import Any

Weights = Mapping[str, int]
# A company's name stands for a person's.
_INSTEAD = {"name": ("company", "given", "family")}
# What is asked of persons only.
_PERSONAL = frozenset({"sex", "birth", "profession"})
_PERSON = "person"


def missing_in(values: Mapping[str, Any], weights: Weights, *, kind: str) -> list[str]:
    """The fields that count and that the record lacks, the weightiest first. kind: of the customer."""
    return sorted(_lacking(values, weights, kind), key=lambda key: (-weights[key], key))


def _lacking(values: Mapping[str, Any], weights: Weights, kind: str) -> list[str]:
    personal = kind == _PERSON
    return [
        key
        for key in weights
        if not values.get(key)
        and (personal or key not in _PERSONAL)
        and not (key in _INSTEAD and any(values.get(other) for other in _INSTEAD[key]))
    ]


def completeness_of(values: Mapping[str, Any], weights: Weights, *, kind: str) -> int:
    """Percent, 0 to 100. kind: of the customer."""
    whole = sum(weights.values())
    if kind != _PERSON:
        whole -= sum(weights.get(key, 0) for key in _PERSONAL)
    if not whole:
        return 100
    lacking = sum([weights[key] for key in _lacking(values, weights, kind)])
    return round(100 * (whole - lacking) / whole)
