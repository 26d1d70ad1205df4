"""What every report is asked: which days, which site, which devices; and what there is to ask for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Max, Min, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.activity import lately
from kartoteka.activity.warehouse.models import SiteDay
from kartoteka.activity.warehouse.reading import LEFT, page_named
from kartoteka.people.models import Source
from kartoteka.trust.actor import Actor, Right

DEVICES = {"phone": gettext_lazy("Phone"), "tablet": gettext_lazy("Tablet"), "desk": gettext_lazy("Computer")}
_NO_STEPS = {LEFT}
_LONGEST = 366 * 10


class CannotAsk(ValueError):
    """This cannot be asked; `field` is what to change, the message says how."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Asked:
    """Days of the business's calendar, both ends in it; a site by the key of its source, or all; "phone", "tablet",
    "desk" or "" for all devices."""

    first: dt.date
    last: dt.date
    source: int | None = None
    device: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise CannotAsk("to", _("The last day is before the first."))
        if (self.last - self.first).days >= _LONGEST:
            raise CannotAsk("from", _("Choose ten years at most."))
        if self.device and self.device not in DEVICES:
            raise CannotAsk("device", _("Choose phone, tablet or desk, or leave it empty."))


def usual(*, days: int = 30) -> tuple[dt.date, dt.date]:
    """The last so many days, today with them."""
    today = timezone.localdate()
    return today - dt.timedelta(days=days - 1), today


@dataclass(frozen=True)
class Known:
    """What there is: the sites that were visited, since when, how many events are counted, and as of when; whether some
    that came in since are still to be counted."""

    sites: Sequence[Source]
    first: dt.date | None
    events: int
    written_at: dt.datetime | None
    waiting: bool


def known(*, actor: Actor) -> Known:
    """What the reports can be asked of. Raises NotAllowed."""
    may_ask(actor)
    rows = SiteDay.objects.all()
    told = rows.exclude(kept_as="").aggregate(first=Min("day"), events=Sum("events"), at=Max("written_at"))
    keys = {key for each in rows.values_list("sources", flat=True).distinct() for key in each}
    return Known(
        sites=list(Source.objects.filter(pk__in=keys).order_by("name")),
        first=told["first"],
        events=told["events"] or 0,
        written_at=told["at"],
        waiting=rows.filter(changed__gt=F("written")).exists(),
    )


def may_ask(actor: Actor) -> None:
    """Raise NotAllowed unless `actor` may see numbers of the whole base."""
    actor.must(Right.COUNTS)


def offered(*, actor: Actor) -> Sequence[str]:
    """Pages and events that were seen lately, for choosing steps. Raises NotAllowed."""
    may_ask(actor)
    paths = [page_named(each) for each in lately.pages() if each.startswith("/")]
    return [*dict.fromkeys([*paths, *(each for each in lately.names() if each not in _NO_STEPS)])]
