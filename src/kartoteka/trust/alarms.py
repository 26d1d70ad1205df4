"""Alarms: what the owner should look at, raised at once and seen by somebody."""

from collections.abc import Mapping

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .actor import Actor, Right
from .audit import note
from .models import Alarm

KINDS: dict[str, Promise] = {
    "over budget": _("wanted to see more contact points in an hour than allowed"),
    "many cards": _("opened unusually many cards in an hour"),
    "odd hours": _("opened cards outside the usual hours"),
    "on notice": _("opened many cards after giving notice"),
    "canary": _("opened or asked for somebody who exists only in an exported file"),
    "late callback": _("did not call back in the time that was promised"),
}
SHOWN = 200


def raise_alarm(*, kind: str, by: Actor, detail: Mapping[str, object], mark: str = "") -> bool:
    """Tell the owner of what `by` did; whether it was news. The same kind of the same person in one hour is one alarm.

    mark: what makes it the same alarm instead of the hour.
    """
    now = timezone.now()
    what = mark or f"{kind} {by.kind} {by.key} {now:%Y%m%d%H}"
    alarm, made = Alarm.objects.get_or_create(
        mark=what[:100],
        defaults={
            "at": now,
            "kind": kind,
            "actor_kind": by.kind,
            "actor_key": by.key,
            "actor_name": by.name,
            "detail": dict(detail),
        },
    )
    if made:
        note(by=by, action="raised an alarm", matter="alarm", key=alarm.pk, detail={"kind": kind})
    return made


def list_alarms(*, actor: Actor) -> list[Alarm]:
    """The alarms, those nobody has looked at first. Raises NotAllowed."""
    actor.must(Right.AUDIT)
    unseen = list(Alarm.objects.filter(seen_at=None)[:SHOWN])
    return unseen + list(Alarm.objects.exclude(seen_at=None)[: SHOWN - len(unseen)])


def unseen_alarms(*, actor: Actor) -> int:
    """How many alarms nobody has looked at; 0 for who is not told of them."""
    return Alarm.objects.filter(seen_at=None).count() if actor.may(Right.AUDIT) else 0


def have_seen(*, alarm: int, by: Actor) -> None:
    """Note that somebody looked into an alarm. Who raised it cannot put it aside themselves."""
    by.must(Right.AUDIT)
    rows = Alarm.objects.filter(pk=alarm, seen_at=None)
    if by.kind == "staff":
        rows = rows.exclude(actor_kind="staff", actor_key=by.key)
    if rows.update(seen_at=timezone.now(), seen_by=by.name):
        note(by=by, action="looked into an alarm", matter="alarm", key=alarm)
