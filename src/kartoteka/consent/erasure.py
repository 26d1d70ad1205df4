"""Forgetting a customer: everywhere, for good, and so that an old file does not bring them back."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.kit.jobs import NotNow
from kartoteka.kit.shredding import shred
from kartoteka.people.follow import Kept, Leaving
from kartoteka.people.forgetting import forget_for_good, leaving
from kartoteka.people.models import Customer, Identity
from kartoteka.trust.actor import SYSTEM, Actor, Right
from kartoteka.trust.audit import note, note_each
from kartoteka.trust.outliving import put_with_copies

from .holding import anybody_held
from .models import Erasure, PrivacyRequest, Tombstone
from .returning import tell_erasures, tell_lifted
from .tombstones import Mark, marks_of, marks_of_identities

# Seconds until the disk is swept again where a reader, or the day's work, was in its way.
_TRIED_AGAIN = 300.0


class CannotForget(ValueError):
    """This cannot be done; the message says why and what to do instead."""


def forget(
    *,
    customer: Customer,
    by: Actor,
    why: str,
    request: PrivacyRequest | None = None,
    remember: bool = True,
) -> Erasure:
    """Take a customer out of the base, with everybody who was merged into them, from every table, index and file.

    why: one of Erasure.Why. request: what asked for it. remember: keep keyed hashes, so that whoever brings them again is
    told that they asked to be forgotten. What a law has us keep stays, pointing at nobody. What they left on the disk is
    taken away by the worker within minutes (`sweep`). Raises CannotForget, NotAllowed.
    """
    by.must(Right.PRIVACY)
    if why not in Erasure.Why.values:
        raise CannotForget(_("Say why: %(all)s.") % {"all": ", ".join(Erasure.Why.values)})
    with transaction.atomic():
        bulk.be_the_writer()
        if not Customer.objects.filter(pk=customer.pk, merged_into=None).exists():
            raise CannotForget(_("This customer is not here any more, or was joined with another."))
        if why != Erasure.Why.DUTY and anybody_held([customer.pk]):
            raise CannotForget(
                _(
                    "Their data is under a legal hold. End it on “Their data and requests” first, or refuse for now."
                )
            )
        who = leaving([customer.pk])
        stones = (marks_of(who) if remember else set()) | _known_in_copies(who)
        kept = forget_for_good(who)
        erasure = _written_down(who, kept, by=by, why=why, request=request)
        _lay(erasure, stones)
        note(
            by=by,
            action="forgot",
            matter="customer",
            key=customer.pk,
            detail={"erasure": erasure.pk, **erasure.done},
        )
    return erasure


def forget_expired(*, customers: Sequence[int], by: Actor) -> Erasure:
    """Take these customers out of the base, whose time is over by a rule: at once and together, as `forget` does for one.

    They never asked for it, so nobody is held back who comes anew, but for an old copy of the base. Inside the
    transaction that found them to be due.
    """
    by.must(Right.PRIVACY)
    who = leaving(customers)
    stones = _known_in_copies(who)
    kept = forget_for_good(who)
    erasure = _written_down(who, kept, by=by, why=Erasure.Why.RULE, request=None)
    _lay(erasure, stones)
    note_each(by=by, action="forgot", matter="customer", keys=customers, detail={"erasure": erasure.pk})
    return erasure


def _known_in_copies(who: Leaving) -> set[Mark]:
    """By what an old copy of the base is told who these were."""
    theirs: list[tuple[int, dt.datetime]] = []
    for some in bulk.chunks(who.identities, 5000):
        theirs += Identity.objects.filter(pk__in=some).values_list("pk", "made_at")
    return {mark for _identity, mark in marks_of_identities(theirs, by_all_keys=False)}


def _lay(erasure: Erasure, stones: set[Mark]) -> None:
    """Lay the tombstones, and tell them where they outlive the base once this is committed."""
    rows = [(erasure.pk, *mark) for mark in sorted(stones)]
    bulk.insert(Tombstone, ("erasure_id", "what", "hash"), rows, ignore=True)
    transaction.on_commit(lambda: tell_erasures([erasure.pk]))


def _written_down(
    who: Leaving, kept: list[Kept], *, by: Actor, why: str, request: PrivacyRequest | None
) -> Erasure:
    return Erasure.objects.create(
        request=request,
        at=timezone.now(),
        **by.as_columns,
        why=why,
        done={"cards": len(who.customers), "identities": len(who.identities), "claims": len(who.said)},
        kept=[{"what": each.what, "why": each.why, "until": each.until.isoformat()} for each in kept],
    )


def erasures(*, actor: Actor) -> QuerySet[Erasure]:
    """Who was forgotten (when and why, not whom), the newest first. Raises NotAllowed."""
    actor.must(Right.PRIVACY)
    return Erasure.objects.order_by("-pk")


def lift(*, erasure: int, by: Actor, why: str) -> None:
    """Let somebody in again who came back themselves: their tombstones go. why: how we know that they wish it.

    Raises CannotForget where it says no why, was lifted or never was; NotAllowed.
    """
    by.must(Right.PRIVACY)
    if not why.strip():
        raise CannotForget(_("Write how you know that they wish to be taken in again."))
    with transaction.atomic():
        moved = Erasure.objects.filter(pk=erasure, lifted_at=None).update(
            lifted_at=timezone.now(), lifted_by=by.name, lifted_why=why.strip()[:300]
        )
        if not moved:
            raise CannotForget(_("There is nothing to lift here."))
        bulk.delete(Tombstone, by="erasure_id", among=[erasure])
        note(by=by, action="lifted erasure", matter="erasure", key=erasure)
        transaction.on_commit(lambda: tell_lifted(erasure))


def unswept() -> list[int]:
    """The erasures after which waiting files and the disk are still to be swept."""
    return list(Erasure.objects.filter(swept_at=None).order_by("pk").values_list("pk", flat=True)[:1000])


def swept(erasures: list[int]) -> None:
    """The last step of these erasures: the disk. Raises NotNow where it must be tried again later."""
    if not shred():
        raise NotNow(_TRIED_AGAIN)
    tell_erasures(erasures)
    put_with_copies()
    Erasure.objects.filter(pk__in=erasures).update(swept_at=timezone.now())
    note(by=SYSTEM, action="swept", matter="base", detail={"erasures": len(erasures)})
