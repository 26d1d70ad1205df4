"""From the rows of a file to orders: one row an order, or one row a line. Never raises for what is in the cells.

An order comes in whole or not at all: where one of its rows cannot be read, all of them are refused, as a sum that
lacks a line would be wrong.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from hashlib import blake2b
from typing import Any

import orjson

from kartoteka.activity.orders import what_is_wrong
from kartoteka.activity.said import LineSaid, OrderSaid, PaymentSaid, RefundSaid
from kartoteka.people.rows import Rules

from . import order_cells
from .files import is_of_order
from .files.book import Cell
from .files.fields import Target
from .order_words import state_of
from .orders import Arrived
from .row import Plan, Raw
from .understanding import understand

# The values of a claim, the key at the source, what was typed, own fields, consents.
_Person = tuple[
    dict[str, Any] | None,
    str,
    dict[str, Any],
    dict[str, str],
    list[tuple[str, str, str, str, bool, str, str]],
]
_FLOAT = re.compile(r"(\d+)\.0")
_ZERO, _ONE = Decimal(0), Decimal(1)
# A file whose rows of one order never end must not be held in memory; what follows is added to the order.
MOST_ROWS = 20_000


@dataclass(frozen=True)
class OrderPlan:
    """How to read one sheet. people: the plan of the columns that tell of the customer.

    currency: of amounts that do not name theirs. mark: the decimal mark. credit: letters in front of a number that make
    it a cancellation (a "C" before what are plain numbers otherwise), "" where there are none.
    """

    targets: tuple[Target | None, ...]
    people: Plan
    currency: str
    mark: str = "."
    credit: str = ""

    @cached_property
    def places(self) -> dict[str, int]:
        """The column of each field of the order, of its lines, and the key."""
        return {
            each.key: place
            for place, each in reversed(list(enumerate(self.targets)))
            if each and (is_of_order(each.key) or each.key == "key")
        }

    @cached_property
    def of_people(self) -> list[int]:
        """The columns that tell of the customer, their number at the source among them."""
        return [place for place, each in enumerate(self.targets) if each and not is_of_order(each.key)]


@dataclass(slots=True)
class Read:
    """An order as read: `arrived` is None where it is refused. rows: its rows in the file. problems: (row, problem), why it
    is refused; flaws: what is told of it though it is taken. private: its rows may hold something sensitive."""

    rows: list[Raw]
    private: bool = False
    arrived: Arrived | None = None
    problems: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    flaws: list[tuple[int, dict[str, str]]] = field(default_factory=list)


class OrderReader:
    """Reads the orders of one sheet, row behind row."""

    def __init__(self, plan: OrderPlan, rules: Rules, sheet: str) -> None:
        self._plan = plan
        self._rules = rules
        self._sheet = sheet
        self._private = any(each and each.base in rules.hidden for each in plan.targets)
        self._people: dict[tuple[Cell, ...], _Person] = {}

    def orders(self, rows: Iterable[Raw]) -> Iterator[Read]:
        """The orders in the order of the file. Rows of one number that follow one another are one."""
        place = self._plan.places.get("order.number", -1)
        at = self._plan.places.get("order.at", -1)
        pending: list[Raw] = []
        current: Cell = None
        for row, cells in rows:
            own = cells[place] if place >= 0 else None
            goes_on = own == current if own else place >= 0 and (at < 0 or not cells[at])
            if pending and (not goes_on or len(pending) >= MOST_ROWS):
                yield self._read(pending)
                pending = []
            if own or not goes_on:
                current = own
            pending.append((row, cells))
        if pending:
            yield self._read(pending)

    def _read(self, rows: list[Raw]) -> Read:
        read = Read(rows, self._private)
        order = self._order(read)
        if order is not None and not read.problems:
            if wrong := what_is_wrong(order):
                self._complain(read, rows[0], f"order.{wrong.field}", "invalid", str(wrong))
            else:
                read.arrived = self._arrived(order, rows[0])
        if read.arrived is None:
            told = {row for row, _problem in read.problems}
            read.problems += [
                (row, _problem("order.number", "", "beside", "")) for row, _cells in rows if row not in told
            ]
        return read

    # ---- cells

    def _cell(self, raw: Raw, key: str) -> str:
        place = self._plan.places.get(key, -1)
        cells = raw[1]
        return (cells[place] or "") if 0 <= place < len(cells) else ""

    def _first(self, read: Read, key: str) -> tuple[Raw, str]:
        """The first of the order's rows that fills this column, and its cell."""
        if key in self._plan.places:
            for raw in read.rows:
                if cell := self._cell(raw, key):
                    return raw, cell
        return read.rows[0], ""

    def _complain(self, read: Read, raw: Raw, key: str, problem: str, note: str = "") -> None:
        read.problems.append((raw[0], _problem(key, self._column(key), problem, self._cell(raw, key), note)))

    def _column(self, key: str) -> str:
        place = self._plan.places.get(key, -1)
        return self._plan.people.columns[place] if 0 <= place < len(self._plan.people.columns) else ""

    def _number(self, read: Read, raw: Raw, key: str) -> Decimal | None:
        """The number in a cell; None for an empty one, and for one that is none, which is told."""
        text = self._cell(raw, key)
        if not text:
            return None
        found = order_cells.number(text, self._plan.mark)
        if found is None:
            self._complain(read, raw, key, "no_number")
        return found

    def _text(self, read: Read, part: str) -> str:
        return self._first(read, f"order.{part}")[1]

    def _amount(self, read: Read, part: str) -> Decimal | None:
        raw, _text = self._first(read, f"order.{part}")
        return self._number(read, raw, f"order.{part}")

    def _moment(self, read: Read, part: str) -> dt.datetime | None:
        raw, text = self._first(read, f"order.{part}")
        if not text:
            return None
        time = self._cell(raw, "order.time") if part == "at" else ""
        order = self._plan.people.orders.get(self._plan.places[f"order.{part}"], "")
        typed = order_cells.is_typed(text)
        found = order_cells.moment(str(text), time, order, self._plan.people.country, typed)
        if found is None:
            self._complain(read, raw, f"order.{part}", "no_moment")
        return found

    # ---- the order

    def _order(self, read: Read) -> OrderSaid | None:
        number = self._first(read, "order.number")[1].removeprefix("#").strip()
        at = self._moment(read, "at")
        if at is None and not read.problems:
            self._complain(read, read.rows[0], "order.at", "no_moment")
        has_lines = any(key.startswith("line.") for key in self._plan.places)
        lines = [line for raw in read.rows if (line := self._line(read, raw))] if has_lines else []
        currency = self._currency(read)
        amounts = {part: self._amount(read, part) for part in ("total", "discount", "shipping", "tax")}
        due, paid_at = self._moment(read, "due_on"), self._moment(read, "paid_at")
        paid, refunded = self._amount(read, "paid"), self._amount(read, "refunded")
        if at is None or read.problems:
            return None
        order = OrderSaid(
            key=number or _of_whole(read.rows),
            at=at,
            identity=None,
            currency=currency,
            lines=tuple(lines),
            number=number,
            total=amounts["total"],
            discount=abs(amounts["discount"] or _ZERO),
            shipping=amounts["shipping"] or _ZERO,
            tax=amounts["tax"] or _ZERO,
            due_on=due.date() if due else None,
            channel=self._text(read, "channel"),
            coupon=self._text(read, "coupon"),
            place=self._text(read, "place"),
            note=self._text(read, "note"),
        )
        order = replace(order, state=self._state(read, order, number))
        return self._with_money(read, order, paid, paid_at, refunded)

    def _with_money(
        self,
        read: Read,
        order: OrderSaid,
        paid: Decimal | None,
        paid_at: dt.datetime | None,
        back: Decimal | None,
    ) -> OrderSaid:
        method = self._text(read, "method")
        if paid is None and paid_at is not None:
            from kartoteka.activity.counting import amounts

            paid = amounts(order, state=order.state).total
        if paid:
            order = replace(order, payments=(PaymentSaid("file", paid_at or order.at, paid, method),))
        if back:
            order = replace(order, refunds=(RefundSaid("file", order.at, abs(back)),))
        return order

    def _line(self, read: Read, raw: Raw) -> LineSaid | None:
        sku, name = self._cell(raw, "line.sku"), self._cell(raw, "line.name")
        quantity, price = self._number(read, raw, "line.quantity"), self._number(read, raw, "line.price")
        total = self._number(read, raw, "line.total")
        if not sku and not name and quantity is None and price is None and total is None:
            return None
        quantity = _ONE if quantity is None else quantity
        if price is None:
            price = total / quantity if total is not None and quantity else _ZERO
        return LineSaid(
            sku=sku,
            name=name,
            quantity=quantity,
            price=price,
            discount=abs(self._number(read, raw, "line.discount") or _ZERO),
            tax=self._number(read, raw, "line.tax") or _ZERO,
            cost=self._number(read, raw, "line.cost"),
            category=self._cell(raw, "line.category"),
        )

    def _currency(self, read: Read) -> str:
        """What the order's column says, else the sign beside an amount, else what holds for the file."""
        said = self._first(read, "order.currency")[1]
        if said:
            return order_cells.currency_in(f"1 {said}", self._plan.people.country) or said.upper()
        for key in ("line.price", "order.total", "line.total"):
            text = self._first(read, key)[1]
            if text and (named := order_cells.currency_in(text, self._plan.people.country)):
                return named
        return self._plan.currency

    def _state(self, read: Read, order: OrderSaid, number: str) -> str:
        """What its column says; without one, an order that only takes back is a cancellation."""
        raw, text = self._first(read, "order.state")
        state = state_of(text) if text else ""
        if text and not state:
            read.flaws.append(
                (raw[0], _problem("order.state", self._column("order.state"), "unknown_state", text))
            )
        if state:
            return state
        if self._plan.credit and number.startswith(self._plan.credit):
            return "cancelled"
        taken = sum((line.quantity * line.price for line in order.lines), _ZERO)
        only_back = bool(order.lines) and all(line.quantity < 0 for line in order.lines) and taken < 0
        return "cancelled" if only_back or (not order.lines and (order.total or _ZERO) < 0) else "placed"

    # ---- whose it is

    def _arrived(self, order: OrderSaid, raw: Raw) -> Arrived:
        row, cells = raw
        told = tuple(cells[place] if place < len(cells) else None for place in self._plan.of_people)
        if told not in self._people:
            if len(self._people) > MOST_ROWS:
                self._people.clear()
            self._people[told] = self._person(raw)
        who, key, typed, own, consents = self._people[told]
        return Arrived(
            order=order, who=who, key=key, typed=typed, row=row, sheet=self._sheet, own=own, consents=consents
        )

    def _person(self, raw: Raw) -> _Person:
        """The claim's values, the key at the source, what was typed, own fields and consents; no values where nothing tells
        of anybody."""
        row, cells = raw
        key = self._cell(raw, "key")
        if whole := _FLOAT.fullmatch(key):
            key = whole[1]  # a program that took numbers of customers for amounts
        theirs = set(self._plan.of_people)
        understood = understand(
            self._plan.people,
            self._rules,
            row,
            [cell if place in theirs else None for place, cell in enumerate(cells)],
        )
        if understood.refused and not key:
            return None, "", {}, {}, []
        typed = orjson.loads(understood.ready.typed)
        return dict(understood.values), key, typed, understood.own, understood.consents


def _problem(key: str, column: str, problem: str, typed: str, note: str = "") -> dict[str, str]:
    return {"field": key, "column": column, "problem": problem, "typed": typed[:200], "note": note}


def _of_whole(rows: Sequence[Raw]) -> str:
    """A key for an order without a number: the same rows are the same order."""
    whole = "\x1e".join("\x1f".join(cell or "" for cell in cells) for _row, cells in rows)
    return "=" + blake2b(whole.encode("utf-8", "replace"), digest_size=12).hexdigest()
