"""Two customers side by side, and the pairs in doubt one after the other, for a person to settle."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kartoteka.kit.paging import Page, page, place_of
from kartoteka.people.card import Card, CardValue, card_of
from kartoteka.people.catalogue import Field
from kartoteka.people.models import Customer
from kartoteka.people.record import entry_key
from kartoteka.trust.actor import Actor, Right

from .models import Doubt, MatchRun
from .queries import NotThere, reasons_for, within_view

# Parts of a name, which the name itself says already.
_SAID_BY_NAME = frozenset({"title", "given", "middle", "family", "particle", "suffix"})


@dataclass(frozen=True)
class Entry:
    """One value of a side; shared: the other side has it as well."""

    value: Any
    shared: bool


@dataclass(frozen=True)
class Line:
    """One field on both sides. agrees: both say the same, or have at least one entry in common."""

    field: Field
    one: tuple[Entry, ...]
    other: tuple[Entry, ...]

    @property
    def sides(self) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
        return self.one, self.other

    @property
    def agrees(self) -> bool:
        return any(each.shared for each in self.one)

    @property
    def differs(self) -> bool:
        return bool(self.one and self.other) and not self.agrees


@dataclass(frozen=True)
class Pair:
    """Two cards, their fields aligned; those that are empty on both are left out."""

    one: Card
    other: Card
    lines: tuple[Line, ...]

    @property
    def cards(self) -> tuple[Card, Card]:
        return self.one, self.other


@dataclass(frozen=True)
class Review:
    """What a person settles now. left: how many pairs there are; page: the cursors of those before and after."""

    doubt: Doubt
    pair: Pair
    reasons: list[dict[str, Any]]
    left: int
    page: Page[Doubt]


@dataclass(frozen=True)
class Queue:
    """The pairs in doubt as they stand: the one to look at, if there is one, and the last run of the matching."""

    review: Review | None
    run: MatchRun | None


def queue(*, actor: Actor, after: str = "", before: str = "", at: Doubt | None = None) -> Queue:
    """The pair behind `after` or in front of `before`, the most alike first; or the very pair `at`, in its place.

    Raises BadCursor, NotAllowed.
    """
    actor.must(Right.MERGE)
    rows = within_view(Doubt.objects.select_related("one", "other"), actor)
    if at is not None:
        ahead = page(rows, by="score", descending=True, size=1, before=place_of(at, by="score")).rows
        after, before = (place_of(ahead[0], by="score") if ahead else ""), ""
    found = page(rows, by="score", descending=True, size=1, after=after, before=before)
    if not found.rows and (after or before):
        found = page(rows, by="score", descending=True, size=1)
    run = MatchRun.objects.first()
    if not found.rows:
        return Queue(None, run)
    doubt = found.rows[0]
    review = Review(
        doubt=doubt,
        pair=side_by_side(actor=actor, one=doubt.one, other=doubt.other),
        reasons=reasons_for(doubt, actor=actor),
        left=rows.count(),
        page=found,
    )
    return Queue(review, run)


def side_by_side(*, actor: Actor, one: Customer, other: Customer) -> Pair:
    """Both cards with their fields aligned. Raises NotThere when one of them is no customer any more."""
    actor.must(Right.MERGE)
    if one.merged_into_id is not None or other.merged_into_id is not None:
        raise NotThere(_("One of these two has been joined with another in the meantime."))
    cards = card_of(actor=actor, customer=one), card_of(actor=actor, customer=other)
    lines = []
    for block in cards[0].blocks:
        for ours, theirs in zip(cards[0].blocks[block], cards[1].blocks[block], strict=True):
            if (ours.values or theirs.values) and ours.key not in _SAID_BY_NAME:
                lines.append(_line(ours.field, ours.values, theirs.values))
    return Pair(*cards, lines=tuple(lines))


def _line(field: Field, ours: Sequence[CardValue], theirs: Sequence[CardValue]) -> Line:
    mine, yours = ([_identity(field, each.value) for each in side] for side in (ours, theirs))
    return Line(
        field,
        tuple(Entry(each.value, key in yours) for each, key in zip(ours, mine, strict=True)),
        tuple(Entry(each.value, key in mine) for each, key in zip(theirs, yours, strict=True)),
    )


def _identity(field: Field, value: Any) -> Any:
    """What makes two values of a field the same: its entry's key for a list, else the text, however it is capitalised."""
    if field.many:
        return entry_key(field.key, value)
    return value.casefold() if isinstance(value, str) else repr(value)
