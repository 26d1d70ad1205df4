"""Undoing an import: its claims are dropped, what they had joined is taken apart, and the records are computed again.

What others did since stays: edits, other imports, customers joined by hand.
"""

from collections.abc import Iterable

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.activity.facts import sum_up
from kartoteka.activity.orders import undo_batch
from kartoteka.consent.ledger import drop_batch
from kartoteka.kit import bulk
from kartoteka.kit.news import announce
from kartoteka.people.employing import part_again
from kartoteka.people.models import Claim, Customer, Identity
from kartoteka.people.news import CustomersGone
from kartoteka.people.recording import forget_customers, forget_identities, refresh
from kartoteka.quality.merging import mergers_above, standing_for, take_back
from kartoteka.quality.models import Merger
from kartoteka.trust.actor import SYSTEM, Actor, Right
from kartoteka.trust.audit import note

from .models import Import, Undoing
from .receiving import CannotImport, TakenOver

_UNDOABLE = (Import.State.DONE, Import.State.STOPPED, Import.State.FAILED)


def ask_to_undo(*, file_import: Import, by: Actor) -> None:
    """Put the undoing in line for the worker. Raises CannotImport when there is nothing to undo."""
    by.must(Right.IMPORT)
    moved = (
        Import.objects.filter(pk=file_import.pk, state__in=_UNDOABLE)
        .exclude(batch=None)
        .update(state=Import.State.UNDO_QUEUED, heartbeat=None, **by.as_columns)
    )
    if not moved:
        raise CannotImport(_("There is nothing to undo here."))


def undo_now(*, file_import: Import, by: Actor) -> Undoing:
    """Undo the import here, to its end."""
    ask_to_undo(file_import=file_import, by=by)
    file_import.refresh_from_db()
    return carry_out_undoing(file_import)


def carry_out_undoing(file_import: Import) -> Undoing:
    """Take everything this import brought out of the base again, all or nothing."""
    with transaction.atomic():
        bulk.be_the_writer()
        if not Import.objects.filter(pk=file_import.pk, state=Import.State.UNDO_QUEUED).exists():
            raise TakenOver
        batch = file_import.batch_id
        assert batch is not None
        identities = list(Claim.objects.filter(batch=batch).values_list("identity_id", flat=True).distinct())
        _take_apart(file_import, identities)
        touched = set(_customers_of(identities))
        drop_batch(batch)
        part_again(batch=batch)
        orders = undo_batch(batch, by=SYSTEM)
        claims = bulk.delete(Claim, by="batch_id", among=[batch])
        kept = {row[0] for row in bulk.fetch(Claim, ("identity_id",), by="identity_id", among=identities)}
        forget_identities([each for each in identities if each not in kept])
        nobodys = _only_tagged(touched)
        bulk.delete(Claim, by="identity_id", among=nobodys)
        forget_identities(nobodys)
        gone = _without_identities(touched)
        forget_customers(gone)
        refresh(touched - set(gone))
        sum_up(touched - set(gone))
        file_import.state, file_import.ended_at = Import.State.UNDONE, timezone.now()
        file_import.save(update_fields=["state", "ended_at"])
        undoing = Undoing.objects.create(
            file_import=file_import,
            at=timezone.now(),
            by_kind=file_import.by_kind,
            by_key=file_import.by_key,
            by_name=file_import.by_name,
            claims=claims,
            customers=len(gone),
            orders=orders,
        )
        announce(CustomersGone(customers=tuple(gone)))
        note(
            by=Actor(file_import.by_kind, file_import.by_key, file_import.by_name, SYSTEM.rights),
            action="undid import",
            matter="import",
            key=file_import.pk,
            detail={"claims": claims, "customers": len(gone), "orders": orders},
        )
    return undoing


def _take_apart(file_import: Import, identities: Iterable[int]) -> None:
    """Take back what rules joined since in the customers that hold identities of this import.

    The matching joins again, when it runs next, whatever it still finds to be one.
    """
    assert file_import.batch is not None
    since = Merger.objects.filter(how=Merger.How.RULE, split=None, at__gte=file_import.batch.at)
    holders = set(_customers_of(identities))
    above = mergers_above({merger.kept_id for merger in since})
    chosen = [merger for merger in since if standing_for(merger.kept_id, above) in holders]
    take_back(mergers=chosen, by=SYSTEM)


def _customers_of(identities: Iterable[int]) -> list[int]:
    return [row[0] for row in bulk.fetch(Identity, ("customer_id",), by="id", among=list(identities))]


def _only_tagged(customers: Iterable[int]) -> list[int]:
    """The identities of those of whom nothing is left but tags put on by hand: nobody could say any more who that is.

    One on whom anything else hangs (an order, a talk, a choice, a relation) stays.
    """
    held = bulk.fetch(Identity, ("id", "customer_id"), by="customer_id", among=list(customers))
    owner = dict(held)
    told = bulk.fetch(Claim, ("identity_id", "values"), by="identity_id", among=list(owner))
    tagged = {owner[identity] for identity, _values in told}
    for identity, values in told:
        if not (values if isinstance(values, dict) else orjson.loads(values)).keys() <= {"tags"}:
            tagged.discard(owner[identity])
    left = [identity for identity, customer in held if customer in tagged]
    others = [each for each in Identity._meta.related_objects if each.related_model is not Claim]
    for each in others:
        column = each.field.attname
        tagged -= {owner[row[0]] for row in bulk.fetch(each.related_model, (column,), by=column, among=left)}
    return [identity for identity in left if owner[identity] in tagged]


def _without_identities(customers: Iterable[int]) -> list[int]:
    """Those of these customers for whom no source stands any more, nor anybody who was merged into them."""
    wanted = list(customers)
    held = {row[0] for row in bulk.fetch(Identity, ("customer_id",), by="customer_id", among=wanted)}
    held |= {row[0] for row in bulk.fetch(Customer, ("merged_into_id",), by="merged_into_id", among=wanted)}
    return [each for each in wanted if each not in held]
