"""Dealings on the timeline."""

from collections.abc import Collection, Sequence

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.people.timeline import Entry, EntryKind, Mark, newest
from kartoteka.trust.actor import Actor

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

    def entries(
        self,
        identities: Sequence[int],
        *,
        actor: Actor,  # noqa: ARG002 - the timeline veils
        before: Mark | None,
        kinds: Collection[str],
        words: str,  # noqa: ARG002 - the timeline looks itself
        limit: int,
    ) -> Sequence[Entry]:
        """See people.timeline.Stream."""
        rows = Dealing.objects.all()
        if kinds:
            ways = [way for way, kind in _KINDS.items() if kind in kinds]
            rows = rows.filter(about__in=[each for each in kinds if each in _ABOUT]) | rows.filter(
                about="", way__in=ways
            )
        found = newest(rows, identities=identities, before=before, stream=self.name, limit=limit)
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
        url=_address(row.pk),
        who=row.by_name,
    )


def _address(key: int) -> str:
    try:
        return reverse("dealing", args=[key])
    except NoReverseMatch:  # a program without pages
        return ""
