"""Lists of customers: filtered, ordered, one page at a time, with a count that stops before it costs."""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kartoteka.kit import bulk
from kartoteka.kit.paging import Page, page
from kartoteka.trust.actor import Actor, Right

from . import plenty
from .catalogue import Field, Text
from .checking import fields
from .freshness import day_of, due_days
from .models import NO_PERSON, Claim, Customer, Identity, Source
from .own_filter import with_own
from .reading import fill_in
from .rows import ROOM
from .search import lookup, vocabulary
from .search.find import find
from .search.words import words
from .veil import veiled

PAGE_SIZE = 50
# Beyond this a list says "more than", and nobody waits for the exact number.
COUNT_UP_TO = 1000
# Of those who fit a text, so many of the best are shown and can be narrowed further.
BEST = 100
# Up to so many are few: found first, then put in order.
FEW = 2000


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
    "due": Order("due_on", _("Longest unconfirmed first")),
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
    "stale": _("To confirm"),
    "made_at": _("Since"),
    "card": _("Card number"),
}
USUAL_COLUMNS = ("phone", "email", "city", "tags", "completeness", "heard_at")
STALE_COLUMNS = ("phone", "email", "city", "heard_at")

Narrowing = Callable[[QuerySet[Customer], str], QuerySet[Customer]]
_further: dict[str, Narrowing] = {}


def filter_by(name: str, narrow: Narrowing) -> None:
    """Let a floor above narrow the list by what it knows. Called from an app's `ready()`.

    narrow: takes the customers and what is asked, and raises BadValue for what it does not understand.
    """
    _further[name] = narrow


# Columns that are filled from a list's first entry.
_TOLD_BY = {"phones": "phone", "emails": "email", "addresses": "city"}
# For how many days the last word may lie back.
AGES = (180, 365, 730)


@dataclass(frozen=True)
class Wish:
    """What is asked of a list; an empty part asks nothing.

    lacking: key of a field that is empty. silent_days: nothing was heard for so long. stale: some fact is to be confirmed
    anew.
    batch: what came in together, such as one file, said something of them. own: an own field (`x.key`) and the
    text it must hold. columns: what to show beside the name.
    """

    text: str = ""
    source: int = 0
    tag: str = ""
    lacking: str = ""
    silent_days: int = 0
    stale: bool = False
    new_days: int = 0
    batch: int = 0
    kind: str = ""
    own: str = ""
    own_value: str = ""
    # What a floor above narrows the list by: its name (filter_by) and what is asked of it.
    further: tuple[tuple[str, str], ...] = ()
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
            or self.stale
            or self.new_days
            or self.batch
            or self.kind
            or self.further
            or (self.own and self.own_value)
        )


@dataclass(frozen=True)
class Listing:
    """One page of customers, and what a face needs to offer the next wish.

    count: how many fit, at most COUNT_UP_TO; more: there are more than that. stale: customer -> the fields to be confirmed
    anew, for the customers of the page, where that column is shown. tags: those of the page, to choose from.
    """

    page: Page[Customer]
    count: int
    more: bool
    columns: Mapping[str, Text]
    all_columns: Mapping[str, Text]
    sources: tuple[Source, ...]
    gaps: tuple[Field, ...]
    own_fields: tuple[Field, ...]
    tags: tuple[str, ...]
    stale: Mapping[int, tuple[Text, ...]]
    wish: Wish = field(default_factory=Wish)


def list_customers(*, actor: Actor, wish: Wish, size: int = PAGE_SIZE) -> Listing:
    """The page of customers that `wish` asks for. Raises BadCursor for a place in the list that was never given out."""
    actor.must(Right.SEE)
    catalogue = _visible_fields(actor)
    own = tuple(each for each in catalogue.values() if each.own)
    all_columns = {**COLUMNS, **{each.key: each.label for each in own}}
    wanted = dict.fromkeys(_wanted_columns(wish))
    columns = {key: all_columns[key] for key in wanted if key in all_columns}
    shown = _needed(columns)
    found = _narrowed(wish, catalogue, actor=actor).only(*shown)
    if wish.text.strip():
        rows, count, more = _best(found, wish.text, actor=actor, size=size)
    else:
        rows, count, more = _page(found, wish, shown=shown, size=size, known=plenty.key_of(wish, actor))
    fill_in(rows.rows, [key for key in columns if key in catalogue and catalogue[key].sensitive])
    return Listing(
        page=replace(rows, rows=[veiled(each, actor) for each in rows.rows]),
        count=count,
        more=more,
        columns=columns,
        all_columns=all_columns,
        sources=tuple(Source.objects.all()[:200]),
        gaps=tuple(each for each in catalogue.values() if each.weight),
        own_fields=own,
        tags=_tags_of(rows.rows) if "tags" in columns else (),
        stale=_stale(rows.rows, catalogue) if "stale" in columns else {},
        wish=wish,
    )


