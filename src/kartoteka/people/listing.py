"""Lists of customers: filtered, ordered, one page at a time, with a count that stops before it costs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kartoteka.kit.ids import read_card
from kartoteka.kit.paging import Page, page
from kartoteka.standard.names import fold
from kartoteka.trust.actor import Actor, Right

from .catalogue import Field, Text
from .checking import fields
from .models import Customer, Identity, Source

PAGE_SIZE = 50
# Beyond this a list says "more than", and nobody waits for the exact number.
COUNT_UP_TO = 1000


@dataclass(frozen=True)
class Order:
    """A way to order the list: a column with an index, and which way it falls."""

    column: str
    label: Text
    descending: bool = False


ORDERS: Mapping[str, Order] = {
    "name": Order("sort_name", _("By name")),
    "new": Order("made_at", _("Newest first"), descending=True),
    "heard": Order("heard_at", _("Heard of lately first"), descending=True),
    "silent": Order("heard_at", _("Silent longest first")),
    "gaps": Order("completeness", _("Most gaps first")),
    "complete": Order("completeness", _("Most complete first"), descending=True),
}

# What a list can show beside the name; own fields come after these.
COLUMNS: Mapping[str, Text] = {
    "phone": _("Phone"),
    "email": _("E-mail"),
    "city": _("City"),
    "country": _("Country"),
    "company": _("Company"),
    "birth": _("Date of birth"),
    "language": _("Language"),
    "tags": _("Tags"),
    "completeness": _("Complete"),
    "heard_at": _("Last heard of"),
    "made_at": _("Since"),
    "card": _("Card number"),
}
USUAL_COLUMNS = ("phone", "email", "city", "tags", "completeness", "heard_at")

# Where a gap is a column of its own, the index or the row itself tells it; else the JSON does.
_GAP_COLUMNS = {"phones": "phone", "emails": "email", "addresses": "city"}
# For how many days the last word may lie back.
AGES = (180, 365, 730)


@dataclass(frozen=True)
class Wish:
    """What is asked of a list; an empty part asks nothing.

    lacking: key of a field that is empty. silent_days: nothing was heard for so long. own: an own field (`x.key`) and the
    text it must hold. columns: what to show beside the name.
    """

    text: str = ""
    source: int = 0
    tag: str = ""
    lacking: str = ""
    silent_days: int = 0
    new_days: int = 0
    kind: str = ""
    own: str = ""
    own_value: str = ""
    order: str = "name"
    columns: tuple[str, ...] = USUAL_COLUMNS
    after: str = ""
    before: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order was asked for."""
        return bool(
            self.text
            or self.source
            or self.tag
            or self.lacking
            or self.silent_days
            or self.new_days
            or self.kind
            or (self.own and self.own_value)
        )


@dataclass(frozen=True)
class Listing:
    """One page of customers, and what a face needs to offer the next wish.

    count: how many fit, at most COUNT_UP_TO; more: there are more than that.
    """

    page: Page[Customer]
    count: int
    more: bool
    columns: Mapping[str, Text]
    all_columns: Mapping[str, Text]
    sources: tuple[Source, ...]
    gaps: tuple[Field, ...]
    own_fields: tuple[Field, ...]
    wish: Wish = field(default_factory=Wish)


def list_customers(*, actor: Actor, wish: Wish, size: int = PAGE_SIZE) -> Listing:
    """The page of customers that `wish` asks for. Raises BadCursor for a place in the list that was never given out."""
    actor.must(Right.SEE)
    catalogue = _visible_fields(actor)
    own = tuple(each for each in catalogue.values() if each.own)
    all_columns = {**COLUMNS, **{each.key: each.label for each in own}}
    columns = {key: all_columns[key] for key in wish.columns if key in all_columns}
    found = _narrowed(Customer.objects.visible_to(actor), wish, catalogue, actor)  # type: ignore[attr-defined]
    count = found.order_by()[: COUNT_UP_TO + 1].count()
    order = ORDERS.get(wish.order, ORDERS["name"])
    rows = page(
        found.only(*_needed(columns)),
        by=order.column,
        descending=order.descending,
        size=size,
        after=wish.after,
        before=wish.before,
    )
    return Listing(
        page=rows,
        count=min(count, COUNT_UP_TO),
        more=count > COUNT_UP_TO,
        columns=columns,
        all_columns=all_columns,
        sources=tuple(Source.objects.all()[:200]),
        gaps=tuple(each for each in catalogue.values() if each.weight),
        own_fields=own,
        wish=wish,
    )


def _visible_fields(actor: Actor) -> dict[str, Field]:
    sensitive = actor.may(Right.SEE_SENSITIVE)
    return {key: each for key, each in fields().items() if sensitive or not each.sensitive}


def _needed(columns: Mapping[str, Text]) -> set[str]:
    """The columns of the table that a row of the list needs, so that no more is read and decoded."""
    always = {"card", "kind", "name", "company", "form", "nickname", "email", "phone", "sort_name", "photo"}
    always |= {"made_at", "heard_at", "completeness"}
    shown = {key for key in columns if key in COLUMNS and key != "tags"}
    more = {"more"} if "tags" in columns or any(key not in COLUMNS for key in columns) else set()
    return always | shown | more


def _narrowed(
    rows: QuerySet[Customer], wish: Wish, catalogue: Mapping[str, Field], actor: Actor
) -> QuerySet[Customer]:
    if wish.text.strip():
        rows = _holding(rows, wish.text.strip())
    if wish.source:
        rows = rows.filter(Exists(Identity.objects.filter(customer=OuterRef("pk"), source=wish.source)))
    if wish.tag:
        rows = _with_entry(rows, "tags", wish.tag)
    if wish.lacking and wish.lacking in catalogue:
        rows = rows.filter(_lacks(catalogue[wish.lacking]))
    now = timezone.now()
    if wish.silent_days:
        rows = rows.filter(heard_at__lt=now - dt.timedelta(days=min(wish.silent_days, 40_000)))
    if wish.new_days:
        rows = rows.filter(made_at__gte=now - dt.timedelta(days=min(wish.new_days, 40_000)))
    if wish.kind in Customer.CustomerKind.values:
        rows = rows.filter(kind=wish.kind)
    if wish.own and wish.own_value and (own := catalogue.get(wish.own)) and own.own:
        rows = _with_own(rows, own, wish.own_value)
    return rows


def _holding(rows: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """Customers whose name begins so, or whose phone, e-mail or card number it is."""
    wanted = Q(sort_name__startswith=fold(text))
    if card := read_card(text):
        wanted |= Q(card=card)
    if "@" in text:
        wanted |= Q(email__startswith=text.lower())
    digits = "".join(char for char in text if char.isdigit())
    if len(digits) >= 6:
        wanted |= Q(phone__endswith=digits.lstrip("0"))
    return rows.filter(wanted)


def _lacks(wanted: Field) -> Q:
    if column := _GAP_COLUMNS.get(wanted.key) or (wanted.key if wanted.column else ""):
        lacking = Q(**{column: ""})
        return lacking & Q(company="") if wanted.key == "name" else lacking
    # SQL's JSON functions take a dot in a key for a step, so the key is looked for as a whole.
    return ~Q(more__has_key=wanted.key)


def _with_entry(rows: QuerySet[Customer], key: str, value: str) -> QuerySet[Customer]:
    return rows.filter(**{f"more__{key}__icontains": f'"{value}"'})


def _with_own(rows: QuerySet[Customer], own: Field, value: str) -> QuerySet[Customer]:
    return rows.filter(**{f"more__{own.key}__icontains": value})
