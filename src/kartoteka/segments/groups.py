"""Making, changing and taking away groups; snapshots."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.kit.traits import all_traits
from kartoteka.trust.actor import Actor
from kartoteka.trust.audit import note

from .compiling import LostTrait, expanded
from .keeping import Book, the_book
from .models import Member, Segment, Snapshot, SnapshotMember
from .reaching import group_of, may_see, must_see_groups, traits_for
from .rule import BadRule, Node, as_json, conditions, groups_in, read

MOST_GROUPS = 500
MOST_SNAPSHOTS = 50


def save_group(*, by: Actor, name: str, rule: Any, segment: int | None = None) -> Segment:
    """Make a group, or give `segment` another name and rule; the worker then builds it and all that are made of it.

    rule: JSON as rule.py reads it. Raises BadRule (nonsense, a circle of groups, too much, a name that is taken),
    NoSuchGroup, NotAllowed.
    """
    must_see_groups(by)
    name = " ".join(name.split())[:100]
    if not name:
        raise BadRule("name", _("Give the group a name."))
    wanted = checked(rule, by=by)
    with transaction.atomic():
        bulk.be_the_writer()
        book = the_book()
        if segment is not None:
            group_of(by, segment, book)
        elif len(book.segments) >= MOST_GROUPS:
            raise BadRule(
                "",
                _("There are %(most)s groups, which is as many as there may be. Take one away first.")
                % {"most": MOST_GROUPS},
            )
        if any(each.name == name and key != segment for key, each in book.segments.items()):
            raise BadRule("name", _("There is a group of this name."))
        must_close(wanted, segment, book, by)
        saved = _save(segment, name, wanted, by)
        if segment is not None and as_json(book.rules[segment]) != as_json(wanted):
            _queue({segment, *made_of(segment, book)})
        verb = "changed group" if segment is not None else "made group"
        note(by=by, action=verb, matter="group", key=saved.pk, detail={"traits": sorted(traits_in(wanted))})
    return saved


def checked(rule: Any, *, by: Actor) -> Node:
    """The rule, of traits that the actor may ask. Raises BadRule, NotAllowed."""
    return read(rule, traits_for(by, all_traits()))


def traits_in(rule: Node) -> set[str]:
    """The traits that stand in it."""
    return {each.trait for each in conditions(rule)}


def must_close(rule: Node, segment: int | None, book: Book, by: Actor) -> None:
    """Raise BadRule where groups go in a circle, are gone, not theirs, or are too much together."""
    rules = dict(book.rules)
    inside: tuple[int, ...] = ()
    if segment is not None:
        rules[segment] = rule
        inside = (segment,)
    try:
        expanded(rule, rules, inside)
        expanded(rule, rules)
    except LostTrait as error:
        raise BadRule("", _("A group in it is no longer there.")) from error
    if not may_see(by, rule, Book(book.segments, rules, book.traits)):
        raise BadRule("", _("A group in it is not yours to see."))


def _save(segment: int | None, name: str, rule: Node, by: Actor) -> Segment:
    now = timezone.now()
    if segment is None:
        return Segment.objects.create(
            name=name, rule=as_json(rule), made_at=now, changed_at=now, **by.as_columns
        )
    found = Segment.objects.get(pk=segment)
    found.name, found.rule, found.changed_at = name, as_json(rule), now
    found.save(update_fields=["name", "rule", "changed_at"])
    return found


def made_of(segment: int, book: Book) -> set[int]:
    """The groups whose rules speak of this one, also by others."""
    found: set[int] = set()
    front = {segment}
    while front:
        front = {key for key, rule in book.rules.items() if groups_in(rule) & front} - found
        found |= front
    return found


def _queue(keys: set[int]) -> None:
    Segment.objects.filter(pk__in=keys, ended_at=None).update(state=Segment.State.QUEUED)


def remove_group(*, segment: int, by: Actor) -> None:
    """Take a group away, unless others are made of it; its history stays. Raises BadRule, NoSuchGroup, NotAllowed."""
    with transaction.atomic():
        bulk.be_the_writer()
        found, book = group_of(by, segment)
        if users := made_of(segment, book):
            names = ", ".join(sorted(book.segments[key].name for key in users))
            raise BadRule(
                "", _("Other groups are made of this one: %(names)s. Change those first.") % {"names": names}
            )
        Segment.objects.filter(pk=segment).update(ended_at=timezone.now())
        Member.objects.filter(segment=segment).delete()
        found.turns.all().delete()
        note(by=by, action="removed group", matter="group", key=segment)


def take_snapshot(*, segment: int, label: str, by: Actor) -> Snapshot:
    """Keep who is in a group now. Raises BadRule, NoSuchGroup, NotAllowed."""
    label = " ".join(label.split())[:100]
    if not label:
        raise BadRule("label", _("Say what the snapshot is for."))
    with transaction.atomic():
        found, _book = group_of(by, segment)
        if Snapshot.objects.filter(segment=segment).count() >= MOST_SNAPSHOTS:
            raise BadRule("", _("There are many snapshots of this group already."))
        made = Snapshot.objects.create(
            segment=found, label=label, rule=found.rule, at=timezone.now(), size=0, **by.as_columns
        )
        keys = (
            Member.objects.filter(segment=segment)
            .values_list("customer", flat=True)
            .iterator(chunk_size=10_000)
        )
        count = 0
        for some in bulk.chunks(keys, 10_000):
            bulk.insert(SnapshotMember, ("snapshot_id", "customer_id"), [(made.pk, each) for each in some])
            count += len(some)
        made.size = count
        made.save(update_fields=["size"])
        note(by=by, action="took snapshot", matter="group", key=segment, detail={"customers": count})
    return made
