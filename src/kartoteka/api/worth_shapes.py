"""What routes of worth ask and answer."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

from ninja import Field, Schema

from kartoteka.segments.worth.periods import Against

from .customer_shapes import Summary
from .imports import Paging
from .reading import Day, Parameters, Text

_GROUP: Any = Field(
    "",
    description="Only of these customers: group:12 (the number of a group), level:A, frequency:regular, silent:yes, "
    "cell:champions.",
    examples=["level:A"],
    max_length=40,
)


class WishOfGroup(Parameters):
    """Of whom."""

    group: Text = _GROUP


class WishFigures(WishOfGroup):
    """Which days, of whom, beside which others."""

    first: Day = Field(
        ..., alias="from", description="The first day, by the business's calendar.", examples=["2026-05-01"]
    )
    last: Day = Field(..., alias="to", description="The last day.", examples=["2026-05-31"])
    against: Against = Field(
        Against.BEFORE, description="Compared with as many days before, a month before, or a year before."
    )


class WishSilent(Paging):
    """Of whom, and which page."""

    group: Text = _GROUP


class WishPairs(Paging):
    """Of whom, which kind, and which page."""

    group: Text = _GROUP
    why: Literal["with", "alike"] = Field(
        "with", description="In one basket, or bought by the same customers.", examples=["with"]
    )


class FiguresOut(Schema):
    """What was sold in a period. Money in the business's currency."""

    revenue: Decimal = Field(
        ..., description="What was sold, less what was taken back.", examples=["1250.50"]
    )
    orders: int = Field(..., description="Sales.", examples=[40])
    nameless: int = Field(..., description="Sales to nobody known; of the whole base only.", examples=[3])
    unrated: int = Field(..., description="Orders without a rate: not in the revenue.", examples=[0])
    active: int = Field(..., description="Customers who bought.", examples=[31])
    new: int = Field(..., description="Customers who bought for the first time.", examples=[9])
    returning: int = Field(..., description="Customers who had bought before.", examples=[22])
    silent: int = Field(..., description="Who had bought before and did not now.", examples=[400])
    basket: Decimal | None = Field(..., description="What a sale brings in the mean.", examples=["31.26"])


class StepOut(Schema):
    """One day, week or month of the period."""

    first: dt.date = Field(..., description="Its first day.")
    last: dt.date = Field(..., description="Its last day.")
    revenue: Decimal = Field(..., description="What was sold in it.")
    orders: int = Field(..., description="Sales.")


class FiguresReport(Schema):
    """A period beside another."""

    currency: str = Field(..., description="Of all money here, ISO 4217.", examples=["EUR"])
    now: FiguresOut = Field(..., description="The period asked for.")
    then: FiguresOut = Field(..., description="The period it is compared with.")
    then_first: dt.date = Field(..., description="The first day of that one.")
    then_last: dt.date = Field(..., description="The last day of that one.")
    steps: list[StepOut] = Field(..., description="The period step by step.")


class CohortOut(Schema):
    """Who bought first in one month or quarter."""

    label: str = Field(..., description="Which.", examples=["2026-05"])
    size: int = Field(..., description="Customers.", examples=[120])
    active: list[int] = Field(..., description="Of these, who bought in it, in the month after, and so on.")


class BaseOut(Schema):
    """How the base, or a group, stands."""

    counting: bool = Field(
        ..., description="A large group is being counted for the first time; ask again in a moment."
    )
    counted_at: dt.datetime | None = Field(..., description="When it was counted; null: not yet.")
    customers: int = Field(..., description="Who have bought.", examples=[4372])
    cells: dict[str, int] = Field(
        ..., description="Customers in each cell of RFM.", examples=[{"champions": 300}]
    )
    cohorts: list[CohortOut] = Field(..., description="By the first purchase, the oldest first.")
    profit: dict[str, Decimal] | None = Field(
        ...,
        description="Of the last year: sold, discounts, returned, goods, served, profit.",
        examples=[{"sold": "1000", "profit": "400"}],
    )
    forecast_holds: bool | None = Field(
        ..., description="Whether the forecast of the whole base stood its test; null for a group."
    )


class WorthOut(Schema):
    """One customer's worth as it was last counted. Money in the business's currency."""

    counted_at: dt.datetime = Field(..., description="When.")
    level: Literal["A", "B", "C"] = Field(..., description="Service level.", examples=["A"])
    cell: str = Field(..., description="Of RFM.", examples=["champions"])
    frequency: Literal["once", "rare", "regular"] = Field(
        ..., description="By their own rhythm.", examples=["regular"]
    )
    silent: bool = Field(..., description="Silent for too long by that rhythm.", examples=[False])
    purchases: int = Field(..., description="Days on which they bought.", examples=[12])
    last_on: dt.date = Field(..., description="The last of them.")
    rhythm_days: int | None = Field(..., description="Days between two, usually.", examples=[30])
    revenue: Decimal = Field(..., description="All they bought, less what came back.", examples=["310.00"])
    profit: Decimal = Field(..., description="Of the last year, after goods and serving.", examples=["90.00"])
    served: Decimal = Field(..., description="What serving them cost in it.", examples=["12.00"])
    alive: float | None = Field(
        ...,
        description="Chance that they are still a customer; null where no forecast holds.",
        examples=[0.9],
    )
    expected: float | None = Field(..., description="Purchases in the coming year.", examples=[9.5])
    lifetime: Decimal | None = Field(..., description="Revenue in the coming year.", examples=["260.00"])
    next_on: dt.date | None = Field(..., description="The next purchase is likely by then.")
    at_stake: Decimal = Field(..., description="What is lost if they stay away.", examples=["120.00"])


class OfferOut(Schema):
    """What they may want next."""

    sku: str = Field(..., description="The product's article number.", examples=["COFFEE-250"])
    name: str = Field(..., description="Its name.", examples=["Coffee"])
    why: Literal["due", "with", "alike"] = Field(
        ...,
        description="Due by their rhythm, goes with what they bought, or others alike buy it.",
        examples=["due"],
    )
    because: str = Field(
        ..., description="The article it follows from; empty for one that is due.", examples=[""]
    )
    every_days: int | None = Field(
        ..., description="How often they buy it, for one that is due.", examples=[30]
    )


class CustomerWorthOut(Schema):
    """One customer's worth, and what to offer."""

    worth: WorthOut | None = Field(..., description="null for who has bought nothing yet.")
    offers: list[OfferOut] = Field(
        ..., description="Only for reasons that beat the best sellers when tested."
    )


class SilentOut(Schema):
    """One who went silent."""

    customer: Summary = Field(..., description="Who.")
    worth: WorthOut = Field(..., description="What is known of their buying.")


class SilentPage(Schema):
    """A page of them."""

    silent: list[SilentOut] = Field(..., description="The most at stake first.")
    after: str = Field(..., description="Give this as `after` for the next page; empty on the last.")
    before: str = Field(..., description="Give this as `before` for the page before; empty on the first.")


class WishWith(Parameters):
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


class PairOut(Goes):
    """Who buys the one also buys the other."""

    of: str = Field(..., description="The article number of the one.", examples=["COFFEE-250"])


class PairsPage(Schema):
    """A page of pairs."""

    counting: bool = Field(
        ..., description="A large group is being counted for the first time; ask again in a moment."
    )
    pairs: list[PairOut] = Field(..., description="The surest first.")
    after: str = Field(..., description="Give this as `after` for the next page; empty on the last.")
    before: str = Field(..., description="Give this as `before` for the page before; empty on the first.")
