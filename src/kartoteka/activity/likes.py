"""What a customer likes, as far as the site tells: what they look at most, their wish list, what they think of products."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import QuerySet, Sum

from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor

from .event_models import CategoryViews, Favourite, Rating

MOST = 10
Product = TypeVar("Product", Favourite, Rating)


@dataclass(frozen=True)
class Likes:
    """categories: with how often they looked, most first; wishes, ratings: newest first. Ten at most of each."""

    categories: Sequence[tuple[str, int]] = ()
    wishes: Sequence[Favourite] = ()
    ratings: Sequence[Rating] = ()

    def __bool__(self) -> bool:
        return bool(self.categories or self.wishes or self.ratings)


def likes_of(*, actor: Actor, customer: Customer) -> Likes:
    """What this customer likes, whichever of their visitors it was; nothing where `actor` may not open the card."""
    if not Customer.objects.open_to(actor).filter(pk=customer.pk).exists():
        return Likes()
    theirs = {"visitor__identity__customer": customer}
    looked = CategoryViews.objects.filter(**theirs).values_list("category").annotate(times=Sum("views"))
    wishes = Favourite.objects.filter(**theirs, gone_at=None).order_by("-at", "-pk")
    return Likes(
        categories=list(looked.order_by("-times", "category")[:MOST]),
        wishes=_once(wishes),
        ratings=_once(Rating.objects.filter(**theirs).order_by("-at", "-pk")),
    )


def _once(rows: "QuerySet[Product]") -> Sequence[Product]:
    """The newest of each product: somebody on two devices wishes for it once."""
    found: dict[str, Product] = {}
    for each in rows[: MOST * 5]:
        found.setdefault(each.sku, each)
    return list(found.values())[:MOST]
