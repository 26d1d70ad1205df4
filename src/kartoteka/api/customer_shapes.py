"""What goes in and out of the routes of customers and fields."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from ninja import Field, Schema

from kartoteka.people.models import Ground

from .reading import Given, Some, Text

Values = dict[Text, Any]
_VALUES = {
    "given": "Anna",
    "family": "Kowalska",
    "phones": [{"value": "+48 600 100 200", "label": "mobile"}],
    "emails": ["anna@example.com"],
    "tags": ["regular"],
}


class Summary(Schema):
    """What a list shows of a customer."""

    card: str = Field(
        ..., description="The card number: the customer's name in this API.", examples=["7KM2Q9XD4"]
    )
    card_shown: str = Field(..., description="The card number as it is printed.", examples=["7KM-2Q9-XD4"])
    kind: str = Field(..., description="person, organisation or household.", examples=["person"])
    name: str = Field(..., description="What the customer is called on screen.", examples=["Anna Kowalska"])
    given: str = Field(..., description="Given name.", examples=["Anna"])
    family: str = Field(..., description="Family name, its particle inside.", examples=["Kowalska"])
    company: str = Field(..., description="Company, without its legal form.", examples=[""])
    email: str = Field(..., description="The first e-mail.", examples=["anna@example.com"])
    phone: str = Field(..., description="The first phone, as E.164.", examples=["+48600100200"])
    city: str = Field(..., description="City of the first address.", examples=["Warszawa"])
    country: str = Field(..., description="Country of the first address, ISO 3166 alpha-2.", examples=["PL"])
    birth: str = Field(..., description="Date of birth; may lack its day or year.", examples=["--04-03"])
    completeness: int = Field(..., description="How complete the record is, in percent.", examples=[72])
    made_at: dt.datetime = Field(..., description="Since when the base knows the customer.")
    heard_at: dt.datetime = Field(..., description="When somebody or some source last said anything of them.")


class CustomerPage(Schema):
    """A page of customers."""

    customers: list[Summary] = Field(..., description="The customers of this page.")
    count: int = Field(..., description="How many fit in all; counting stops at 1000.", examples=[312])
    more: bool = Field(..., description="Whether there are more than `count`.", examples=[False])
    after: str = Field(..., description="Give this as `after` for the next page; empty on the last.")
    before: str = Field(..., description="Give this as `before` for the page before; empty on the first.")


class Hit(Schema):
    """A customer who was found."""

    customer: Summary = Field(..., description="Who.")
    score: float = Field(..., description="How well: 1 and more for all that was asked.", examples=[1.05])
    matched: list[str] = Field(
        ..., description="The words of the record that answered.", examples=[["kowalska"]]
    )


class Hits(Schema):
    """What a search found."""

    hits: list[Hit] = Field(..., description="The best first.")


class SaidBy(Schema):
    """Where a value comes from."""

    source: str = Field(..., description="The source that said it.", examples=["shop"])
    batch: str = Field(..., description="What it came in with, such as a file's name.", examples=["shop.csv"])
    ground: str = Field(..., description="On what ground it is held.", examples=["a contract or an order"])
    row: int | None = Field(..., description="The row of the file, as a spreadsheet counts.", examples=[17])
    at: dt.datetime = Field(..., description="When it was said.")
    by: str = Field(..., description="Who entered it.", examples=["command line"])
    standing: str = Field(..., description="confirmed, stated or derived.", examples=["stated"])
    value: Any = Field(..., description="What was said.", examples=["Anna"])


class CardValue(Schema):
    """One value on a card."""

    value: Any = Field(..., description="The standard value.", examples=["Anna"])
    text: str = Field(..., description="The value as people read it.", examples=["Anna"])
    kind: str = Field(..., description="semantic, episodic, hypothetical or value.", examples=["semantic"])
    stale: bool = Field(..., description="Nobody confirmed it for longer than the field allows.")
    heard_at: dt.datetime = Field(..., description="When it was last said.")
    origin: SaidBy = Field(..., description="Where the value that stands comes from.")
    others: list[SaidBy] = Field(..., description="What others said of the same thing, the newest first.")


class CardField(Schema):
    """One field of a card with its values."""

    key: str = Field(..., description="The field's key in the catalogue.", examples=["given"])
    label: str = Field(..., description="What people call the field.", examples=["Given name"])
    block: str = Field(..., description="general, dealings or relationship.", examples=["general"])
    values: list[CardValue] = Field(..., description="Its values; one, unless the field is a list.")


class KnownAs(Schema):
    """As whom a source knows the customer."""

    source: str = Field(..., description="The source.", examples=["shop"])
    key: str = Field(..., description="The customer's id there.", examples=["881"])
    claims: int = Field(..., description="How often it said something.", examples=[2])
    last_at: dt.datetime = Field(..., description="When it last did.")


class Related(Schema):
    """Somebody the customer belongs together with."""

    kind: str = Field(
        ..., description="works_for, boss, spouse, child, sibling, referred_by.", examples=["spouse"]
    )
    forward: bool = Field(
        ..., description="True: the customer is this to the other; False: the other way round."
    )
    customer: str = Field(..., description="The other one's card number.", examples=["7KM2Q9XD4"])
    role: str = Field(..., description="The role, such as a post in a company.", examples=["buyer"])


class CustomerCard(Summary):
    """Everything the base holds of one customer, with where it comes from. Sensitive fields need their own right."""

    fields: list[CardField] = Field(..., description="The fields that have a value.")
    missing: list[str] = Field(..., description="Fields that count and are empty, the weightiest first.")
    identities: list[KnownAs] = Field(..., description="The sources that know the customer.")
    relations: list[Related] = Field(..., description="Who the customer belongs together with.")


class NewCustomer(Given):
    """A customer to be added."""

    values: Values = Field(
        ...,
        description="Values by field, as typed: they are standardised here. A list takes entries or plain texts.",
        examples=[_VALUES],
    )
    ground: Ground = Field(..., description="On what ground in law this may be held.", examples=["contract"])
    source: Text = Field("", description="Where it comes from; staff, if not said.", examples=["shop"])
    key: Text = Field(
        "",
        description="The customer's id at that source. The same source and key again is the same customer: "
        "nothing is doubled.",
        examples=["881"],
    )
    country: Text = Field("", description="Where numbers without a country code are from.", examples=["PL"])


class Added(Schema):
    """The customer who was added, or who is known by that source and key already."""

    card: str = Field(..., description="The card number.", examples=["7KM2Q9XD4"])
    card_shown: str = Field(..., description="The card number as it is printed.", examples=["7KM-2Q9-XD4"])


class Change(Given):
    """What is to be changed of a customer."""

    values: Values = Field(
        ...,
        min_length=1,
        description="Values by field, as typed. null empties a field. In lists the entries given are added or "
        'changed; {"value": …, "gone": true} takes one off.',
        examples=[{"phones": [{"value": "+48 600 100 200", "gone": True}], "note": "Prefers mornings"}],
    )
    ground: Ground | None = Field(None, description="On what ground; a contract, if not said.")
    country: Text = Field("", description="Where numbers without a country code are from.", examples=["PL"])


class Merge(Given):
    """Whom to join into the customer."""

    gone: Some = Field(..., description="Card number of the one who is joined in.", examples=["7KM2Q9XD4"])
    why: Text = Field("", description="Why; it is shown in the history.", examples=["she told us"])


class Merged(Schema):
    """Two customers were joined."""

    merger: int = Field(..., description="The joining's number; a split takes it back by it.", examples=[12])
    kept: str = Field(..., description="Card number of the one who stands.", examples=["7KM2Q9XD4"])
    gone: str = Field(..., description="Card number of the one who was joined in.", examples=["2QD0W8RKX"])
    at: dt.datetime = Field(..., description="When.")
    by: str = Field(..., description="Who.", examples=["shop's program"])
    how: str = Field(..., description="rule or hand.", examples=["hand"])
    why: str = Field(..., description="Why.", examples=["she told us"])


class Mergers(Schema):
    """The joinings that made a customer."""

    mergers: list[Merged] = Field(..., description="Those that can be taken back, the newest first.")


class SplitOff(Given):
    """What to take out of the customer: what one joining brought, or some of the sources."""

    merger: int | None = Field(
        None, ge=1, lt=2**63, description="The joining to be taken back.", examples=[12]
    )
    identities: list[OneIdentity] | None = Field(
        None, min_length=1, max_length=1000, description="Or the identities that are somebody else."
    )
    why: Text = Field("", description="Why; it is shown in the history.", examples=["father and son"])


class OneIdentity(Schema):
    """An identity, as a card lists them."""

    source: Some = Field(..., description="The source.", examples=["shop"])
    key: Some = Field(..., description="The customer's id there.", examples=["881"])


class Parted(Schema):
    """A customer was split."""

    stayed: str = Field(..., description="Card number of the one who stayed.", examples=["7KM2Q9XD4"])
    parted: str = Field(..., description="Card number of the one who left.", examples=["2QD0W8RKX"])
    at: dt.datetime = Field(..., description="When.")


class Choice(Schema):
    """One of the values a field can have."""

    value: str = Field(..., description="The value.", examples=["f"])
    label: str = Field(..., description="What people call it.", examples=["female"])


class CatalogueField(Schema):
    """One field of the catalogue."""

    key: str = Field(..., description="Its key; own fields begin with `x.`.", examples=["x.shoe"])
    label: str = Field(..., description="What people call it.", examples=["Shoe size"])
    type: str = Field(..., description="How it is written: text, choice, date, phones …", examples=["number"])
    kind: str = Field(..., description="semantic, episodic, hypothetical or value.", examples=["value"])
    block: str = Field(..., description="general, dealings or relationship.", examples=["general"])
    many: bool = Field(..., description="Whether it is a list.")
    sensitive: bool = Field(..., description="Whether it needs the right to see sensitive fields.")
    own: bool = Field(..., description="Whether the business added it.")
    weight: int = Field(..., description="How much it counts in completeness.", examples=[3])
    fresh_days: int = Field(..., description="After how many days it is stale; 0: never.", examples=[730])
    choices: list[Choice] = Field(..., description="What it can be, if it is a choice.")
    pattern: str = Field(..., description="How it must be written, as a regular expression.", examples=[""])
    least: Decimal | None = Field(..., description="The least number it can be.", examples=[None])
    most: Decimal | None = Field(..., description="The largest number it can be.", examples=[None])


class Catalogue(Schema):
    """The catalogue of fields."""

    fields: list[CatalogueField] = Field(..., description="Built in, then the business's own.")


SplitOff.model_rebuild()
