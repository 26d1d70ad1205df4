"""What the owner has set, as far as a customer's row and its words in the index hang on it."""

from functools import cache

from .catalogue import BUILT_IN, OWN_PREFIX
from .models import FieldWeight, OwnField
from .rows import Rules


def rules_now() -> Rules:
    """The rules that hold now."""
    return Rules(weights=weights_now(), hidden=hidden_fields())


def weights_now() -> dict[str, int]:
    """The weight of each field that counts: built in, as the owner changed it, and of own fields."""
    weights = {field.key: field.weight for field in BUILT_IN if field.weight}
    weights.update(FieldWeight.objects.values_list("key", "weight"))
    weights.update({
        OWN_PREFIX + key: weight
        for key, weight in OwnField.objects.filter(weight__gt=0).values_list("key", "weight")
    })  # fmt: skip
    return {key: weight for key, weight in weights.items() if weight}


@cache
def _hidden_built_in() -> frozenset[str]:
    return frozenset(field.key for field in BUILT_IN if field.sensitive)


def hidden_fields() -> frozenset[str]:
    """The fields whose values are not to be found: the sensitive ones."""
    own = OwnField.objects.filter(sensitive=True).values_list("key", flat=True)
    return _hidden_built_in() | {OWN_PREFIX + key for key in own}
