"""Keeping membership: first set-based, then by news and by the clock, for the customers concerned only.

What changed leaves a row (Due) in the transaction that changed it, so a killed process loses nothing; the worker looks at
those customers in all groups at once. Whoever's answer turns with time has a Turn, found by its moment. One at a time does
this (kit.bulk.be_the_writer), so that a coming or going is written and announced once.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from kartoteka.kit import bulk
from kartoteka.kit.news import announce
from kartoteka.kit.trait_kinds import local_day
from kartoteka.kit.traits import Trait, all_traits
from kartoteka.people.models import Contact, Identity

from .asking import ask, must_be_whole
from .compiling import Compiled, LostTrait, alive, compile_rule, expanded, first_of
from .models import Due, Member, Passage, Segment, Size, Turn
from .news import Entered, Left
from .rule import BadRule, Node, conditions, lost, read

AT_ONCE = 1000
# Turns are written down for so long ahead, and the next ones so long before those end. Of a birthday everybody has a turn
# within the year: all of them would make a group of a million slow to build, and to keep.
AHEAD, EARLY = dt.timedelta(days=33), dt.timedelta(days=3)


@dataclass(frozen=True)
class Book:
    """All groups that live, with their rules, and the traits they are read by."""

    segments: Mapping[int, Segment]
    rules: Mapping[int, Node]
    traits: Mapping[str, Trait]

    def compiled(
        self, key: int, at: dt.datetime, *, among: Sequence[int] | None = None, rule: Node | None = None
    ) -> Compiled:
        """The meaning of a group's rule, or of another in its place. Raises LostTrait, BadRule."""
        return compile_rule(rule or self.rules[key], traits=self.traits, rules=self.rules, at=at, among=among)


def the_book() -> Book:
    """The groups as they are now."""
    segments = {each.pk: each for each in Segment.objects.filter(ended_at=None)}
    traits = all_traits()
    return Book(
        segments, {key: read(each.rule, traits, keep_lost=True) for key, each in segments.items()}, traits
    )


def customers_changed(news: Any) -> None:
    """Note the `customers` of some news, who are to be looked at again. In the transaction that changed them."""
    note(news.customers)


def theirs_changed(news: Any) -> None:
    """Note the customers of the `identities` of some news, and who has its `points`. In the same transaction."""
    if not Segment.objects.filter(ended_at=None).exists():
        return
    found = {row[0] for row in bulk.fetch(Identity, ("customer_id",), by="id", among=news.identities)}
    points = getattr(news, "points", ())
    found |= {row[0] for row in bulk.fetch(Contact, ("customer_id",), by="point_id", among=points)}
    note(sorted(found))


def note(customers: Iterable[int]) -> None:
    """Have these customers looked at again in every group."""
    if Segment.objects.filter(ended_at=None).exists():
        bulk.insert(Due, ("customer_key",), [(each,) for each in customers])


def run_due() -> bool:
    """Do what is due: build a group, look at who changed, at whose time has come; whether there was anything."""
    unbuilt = (Segment.State.QUEUED, Segment.State.STALE)
    waiting = Segment.objects.filter(state__in=unbuilt, ended_at=None).order_by("pk").first()
    if waiting is not None:
        build(waiting.pk)
        return True
    return look_at_changed() or look_at_turned()


def look_at_changed(*, at: dt.datetime | None = None) -> bool:
    """Look at some of the customers that changed; whether there were any."""
    with transaction.atomic():
        bulk.be_the_writer()
        due = list(Due.objects.order_by("pk").values_list("pk", "customer_key")[:AT_ONCE])
        if not due:
            return False
        look_at(sorted({customer for _key, customer in due}), at=at or timezone.now())
        bulk.delete(Due, by="id", among=[key for key, _customer in due])
    return True


def look_at_turned(*, at: dt.datetime | None = None) -> bool:
    """Look at some of the customers whose time has come in a group; whether there were any."""
    now = at or timezone.now()
    ended = Segment.objects.filter(turns_until__lte=now, state=Segment.State.READY, ended_at=None)
    if (key := ended.values_list("pk", flat=True).first()) is not None:
        build(key, at=now, telling=True)
        return True
    with transaction.atomic():
        bulk.be_the_writer()
        due = list(
            Turn.objects.filter(at__lte=now).order_by("at").values_list("segment", "customer")[:AT_ONCE]
        )
        if not due:
            return False
        concerned: dict[int, list[int]] = defaultdict(list)
        for segment, customer in due:
            concerned[segment].append(customer)
        book = the_book()
        for segment, customers in concerned.items():
            if segment in book.segments:
                settle(book, [segment], customers, at=now)
            Turn.objects.filter(segment=segment, customer__in=customers, at__lte=now).delete()
    return True


