"""Reads of orders: lists by state, channel and payment, one order whole, a customer's orders and numbers."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.db.models import Sum as Total
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit.paging import Page, page
from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor

from .fact_models import CustomerFacts
from .order_models import Order, OrderLine, OrderState, Payment, Refund, State

LINES_SHOWN = 1000
LINES_ON_CARD = 50
_CHANNELS = 50


class NoSuchOrder(LookupError):
    """There is no order of this number, or none that may be seen."""

    def __init__(self, key: int) -> None:
        super().__init__(_("There is no order %(number)s.") % {"number": key})


@dataclass(frozen=True)
class OrderPage:
    """One order whole. lines: the first LINES_SHOWN. moves: the states it can be moved to. days_late: see `days_late`."""

    order: Order
    customer: Customer | None
    lines: Sequence[OrderLine]
    payments: Sequence[Payment]
    refunds: Sequence[Refund]
    states: Sequence[OrderState]
    moves: Sequence[tuple[str, str]]
    days_late: int


@dataclass(frozen=True)
class OrderWish:
    """What is asked of the list; "" asks nothing. payment: "unpaid" for orders of which something is open, "late" for those
    of them whose day has passed."""

    state: str = ""
    channel: str = ""
    payment: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked."""
        return bool(self.state or self.channel or self.payment)


def list_orders(
    *, actor: Actor, wish: OrderWish = OrderWish(), size: int = 50, after: str = "", before: str = ""
) -> Page[Order]:
    """Orders, the newest first; late ones, the longest due first. Who may not see customers gets none. Raises BadCursor."""
    rows = _with_people(Order.objects.visible_to(actor))
    if wish.state:
        rows = rows.filter(state=wish.state)
    if wish.channel:
        rows = rows.filter(channel=wish.channel)
    if wish.payment == "late":
        rows = rows.filter(unpaid=True, due_on__lt=timezone.localdate())
        return page(rows, by="due_on", size=size, after=after, before=before)
    if wish.payment == "unpaid":
        rows = rows.filter(unpaid=True)
    return page(rows, by="at", descending=True, size=size, after=after, before=before)


def _with_people(rows: QuerySet[Order]) -> QuerySet[Order]:
    return rows.select_related("identity__customer", "source")


def channels(*, actor: Actor) -> list[str]:
    """The channels through which orders came, in the order of the alphabet, each found by a step along the index."""
    if actor.walled:
        return []  # what others sell through is not told
    found: list[str] = []
    while len(found) < _CHANNELS:
        beyond = Order.objects.filter(channel__gt=found[-1] if found else "")
        following = beyond.order_by("channel").values_list("channel", flat=True).first()
        if following is None:
            break
        found.append(following)
    return found


def order_of(*, actor: Actor, key: int) -> Order:
    """One order. Raises NoSuchOrder."""
    found = _with_people(Order.objects.visible_to(actor)).filter(pk=key).first()
    if found is None:
        raise NoSuchOrder(key)
    return found


def order_page(*, actor: Actor, key: int) -> OrderPage:
    """One order whole. Raises NoSuchOrder."""
    order = order_of(actor=actor, key=key)
    return OrderPage(
        order=order,
        customer=order.identity.customer if order.identity else None,
        lines=list(order.lines.select_related("product").order_by("position")[:LINES_SHOWN]),
        payments=list(order.payments.order_by("at", "pk")),
        refunds=list(order.refunds.order_by("at", "pk")),
        states=list(order.states.order_by("at", "pk")),
        moves=[(value, str(label)) for value, label in State.choices if value != order.state],
        days_late=days_late(order),
    )


def days_late(order: Order, *, today: dt.date | None = None) -> int:
    """How many days after its due day the order was paid, or is still not; 0 where it was in time, or nothing is due."""
    if order.due_on is None or (order.paid_at is None and not order.unpaid):
        return 0
    day = timezone.localdate(order.paid_at) if order.paid_at else today or timezone.localdate()
    return max(0, (day - order.due_on).days)


def orders_of(
    *, actor: Actor, customer: Customer, size: int = 20, after: str = "", before: str = ""
) -> Page[Order]:
    """The orders of a customer whose card `actor` may open, the newest first, each with its first lines as
    `shown_lines`. Raises BadCursor."""
    if not Customer.objects.open_to(actor).filter(pk=customer.pk).exists():
        return Page([], "", "")
    rows = Order.objects.filter(identity__customer=customer).select_related("source")
    found = page(rows, by="at", descending=True, size=size, after=after, before=before)
    lines: dict[int, list[OrderLine]] = {each.pk: [] for each in found.rows}
    first = OrderLine.objects.filter(order__in=list(lines), position__lt=LINES_ON_CARD).select_related(
        "product"
    )
    for line in first.order_by("order", "position"):
        lines[line.order_id].append(line)
    for each in found.rows:
        each.shown_lines = lines[each.pk]
    return found


@dataclass(frozen=True)
class Sum:
    """What a customer brought in one currency."""

    currency: str
    orders: int
    net: Decimal
    owed: Decimal


@dataclass(frozen=True)
class Punctuality:
    """How a customer pays what had a day to be paid by. days: how late the late ones were on average, rounded."""

    in_time: int
    late: int
    days: int


def punctuality_of(*, actor: Actor, customer: Customer) -> Punctuality | None:
    """How a customer pays; None where nothing of theirs with a due day was paid yet, or `actor` may not open the card."""
    if not Customer.objects.open_to(actor).filter(pk=customer.pk).exists():
        return None
    facts = CustomerFacts.objects.filter(customer=customer).first()
    if facts is None or not facts.paid_in_time + facts.paid_late:
        return None
    days = round(facts.late_days / facts.paid_late) if facts.paid_late else 0
    return Punctuality(facts.paid_in_time, facts.paid_late, days)


def sums_of(*, actor: Actor, customer: Customer) -> list[Sum]:
    """What a customer brought, by currency: amounts of two are never added up."""
    if not Customer.objects.open_to(actor).filter(pk=customer.pk).exists():
        return []
    rows = (
        Order.objects.filter(identity__customer=customer)
        .order_by("currency")
        .values_list("currency")
        .annotate(orders=Count("pk", filter=Q(sale=True)), net=Total("net"), owed=Total("owed", default=0))
    )
    return [Sum(*row) for row in rows]
