"""How much there is in the base: customers, identities, orders, their lines, and what they brought, by currency."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from kartoteka.people.models import Customer, Identity
from kartoteka.trust.actor import Actor, Right

from .event_models import Event
from .order_models import Order, State


@dataclass(frozen=True)
class Figures:
    """The numbers. cancelled_lines: on orders that were cancelled, or that cancel others. anonymous_lines: on sales to
    nobody we know. net_revenue: by currency, net of what was cancelled, returned and given back."""

    customers: int
    identities: int
    orders: int
    lines: int
    cancelled_lines: int
    anonymous_lines: int
    net_revenue: dict[str, Decimal]
    events: int

    @property
    def as_data(self) -> dict[str, Any]:
        """For programs: amounts as numbers, which hold all their places up to a trillion."""
        revenue = {code: float(value) for code, value in self.net_revenue.items()}
        return {**asdict(self), "net_revenue": revenue}


def figures_of(*, actor: Actor) -> Figures:
    """Count the whole base. Raises NotAllowed for who does not see the whole base."""
    actor.must(Right.SEE if not actor.walled else Right.AUDIT)
    orders = Order.objects.all()
    totals = orders.aggregate(
        orders=Count("pk"),
        lines=Sum("line_count", default=0),
        cancelled=Sum("line_count", filter=Q(state=State.CANCELLED), default=0),
        anonymous=Sum("line_count", filter=Q(identity=None), default=0),
    )
    revenue = orders.order_by("currency").values_list("currency").annotate(net=Sum("net"))
    return Figures(
        customers=Customer.objects.filter(merged_into=None).count(),
        identities=Identity.objects.count(),
        orders=totals["orders"],
        lines=totals["lines"],
        cancelled_lines=totals["cancelled"],
        anonymous_lines=totals["anonymous"],
        net_revenue=dict(revenue),
        events=Event.objects.count(),
    )
