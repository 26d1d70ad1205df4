"""Reading groups: the live count with examples, lists with sizes and trend, why somebody is in one, overlap, history."""

import datetime as dt
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When
from django.utils import timezone

from kartoteka.kit import bulk
from kartoteka.kit.hurry import within
from kartoteka.kit.paging import Page as Rows
from kartoteka.kit.paging import page
from kartoteka.kit.trait_kinds import NEVER
from kartoteka.kit.traits import Trait, all_traits
from kartoteka.people.models import Customer
from kartoteka.people.veil import veiled
from kartoteka.people.view import must_reach
from kartoteka.trust.actor import Actor, Right

from .advice import contradictions
from .compiling import LostTrait, alive, compile_rule
from .groups import checked, must_close
from .keeping import Book, the_book
from .models import Member, Passage, Segment, Size, Snapshot
from .reaching import (
    Told,
    group_of,
    in_view,
    may_see,
    must_see_groups,
    sees_persons,
    told,
    told_of_none,
    traits_for,
)
from .rule import All, Condition, Node, Not, lost
from .sentence import condition, sentence

EXAMPLES = 10
# Seconds that a live count may take, and it and finding examples together; what takes longer is estimated from a sample,
# and says so.
HURRY, HURRY_IN_ALL = 0.08, 0.12
_BLOCKS, _A_BLOCK = 25, 100
# First so many of each block are looked at, then as many more as this many seconds in all allow.
_FEW, HURRY_ESTIMATE = 8, 0.08
_GOLDEN = 0.618034
TREND_DAYS = 30
# So many moments ahead are looked at for the one at which somebody leaves.
_STEPS = 24


@dataclass(frozen=True)
class Preview:
    """A rule while it is made: in words, how many it is now, some of them, and what is wrong with it."""

    sentence: str
    count: Told
    examples: tuple[Customer, ...]
    warnings: tuple[str, ...]


def preview(*, actor: Actor, rule: Any, exact: bool = False) -> Preview:
    """What a rule would give. exact: wait for the exact number. Raises BadRule, NotAllowed."""
    wanted = checked(rule, by=actor)
    book = the_book()
    must_close(wanted, None, book, actor)
    now = timezone.now()
    rows = compile_rule(wanted, traits=book.traits, rules=book.rules, at=now).among(in_view(actor))
    began = time.monotonic()
    count = rows.count() if exact else within(HURRY, rows.count)
    persons = sees_persons(actor)
    few = rows.order_by("-pk").defer("more")
    left = max(HURRY_IN_ALL - (time.monotonic() - began), HURRY_IN_ALL - HURRY)
    examples = within(left, lambda: list(few[:EXAMPLES])) if persons else []
    if count is None and persons and examples is not None and len(examples) < EXAMPLES:
        count = len(examples)  # these are all there are
    number = None if count is None else told(actor, count)
    if number is None or examples is None:
        sample = _estimate(actor, wanted, book, now)
        if examples is None:
            examples = list(in_view(actor).filter(pk__in=sample.fitting[:EXAMPLES]).defer("more"))
        number = number or sample.told(actor, least=len(examples))
    return Preview(
        sentence(wanted, book.traits),
        number,
        tuple(veiled(each, actor) for each in examples),
        tuple(contradictions(wanted, book.traits)),
    )


@dataclass(frozen=True)
class _Sample:
    """Customers who were asked a rule instead of all: of `places` keys out of `of`, those who fitted."""

    fitting: list[int]
    places: int
    of: int

    def told(self, actor: Actor, *, least: int) -> Told:
        """What it tells of all, as the actor may know it. least: so many are known already."""
        if not self.fitting and not least:
            return told_of_none(self.places, self.of)
        return told(actor, max(round(self.of * len(self.fitting) / self.places), least), about=True)


