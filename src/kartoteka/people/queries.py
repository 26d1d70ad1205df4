"""Small questions about the base as a whole."""

from collections.abc import Iterable

from kartoteka.trust.actor import Actor

from .models import Customer
from .veil import veiled


def is_empty() -> bool:
    """Whether the base holds nobody at all."""
    return not Customer.objects.exists()


def named(*, actor: Actor, keys: Iterable[int]) -> dict[int, Customer]:
    """The customers with these keys whom `actor` may see, by key."""
    rows = Customer.objects.visible_to(actor).defer("more").filter(pk__in=list(keys))
    return {each.pk: veiled(each, actor) for each in rows}
