"""Recording orders: the one door through which an order comes into the base, set-based for one and for a hundred thousand.

Idempotent by source and the order's key. A later telling of an order replaces what was told of it and moves its state on.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.kit.fixed import LARGEST
from kartoteka.people.models import Batch, Source
from kartoteka.trust.actor import Actor, Right

from .currencies import code_of
from .facts import count_orders
from .home_currency import adopt_home
from .order_models import EarlierTelling, Order, OrderLine, OrderState, Payment, Product, Refund, State
from .order_rows import Known, write_rows
from .said import OrderSaid
from .telling import as_json, digest_of, said_of

# The tables that fill when orders are recorded.
WRITTEN = (Order, OrderLine, Product, OrderState)
_EARLIEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_AHEAD = dt.timedelta(days=1)
_MOST_LINES = 100_000


class BadOrder(ValueError):
    """An order that cannot be: `order` is its key, `field` what is wrong; the message says why and what to do."""

    def __init__(self, order: str, field: str, message: str) -> None:
        self.order = order
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of the orders, in their order: their keys in the base.

    new: orders that were not there. changed: those of which something else was told before. known: told just so before,
    or later already.
    """

    orders: list[int]
    new: int
    changed: int
    known: int


def record(
    *, orders: Sequence[OrderSaid], source: Source, batch: Batch | None, by: Actor, adding: bool = False
) -> Recorded:
    """Write what `source` says of these orders, all or nothing.

    adding: orders of which this very batch has told before get these lines besides, for files in which the lines of an
    order lie apart. An order told before with a later state is left as it is. A telling in which the order is only placed
    does not take it back to there. Raises BadOrder for the first that cannot be, NotAllowed.
    """
    _must_take(by)
    for each in orders:
        if wrong := what_is_wrong(each):
            raise wrong
    with transaction.atomic():
        bulk.be_the_writer()
        return _record(orders, source=source, batch=batch, by=by, adding=adding)


def _must_take(by: Actor) -> None:
    if not by.may(Right.IMPORT):
        by.must(Right.CHANGE)


def what_is_wrong(said: OrderSaid) -> BadOrder | None:
    """Why this order cannot be; None where it can."""
    if not said.key or len(said.key) > 200:
        return BadOrder(said.key[:50], "key", _("An order needs a number of up to 200 letters and digits."))
    try:
        code_of(said.currency)
    except ValueError as problem:
        return BadOrder(said.key, "currency", str(problem))
    if said.state not in State.values:
        text = _("“%(state)s” is no state of an order. Use one of: %(all)s.")
        return BadOrder(said.key, "state", text % {"state": said.state[:20], "all": ", ".join(State.values)})
    if timezone.is_naive(said.at) or not _EARLIEST <= said.at <= timezone.now() + _AHEAD:
        text = _("The order is of %(day)s. It must lie between 1970 and today.")
        return BadOrder(said.key, "at", text % {"day": said.at.date().isoformat()})
    if len(said.lines) > _MOST_LINES:
        return BadOrder(said.key, "lines", _("An order has at most %(most)d lines.") % {"most": _MOST_LINES})
    return _wrong_amounts(said)


def _wrong_amounts(said: OrderSaid) -> BadOrder | None:
    whole = [said.total, said.discount, said.shipping, said.tax]
    whole += [paid.amount for paid in said.payments]
    whole += [back.amount for back in said.refunds]
    for each in said.lines:
        whole += (each.quantity, each.price, each.discount, each.tax, each.cost)
    good = all(map(_can_be, whole)) and all(_can_be(each.quantity * each.price) for each in said.lines)
    return (
        None
        if good
        else BadOrder(said.key, "amount", _("An amount in it is too large to be one, or is no number."))
    )


def _can_be(value: Decimal | None) -> bool:
    return value is None or (value.is_finite() and abs(value) < LARGEST)


def _record(
    orders: Sequence[OrderSaid], *, source: Source, batch: Batch | None, by: Actor, adding: bool
) -> Recorded:
    told = {each.key: each for each in orders}  # of one told twice the later telling counts
    known = _known(told, source)
    if adding and batch is not None:
        told = _with_earlier_lines(told, known, batch)
    digests = {key: digest_of(each) for key, each in told.items()}
    new = [key for key in told if key not in known]
    changed = [
        key for key, was in known.items() if was.digest != digests[key] and not _is_older(told[key], was)
    ]
    before = [known[key].pk for key in changed]
    touched = {known[key].identity for key in changed}
    if batch is not None:
        _keep_earlier([known[key] for key in changed if known[key].batch != batch.pk], batch)
    _clear(before)
    keys = dict(zip(new, bulk.take_ids(Order, len(new)), strict=True))
    keys.update({key: was.pk for key, was in known.items()})
    if new:
        adopt_home([told[key].currency.strip().upper() for key in new], by=by)
    written = [replace(told[key], currency=told[key].currency.strip().upper()) for key in (*new, *changed)]
    write_rows(written, keys=keys, known=known, digests=digests, source=source, batch=batch, by=by)
    touched |= {each.identity for each in written}
    count_orders(sorted(each for each in touched if each is not None))
    return Recorded(
        orders=[keys[each.key] for each in orders],
        new=len(new),
        changed=sum(not (adding and batch and known[key].batch == batch.pk) for key in changed),
        known=len(known) - len(changed),
    )


