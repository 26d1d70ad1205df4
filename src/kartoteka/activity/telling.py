"""Tellings of orders: how one is known again, read back from the rows, and kept as JSON."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from .order_models import Order, OrderLine, Payment, Refund
from .said import LineSaid, OrderSaid, PaymentSaid, RefundSaid


def digest_of(said: OrderSaid) -> str:
    """A short text that is the same for the same telling, and for no other. Amounts count by their value."""
    parts = [
        said.key, said.at.astimezone(dt.UTC).isoformat(), str(said.identity), said.currency, said.number, said.channel,
        said.state, str(said.state_at), _plain(said.total), _plain(said.discount), _plain(said.shipping),
        _plain(said.tax), str(said.due_on), said.place, said.note, said.coupon,
    ]  # fmt: skip
    for line in said.lines:
        parts += (
            "line", line.sku, line.name, _plain(line.quantity), _plain(line.price), _plain(line.discount),
            _plain(line.tax), _plain(line.cost), line.category, line.key,
        )  # fmt: skip
    for paid in said.payments:
        parts += ("paid", paid.key, paid.at.isoformat(), _plain(paid.amount), paid.method)
    for back in said.refunds:
        parts += (
            "back",
            back.key,
            back.at.isoformat(),
            _plain(back.amount),
            back.reason,
            str(len(back.lines)),
        )
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _plain(value: Decimal | None) -> str:
    return "" if value is None else str(value.normalize())


def said_of(orders: Sequence[int]) -> dict[int, OrderSaid]:
    """What was told of these orders last, as the rows hold it; the state is the one they stand in."""
    lines: dict[int, list[LineSaid]] = defaultdict(list)
    products = ("product__sku", "product__category")
    columns = ("order_id", "name", "quantity", "price", "discount", "tax", "cost", "key", *products)
    for order, name, quantity, price, discount, tax, cost, key, sku, category in (
        OrderLine.objects.filter(order__in=orders).order_by("order", "position").values_list(*columns)
    ):
        lines[order].append(
            LineSaid(sku or "", name, quantity, price, discount, tax, cost, category or "", key)
        )
    payments: dict[int, list[PaymentSaid]] = defaultdict(list)
    for paid in Payment.objects.filter(order__in=orders, by_hand=False).order_by("pk"):
        payments[paid.order_id].append(PaymentSaid(paid.key, paid.at, paid.amount, paid.method))
    refunds: dict[int, list[RefundSaid]] = defaultdict(list)
    for back in Refund.objects.filter(order__in=orders).order_by("pk"):
        came = tuple(line_from_json(each) for each in back.lines)
        refunds[back.order_id].append(RefundSaid(back.key, back.at, back.amount, back.reason, came))
    return {
        each.pk: OrderSaid(
            key=each.key,
            at=each.at,
            identity=each.identity_id,
            currency=each.currency,
            lines=tuple(lines[each.pk]),
            number=each.number,
            channel=each.channel,
            state=each.state,
            state_at=each.state_at,
            total=each.said_total,
            discount=each.discount,
            shipping=each.shipping,
            tax=each.tax,
            payments=tuple(payments[each.pk]),
            refunds=tuple(refunds[each.pk]),
            due_on=each.due_on,
            place=each.place,
            note=each.note,
            coupon=each.coupon,
        )
        for each in Order.objects.filter(pk__in=orders)
    }


def hand_payments(orders: Sequence[int]) -> dict[int, list[PaymentSaid]]:
    """The payments that staff noted, by order."""
    found: dict[int, list[PaymentSaid]] = defaultdict(list)
    for paid in Payment.objects.filter(order__in=orders, by_hand=True).order_by("at", "pk"):
        found[paid.order_id].append(PaymentSaid(paid.key, paid.at, paid.amount, paid.method))
    return found


def as_json(said: OrderSaid) -> dict[str, Any]:
    """A telling as plain values, to be kept."""
    plain: dict[str, Any] = _plainly(asdict(said))
    return plain


def _plainly(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plainly(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plainly(each) for each in value]
    return str(value) if isinstance(value, Decimal | dt.date) else value


def from_json(kept: Mapping[str, Any]) -> OrderSaid:
    """The telling that was kept."""
    moments = {name: _moment(kept[name]) for name in ("at", "state_at")}
    money = {name: Decimal(kept[name]) for name in ("discount", "shipping", "tax")}
    return OrderSaid(
        **{
            **kept,
            **moments,
            **money,
            "total": None if kept["total"] is None else Decimal(kept["total"]),
            "due_on": dt.date.fromisoformat(kept["due_on"]) if kept["due_on"] else None,
            "lines": tuple(map(line_from_json, kept["lines"])),
            "payments": tuple(
                PaymentSaid(**{**each, "at": _moment(each["at"]), "amount": Decimal(each["amount"])})
                for each in kept["payments"]
            ),
            "refunds": tuple(
                RefundSaid(
                    each["key"],
                    dt.datetime.fromisoformat(each["at"]),
                    Decimal(each["amount"]),
                    each["reason"],
                    tuple(map(line_from_json, each["lines"])),
                )
                for each in kept["refunds"]
            ),
        }  # type: ignore[arg-type]
    )


def line_as_json(line: LineSaid) -> dict[str, Any]:
    """A line as plain values."""
    plain: dict[str, Any] = _plainly(asdict(line))
    return plain


def line_from_json(kept: Mapping[str, Any]) -> LineSaid:
    """The line that was kept."""
    money = {name: Decimal(kept[name]) for name in ("quantity", "price", "discount", "tax")}
    cost = None if kept.get("cost") is None else Decimal(kept["cost"])
    return LineSaid(**{**kept, **money, "cost": cost})


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
