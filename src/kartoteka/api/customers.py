"""Routes of customers: list, read, add, change, join, take apart."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Status
from ninja.params.functions import Path

from kartoteka.kit.ids import read_card
from kartoteka.people.asdata import card_as_data, found_as_data, list_as_data
from kartoteka.people.card import card_of, find_customer
from kartoteka.people.editing import change_customer, create_customer
from kartoteka.people.listing import Wish
from kartoteka.people.models import Customer
from kartoteka.quality.merging import merge, split
from kartoteka.quality.models import Merger
from kartoteka.quality.queries import merger_of, mergers_of
from kartoteka.quality.settling import take_out
from kartoteka.trust.actor import Actor, Right

from . import customer_shapes as shapes
from .access import Called, route
from .problems import NotFound
from .reading import Parameters, Text

router = Router(tags=["customers"])

Card = Annotated[
    str, Path(description="The card number; dashes may stay in.", example="7KM2Q9XD4", max_length=40)
]


class ListWish(Parameters):
    """What is asked of the list."""

    text: Text = Field(
        "", description="A name's beginning, a whole e-mail, the end of a phone, a card number."
    )
    source: Text = Field("", description="Known to this source.", examples=["shop"])
    tag: Text = Field("", description="Has this tag.", examples=["regular"])
    kind: Literal["", "person", "organisation", "household"] = Field("", description="Of this kind.")
    lacking: Text = Field("", description="This field is empty.", examples=["emails"])
    silent_days: int = Field(0, ge=0, le=40_000, description="Nothing was heard of them for so many days.")
    stale: bool = Field(
        False, description="A fact of theirs is to be confirmed anew, by the age the owner set."
    )
    new_days: int = Field(0, ge=0, le=40_000, description="Known for at most so many days.")
    may: Text = Field(
        "",
        description="May be reached now for this purpose by this channel.",
        examples=["marketing:email"],
    )
    own: Text = Field("", description="An own field, with `own_value`.", examples=["x.shoe"])
    own_value: Text = Field("", description="What that own field holds.", examples=["38"])
    order: Literal["name", "new", "heard", "silent", "due", "gaps", "complete"] = Field(
        "name",
        description="By name; newest first; heard of lately first; silent longest first; longest unconfirmed first "
        "(with `stale`); most gaps first; most complete first.",
    )
    after: Text = Field("", description="The place a page before gave as `after`.")
    before: Text = Field("", description="The place a page before gave as `before`.")
    size: int = Field(50, ge=1, le=200, description="Customers on a page.")


@router.get("/customers", summary="List customers", **route(Right.SEE, answer=shapes.CustomerPage))
def list_customers(request: Called, wish: Query[ListWish]) -> dict[str, Any]:
    """Customers page by page, filtered and ordered. A filter on a sensitive field needs the right to see those."""
    asked = Wish(
        **wish.dict(exclude={"source", "size", "may"}), further=(("may", wish.may),) if wish.may else ()
    )
    return list_as_data(actor=request.auth, wish=asked, source=wish.source, size=wish.size)


class SearchWish(Parameters):
    """What is looked for."""

    q: Text = Field(
        ...,
        description="Words of the record, the end of a phone, a card number.",
        examples=["kowalzka wroclaw"],
    )
    limit: int = Field(20, ge=1, le=100, description="At most so many.")


@router.get("/customers/search", summary="Search", **route(Right.SEE, answer=shapes.Hits))
def search(request: Called, wish: Query[SearchWish]) -> dict[str, Any]:
    """Find customers by any words of the record in any order: misspelt, without accents, begun, parts of words; ends of
    phone numbers, dates, card numbers. Sensitive fields are never searched."""
    return {"hits": found_as_data(wish.q, actor=request.auth, limit=wish.limit)}


@router.post(
    "/customers",
    summary="Add a customer",
    **route(Right.CHANGE, status=201, answer=shapes.Added, refusals=(413,)),
)
def add_customer(request: Called, given: shapes.NewCustomer) -> Status[Customer]:
    """Add a customer, or say more of the one known by this source and key: called twice, it makes one customer.

    The ground for holding the data is asked each time; what has none is not taken in. Sensitive fields need the right
    to see those. The answer is the card number only, so that a program which only brings customers in reads nothing.
    """
    made = create_customer(
        values=given.values,
        by=request.auth,
        ground=given.ground,
        source=given.source,
        key=given.key,
        country=given.country,
    )
    return Status(201, made)


@router.get(
    "/customers/{card}",
    summary="Read a card",
    **route(Right.SEE, answer=shapes.CustomerCard, refusals=(404,)),
)
def read_customer(request: Called, card: Card) -> dict[str, Any]:
    """A customer's card: every value with its source, date and what others said. The number of a card that was joined
    into another gives that other one. Sensitive fields are absent without the right to see them. The view is audited."""
    return card_as_data(card_of(actor=request.auth, customer=wanted(request.auth, card)), actor=request.auth)


@router.patch(
    "/customers/{card}",
    summary="Change a customer",
    **route(Right.SEE, Right.CHANGE, answer=shapes.CustomerCard, refusals=(404, 413)),
)
def edit_customer(request: Called, given: shapes.Change, card: Card) -> dict[str, Any]:
    """Say something of a customer. It is kept beside what others said, as confirmed, and the card comes back."""
    customer = wanted(request.auth, card)
    change_customer(
        customer=customer,
        changes=given.values,
        by=request.auth,
        ground=given.ground or "",
        country=given.country,
    )
    return card_as_data(card_of(actor=request.auth, customer=wanted(request.auth, card)), actor=request.auth)


@router.post(
    "/customers/{card}/merge",
    summary="Join two customers",
    **route(Right.SEE, Right.MERGE, answer=shapes.Merged, refusals=(404, 409)),
)
def merge_customers(request: Called, given: shapes.Merge, card: Card) -> dict[str, Any]:
    """Join another customer into this one. Nothing is lost, and a split takes it back exactly."""
    kept, other = wanted(request.auth, card), wanted(request.auth, given.gone)
    return merged(merge(kept=kept, gone=other, by=request.auth, why=given.why))


@router.get(
    "/customers/{card}/mergers",
    summary="List a customer's joinings",
    **route(Right.SEE, answer=shapes.Mergers, refusals=(404,)),
)
def list_mergers(request: Called, card: Card) -> dict[str, Any]:
    """The joinings that made this customer and can be taken back, the newest first."""
    found = mergers_of(actor=request.auth, customer=wanted(request.auth, card))
    return {"mergers": [merged(each) for each in found]}


@router.post(
    "/customers/{card}/split",
    summary="Take a customer apart",
    **route(Right.SEE, Right.MERGE, answer=shapes.Parted, refusals=(404, 409)),
)
def split_customer(request: Called, given: shapes.SplitOff, card: Card) -> dict[str, Any]:
    """Take a joining back, with what arrived since; or make a new customer of some identities. Say one of the two.

    The two are never joined by rule again.
    """
    customer = wanted(request.auth, card)
    if given.merger is not None:
        its_merger = merger_of(actor=request.auth, customer=customer, key=given.merger)
        done = split(merger=its_merger, by=request.auth, why=given.why)
    else:
        named = [(each.source, each.key) for each in given.identities or ()]
        done = take_out(customer=customer, named=named, by=request.auth, why=given.why)
    return {"stayed": done.stayed.card, "parted": done.parted.card, "at": done.at}


def merged(merger: Merger) -> dict[str, Any]:
    """A merger as it is answered."""
    return {
        "merger": merger.pk,
        "kept": merger.kept.card,
        "gone": merger.gone.card,
        "at": merger.at,
        "by": merger.by_name,
        "how": merger.how,
        "why": merger.why,
    }


def wanted(actor: Actor, card: str) -> Customer:
    """The customer whose card number this is. Raises NotFound where `actor` sees none."""
    found = find_customer(actor=actor, card=read_card(card))
    if found is None:
        raise NotFound(_("There is no customer with this card number."))
    return found
