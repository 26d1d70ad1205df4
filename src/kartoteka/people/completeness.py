"""How complete a record is: the weights of the fields it has, out of the weights of all that count, in percent."""

from collections.abc import Mapping
from typing import Any

Weights = Mapping[str, int]
# A company's name stands for a person's.
_INSTEAD = {"name": ("company", "given", "family")}
# What is asked of persons only.
_PERSONAL = frozenset({"sex", "birth", "profession"})


def missing_in(values: Mapping[str, Any], weights: Weights) -> list[str]:
    """The fields that count and that the record lacks, the weightiest first."""
    return sorted(_lacking(values, weights), key=lambda key: (-weights[key], key))


def _lacking(values: Mapping[str, Any], weights: Weights) -> list[str]:
    personal = _is_person(values)
    return [
        key
        for key in weights
        if not values.get(key)
        and (personal or key not in _PERSONAL)
        and not (key in _INSTEAD and any(values.get(other) for other in _INSTEAD[key]))
    ]


def _is_person(values: Mapping[str, Any]) -> bool:
    return values.get("kind") in (None, "", "person")


def completeness_of(values: Mapping[str, Any], weights: Weights) -> int:
    """Percent, 0 to 100."""
    whole = sum(weights.values())
    if not _is_person(values):
        whole -= sum(weights.get(key, 0) for key in _PERSONAL)
    if not whole:
        return 100
    lacking = sum([weights[key] for key in _lacking(values, weights)])
    return round(100 * (whole - lacking) / whole)
