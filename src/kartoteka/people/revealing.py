"""Looking at a veiled contact point, calling and writing: for a reason, counted by person and hour, written down."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kartoteka.trust.actor import Actor
from kartoteka.trust.alarms import raise_alarm
from kartoteka.trust.audit import note
from kartoteka.trust.limits import one_at_a_time
from kartoteka.trust.models import Limits

from .editing import value_of
from .models import Customer, Reveal
from .record import entry_key
from .veil import CONTACT_FIELDS
from .view import must_reach

HOUR = dt.timedelta(hours=1)
# What a program is opened with, by the field that holds whom to call or to write to.
WAYS = {"call": ("phones", "tel:"), "write": ("emails", "mailto:")}
# The usual reasons; those of the owner's own are called as they were written.
REASONS: dict[str, str | Promise] = {
    "call": _("to call"),
    "write": _("to write"),
    "check": _("to check it"),
    "complaint": _("a complaint"),
    "other": _("something else"),
}


class OverBudget(PermissionError):
    """Somebody looked at as many contact points in an hour as the owner allows."""

    def __init__(self, most: int) -> None:
        super().__init__(
            gettext(
                "You have looked at %(most)s in an hour, as many as you may. Ask the owner, or go on later."
            )
            % {"most": most}
        )


class NothingToReveal(LookupError):
    """The customer has no such contact point, or no longer."""


def reasons() -> list[str]:
    """The reasons to choose from by the keys 1 to 5, as the owner has set them."""
    return [str(each) for each in Limits.now().reasons[:5]]


def reveal(*, customer: Customer, field: str, place: int, reason: str, by: Actor) -> Any:
    """One entry of a field of contact points, whole. place: which, counted from 0; reason: one of `reasons()`.

    It counts against the hour of who asks (`OverBudget` tells the owner as well) and is written into the audit without
    the address itself. Raises NothingToReveal, NotAllowed.
    """
    if reason not in reasons():
        raise NothingToReveal(gettext("Say why you want to see it."))
    entry = _entry(customer, field, place, by=by)
    _count(customer, field=field, way="reveal", reason=reason, by=by)
    return entry


def reach(*, customer: Customer, way: str, place: int, by: Actor) -> str:
    """The address (`tel:` or `mailto:`) with which a program calls or writes; way: "call" or "write".

    The program shows it, so it is counted and written down like a reveal, against a budget of its own. Raises the same.
    """
    if way not in WAYS:
        raise NothingToReveal(gettext("There is nothing to call or to write to here."))
    field, scheme = WAYS[way]
    entry = _entry(customer, field, place, by=by)
    _count(customer, field=field, way=way, reason=way, by=by)
    return scheme + str(entry["value"])


def _entry(customer: Customer, field: str, place: int, *, by: Actor) -> Any:
    by.must_open_cards()
    must_reach(by, customer)
    entries = value_of(customer, field) if field in CONTACT_FIELDS else None
    if not isinstance(entries, list) or not 0 <= place < len(entries) or not entry_key(field, entries[place]):
        raise NothingToReveal(gettext("There is nothing to call or to write to here."))
    return entries[place]


def _count(customer: Customer, *, field: str, way: str, reason: str, by: Actor) -> None:
    limits = Limits.now()
    ways, most = (["reveal"], limits.reveals) if way == "reveal" else (list(WAYS), limits.reaches)
    with transaction.atomic():
        one_at_a_time(by)
        now = timezone.now()
        lately = Reveal.objects.filter(by_kind=by.kind, by_key=by.key, at__gt=now - HOUR, way__in=ways)
        within = lately.count() < most
        if within:
            Reveal.objects.create(
                customer=customer,
                field=field,
                way=way,
                reason=reason[:100],
                at=now,
                **by.as_columns,
            )
            action = "revealed" if way == "reveal" else "called" if way == "call" else "wrote to"
            note(
                by=by,
                action=action,
                matter="customer",
                key=customer.pk,
                detail={"field": field, "why": reason},
            )
    if not within:
        raise_alarm(kind="over budget", by=by, detail={"most": most, "way": way})
        raise OverBudget(most)