def _estimate(actor: Actor, rule: Node, book: Book, now: dt.datetime) -> _Sample:
    """A sample of blocks of neighbours spread over the base.

    A rule that is slow to ask of one is asked of fewer.
    """
    ends = bulk.ends(alive())
    if ends is None:
        return _Sample([], 1, 0)
    low, high = ends
    span = high - low + 1
    step = max(_A_BLOCK, span // _BLOCKS)
    # Each block lies elsewhere in its part: who came first often buys most, and would count for all behind them.
    starts = [
        start + int((place + 1) * _GOLDEN % 1 * (step - _A_BLOCK))
        for place, start in enumerate(range(low, high + 1, step))
    ]

    def fitting(first: int, last: int) -> list[int]:
        spread = Q()
        for start in starts:
            spread |= Q(pk__range=(start + first, start + last - 1))
        keys = list(in_view(actor).filter(spread).values_list("pk", flat=True))
        one = compile_rule(rule, traits=book.traits, rules=book.rules, at=now, among=keys)
        return list(one.among(alive().filter(pk__in=keys)).values_list("pk", flat=True))

    began = time.monotonic()
    found = fitting(0, _FEW)
    took = max(time.monotonic() - began, 0.001)
    wide = min(_A_BLOCK, int(_FEW * max(HURRY_ESTIMATE / took, 1)))
    if wide > _FEW:
        found += fitting(_FEW, wide)
    # Of so many places in the base: nobody is counted who is not looked at.
    looked_at = sum(min(wide, high + 1 - start) for start in starts if start <= high)
    return _Sample(found, looked_at, span)


@dataclass(frozen=True)
class Line:
    """A group in the list. trend: how many more than a month ago; None where that is not known. past: sizes by day."""

    segment: Segment
    sentence: str
    size: Told
    trend: int | None
    past: tuple[tuple[dt.date, int], ...]
    lost: tuple[str, ...]


def list_groups(*, actor: Actor) -> list[Line]:
    """The groups that the actor may see, by name. Raises NotAllowed."""
    must_see_groups(actor)
    book = the_book()
    seen = {key: each for key, each in book.segments.items() if may_see(actor, book.rules[key], book)}
    sizes = _sizes(actor, seen)
    past = _past(seen) if not actor.walled or not sees_persons(actor) else {}
    return [_line(actor, each, book, sizes.get(key, 0), past.get(key, ())) for key, each in seen.items()]


def _line(actor: Actor, each: Segment, book: Book, size: int, past: tuple[tuple[dt.date, int], ...]) -> Line:
    rule = book.rules[each.pk]
    trend = size - past[0][1] if len(past) > 1 and sees_persons(actor) else None
    shown = past if sees_persons(actor) else ()
    return Line(each, sentence(rule, book.traits), told(actor, size), trend, shown, tuple(lost(rule)))


def _sizes(actor: Actor, segments: Mapping[int, Segment]) -> dict[int, int]:
    if not actor.walled or not sees_persons(actor):
        return {key: each.size for key, each in segments.items()}
    rows = Member.objects.filter(segment__in=segments, customer__in=in_view(actor).values("pk"))
    return dict(rows.values_list("segment").annotate(count=Count("pk")))


def _past(segments: Mapping[int, Segment]) -> dict[int, tuple[tuple[dt.date, int], ...]]:
    since = timezone.localdate() - dt.timedelta(days=TREND_DAYS)
    found: dict[int, list[tuple[dt.date, int]]] = {}
    for key, day, size in Size.objects.filter(segment__in=segments, day__gte=since).values_list(
        "segment", "day", "size"
    ):
        found.setdefault(key, []).append((day, size))
    return {key: tuple(each) for key, each in found.items()}


@dataclass(frozen=True)
class Overlap:
    """Another group, and how many are in both."""

    segment: Segment
    both: Told
    share: int


@dataclass(frozen=True)
class Page:
    """A group with all that its page shows. rule: as JSON, for the builder."""

    line: Line
    rule: Mapping[str, Any]
    overlaps: tuple[Overlap, ...]
    sizes: tuple[tuple[dt.date, int], ...]
    lately: tuple[Passage, ...]
    snapshots: tuple[Snapshot, ...]
    members: "QuerySet[Customer]" = field(repr=False)


def group_page(*, actor: Actor, key: int) -> Page:
    """All of one group. Raises NoSuchGroup, NotAllowed."""
    segment, book = group_of(actor, key)
    view = in_view(actor)
    size = _sizes(actor, {key: segment}).get(key, 0)
    line = _line(actor, segment, book, size, ())
    persons = sees_persons(actor)
    sizes: tuple[tuple[dt.date, int], ...] = ()
    if persons and not actor.walled:
        since = timezone.localdate() - dt.timedelta(days=365)
        sizes = _every_day(Size.objects.filter(segment=key, day__gte=since).values_list("day", "size"))
    lately = Passage.objects.filter(segment=key, customer__in=view.values("pk")).select_related("customer")
    return Page(
        line=line,
        rule=segment.rule,
        overlaps=tuple(_overlaps(actor, segment, book, size)),
        sizes=sizes,
        lately=tuple(_shown(lately.order_by("-at", "-pk")[:EXAMPLES], actor)) if persons else (),
        snapshots=tuple(Snapshot.objects.filter(segment=key)[:20]) if persons and not actor.walled else (),
        members=view.filter(segments__segment=key) if persons else Customer.objects.none(),
    )


def _every_day(sizes: Iterable[tuple[dt.date, int]]) -> tuple[tuple[dt.date, int], ...]:
    """The sizes of each day up to today; a day on which nothing changed is as the one before."""
    found: list[tuple[dt.date, int]] = []
    for day, size in (*sizes, (timezone.localdate() + dt.timedelta(days=1), 0)):
        while found and found[-1][0] + dt.timedelta(days=1) < day:
            found.append((found[-1][0] + dt.timedelta(days=1), found[-1][1]))
        found.append((day, size))
    return tuple(found[:-1])


def _shown(rows: Any, actor: Actor) -> list[Passage]:
    found = list(rows)
    for each in found:
        each.customer = veiled(each.customer, actor)
    return found


def _overlaps(actor: Actor, segment: Segment, book: Book, size: int) -> list[Overlap]:
    ours = Member.objects.filter(segment=segment.pk)
    if actor.walled and sees_persons(actor):
        ours = ours.filter(customer__in=in_view(actor).values("pk"))
    others = Member.objects.exclude(segment=segment.pk).filter(customer__in=ours.values("customer"))
    counts = others.values_list("segment").annotate(both=Count("pk")).order_by("-both")
    return [
        Overlap(book.segments[key], told(actor, both), round(100 * both / size) if size else 0)
        for key, both in counts[:50]
        if key in book.segments and may_see(actor, book.rules[key], book)
    ]


@dataclass(frozen=True)
class Why:
    """Why somebody is in a group or not: a part of the rule in words, whether it holds, and the parts within it."""

    text: str
    holds: bool
    joint: str = ""  # "all", "any", "not", or "" for a condition
    parts: tuple["Why", ...] = ()


@dataclass(frozen=True)
class Standing:
    """How a customer stands to a group. changes_at: when that changes by time alone, if nothing else happens."""

    segment: Segment
    inside: bool
    why: Why | None
    since: dt.datetime | None
    changes_at: dt.datetime | None


def standing(*, actor: Actor, key: int, customer: Customer) -> Standing:
    """Whether this customer is in a group, why, and until when. Raises NoSuchGroup, NotAllowed."""
    actor.must_open_cards()
    must_reach(actor, customer)
    segment, book = group_of(actor, key)
    now = timezone.now()
    since = Member.objects.filter(segment=key, customer=customer.pk).values_list("since", flat=True).first()
    try:
        why = _why(book.rules[key], book, customer.pk, now)
    except LostTrait:
        return Standing(segment, since is not None, None, since, None)
    return Standing(segment, why.holds, why, since, _changes(book, key, customer.pk, why.holds, now))


def _why(rule: Node, book: Book, customer: int, now: dt.datetime) -> Why:
    """Each condition asked by itself, all in one statement; put together as the rule says."""
    leaves: list[Condition] = []
    _leaves(rule, leaves)
    rows = Customer.objects.filter(pk=customer)
    for place, each in enumerate(leaves):
        one = compile_rule(each, traits=book.traits, rules=book.rules, at=now, among=[customer])
        holds = Case(When(one.fits, then=Value(True)), default=Value(False), output_field=BooleanField())
        rows = rows.annotate(**{f"leaf_{place}": holds})
    names = [f"leaf_{place}" for place in range(len(leaves))]
    held = iter(rows.values_list(*names).get() if names else ())
    return _told_why(rule, book.traits, held)


def _leaves(rule: Node, found: list[Condition]) -> None:
    if isinstance(rule, Condition):
        found.append(rule)
    elif isinstance(rule, Not):
        _leaves(rule.part, found)
    else:
        for each in rule.parts:
            _leaves(each, found)


def _told_why(rule: Node, traits: Mapping[str, Trait], held: Any) -> Why:
    if isinstance(rule, Condition):
        return Why(condition(rule, traits), bool(next(held)))
    if isinstance(rule, Not):
        part = _told_why(rule.part, traits, held)
        return Why("", not part.holds, "not", (part,))
    parts = tuple(_told_why(each, traits, held) for each in rule.parts)
    together = all if isinstance(rule, All) else any
    return Why("", together(each.holds for each in parts), "all" if isinstance(rule, All) else "any", parts)


def _changes(book: Book, key: int, customer: int, inside: bool, now: dt.datetime) -> dt.datetime | None:
    """The first moment at which time alone turns the answer; None where none is in sight."""
    at: dt.datetime = now
    for _step in range(_STEPS):
        compiled = book.compiled(key, at, among=[customer])
        if compiled.turns is None:
            return None
        moment = (
            alive()
            .filter(pk=customer)
            .annotate(moment=compiled.turns)
            .values_list("moment", flat=True)
            .first()
        )
        if moment is None or moment >= NEVER:
            return None
        at = moment
        if book.compiled(key, at, among=[customer]).among(alive().filter(pk=customer)).exists() != inside:
            return at
    return None


@dataclass(frozen=True)
class Belongs:
    """A group that a customer is in."""

    segment: Segment
    since: dt.datetime


def groups_of(*, actor: Actor, customer: Customer) -> list[Belongs]:
    """The groups that a customer is in, of those the actor may see."""
    if not actor.may(Right.SEE):
        return []
    book = the_book()
    rows = Member.objects.filter(customer=customer.pk).values_list("segment", "since")
    found = [
        Belongs(book.segments[key], since)
        for key, since in rows
        if key in book.segments and may_see(actor, book.rules[key], book)
    ]
    return sorted(found, key=lambda each: each.segment.name)


def has_groups(actor: Actor) -> bool:
    """Whether there are groups at all that a card could name to the actor."""
    return sees_persons(actor) and Segment.objects.filter(ended_at=None).exists()


def group_choices(actor: Actor) -> list[tuple[str, str]]:
    """The groups that the actor may narrow a list by: (key, name), by name.

    Whoever may make rules of everything sees every group, so their rules need not be read.
    """
    if not sees_persons(actor):
        return []
    names = Segment.objects.filter(ended_at=None).values_list("pk", "name")
    if actor.may(Right.SEE_SENSITIVE) and not actor.veiled:
        return [(str(key), name) for key, name in names]
    if not names.exists():
        return []
    book = the_book()
    return [(str(key), name) for key, name in names if may_see(actor, book.rules[key], book)]


def list_traits(*, actor: Actor) -> list[Trait]:
    """All that rules can speak of, for this actor. Raises NotAllowed."""
    return list(traits_for(actor, all_traits()).values())


def members(*, actor: Actor, key: int, after: str = "", before: str = "", size: int = 50) -> "Rows[Customer]":
    """A page of the customers in a group, by name. Raises BadCursor, NoSuchGroup, NotAllowed."""
    actor.must(Right.SEE)
    group_of(actor, key)
    rows = Customer.objects.visible_to(actor).filter(segments__segment=key)
    return page(rows, by="sort_name", size=size, after=after, before=before)


def why_as_data(why: Why) -> dict[str, Any]:
    """A reason as JSON has it."""
    return {
        "text": why.text,
        "joint": why.joint,
        "holds": why.holds,
        "parts": [why_as_data(each) for each in why.parts],
    }
