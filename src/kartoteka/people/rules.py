"""What the owner has set, as far as a customer's row and its words in the index hang on it."""

from functools import cache

from .catalogue import BUILT_IN, OWN_PREFIX
from .models import FieldWeight, OwnField, ShutField
from .rows import Rules


def rules_now() -> Rules:
    """The rules that hold now."""
    return Rules(weights=weights_now(), ages=ages_now(), hidden=hidden_fields())


def weights_now() -> dict[str, int]:
    """The weight of each field that counts: built in, as the owner changed it, and of own fields."""
    weights = {field.key: field.weight for field in BUILT_IN if field.weight}
    weights.update(FieldWeight.objects.values_list("key", "weight"))
    weights.update({
        OWN_PREFIX + key: weight
        for key, weight in OwnField.objects.filter(weight__gt=0).values_list("key", "weight")
    })  # fmt: skip
    return {key: weight for key, weight in weights.items() if weight}


def ages_now() -> dict[str, int]:
    """After how many days the facts of a field are stale, for each field whose facts ever are."""
    ages = {field.key: field.fresh_days for field in BUILT_IN}
    ages.update(FieldWeight.objects.values_list("key", "fresh_days"))
    own = OwnField.objects.filter(fresh_days__gt=0).values_list("key", "fresh_days")
    ages.update({OWN_PREFIX + key: days for key, days in own})
    return {key: days for key, days in ages.items() if days}


@cache
def _hidden_built_in() -> frozenset[str]:
    return frozenset(field.key for field in BUILT_IN if field.sensitive)


def hidden_fields() -> frozenset[str]:
    """The fields whose values are sealed and not to be found: the sensitive ones, also those that left the catalogue."""
    own = OwnField.objects.filter(sensitive=True).values_list("key", flat=True)
    shut = ShutField.objects.values_list("key", flat=True)
    return _hidden_built_in() | {OWN_PREFIX + key for key in own.order_by().union(shut)}