def _wanted_columns(wish: Wish) -> tuple[str, ...]:
    """What was chosen; who looks for facts to confirm sees which, and how to reach whom to ask."""
    if not wish.stale:
        return wish.columns
    return ("stale", *(STALE_COLUMNS if wish.columns == USUAL_COLUMNS else wish.columns))


def _tags_of(rows: Iterable[Customer]) -> tuple[str, ...]:
    """The tags that these customers have, each once, by the alphabet."""
    return tuple(sorted({str(tag) for each in rows for tag in each.more.get("tags") or ()}, key=str.casefold))


def _stale(rows: list[Customer], catalogue: Mapping[str, Field]) -> dict[int, tuple[Text, ...]]:
    """For each of these customers the fields whose facts are to be confirmed anew, the longest unconfirmed first."""
    today = day_of(timezone.now())
    ages = {each.key: each.fresh_days for each in catalogue.values() if each.fresh_days}
    found = {}
    for each in rows:
        values = {**each.more, **{key: getattr(each, key) for key in ages if catalogue[key].column}}
        due = due_days(values, ages, heard=day_of(each.heard_at), told=each.told)
        late = sorted((day, key) for key, day in due.items() if day < today)
        found[each.pk] = tuple(catalogue[key].label for _day, key in late)
    return found


def columns_for(actor: Actor) -> dict[str, Text]:
    """What can be shown or taken out of a customer by this actor, by column."""
    own = {key: each.label for key, each in _visible_fields(actor).items() if each.own}
    return {"card": COLUMNS["card"], "name": _("Name"), **COLUMNS, **own}


def chosen(*, actor: Actor, wish: Wish) -> QuerySet[Customer]:
    """All the customers that `wish` asks for, in no order; of those who fit a text, the best. Raises NotAllowed."""
    actor.must(Right.SEE)
    found = _narrowed(wish, _visible_fields(actor), actor=actor)
    if wish.text.strip():
        found = found.filter(pk__in=[hit.customer for hit in find(wish.text, actor=actor, limit=BEST)])
    return found


def _page(
    found: QuerySet[Customer], wish: Wish, *, shown: set[str], size: int, known: Hashable
) -> tuple[Page[Customer], int, bool]:
    order = ORDERS.get(wish.order, ORDERS["name"])
    if order.column == "due_on" and not wish.stale:
        order = ORDERS["name"]  # who has nothing that grows stale has no place in that order

    def cut(rows: QuerySet[Customer]) -> Page[Customer]:
        by, descending = order.column, order.descending
        return page(rows, by=by, descending=descending, size=size, after=wish.after, before=wish.before)

    # A page that is not full says that they may have become few.
    if plenty.remembered(known) and len((rows := cut(found)).rows) == size:
        return rows, COUNT_UP_TO, True
    # Who fits is found by the index that tells it; a few are then quick to put in any order.
    some = list(found.order_by(_finding(wish)).values_list("pk", flat=True)[: COUNT_UP_TO + 1])
    if len(some) <= COUNT_UP_TO:
        return cut(Customer.objects.filter(pk__in=some).only(*shown)), len(some), False
    plenty.remember(known)
    return cut(found), COUNT_UP_TO, True


def _finding(wish: Wish) -> str:
    """The order in which those who fit are found: that of the index that tells who they are."""
    if wish.stale:
        return "due_on"
    return "heard_at" if wish.silent_days else "-made_at" if wish.new_days else "sort_name"


