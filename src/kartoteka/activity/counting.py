"""What an order comes to: pure, from what was said of it. Every amount has at most four places, rounded half to even."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from kartoteka.kit.fixed import rounded

from .order_models import State
from .said import LineSaid, OrderSaid, PaymentSaid

_ZERO = Decimal(0)
# In these states nothing of what was ordered was sold in the end.
UNDONE = (State.RETURNED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Amounts:
    """The columns of an Order that are counted; see there. `nets`: of each line, in their order."""

    nets: tuple[Decimal, ...]
    total: Decimal
    net: Decimal
    returned: Decimal
    paid: Decimal
    refunded: Decimal
    owed: Decimal | None
    sale: bool
    paid_at: dt.datetime | None
    late_days: int | None


def line_net(line: LineSaid) -> Decimal:
    """Quantity times price less the discount, which brings the amount nearer to nothing whichever its sign."""
    amount = line.quantity * line.price
    if line.discount:
        amount -= abs(line.discount).copy_sign(amount)
    return rounded(amount)


def amounts(said: OrderSaid, *, state: str, by_hand: Sequence[PaymentSaid] = ()) -> Amounts:
    """Count an order that stands in `state`. by_hand: payments that staff noted beside those told.

    - What came back (negative lines) takes off; an order returned or cancelled whole has sold nothing, and its negative
      lines, if it has some, are what it takes back of another.
    - A refund takes off its share without the tax on top: of 12.30 given back on a total of 123 with 23 tax, 10.
    - Paid is judged against the total less what was given back.
    """
    nets = tuple(map(line_net, said.lines))
    sold = sum((each for each in nets if each > 0), _ZERO)
    back = sum((each for each in nets if each < 0), _ZERO)
    extra = said.shipping - said.discount
    tax = said.tax + sum((line.tax for line in said.lines if line.tax), _ZERO)
    told = said.total
    total = rounded(sold + back + extra + tax if told is None else told)
    if not said.lines:
        sold = total - tax - extra
    undone = state in UNDONE
    refunded = rounded(sum((each.amount for each in said.refunds), _ZERO))
    if undone:
        net = back
        given_up = max(_ZERO, sold) - back
    else:
        before = sold + back + extra
        share = before / total if total > 0 else Decimal(1)
        net = before - refunded * share
        given_up = refunded * share - back
    payments = [*said.payments, *by_hand]
    paid, paid_at = _paid(payments, total - refunded)
    if not payments and state == State.PAID:
        paid, paid_at = total, said.state_at or said.at
    known = bool(payments) or said.due_on is not None or paid_at is not None
    owed = None if not known else _ZERO if undone else max(_ZERO, total - refunded - paid)
    return Amounts(
        nets=nets,
        total=total,
        net=rounded(net),
        returned=rounded(given_up),
        paid=rounded(paid),
        refunded=refunded,
        owed=owed,
        sale=not undone and (not said.lines or any(line.quantity > 0 for line in said.lines)),
        paid_at=paid_at,
        late_days=_late(paid_at, said.due_on),
    )


def _late(paid_at: dt.datetime | None, due_on: dt.date | None) -> int | None:
    """How many days after its due day the last of it came, by the business's own clock; None where it did not, or was not
    due on a day."""
    if paid_at is None or due_on is None:
        return None
    return max(0, (timezone.localdate(paid_at) - due_on).days)


def _paid(payments: Sequence[PaymentSaid], due: Decimal) -> tuple[Decimal, dt.datetime | None]:
    """How much came in, and when the last of what was due did; None as long as some of it is open."""
    paid, at = _ZERO, None
    for each in sorted(payments, key=lambda one: one.at):
        paid += each.amount
        if at is None and paid >= due:
            at = each.at
        elif paid < due:
            at = None
    return paid, at
