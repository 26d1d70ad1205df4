"""Reads of dealings for programs: lists of them, one of them whole, as plain data that the actor may be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kartoteka.kit.paging import Page, page
from kartoteka.people.models import Customer
from kartoteka.people.veil import veil_text
from kartoteka.trust.actor import Actor, Right

from .dealing_models import OPEN, OWED, Dealing
from .dealings import a_dealing, change_dealing


class NoSuchDealing(LookupError):
    """There is no dealing of this number, or none that may be seen."""

    def __init__(self, key: int) -> None:
        super().__init__(_("There is no dealing %(number)s.") % {"number": key})


@dataclass(frozen=True)
class DealingWish:
    """What is asked of the list; "" asks nothing.

    way: of Dealing.Way. waits: "open" for questions and complaints that are not settled, "owed" for talks without their
    note, "unknown" for mail of senders whom nobody knows.
    """

    way: str = ""
    waits: str = ""
    customer: Customer | None = None


def list_dealings(
    *, actor: Actor, wish: DealingWish = DealingWish(), size: int = 50, after: str = "", before: str = ""
) -> Page[Dealing]:
    """Dealings page by page, the newest first. Raises BadCursor, NotAllowed."""
    actor.must(Right.SEE)
    rows = Dealing.objects.visible_to(actor).select_related("identity__customer", "owner")
    if wish.customer is not None:
        rows = rows.filter(identity__customer=wish.customer)
    if wish.way:
        rows = rows.filter(way=wish.way)
    if wish.waits == "open":
        rows = rows.filter(OPEN)
    elif wish.waits == "owed":
        rows = rows.filter(OWED)
    elif wish.waits == "unknown":
        rows = rows.filter(identity=None)
    return page(rows, by="at", descending=True, size=size, after=after, before=before)


def dealing_of(*, actor: Actor, key: int) -> Dealing:
    """A dealing by its number. Raises NoSuchDealing, NotAllowed."""
    found = a_dealing(actor=actor, key=key)
    if found is None:
        raise NoSuchDealing(key)
    return found


def changed(*, key: int, changes: Mapping[str, Any], by: Actor) -> Dealing:
    """The dealing of this number, once it was changed (dealings.change_dealing). Raises NoSuchDealing, BadDealing."""
    change_dealing(dealing=dealing_of(actor=by, key=key), changes=changes, by=by)
    return dealing_of(actor=by, key=key)


def as_data(dealing: Dealing, actor: Actor) -> dict[str, Any]:
    """A dealing as `actor` is shown it."""
    names = ("way", "direction", "at", "seconds", "about", "due_at", "settled_at", "settled_by", "cause")
    free = ("subject", "note", "counterpart", "outcome")
    shown = {name: getattr(dealing, name) for name in (*names, *free)}
    if actor.veiled:
        shown |= {name: veil_text(shown[name]) for name in free}
    return {
        "id": dealing.pk,
        "card": dealing.identity.customer.card if dealing.identity else None,
        "owner": dealing.owner.email if dealing.owner else None,
        "owes_note": dealing.owes_note,
        "is_late": dealing.is_late,
        "thread": dealing.thread_id,
        **shown,
    }
