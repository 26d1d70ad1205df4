"""Tasks that were done and callbacks, on the timeline."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.people.timeline import Asked, Entry, EntryKind, newest

from .models import Callback, Task


class TaskStream:
    """Tasks, calls and meetings at the time for which they are or were planned."""

    name = "task"
    label = gettext_lazy("Tasks")
    kinds = (EntryKind("task", gettext_lazy("Tasks"), "list-check"),)

    def entries(self, asked: Asked) -> Sequence[Entry]:
        """See people.timeline.Stream."""
        rows = Task.objects.filter(dropped_at=None).select_related("owner")
        found = newest(rows, asked, stream=self.name, at="due_at")
        return [_of_task(each) for each in found]


class CallbackStream:
    """Wishes to be called back, and whether the promise was kept."""

    name = "callback"
    label = gettext_lazy("Callbacks")
    kinds = (EntryKind("callback", gettext_lazy("Callbacks"), "hourglass"),)

    def entries(self, asked: Asked) -> Sequence[Entry]:
        """See people.timeline.Stream."""
        rows = Callback.objects.select_related("owner")
        found = newest(rows, asked, stream=self.name, at="asked_at")
        return [_of_callback(each) for each in found]


def _of_task(row: Task) -> Entry:
    state = _("done") if row.done_at else _("planned")
    return Entry(
        at=row.due_at,
        stream=TaskStream.name,
        key=str(row.pk),
        kind="task",
        title=_title(row),
        detail=", ".join(filter(None, (state, row.reason, row.outcome))),
        who=str(row.owner or ""),
    )


def _title(row: Task) -> str:
    kind = str(row.get_kind_display())
    return f"{kind[:1].upper()}{kind[1:]}: {row.title}"


def _of_callback(row: Callback) -> Entry:
    if row.called_at is not None:
        state = _("called back in time") if row.was_kept else _("called back late")
    else:
        state = _("no longer needed") if row.closed_at else _("waits for our call")
    return Entry(
        at=row.asked_at,
        stream=CallbackStream.name,
        key=str(row.pk),
        kind="callback",
        title=_("Asked to be called back"),
        detail=", ".join(filter(None, (state, row.reason, row.outcome))),
        who=str(row.owner or ""),
    )
