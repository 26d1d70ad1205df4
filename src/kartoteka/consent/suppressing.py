"""Contact points that must not be used: bounced, complained, unsubscribed. It holds for all who share the address."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.kit.news import announce
from kartoteka.people.models import ContactPoint
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .ledger import BadChoice
from .models import Purpose, Suppression
from .news import MayHaveChanged


def suppress(
    *, point: int, why: str, by: Actor, purpose: Purpose | None = None, place: str = ""
) -> Suppression:
    """Stop using a contact point, whoever has it. One that is stopped already for the same stays so.

    why: one of Suppression.Why. A bounce stops everything; a complaint or an unsubscribing what the customer may refuse.
    purpose: for this one only. Raises BadChoice, NotAllowed.
    """
    by.must(Right.CHANGE)
    if why not in Suppression.Why.values:
        raise BadChoice("why", _("Say why: %(all)s.") % {"all": ", ".join(Suppression.Why.values)})
    if not ContactPoint.objects.filter(pk=point).exists():
        raise BadChoice("point", _("There is no such contact detail."))
    with transaction.atomic():
        bulk.be_the_writer()
        known = Suppression.objects.filter(point=point, why=why, purpose=purpose, ended_at=None).first()
        if known is not None:
            return known
        made = Suppression.objects.create(
            point_id=point,
            why=why,
            purpose=purpose,
            at=timezone.now(),
            place=place[:255],
            **by.as_columns,
        )
        announce(MayHaveChanged(points=(point,)))
        note(by=by, action="suppressed", matter="contact point", key=point, detail={"why": why})
    return made


def lift_all(
    *, point: int, said: str, by: Actor, purpose: Purpose | None = None, why: Sequence[str] = ()
) -> int:
    """Use a contact point again: end what stops it, and say why. How many suppressions ended.

    purpose: those for it, and those for all. why: only these kinds. Raises BadChoice without a reason, NotAllowed.
    """
    by.must(Right.CHANGE)
    if not said.strip():
        raise BadChoice("said", _("Say why it may be used again."))
    rows = Suppression.objects.filter(point=point, ended_at=None)
    if purpose is not None:
        rows = rows.filter(Q(purpose=purpose) | Q(purpose=None))
    if why:
        rows = rows.filter(why__in=list(why))
    with transaction.atomic():
        ended = rows.update(ended_at=timezone.now(), ended_by=by.name[:150], ended_why=said.strip()[:255])
        if ended:
            announce(MayHaveChanged(points=(point,)))
            note(by=by, action="lifted suppression", matter="contact point", key=point)
    return ended


def suppress_lines(points: Sequence[tuple[int, str]], *, batch: Any, place: str) -> int:
    """Stop the contact points that a file says came back or unsubscribed: (key, why); how many were not stopped yet."""
    held = {
        (row.point_id, row.why)
        for row in Suppression.objects.filter(
            point__in=[point for point, _why in points], purpose=None, ended_at=None
        )
    }
    fresh = sorted(set(points) - held)
    now = timezone.now()
    bulk.insert(
        Suppression,
        ("point_id", "why", "purpose_id", "at", "place", "batch_id", "by_kind", "by_key", "by_name",
         "ended_at", "ended_by", "ended_why"),
        (
            (point, why, None, now, place[:255], batch.pk, batch.by_kind, batch.by_key, batch.by_name, None, "", "")
            for point, why in fresh
        ),
    )  # fmt: skip
    announce(MayHaveChanged(points=tuple({point for point, _why in fresh})))
    return len(fresh)
