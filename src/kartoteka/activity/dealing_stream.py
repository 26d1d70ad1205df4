"""Dealings on the timeline."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.people.timeline import Asked, Entry, EntryKind, newest, page_of

from .dealing_models import Dealing


class DealingStream:
    """Calls, visits, letters and mails; questions and complaints are kinds of their own."""

    name = "dealing"
    label = gettext_lazy("Dealings")
    kinds = (
        EntryKind("call", gettext_lazy("Calls"), "phone"),
        EntryKind("meeting", gettext_lazy("Visits and meetings"), "users"),
        EntryKind("mail", gettext_lazy("Mails and letters"), "mail"),
        EntryKind("chat", gettext_lazy("Chats"), "message"),
        EntryKind("question", gettext_lazy("Questions"), "question-mark"),
        EntryKind("complaint", gettext_lazy("Complaints"), "alert-triangle"),
    )

    def entries(self, asked: Asked) -> Sequence[Entry]:
        """See people.timeline.Stream."""
        rows = Dealing.objects.all()
        if asked.kinds:
            ways = [way for way, kind in _KINDS.items() if kind in asked.kinds]
            rows = rows.filter(about__in=[each for each in asked.kinds if each in _ABOUT]) | rows.filter(
                about="", way__in=ways
            )
        found = newest(rows, asked, stream=self.name)
        return [_entry(each) for each in found]


_KINDS = {
    Dealing.Way.CALL: "call", Dealing.Way.VISIT: "meeting", Dealing.Way.MEETING: "meeting",
    Dealing.Way.LETTER: "mail", Dealing.Way.MAIL: "mail", Dealing.Way.CHAT: "chat",
}  # fmt: skip
_ABOUT = ("question", "complaint")


def _entry(row: Dealing) -> Entry:
    way = f"{row.get_way_display()}, {row.get_direction_display()}"
    title = f"{way}: {row.subject}" if row.subject else way
    lacking = _("Nobody has noted yet what was said.") if row.owes_note else row.note[:1000]
    detail = f"{lacking}\n{_('Outcome')}: {row.outcome}" if row.outcome else lacking
    return Entry(
        at=row.at,
        stream=DealingStream.name,
        key=str(row.pk),
        kind=row.about or _KINDS[Dealing.Way(row.way)],
        title=title[:1].upper() + title[1:],
        detail=detail,
        url=page_of("dealing", row.pk),
        who=row.by_name,
    )
