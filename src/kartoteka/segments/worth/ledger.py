"""Purchases of many customers as plain columns, and what is counted from them. Pure: numpy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .history import History, Numbers

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Ledger:
    """One place per order, in the order of customer, then day.

    customer: key. day: days since 1970-01-01, whole. net, cost: money in the smallest parts in which it is kept, in the
    business's currency; net is less discounts and what came back, cost is NaN where it is not known. sale: something
    was bought; a return that stands alone is none, but its net counts.
    """

    customer: Integers
    day: Integers
    net: Numbers
    cost: Numbers
    sale: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.customer)

    def some(self, which: NDArray[np.bool_]) -> Ledger:
        """Only these orders."""
        return Ledger(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    def until(self, day: int) -> Ledger:
        """What was known at the beginning of this day."""
        return self.some(self.day < day)

    @cached_property
    def purchases(self) -> Purchases:
        """The days on which each customer bought."""
        sold = self.some(self.sale)
        new = np.ones(len(sold), dtype=bool)
        new[1:] = (np.diff(sold.customer) != 0) | (np.diff(sold.day) != 0)
        starts = np.flatnonzero(new)
        value = np.add.reduceat(sold.net, starts) if len(starts) else np.zeros(0)
        return Purchases(sold.customer[starts], sold.day[starts], value)

    def sums(self, column: Numbers, customers: Integers) -> Numbers:
        """A column added up for each of these customers (ascending keys); NaN in it counts as nothing."""
        if not len(customers):
            return np.zeros(0)
        place = np.minimum(np.searchsorted(customers, self.customer), len(customers) - 1)
        theirs = customers[place] == self.customer
        return np.bincount(
            place[theirs], weights=np.nan_to_num(column[theirs]), minlength=len(customers)
        ).astype(np.float64)


def ledger(
    customer: object,
    day: object,
    net: object,
    *,
    cost: object = None,
    sale: object = None,
) -> Ledger:
    """A Ledger from columns in any order."""
    who, when = np.asarray(customer, dtype=np.int64), np.asarray(day, dtype=np.int64)
    order = np.lexsort((when, who))
    size = len(who)

    def money(column: object, otherwise: float) -> Numbers:
        return np.full(size, otherwise) if column is None else np.asarray(column, dtype=np.float64)[order]

    sold = np.ones(size, dtype=bool) if sale is None else np.asarray(sale, dtype=bool)[order]
    return Ledger(who[order], when[order], money(net, 0), money(cost, np.nan), sold)


@dataclass(frozen=True)
class Purchases:
    """One place per customer and day on which they bought: several orders of one day are one purchase."""

    customer: Integers
    day: Integers
    value: Numbers

    @cached_property
    def starts(self) -> Integers:
        """Where each customer begins."""
        new = np.ones(len(self.customer), dtype=bool)
        new[1:] = np.diff(self.customer) != 0
        return np.flatnonzero(new).astype(np.int64)

    @cached_property
    def customers(self) -> Integers:
        """Each customer once, ascending."""
        return self.customer[self.starts]

    @cached_property
    def counts(self) -> Integers:
        """On how many days each bought."""
        return np.diff(np.append(self.starts, len(self.customer))).astype(np.int64)

    @cached_property
    def first(self) -> Integers:
        """The first day of each."""
        return self.day[self.starts]

    @cached_property
    def last(self) -> Integers:
        """The last day of each."""
        return np.asarray(self.day[self.starts + self.counts - 1])

    @cached_property
    def gaps(self) -> tuple[Integers, Numbers]:
        """Each time between two purchases: the place of the customer in `customers`, and days."""
        owner = np.repeat(np.arange(len(self.starts)), self.counts)
        within = np.ones(len(self.customer), dtype=bool)
        within[self.starts] = False
        days = np.diff(self.day, prepend=self.day[:1]).astype(np.float64)
        return owner[within].astype(np.int64), days[within]

    def history(self, *, now: int) -> History:
        """What the models want to know at the beginning of this day, in days. The value is that of the repeats alone."""
        repeats = (self.counts - 1).astype(np.float64)
        total = np.add.reduceat(self.value, self.starts) if len(self.starts) else np.zeros(0)
        later = total - (self.value[self.starts] if len(self.starts) else 0.0)
        mean = np.where(repeats > 0, later / np.maximum(repeats, 1), 0.0)
        recency = (self.last - self.first).astype(np.float64)
        return History(repeats, recency, (now - self.first).astype(np.float64), np.maximum(mean, 0.0))
