"""Connections as a page shows them: when each last delivered, what waits and what failed, and its deliveries one by one."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.functional import Promise

from kartoteka.kit.paging import Page, page
from kartoteka.trust.actor import Actor, Right

from .connection_models import Connection, Delivery
from .connections import Asked, Kind, a_connection, deliveries, kind_of, kinds, told

_LATELY = dt.timedelta(days=7)
_State = Delivery.State


@dataclass(frozen=True)
class Line:
    """A connection in the list. waiting, failed, refused: how many deliveries; the last two of the last seven days."""

    connection: Connection
    label: str | Promise
    last_at: dt.datetime | None
    waiting: int
    failed: int
    refused: int


def overview(*, actor: Actor) -> list[Line]:
    """All connections, those in use first. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    lately = Q(deliveries__at__gte=timezone.now() - _LATELY)
    rows = Connection.objects.annotate(
        last_at=Max("deliveries__at"),
        waiting=Count("deliveries", filter=Q(deliveries__state=_State.WAITING)),
        failed=Count("deliveries", filter=lately & Q(deliveries__state=_State.FAILED)),
        refused=Count("deliveries", filter=lately & Q(deliveries__state=_State.REFUSED)),
    )
    found = [
        Line(each, kind_of(each).label, each.last_at, each.waiting, each.failed, each.refused)
        for each in rows.order_by("name")
    ]
    return sorted(found, key=lambda line: line.connection.ended_at is not None)


@dataclass(frozen=True)
class Opened:
    """One connection: what the other side needs, what was typed in here (secrets only by that they are there)."""

    connection: Connection
    kind: Kind
    told: dict[str, object]
    page: Page[Delivery]
    askable: bool

    @property
    def states(self) -> list[tuple[str, str]]:
        """What can have become of a delivery."""
        return [(str(value), str(label)) for value, label in _State.choices]

    @property
    def asks(self) -> list[tuple[Asked, str]]:
        """What the kind asks for, with what stands there now; of a secret nothing."""
        return [
            (each, "" if each.secret else self.connection.more.get(each.key, "")) for each in self.kind.asks
        ]


def opened(*, actor: Actor, key: int, state: str = "", after: str = "", before: str = "") -> Opened | None:
    """A connection with a page of its deliveries, the newest first; None where there is none.

    Raises BadCursor, NotAllowed.
    """
    from .shops.missed import can_be_asked

    connection = a_connection(actor=actor, key=key)
    if connection is None:
        return None
    rows = deliveries(actor=actor, connection=connection).defer("body")
    if state in _State.values:
        rows = rows.filter(state=state)
    found = page(rows.order_by(), by="id", descending=True, size=50, after=after, before=before)
    return Opened(connection, kind_of(connection), told(connection), found, can_be_asked(connection))


def kinds_to_choose(*, actor: Actor) -> tuple[Kind, ...]:
    """What can be connected. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    return kinds()


def a_delivery(*, actor: Actor, connection: Connection, key: int) -> Delivery | None:
    """A delivery of this connection; None where there is none. Raises NotAllowed."""
    return deliveries(actor=actor, connection=connection).filter(pk=key).first()
