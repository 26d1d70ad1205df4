"""What the timeline tells of joining and separating customers."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.people.catalogue import Kind
from kartoteka.people.models import Customer
from kartoteka.people.timeline import Asked, Entry, EntryKind, behind

from .models import Merger, Split
from .whys import open_whys


class JoinedStream:
    """Mergers into this customer, or splits by which they were separated. There are never many of a customer."""

    def __init__(self, model: type[Merger] | type[Split], label: str | Promise, icon: str) -> None:
        self.model = model
        self.name = "joined" if model is Merger else "separated"
        self.label = label
        self.kinds = (EntryKind(self.name, label, icon, Kind.SEMANTIC),)

    def entries(self, asked: Asked) -> Sequence[Entry]:
        """See people.timeline.Stream."""
        customers = list(
            Customer.objects.filter(identities__in=asked.identities).values_list("pk", flat=True).distinct()
        )
        reached = customers
        while reached := list(Customer.objects.filter(merged_into__in=reached).values_list("pk", flat=True)):
            customers += reached
        its = (
            Q(kept__in=customers)
            if self.model is Merger
            else Q(stayed__in=customers) | Q(parted__in=customers)
        )
        rows: QuerySet[Any] = self.model._default_manager.filter(its).filter(behind(asked.before, self.name))
        found = list(rows.order_by("-at", "-pk")[: asked.limit])
        open_whys(found)
        return [self._entry(each) for each in found]

    def _entry(self, row: Any) -> Entry:
        count = len(row.identities)
        said = _("Joined with another card") if self.model is Merger else _("Separated into two cards")
        return Entry(
            at=row.at,
            stream=self.name,
            key=str(row.pk),
            kind=self.name,
            title=said,
            detail=row.why or (_("%(count)s sources moved") % {"count": count} if count > 1 else ""),
            who=row.by_name,
        )


STREAMS = (
    JoinedStream(Merger, gettext_lazy("Joined"), "arrows-join"),
    JoinedStream(Split, gettext_lazy("Separated"), "arrows-split"),
)
