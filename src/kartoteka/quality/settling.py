"""What a person settles: a pair in doubt is one or never is; some of the sources of a customer are somebody else."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from kartoteka.people.models import Customer, Identity
from kartoteka.trust.actor import Actor, Right

from .merging import CannotMerge, merge, split_off, stand_apart
from .models import Doubt, Merger, Split
from .queries import NotThere


def settle_doubt(*, doubt: int, join: bool, by: Actor, keep: str = "", why: str = "") -> Merger | None:
    """Join the two of a pair (the Merger is returned), or hold them apart for ever (None).

    keep: the card number of the one to be kept; the older one by default. Raises NotThere when the pair was settled
    meanwhile, CannotMerge when `keep` is neither of the two.
    """
    by.must(Right.MERGE)
    pair = Doubt.objects.select_related("one", "other").filter(pk=doubt).first()
    if pair is None:
        raise NotThere(_("This pair was settled in the meantime."))
    if not join:
        stand_apart(one=pair.one_id, other=pair.other_id, by=by)
        return None
    kept, gone = sorted((pair.one, pair.other), key=lambda each: (each.card != keep, each.pk))
    if keep and kept.card != keep:
        raise CannotMerge(_("The one to be kept must be one of these two."))
    return merge(kept=kept, gone=gone, by=by, why=why)


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