def _known(keys: Iterable[str], source: Source) -> dict[str, Known]:
    columns = ("key", "id", "digest", "state", "state_at", "batch_id", "identity_id")
    rows = bulk.fetch(Order, columns, by="key", among=list(keys), also={"source_id": source.pk})
    return {key: Known(pk, digest, state, _aware(at), *rest) for key, pk, digest, state, at, *rest in rows}


def _aware(stored: str | dt.datetime) -> dt.datetime:
    """A moment as the driver gave it."""
    if isinstance(stored, dt.datetime):
        return stored if stored.tzinfo else stored.replace(tzinfo=dt.UTC)
    return dt.datetime.fromisoformat(stored).replace(tzinfo=dt.UTC)


def _is_older(said: OrderSaid, was: Known) -> bool:
    """Whether this was told of a time before what is known: it came late, or once more."""
    return said.state_at is not None and said.state_at < was.state_at and said.state != was.state


def _with_earlier_lines(
    told: Mapping[str, OrderSaid], known: Mapping[str, Known], batch: Batch
) -> dict[str, OrderSaid]:
    """The orders of which this batch has told before, with the lines it told then in front."""
    before = {key: was.pk for key, was in known.items() if was.batch == batch.pk}
    said = said_of(list(before.values()))
    return {
        key: replace(said[before[key]], lines=(*said[before[key]].lines, *each.lines))
        if key in before
        else each
        for key, each in told.items()
    }


def _keep_earlier(replaced: Sequence[Known], batch: Batch) -> None:
    """What was told of these orders by other batches is kept, so that undoing this one gives it back."""
    said = said_of([each.pk for each in replaced])
    bulk.insert(
        EarlierTelling,
        ("order_id", "batch_id", "was_id", "said"),
        [(each.pk, batch.pk, each.batch, bulk.json(as_json(said[each.pk]))) for each in replaced],
        ignore=True,
    )


def _clear(orders: Sequence[int]) -> None:
    """Take away what was told of these orders; what staff noted stays."""
    bulk.delete(OrderLine, by="order_id", among=orders)
    told = [
        row[0] for row in bulk.fetch(Payment, ("id", "by_hand"), by="order_id", among=orders) if not row[1]
    ]
    bulk.delete(Payment, by="id", among=told)
    bulk.delete(Refund, by="order_id", among=orders)


def undo_batch(batch: int, *, by: Actor) -> int:
    """Take out what a batch told of orders: those it brought go, of those it told anew stands what was told before.

    How many went. Inside a transaction.
    """
    earlier = {
        each.order_id: each for each in EarlierTelling.objects.filter(batch=batch).select_related("order")
    }
    rows = Order.objects.filter(batch=batch).values_list("pk", "identity_id")
    brought = {pk: identity for pk, identity in rows if pk not in earlier}
    forget_orders(list(brought))
    count_orders(sorted({identity for identity in brought.values() if identity is not None}))
    _give_back([each for each in earlier.values() if each.order.batch_id == batch], by=by)
    EarlierTelling.objects.filter(batch=batch).delete()
    return len(brought)


def _give_back(earlier: Sequence[EarlierTelling], *, by: Actor) -> None:
    from .telling import from_json

    for each in earlier:
        said = from_json(each.said)
        was = each.order
        _clear([was.pk])
        known = Known(was.pk, was.digest, was.state, was.state_at, was.batch_id, was.identity_id)
        write_rows(
            [said],
            keys={said.key: was.pk},
            known={said.key: known},
            digests={said.key: digest_of(said)},
            source=was.source,
            batch=each.was,
            by=by,
        )
        count_orders([who for who in {was.identity_id, said.identity} if who is not None])


def forget_orders(orders: Sequence[int]) -> None:
    """Take orders out of the base, with all that hangs on them."""
    for model in (OrderLine, Payment, Refund, OrderState, EarlierTelling):
        bulk.delete(model, by="order_id", among=orders)
    bulk.delete(Order, by="id", among=orders)
