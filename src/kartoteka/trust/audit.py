"""The audit: every view of a card, change, merge, import and export leaves an entry."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from kartoteka.kit.paging import Page, page

from .actor import Actor, Right
from .models import AuditEntry, Staff


def note(
    *, by: Actor, action: str, matter: str = "", key: object = "", detail: Mapping[str, object] | None = None
) -> None:
    """Write down that `by` did `action` ("viewed", "changed", "merged" ...) to a matter ("customer", "import" ...).

    detail: facts a reader needs (field names, counts); never the personal values themselves.
    """
    AuditEntry.objects.create(
        at=timezone.now(),
        actor_kind=by.kind,
        actor_key=by.key,
        actor_name=by.name,
        action=action,
        matter=matter,
        matter_key=str(key),
        detail=dict(detail or {}),
    )


def entries(*, actor: Actor, matter: str = "", key: object = "") -> QuerySet[AuditEntry]:
    """The entries that `actor` may read, newest first. Raises NotAllowed without the right to read the audit."""
    actor.must(Right.AUDIT)
    found = AuditEntry.objects.all()
    if matter:
        found = found.filter(matter=matter)
    if key:
        found = found.filter(matter_key=str(key))
    return found


@dataclass(frozen=True)
class AuditWish:
    """What is asked of the audit; an empty part asks nothing.

    who: a member of staff's key, or "token", "shell", "system". key: of the matter.
    """

    who: str = ""
    action: str = ""
    matter: str = ""
    key: str = ""
    after: str = ""
    before: str = ""


@dataclass(frozen=True)
class AuditList:
    """One page of the audit, and the staff who can be asked for."""

    page: Page[AuditEntry]
    staff: tuple[Staff, ...]


def list_entries(*, actor: Actor, wish: AuditWish, size: int = 100) -> AuditList:
    """The entries that `wish` asks for, newest first. Raises BadCursor, NotAllowed."""
    rows = entries(actor=actor, matter=wish.matter, key=wish.key)
    if wish.who.isascii() and wish.who.isdigit() and len(wish.who) < 18:
        rows = rows.filter(actor_kind="staff", actor_key=int(wish.who))
    elif wish.who:
        rows = rows.filter(actor_kind=wish.who)
    if wish.action:
        rows = rows.filter(action=wish.action)
    found = page(rows, by="at", descending=True, size=size, after=wish.after, before=wish.before)
    return AuditList(found, tuple(Staff.objects.order_by("name", "email")))