def look_at(customers: Sequence[int], *, at: dt.datetime) -> None:
    """Look at these customers in every group. Inside a transaction of the writer's."""
    book = the_book()
    ready = [key for key, each in book.segments.items() if each.state == Segment.State.READY]
    settle(book, ready, customers, at=at)


def settle(book: Book, segments: Sequence[int], customers: Sequence[int], *, at: dt.datetime) -> None:
    """Bring these customers up to date in these groups: rows, sizes, comings and goings, and when to look again."""
    rules: dict[int, Node] = {}
    for key in segments:
        try:
            rules[key] = must_be_whole(expanded(book.rules[key], book.rules), book.traits)
        except (LostTrait, BadRule):
            Segment.objects.filter(pk=key).update(state=Segment.State.BROKEN)
    told = ask(rules.values(), traits=book.traits, customers=customers, at=at)
    known = _members(rules, customers)
    for key, rule in rules.items():
        inside = told.fit(rule)
        came = sorted(inside - known[key].keys())
        went = sorted(known[key].keys() - inside)
        _pass(key, came, [(customer, known[key][customer]) for customer in went], at)
    turning = {key: turns for key, rule in rules.items() if (turns := told.turns(rule)) is not None}
    near = at + AHEAD
    moments = [
        (key, customer, moment)
        for key, turns in turning.items()
        for customer, moment in turns.items()
        if moment < near
    ]
    Turn.objects.filter(segment__in=turning, customer__in=customers).delete()
    bulk.insert(Turn, ("segment_id", "customer_id", "at"), moments)


def _members(rules: Mapping[int, Node], customers: Sequence[int]) -> dict[int, dict[int, int]]:
    """By group, its members among these with the key of their row."""
    found: dict[int, dict[int, int]] = {key: {} for key in rules}
    rows = bulk.fetch(Member, ("segment_id", "customer_id", "id"), by="customer_id", among=customers)
    for segment, customer, row in rows:
        if segment in found:
            found[segment][customer] = row
    return found


def _pass(segment: int, came: Sequence[int], went: Sequence[tuple[int, int]], at: dt.datetime) -> None:
    """Write who came and went, and announce it."""
    if not came and not went:
        return
    bulk.insert(Member, ("segment_id", "customer_id", "since"), [(segment, each, at) for each in came])
    bulk.delete(Member, by="id", among=[row for _customer, row in went])
    gone = [customer for customer, _row in went]
    passages = [
        *((segment, each, Passage.What.ENTERED.value, at) for each in came),
        *((segment, each, Passage.What.LEFT.value, at) for each in gone),
    ]
    bulk.insert(Passage, ("segment_id", "customer_id", "what", "at"), passages)
    its = Segment.objects.get(pk=segment)
    _sized(its, max(0, its.size + len(came) - len(gone)), at)
    if came:
        announce(Entered(segment, tuple(came), at))
    if gone:
        announce(Left(segment, tuple(gone), at))


def _sized(segment: Segment, size: int, at: dt.datetime) -> None:
    Segment.objects.filter(pk=segment.pk).update(size=size)
    Size.objects.update_or_create(segment=segment, day=local_day(at), defaults={"size": size})


def build(key: int, *, at: dt.datetime | None = None, telling: bool = False) -> None:
    """Build a group from its rule, set-based. Who stays in it keeps since when.

    Nobody comes or goes by a new rule; but by what changed meanwhile they do (telling, or a group that is stale).
    """
    now = at or timezone.now()
    # What is read lies all over the base: with room for it, a page is opened once.
    with bulk.writing_much(), transaction.atomic():
        bulk.be_the_writer()
        book = the_book()
        segment = book.segments.get(key)
        if segment is None:
            return
        if lost(book.rules[key]):
            Segment.objects.filter(pk=key).update(state=Segment.State.BROKEN)
            return
        try:
            compiled = book.compiled(key, now)
        except (LostTrait, BadRule):
            Segment.objects.filter(pk=key).update(state=Segment.State.BROKEN)
            return
        _fill(segment, compiled, now, telling=telling or segment.state == Segment.State.STALE)
        size = Member.objects.filter(segment=segment).aggregate(n=Count("pk"))["n"]
        until = None if compiled.turns is None else now + AHEAD - EARLY
        Segment.objects.filter(pk=key).update(state=Segment.State.READY, built_at=now, turns_until=until)
        _sized(segment, size, now)


