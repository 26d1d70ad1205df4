"""Routes of worth: what goes with a product."""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from kartoteka.segments.worth.queries import goes_with
from kartoteka.trust.actor import Right

from .access import Called, route
from .problems import NotFound
from .reading import Text

router = Router(tags=["worth"])


class WishWith(Schema):
    """Which product is asked about."""

    sku: Text = Field(..., description="Its article number.", examples=["COFFEE-250"], max_length=100)


class Goes(Schema):
    """One product that goes with it."""

    sku: str = Field(..., description="Its article number.", examples=["MILK-1"])
    name: str = Field(..., description="Its name.", examples=["Milk"])
    why: Literal["with", "alike"] = Field(
        ..., description="In one basket, or bought by the same customers.", examples=["with"]
    )
    together: int = Field(..., description="Baskets, or customers, with both.", examples=[69])
    support: float = Field(..., description="Their share of all.", examples=[0.007])
    confidence: float = Field(..., description="Of those with the one, the share with both.", examples=[0.43])
    lift: float = Field(..., description="Times as often as by chance.", examples=[3.96])


class GoesWithIt(Schema):
    """What goes with a product, the surest first."""

    products: list[Goes] = Field(..., description="Only what stands in enough baskets and is beyond chance.")


@router.get(
    "/goes-with",
    summary="What goes with a product",
    **route(Right.COUNTS, answer=GoesWithIt, refusals=(404,)),
)
def what_goes_with(request: Called, wish: Query[WishWith]) -> dict[str, Any]:
    """Products bought with this one more often than chance explains, in the last year, as it was last counted."""
    found = goes_with(actor=request.auth, sku=wish.sku)
    if found is None:
        raise NotFound(_("There is no such product."))
    return {
        "products": [
            {
                "sku": each.other.sku,
                "name": each.other.name,
                "why": each.why,
                "together": each.both,
                "support": each.both / each.all,
                "confidence": each.confidence,
                "lift": each.lift,
            }
            for each in found
        ]
    }
