"""What a person settles: a pair in doubt is one or never is; some of the sources of a customer are somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.people.models import Customer, Identity
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .merging import CannotMerge, merge, split_off, stand_apart, take_back
from .models import Apart, Doubt, Merger, Split
from .queries import NotThere, within_view


def settle_doubt(*, doubt: int, join: bool, by: Actor, keep: str = "", why: str = "") -> Merger | None:
    """Join the two of a pair (the Merger is returned), or hold them apart for ever (None).

    keep: the card number of the one to be kept; the older one by default. Raises NotThere when the pair was settled
    meanwhile, CannotMerge when `keep` is neither of the two.
    """
    by.must(Right.MERGE)
    pair = within_view(Doubt.objects.select_related("one", "other"), by).filter(pk=doubt).first()
    if pair is None:
        raise NotThere(_("This pair was settled in the meantime."))
    if not join:
        stand_apart(one=pair.one_id, other=pair.other_id, by=by)
        return None
    kept, gone = sorted((pair.one, pair.other), key=lambda each: (each.card != keep, each.pk))
    if keep and kept.card != keep:
        raise CannotMerge(_("The one to be kept must be one of these two."))
    return merge(kept=kept, gone=gone, by=by, why=why, score=pair.score, reasons=pair.reasons)


@dataclass(frozen=True)
class Settled:
    """A pair as it was settled, so that it can be put back: both customers, what the matching said, the merger if any."""

    one: int
    other: int
    score: float
    reasons: list[Any]
    merger: int | None


def settle_pair(*, doubt: int, join: bool, by: Actor) -> Settled:
    """Settle a pair like `settle_doubt`, keeping what is needed to take it back. Raises NotThere, CannotMerge."""
    by.must(Right.MERGE)
    pair = Doubt.objects.filter(pk=doubt).first()
    if pair is None:
        raise NotThere(_("This pair was settled in the meantime."))
    merger = settle_doubt(doubt=doubt, join=join, by=by)
    return Settled(pair.one_id, pair.other_id, pair.score, pair.reasons, merger.pk if merger else None)


def put_back(*, settled: Settled, by: Actor) -> Doubt:
    """Take the settling of a pair back: it is in doubt again. Raises CannotSplit, NotThere when that is no longer so."""
    by.must(Right.MERGE)
    with transaction.atomic():
        if settled.merger is not None:
            take_back(mergers=Merger.objects.select_for_update().filter(pk=settled.merger), by=by)
        else:
            both = [settled.one, settled.other]
            Apart.objects.filter(one__customer__in=both, other__customer__in=both).delete()
        there = Customer.objects.filter(pk__in=[settled.one, settled.other], merged_into=None).count()
        if there < 2:
            raise NotThere(_("One of these two has been joined with another in the meantime."))
        doubt, _made = Doubt.objects.update_or_create(
            one_id=settled.one,
            other_id=settled.other,
            defaults={"score": settled.score, "reasons": settled.reasons, "found_at": timezone.now()},
        )
        note(by=by, action="put back", matter="pair", key=doubt.pk)
    return doubt


def take_out(*, customer: Customer, named: Sequence[tuple[str, str]], by: Actor, why: str = "") -> Split:
    """Make a new customer of those identities, named by source and key. Raises NotThere, CannotSplit."""
    by.must(Right.MERGE)
    keys = {
        (source, key): identity
        for identity, source, key in Identity.objects.filter(
            customer=customer, key__in={key for _source, key in named}
        ).values_list("pk", "source__name", "key")
    }
    for each in named:
        if each not in keys:
            raise NotThere(
                _("No identity %(key)s of %(source)s belongs to this customer.")
                % {"source": each[0], "key": each[1]}
            )
    return split_off(customer=customer, identities=[keys[each] for each in named], by=by, why=why)