def _fill(segment: Segment, compiled: Compiled, now: dt.datetime, *, telling: bool) -> None:
    Turn.objects.filter(segment=segment).delete()
    _fill_turns(segment.pk, compiled, now + AHEAD)
    fitting = compiled.among(alive()).order_by()
    members = Member.objects.filter(segment=segment)
    if telling:
        went = members.exclude(customer__in=fitting.values("pk")).values_list("customer", "pk")
        came = fitting.exclude(pk__in=members.values("customer")).values_list("pk", flat=True)
        _pass_many(segment.pk, list(came), list(went), now)
    else:
        if members.exists():
            members.exclude(customer__in=fitting.values("pk")).delete()
            fitting = fitting.exclude(pk__in=members.values("customer"))
        rows = fitting.order_by("pk").values_list("pk")
        _insert_members(segment.pk, rows, now)


def _fill_turns(segment: int, compiled: Compiled, until: dt.datetime) -> None:
    """The first moment before `until` of each customer, by each of the conditions that time may change."""
    everybody = alive().order_by()
    rows: list[QuerySet[Any]] = []
    asked: list[Any] = []
    for trait, test in compiled.timed:
        found = trait.soonest(test, compiled.at, until=until, customers=everybody)
        if found is None:
            asked.append(trait.turns(test, compiled.at))
        rows += found or ()
    if asked:
        annotated = everybody.annotate(turning=first_of(asked)).filter(turning__lt=until)
        rows.append(annotated.values_list("pk", "turning"))
    written = [told for each in rows if (told := _written(each)) is not None]
    if not written:
        return
    together = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS one" for sql, _values in written)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {connection.ops.quote_name(Turn._meta.db_table)} (segment_id, customer_id, at) "  # noqa: S608
            f"WITH found (customer, moment) AS ({together}) "
            "SELECT %s, customer, MIN(moment) FROM found WHERE moment < %s GROUP BY customer",
            [
                *(value for _sql, values in written for value in values),
                segment,
                connection.ops.adapt_datetimefield_value(until),
            ],
        )


def _written(rows: "QuerySet[Any]") -> tuple[str, Sequence[Any]] | None:
    """The statement of a query and its values; None where nothing can be found."""
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, values


def _pass_many(segment: int, came: Sequence[int], went: Sequence[tuple[int, int]], now: dt.datetime) -> None:
    """Write and announce who came and went, some at a time."""
    for some in bulk.chunks(came, AT_ONCE):
        _pass(segment, some, [], now)
    for rows in bulk.chunks(went, AT_ONCE):
        _pass(segment, [], rows, now)


def _insert_members(segment: int, rows: "QuerySet[Any]", at: dt.datetime) -> None:
    """INSERT ... SELECT of these customers, members since `at`."""
    if (told := _written(rows)) is None:
        return
    sql, values = told
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {connection.ops.quote_name(Member._meta.db_table)} (segment_id, customer_id, since) "  # noqa: S608
            f"SELECT %s, found.*, %s FROM ({sql}) AS found",
            [segment, connection.ops.adapt_datetimefield_value(at), *values],
        )


def rebuild_all(_news: object = None) -> None:
    """Have every group looked at as a whole, as after a change that is told of nobody in particular."""
    _make_stale(Segment.objects.all())


def rebuild_of(traits: Iterable[str]) -> None:
    """Have the groups looked at as a whole whose rules speak of these traits, also by other groups."""
    book, asked = the_book(), set(traits)
    found = []
    for key, rule in book.rules.items():
        try:
            if asked & {each.trait for each in conditions(expanded(rule, book.rules))}:
                found.append(key)
        except (LostTrait, BadRule):
            continue
    _make_stale(Segment.objects.filter(pk__in=found))


def _make_stale(segments: "QuerySet[Segment]") -> None:
    segments.filter(ended_at=None, state=Segment.State.READY).update(state=Segment.State.STALE)
