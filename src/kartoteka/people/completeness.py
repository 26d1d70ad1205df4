"""How complete a record is: the weights of the fields it has, out of the weights of all that count, in percent."""

from collections.abc import Mapping
from typing import Any

from .catalogue import BUILT_IN, OWN_PREFIX
from .models import FieldWeight, OwnField

Weights = Mapping[str, int]
# A company's name stands for a person's.
_INSTEAD = {"name": ("company", "given", "family")}
# What is asked of persons only.
_PERSONAL = frozenset({"sex", "birth", "profession"})


def weights_now() -> dict[str, int]:
    """The weight of each field that counts: built in, as the owner changed it, and of own fields."""
    weights = {field.key: field.weight for field in BUILT_IN if field.weight}
    weights.update(FieldWeight.objects.values_list("key", "weight"))
    weights.update({
        OWN_PREFIX + key: weight
        for key, weight in OwnField.objects.filter(weight__gt=0).values_list("key", "weight")
    })  # fmt: skip
    return {key: weight for key, weight in weights.items() if weight}


def missing_in(values: Mapping[str, Any], weights: Weights) -> list[str]:
    """The fields that count and that the record lacks, the weightiest first."""
    personal = values.get("kind") in (None, "", "person")
    lacking = [
        key
        for key in weights
        if not values.get(key)
        and not any(values.get(other) for other in _INSTEAD.get(key, ()))
        and (personal or key not in _PERSONAL)
    ]
    return sorted(lacking, key=lambda key: (-weights[key], key))


def completeness_of(values: Mapping[str, Any], weights: Weights) -> int:
    """Percent, 0 to 100."""
    personal = values.get("kind") in (None, "", "person")
    whole = sum(weight for key, weight in weights.items() if personal or key not in _PERSONAL)
    if not whole:
        return 100
    lacking = sum(weights[key] for key in missing_in(values, weights))
    return round(100 * (whole - lacking) / whole)
