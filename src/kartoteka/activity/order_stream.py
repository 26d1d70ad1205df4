"""Orders on the timeline."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from kartoteka.people.timeline import Asked, Entry, EntryKind, newest, page_of

from .order_models import Order, OrderLine

_NAMED = 5  # products an entry names


class OrderStream:
    """What was ordered; what was called off or came back is a kind of its own."""

    name = "order"
    label = gettext_lazy("Orders")
    kinds = (
        EntryKind("order", gettext_lazy("Orders"), "file-text"),
        EntryKind("taken_back", gettext_lazy("Cancelled and returned"), "arrow-back-up"),
    )

    def entries(self, asked: Asked) -> Sequence[Entry]:
        """See people.timeline.Stream."""
        rows = Order.objects.all()
        if len(set(asked.kinds)) == 1:
            rows = rows.filter(sale="order" in asked.kinds)
        found = newest(rows, asked, stream=self.name)
        named: dict[int, list[str]] = {each.pk: [] for each in found}
        lines = OrderLine.objects.filter(order__in=list(named), position__lt=_NAMED).order_by("position")
        for order, name in lines.values_list("order_id", "name"):
            named[order].append(name)
        return [_entry(each, named[each.pk]) for each in found]


def _entry(row: Order, named: Sequence[str]) -> Entry:
    goods = ", ".join(each for each in named if each)
    return Entry(
        at=row.at,
        stream=OrderStream.name,
        key=str(row.pk),
        kind="order" if row.sale else "taken_back",
        title=f"{row}: {row.get_state_display()}",
        detail=f"{goods} …" if row.line_count > _NAMED else goods,
        url=page_of("order", row.pk),
        amount=row.total,
        currency=row.currency,
    )
