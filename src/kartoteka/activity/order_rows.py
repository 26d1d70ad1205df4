"""From tellings to rows: the orders, their lines, payments, refunds and states, written in a few statements."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.utils import timezone

from kartoteka.kit import bulk
from kartoteka.kit.fixed import PLACES, units
from kartoteka.people.models import Batch, Source
from kartoteka.standard.charges import is_charge
from kartoteka.trust.actor import Actor

from .counting import UNDONE, Amounts, amounts
from .currencies import Rates, stored_rate, worth
from .order_models import Order, OrderLine, OrderState, Payment, Product, Refund, State
from .said import LineSaid, OrderSaid, PaymentSaid, RefundSaid
from .telling import hand_payments, line_as_json

Money = TypeVar("Money", PaymentSaid, RefundSaid)


@dataclass(frozen=True, slots=True)
class Known:
    """An order as it stands."""

    pk: int
    digest: str
    state: str
    state_at: dt.datetime
    batch: int | None
    identity: int | None


@dataclass(frozen=True, slots=True)
class Article:
    """A product as it stands."""

    pk: int
    cost: Decimal | None
    currency: str


_TOLD = (
    "identity_id", "source_id", "batch_id", "key", "number", "at", "channel", "state", "state_at", "place", "currency",
    "said_total", "discount", "shipping", "tax", "due_on", "coupon", "note", "digest", "line_count",
)  # fmt: skip
COUNTED = (
    "rate", "total", "net", "cost", "net_home", "cost_home", "returned", "paid", "refunded", "owed", "unpaid", "sale",
    "paid_at", "late_days",
)  # fmt: skip


def write_rows(
    orders: Sequence[OrderSaid],
    *,
    keys: Mapping[str, int],
    known: Mapping[str, Known],
    digests: Mapping[str, str],
    source: Source,
    batch: Batch | None,
    by: Actor,
) -> None:
    """Write these orders: those in `known` are changed, the others are new. Their old lines must be gone already."""
    if not orders:
        return
    now = timezone.now()
    articles = _articles(orders)
    rates = Rates(each.currency for each in orders)
    noted = hand_payments([keys[each.key] for each in orders if each.key in known])
    new, changed, lines, moved = [], [], [], []
    for each in orders:
        pk, was = keys[each.key], known.get(each.key)
        state, state_at = state_now(each, was, now)
        counted = amounts(each, state=state, by_hand=noted.get(pk, ()))
        costs = [_cost(line, each.currency, articles) for line in each.lines]
        row = (
            *(
                each.identity,
                source.pk,
                batch.pk if batch else None,
                each.key,
                (each.number or each.key)[:100],
            ),
            *(each.at, each.channel[:50], state, state_at, each.place[:200], each.currency),
            *(_stored(each.total), units(each.discount), units(each.shipping), units(each.tax)),
            *(each.due_on, each.coupon[:100], each.note[:1000], digests[each.key], len(each.lines)),
            *counted_columns(counted, whole_cost(each.lines, costs, state), rates.on(each.currency, each.at)),
        )
        if was is None:
            new.append((pk, *row))
        else:
            changed.append((*row, pk))
        if was is None or was.state != state:
            moved.append((pk, state, state_at, each.place[:200], by.kind, by.key, by.name))
        lines.append(_lines(pk, each, counted, costs, articles))
    bulk.insert(Order, ("id", *_TOLD, *COUNTED), map(_dates, new))
    bulk.update(Order, (*_TOLD, *COUNTED), map(_dates, changed))
    bulk.insert(OrderLine, _LINE, (row for some in lines for row in some))
    bulk.insert(OrderState, ("order_id", "state", "at", "place", "by_kind", "by_key", "by_name"), moved)
    _write_money(orders, keys, by)


def _dates(row: Sequence[Any]) -> list[Any]:
    """A row with its days as the drivers of both databases take them."""
    return [value.isoformat() if type(value) is dt.date else value for value in row]


def state_now(said: OrderSaid, was: Known | None, now: dt.datetime) -> tuple[str, dt.datetime]:
    """In which state the order stands after this telling, and since when."""
    if was is None:
        return said.state, said.state_at or said.at
    if said.state == was.state or (said.state == State.PLACED and said.state_at is None):
        return was.state, was.state_at
    return said.state, said.state_at or now


def counted_columns(counted: Amounts, cost: Decimal | None, rate: Decimal | None) -> tuple[Any, ...]:
    """The columns of COUNTED, as the database stores them."""
    return (
        stored_rate(rate),
        units(counted.total),
        units(counted.net),
        _stored(cost),
        worth(counted.net, rate),
        worth(cost, rate),
        units(counted.returned),
        units(counted.paid),
        units(counted.refunded),
        _stored(counted.owed),
        bool(counted.owed),
        counted.sale,
        counted.paid_at,
        counted.late_days,
    )


def _stored(value: Decimal | None) -> int | None:
    return None if value is None else units(value)


def whole_cost(lines: Sequence[LineSaid], costs: Sequence[Decimal | None], state: str) -> Decimal | None:
    """What the goods cost us; None where that is not known of each of them, or there are none.

    Of an order in a state of UNDONE nothing was sold, so only what it takes back of another counts (counting.amounts).
    """
    if not lines:
        return None
    told = [
        (line.quantity, cost)
        for line, cost in zip(lines, costs, strict=True)
        if state not in UNDONE or line.quantity < 0
    ]
    return None if any(cost is None for _q, cost in told) else sum((q * c for q, c in told if c), Decimal(0))


def _cost(line: LineSaid, currency: str, articles: Mapping[str, Article]) -> Decimal | None:
    """What one unit costs us: as the line tells it, else as the product does, if that is in the same currency."""
    if line.cost is not None:
        return line.cost
    article = articles.get(sku_of(line))
    return article.cost if article and article.currency == currency else None


def sku_of(line: LineSaid) -> str:
    """By what its product is known: its number, else its name."""
    return line.sku.strip()[:100] or line.name.strip()[:100]


_LINE = (
    "order_id", "product_id", "identity_id", "at", "position", "name", "quantity", "price", "discount", "tax", "cost",
    "net", "key",
)  # fmt: skip


def _lines(
    pk: int,
    said: OrderSaid,
    counted: Amounts,
    costs: Sequence[Decimal | None],
    articles: Mapping[str, Article],
) -> Iterator[tuple[Any, ...]]:
    identity, at = said.identity, said.at
    for place, (line, net, cost) in enumerate(zip(said.lines, counted.nets, costs, strict=True)):
        article = articles.get(sku_of(line))
        yield (
            *(pk, article.pk if article else None, identity, at, place, line.name[:300]),
            *(units(line.quantity), units(line.price), units(line.discount), units(line.tax)),
            *(_stored(cost), units(net), line.key[:100]),
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """What some lines tell of one product; price is the least of theirs."""

    name: str = ""
    category: str = ""
    cost: Decimal | None = None
    currency: str = ""
    price: Decimal = Decimal(0)

    def and_of(self, line: LineSaid, currency: str) -> "_Told":
        """With what one more line tells."""
        costs = (self.cost, self.currency) if line.cost is None else (line.cost, currency)
        return _Told(
            self.name or line.name[:300],
            line.category[:200] or self.category,
            *costs,
            min(self.price, line.price),
        )

    def kind(self, sku: str) -> str:
        """What it is, as far as this tells."""
        charge = is_charge(self.name, sku=sku, price=self.price)
        return Product.Kind.CHARGE if charge else Product.Kind.SOLD


_PRODUCT = ("name", "category", "cost", "currency", "kind")


def _articles(orders: Iterable[OrderSaid]) -> dict[str, Article]:
    """The products of these lines, made where they are new; what is told of their cost and category is kept."""
    said: dict[str, _Told] = {}
    for order in orders:
        for line in order.lines:
            if sku := sku_of(line):
                said[sku] = said.get(sku, _Told()).and_of(line, order.currency)
    columns = ("sku", "id", *_PRODUCT, "kind_said")
    found = {sku: rest for sku, *rest in bulk.fetch(Product, columns, by="sku", among=list(said))}
    fresh = [sku for sku in said if sku not in found]
    rows, changed = [], []
    articles: dict[str, Article] = {}
    for sku, pk in zip(fresh, bulk.take_ids(Product, len(fresh)), strict=True):
        told = said[sku]
        rows.append(
            (pk, sku, told.name, told.category, _stored(told.cost), told.currency, told.kind(sku), False)
        )
        articles[sku] = Article(pk, told.cost, told.currency)
    for sku, (pk, name, category, stored, currency, kind, kind_said) in found.items():
        told = said[sku]
        cost = None if stored is None else Decimal(stored).scaleb(-PLACES)
        now = (
            name or told.name,
            told.category or category,
            cost if told.cost is None else told.cost,
            currency if told.cost is None else told.currency,
            # Without a name there was nothing to guess by.
            kind if kind_said or name or not told.name else told.kind(sku),
        )
        if now != (name, category, cost, currency, kind):
            changed.append((*now[:2], _stored(now[2]), *now[3:], pk))
        articles[sku] = Article(pk, now[2], now[3])
    bulk.insert(Product, ("id", "sku", *_PRODUCT, "kind_said"), rows)
    bulk.update(Product, _PRODUCT, changed)
    return articles


def _write_money(orders: Sequence[OrderSaid], keys: Mapping[str, int], by: Actor) -> None:
    bulk.insert(
        Payment,
        ("order_id", "key", "at", "amount", "method", "by_hand", "by_kind", "by_key", "by_name"),
        [
            (
                keys[order.key],
                key,
                each.at,
                units(each.amount),
                each.method[:50],
                False,
                by.kind,
                by.key,
                by.name,
            )
            for order in orders
            for key, each in _once(order.payments).items()
        ],
    )
    bulk.insert(
        Refund,
        ("order_id", "key", "at", "amount", "reason", "lines"),
        [
            (
                *(keys[order.key], key, each.at, units(each.amount), each.reason[:300]),
                bulk.json([line_as_json(line) for line in each.lines]),
            )
            for order in orders
            for key, each in _once(order.refunds).items()
        ],
    )


def _once(told: Iterable[Money]) -> dict[str, Money]:
    """By their keys."""
    return {each.key[:100]: each for each in told}
