"""What the sites sent last, and what was wrong with it: for whoever wires a site in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from kartoteka.activity.event_models import Event
from kartoteka.intake.connection_models import Connection, Delivery, Parcel
from kartoteka.kit.paging import Page, page
from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor, Right

from . import KIND

_REFUSED = 30


@dataclass(frozen=True)
class Shown:
    """The debugger's page.

    sites: the connected ones. site: the one that is looked at, None for all. refused: what was not taken, newest first,
    also of senders whom nobody knows. waiting: whether calls still wait for the worker. whole: whether properties are
    shown.
    """

    sites: Sequence[Connection]
    site: Connection | None
    page: Page[Event]
    refused: Sequence[Delivery]
    waiting: bool
    whole: bool


def last_events(
    *, actor: Actor, site: str = "", problems: bool = False, after: str = "", before: str = "", size: int = 50
) -> Shown:
    """The last events of a site (its number as text; "" for all), or only those with which something was wrong.

    Raises NotAllowed, BadCursor.
    """
    actor.must(Right.SET_UP)
    sites = list(Connection.objects.filter(kind=KIND).select_related("source"))
    found = next((each for each in sites if str(each.pk) == site), None)
    rows = _visible(actor).select_related("visitor__identity__customer", "source")
    if found is not None:
        rows = rows.filter(source=found.source_id)
    if problems:
        rows = rows.exclude(problem="")
    refused = Delivery.objects.filter(state__in=[Delivery.State.REFUSED, Delivery.State.FAILED])
    theirs = refused.filter(connection=found) if found else refused.filter(connection__kind=KIND)
    unknown = refused.none() if found else refused.filter(connection=None)
    both = [
        *theirs.select_related("connection").order_by("-id")[:_REFUSED],
        *unknown.order_by("-id")[:_REFUSED],
    ]
    return Shown(
        sites=sites,
        site=found,
        page=page(rows, by="id", descending=True, size=size, after=after, before=before),
        refused=sorted(both, key=lambda each: -each.pk)[:_REFUSED],
        waiting=Parcel.objects.exists(),
        whole=actor.may(Right.SEE) and not actor.veiled,
    )


def _visible(actor: Actor) -> QuerySet[Event]:
    """The events of nobody, and of customers whom this actor may see."""
    if not actor.walled:
        return Event.objects.all()
    seen = Customer.objects.visible_to(actor)
    mine = Event.objects.filter(visitor__identity__customer__in=seen)
    return mine | Event.objects.filter(visitor__identity=None)
