"""The audit: every view of a card, change, merge, import and export leaves an entry."""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils import timezone

from .actor import Actor, Right
from .models import AuditEntry


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
