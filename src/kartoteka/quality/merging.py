"""Merging and splitting: identities move from one customer to another, and back, exactly.

Nothing is overwritten: claims, contact points, relations and photos hang on identities and go where these go. The record
on both sides is computed again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.activity.facts import sum_up
from kartoteka.kit import bulk
from kartoteka.kit.news import announce
from kartoteka.people.models import Contact, Customer, Identity
from kartoteka.people.news import CustomersChanged, CustomersGone
from kartoteka.people.placing import join_places, part_places
from kartoteka.people.recording import new_customer_like, refresh
from kartoteka.people.view import must_reach
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .models import Apart, Doubt, Merger, Split
from .whys import open_whys, shut


class CannotMerge(ValueError):
    """These customers cannot be joined. The message says why."""


class CannotSplit(ValueError):
    """This cannot be taken apart. The message says why."""


@dataclass(frozen=True, slots=True)
class Group:
    """Customers to be joined into one. because: customer -> (score, reasons) for each that will be gone."""

    customers: Sequence[int]
    because: Mapping[int, tuple[float | None, Sequence[Any]]] = field(default_factory=dict)


def merge(
    *,
    kept: Customer,
    gone: Customer,
    by: Actor,
    why: str = "",
    score: float | None = None,
    reasons: Sequence[Any] = (),
) -> Merger:
    """Join `gone` into `kept` by hand. score, reasons: why the matching had put them before a person, if it had.

    Raises CannotMerge when one of them is no longer there or both are the same.
    """
    by.must(Right.MERGE)
    must_reach(by, kept, gone)
    if kept.pk == gone.pk:
        raise CannotMerge(_("These are already one customer."))
    with transaction.atomic():
        bulk.be_the_writer()
        if len(_standing([kept.pk, gone.pk])) < 2:
            raise CannotMerge(_("One of these two has been joined with another in the meantime. Look again."))
        group = Group([kept.pk, gone.pk], {gone.pk: (score, list(reasons))})
        [key] = _join([group], by=by, how=Merger.How.HAND, why=why)
        Apart.objects.filter(_between([kept.pk], [kept.pk])).delete()
        note(by=by, action="merged", matter="customer", key=kept.pk, detail={"gone": gone.pk})
    made = Merger.objects.get(pk=key)
    open_whys([made])
    return made


def held_apart(one: int, other: int) -> bool:
    """Whether somebody said of these two customers that they are two."""
    return Apart.objects.filter(_between([one], [other]) | _between([other], [one])).exists()


def merge_groups(groups: Iterable[Group], *, by: Actor) -> int:
    """Join each group into its oldest customer, by rule, set-based; how many customers were joined away."""
    by.must(Right.MERGE)
    done = 0
    for some in bulk.chunks(groups, 2000):
        with transaction.atomic():
            bulk.be_the_writer()
            # Since the groups were found, some may have been joined by hand, or gone with an undone import.
            standing = _standing({customer for group in some for customer in group.customers})
            left = (Group([c for c in each.customers if c in standing], each.because) for each in some)
            joinable = [each for each in left if len(each.customers) > 1]
            done += len(_join(joinable, by=by, how=Merger.How.RULE, why=""))
    if done:
        note(by=by, action="merged by rule", matter="base", detail={"customers": done})
    return done


def _standing(customers: Iterable[int]) -> set[int]:
    """Those of these customers who are in the base and were not joined into another."""
    found = bulk.fetch(Customer, ("id", "merged_into_id"), by="id", among=list(customers))
    return {customer for customer, into in found if into is None}


_MERGER = ("id", "kept_id", "gone_id", "identities", "at", "how", "why", "score", "reasons")


def _join(groups: Sequence[Group], *, by: Actor, how: str, why: str) -> Sequence[int]:
    """The keys of the mergers that came of it."""
    now = timezone.now()
    into: dict[int, int] = {}
    because: dict[int, tuple[float | None, Sequence[Any]]] = {}
    for group in groups:
        # By hand the first named is kept; by rule the oldest.
        kept = group.customers[0] if how == Merger.How.HAND else min(group.customers)
        into.update({gone: kept for gone in group.customers if gone != kept})
        because.update(group.because)
    moved: dict[int, list[int]] = {gone: [] for gone in into}
    for identity, customer in bulk.fetch(Identity, ("id", "customer_id"), by="customer_id", among=list(into)):
        moved[customer].append(identity)
    bulk.update(Identity, ("customer_id",), ((into[c], i) for c, some in moved.items() for i in some))
    bulk.update(Customer, ("merged_into_id",), ((kept, gone) for gone, kept in into.items()))
    bulk.delete(Contact, by="customer_id", among=list(into))
    bulk.delete(Doubt, by="one_id", among=list(into))
    bulk.delete(Doubt, by="other_id", among=list(into))
    mergers = bulk.take_ids(Merger, len(into))
    whose = by.as_columns
    rows = []
    for key, (gone, kept) in zip(mergers, into.items(), strict=True):
        score, reasons = because.get(gone, (None, ()))
        told = bulk.json(list(reasons))
        rows.append(
            (
                key,
                kept,
                gone,
                bulk.json(sorted(moved[gone])),
                now,
                how,
                shut(why, sorted(moved[gone])),
                score,
                told,
                *whose.values(),
            )
        )
    bulk.insert(Merger, (*_MERGER, *whose), rows)
    join_places(into, by=by)
    refresh(set(into.values()), now=now)
    sum_up({*into, *into.values()})
    announce(CustomersGone(customers=tuple(into)))
    announce(CustomersChanged(customers=tuple(set(into.values()))))
    return mergers


def companions_of(identities: Iterable[int]) -> set[int]:
    """These identities and all that were put beside them when they arrived, and beside those."""
    found = set(identities)
    edge = found
    while edge:
        beside = {row[0] for row in bulk.fetch(Identity, ("id",), by="beside_id", among=list(edge))}
        edge = beside - found
        found |= edge
    return found


def split(*, merger: Merger, by: Actor, why: str = "") -> Split:
    """Take a merger back: its identities, and what arrived beside them since, are the other customer again.

    Raises CannotSplit when it was taken back already or nothing of it is left to move.
    """
    by.must(Right.MERGE)
    with transaction.atomic():
        bulk.be_the_writer()
        if Split.objects.filter(merger=merger).exists():
            raise CannotSplit(_("These two have been separated already."))
        [done] = _part([merger], by=by, why=why)
        stand_apart(one=done.stayed_id, other=done.parted_id, by=by)
        note(by=by, action="split", matter="customer", key=done.stayed_id, detail={"parted": done.parted_id})
    return done


def take_back(*, mergers: Iterable[Merger], by: Actor) -> int:
    """Take back many mergers, without holding the two apart for ever: the matching may join them again."""
    by.must(Right.MERGE)
    with transaction.atomic():
        bulk.be_the_writer()
        return len(_part(sorted(mergers, key=lambda each: -each.pk), by=by, why=""))


def _part(mergers: Sequence[Merger], *, by: Actor, why: str) -> list[Split]:
    """Take these mergers back in this order (newest first): worked out in memory, written at once."""
    now = timezone.now()
    into = mergers_above({key for each in mergers for key in (each.kept_id, each.gone_id)})
    moving_at_most = companions_of({identity for each in mergers for identity in each.identities})
    place = dict(bulk.fetch(Identity, ("id", "customer_id"), by="id", among=list(moving_at_most)))
    beside = _companions_by_anchor(moving_at_most)
    splits = []
    for merger in mergers:
        stayed = standing_for(merger.kept_id, into)
        if into.pop(merger.gone_id, None) is None:
            raise CannotSplit(_("These two have been separated already."))
        # What has been split off since stays where it is.
        moving = sorted(each for each in _closure(merger.identities, beside) if place.get(each) == stayed)
        place.update(dict.fromkeys(moving, merger.gone_id))
        splits.append(
            Split(
                merger=merger,
                stayed_id=stayed,
                parted_id=merger.gone_id,
                identities=moving,
                at=now,
                **by.as_columns,
                why=shut(why, moving),
            )
        )
    moved = {identity for split in splits for identity in split.identities}
    bulk.update(Identity, ("customer_id",), ((place[identity], identity) for identity in moved))
    parted = [split.parted_id for split in splits]
    bulk.set_to(Customer, "merged_into_id", None, by="id", among=parted)
    part_places({split.stayed_id for split in splits}, parted, by=by)
    touched = {*parted, *(split.stayed_id for split in splits)}
    refresh(touched, now=now)
    sum_up(touched)
    announce(CustomersChanged(customers=tuple(touched)))
    return Split.objects.bulk_create(splits)


def mergers_above(customers: Iterable[int]) -> dict[int, int]:
    """Into whom these customers were merged, and those in turn: gone -> kept."""
    into: dict[int, int] = {}
    edge = set(customers)
    while edge:
        found = bulk.fetch(Customer, ("id", "merged_into_id"), by="id", among=list(edge))
        into.update({gone: kept for gone, kept in found if kept is not None})
        edge = {kept for _gone, kept in found if kept is not None and kept not in into}
    return into


def standing_for(customer: int, into: Mapping[int, int]) -> int:
    """The customer as whom this one stands today, by what `mergers_above` told."""
    while (above := into.get(customer)) is not None:
        customer = above
    return customer


def _companions_by_anchor(identities: Iterable[int]) -> dict[int, list[int]]:
    beside: dict[int, list[int]] = {}
    for identity, anchor in bulk.fetch(Identity, ("id", "beside_id"), by="beside_id", among=list(identities)):
        beside.setdefault(anchor, []).append(identity)
    return beside


def _closure(identities: Iterable[int], beside: dict[int, list[int]]) -> set[int]:
    found: set[int] = set()
    edge = list(identities)
    while edge:
        each = edge.pop()
        if each not in found:
            found.add(each)
            edge.extend(beside.get(each, ()))
    return found


def split_off(*, customer: Customer, identities: Sequence[int], by: Actor, why: str = "") -> Split:
    """Make a new customer of some of a customer's identities. Raises CannotSplit when none or all were chosen."""
    by.must(Right.MERGE)
    with transaction.atomic():
        bulk.be_the_writer()
        here = {row[0] for row in bulk.fetch(Identity, ("id",), by="customer_id", among=[customer.pk])}
        moving = sorted(set(identities) & here)
        if not moving or len(moving) == len(here):
            raise CannotSplit(_("Choose some of the sources, not none and not all."))
        now = timezone.now()
        parted = new_customer_like(customer.pk, now=now)
        bulk.set_to(Identity, "customer_id", parted, by="id", among=moving)
        refresh([customer.pk, parted], now=now)
        sum_up([customer.pk, parted])
        announce(CustomersChanged(customers=(customer.pk, parted)))
        done = Split.objects.create(
            stayed=customer,
            parted_id=parted,
            identities=moving,
            at=now,
            **by.as_columns,
            why=shut(why, moving),
        )
        stand_apart(one=customer.pk, other=parted, by=by)
        note(by=by, action="split", matter="customer", key=customer.pk, detail={"parted": parted})
    return done


def stand_apart(*, one: int, other: int, by: Actor) -> None:
    """Remember that these two customers are never to be joined by rule, nor asked about again."""
    by.must(Right.MERGE)
    first, second = (
        Identity.objects.filter(customer_id=each).order_by("pk").first() for each in sorted((one, other))
    )
    if first and second:
        low, high = sorted((first.pk, second.pk))
        Apart.objects.get_or_create(
            one_id=low, other_id=high, defaults={"at": timezone.now(), "by_name": by.name}
        )
    Doubt.objects.filter(Q(one_id=one, other_id=other) | Q(one_id=other, other_id=one)).delete()


def _between(ones: Sequence[int], others: Sequence[int]) -> Q:
    return Q(one__customer__in=ones, other__customer__in=others)