def _best(
    found: QuerySet[Customer], text: str, *, actor: Actor, size: int
) -> tuple[Page[Customer], int, bool]:
    """Those who fit the text, the best first, on one page: who is not among them is found by a better word."""
    hits = find(text, actor=actor, limit=BEST)
    by_key = {each.pk: each for each in found.filter(pk__in=[hit.customer for hit in hits])}
    rows = [by_key[hit.customer] for hit in hits if hit.customer in by_key]
    return Page(rows=rows[:size], after="", before=""), len(rows), len(hits) == BEST


def _visible_fields(actor: Actor) -> dict[str, Field]:
    sensitive = actor.may(Right.SEE_SENSITIVE)
    return {key: each for key, each in fields().items() if sensitive or not each.sensitive}


def _needed(columns: Mapping[str, Text]) -> set[str]:
    """The columns of the table that a row of the list needs, so that no more is read and decoded."""
    always = {"card", "kind", "name", "company", "form", "nickname", "email", "phone", "sort_name", "photo"}
    always |= {"made_at", "heard_at", "completeness"}
    always |= {"due_on"}
    shown = {key for key in columns if key in COLUMNS and key not in ("tags", "stale")}
    more = {"more"} if "tags" in columns or any(key not in COLUMNS for key in columns) else set()
    stale = {"more", "told", *ROOM} if "stale" in columns else set()
    return always | shown | more | stale


def _narrowed(wish: Wish, catalogue: Mapping[str, Field], *, actor: Actor) -> QuerySet[Customer]:
    rows: QuerySet[Customer] = Customer.objects.visible_to(actor)
    if wish.source:
        rows = _of_source(rows, wish.source)
    if wish.batch:
        said = Claim.objects.filter(batch=wish.batch, identity__customer=OuterRef("pk"))
        rows = rows.filter(Exists(said))
    if wish.tag:
        rows = _tagged(rows, wish.tag)
    if wish.lacking and wish.lacking in catalogue:
        rows = rows.filter(lacks(catalogue[wish.lacking]))
    now = timezone.now()
    if wish.silent_days:
        rows = rows.filter(heard_at__lt=now - dt.timedelta(days=min(wish.silent_days, 40_000)))
    if wish.stale:
        rows = rows.filter(due_on__lt=day_of(now))
    if wish.new_days:
        rows = rows.filter(made_at__gte=now - dt.timedelta(days=min(wish.new_days, 40_000)))
    if wish.kind in Customer.CustomerKind.values:
        rows = rows.filter(kind=wish.kind)
        if wish.kind != Customer.CustomerKind.PERSON:
            rows = rows.filter(NO_PERSON)  # so that the index of those is found
    for name, asked in wish.further:
        if name in _further:
            rows = _further[name](rows, asked)
    if wish.own and wish.own_value and (own := catalogue.get(wish.own)) and own.own:
        rows = with_own(rows, own, wish.own_value, actor=actor)
    return rows


def lacks(wanted: Field) -> Q:
    """The condition that a customer's record has nothing in this field."""
    if wanted.key == "name":
        return Q(name__blank=True, company__blank=True)
    if wanted.column:
        return Q(**{f"{wanted.key}__blank": True})
    # Columns that are filled from a list's first entry tell whether there is one.
    if column := _TOLD_BY.get(wanted.key):
        return Q(**{f"{column}__blank": True})
    return ~Q(more__has_key=wanted.key)


def _of_source(rows: QuerySet[Customer], source: int) -> QuerySet[Customer]:
    """Few are taken by their keys; of many, the next page is soon found by looking at one after another."""
    known = Identity.objects.filter(source=source)
    few = list(known.values_list("customer", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return rows.filter(pk__in=few)
    return rows.filter(Exists(Identity.objects.filter(customer=OuterRef("pk"), source=source)))


def _tagged(rows: QuerySet[Customer], tag: str) -> QuerySet[Customer]:
    """Those with exactly this tag; where few have its words, the search index knows them."""
    exact = rows.filter(more__tags__icontains=bulk.json(tag))
    its_words = words(tag)
    if not its_words:
        return exact
    wanted = lookup.Every(tuple(lookup.Has(word) for word in its_words))
    counts = vocabulary.counted(its_words)
    ways = [[counts.get(word, 0) for word in its_words]]
    few = [each[0] for each in lookup.customers(wanted, most=FEW + 1, ways=ways)]
    return exact.filter(pk__in=few) if len(few) <= FEW else exact
