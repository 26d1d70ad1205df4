"""The audit: every view of a card, change, merge, import and export leaves an entry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from kartoteka.kit.paging import Page, page

from . import signing
from .actor import Actor, Right
from .models import AuditEntry, Staff


def note(
    *, by: Actor, action: str, matter: str = "", key: object = "", detail: Mapping[str, object] | None = None
) -> None:
    """Write down that `by` did `action` ("viewed", "changed", "merged" ...) to a matter ("customer", "import" ...).

    detail: facts a reader needs (field names, counts); never the personal values themselves: who is forgotten must
    not stay in the audit, and an entry cannot be taken out of its chain (chain.py).
    """
    _entry(by, action, matter, key, dict(detail or {})).save(force_insert=True)


def note_each(
    *, by: Actor, action: str, matter: str, keys: Iterable[object], detail: Mapping[str, object] | None = None
) -> None:
    """Write down that `by` did `action` to each of these, in one go."""
    told = dict(detail or {})
    AuditEntry.objects.bulk_create([_entry(by, action, matter, key, told) for key in keys], batch_size=1000)


def _entry(by: Actor, action: str, matter: str, key: object, detail: dict[str, object]) -> AuditEntry:
    entry = AuditEntry(
        at=timezone.now(),
        actor_kind=by.kind,
        actor_key=by.key,
        actor_name=by.name[:150],
        action=action,
        matter=matter,
        matter_key=str(key),
        detail=detail,
    )
    entry.mark = signing.mark(signing.told(entry))
    return entry


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
