"""Counting everybody's worth: refitted by the clock, a row per customer, written a part at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from kartoteka.kit import bulk
from kartoteka.kit.fixed import PLACES
from kartoteka.people.models import Customer

from . import cohorts, curves, forecast, rfm
from .history import Numbers
from .ledger import Integers, Ledger
from .models import CustomerWorth, WorthRates, WorthRun
from .pairing import pair_up
from .periods import midnight
from .rhythm import Rhythm, rhythm
from .sales import date_of, day_number, sales, taken_off
from .serving import cost_to_serve

_AT_ONCE = 10_000
_YEAR = 365
_COLUMNS = (
    "customer_id", "counted_at", "purchases", "last_on", "revenue", "served", "profit", "level", "frequency",
    "rhythm", "silent", "r", "f", "m", "cell", "alive", "expected", "next_on", "value", "lifetime", "at_stake",
)  # fmt: skip


def count_worth(run: WorthRun, *, at: dt.datetime | None = None) -> None:
    """Do one run to its end: read, fit, write a row per customer, keep what the base as a whole looks like."""
    at = at or timezone.now()
    now = day_number(timezone.localdate(at)) + 1  # today has been
    rates = WorthRates.objects.first() or WorthRates()
    ledger = sales()
    found = forecast.fit(ledger, now=now)
    _alive(run)
    rows = _columns_of(ledger, found, now=now, at=at, rates=rates)
    back = only_back(ledger, now=now, rates=rates)
    _alive(run)
    _write(rows, at, run)
    trial = pair_up(at=at, beat=lambda: _alive(run))
    WorthRun.objects.filter(pk=run.pk).update(
        state=WorthRun.State.DONE,
        ended_at=timezone.now(),
        customers=len(rows["customer_id"]),
        fit=found.as_data(),
        shape=shape(ledger, rows, back, now=now)
        | {"profit": _profit(ledger, rows, back, now=now, rates=rates)},
        trial=trial,
    )


def _alive(run: WorthRun) -> None:
    WorthRun.objects.filter(pk=run.pk).update(heartbeat=timezone.now())


def _columns_of(
    ledger: Ledger, found: forecast.Fit, *, now: int, at: dt.datetime, rates: WorthRates
) -> dict[str, Any]:
    """The columns of CustomerWorth, a place per customer."""
    bought = ledger.purchases
    who, size = bought.customers, len(bought.customers)
    own = rhythm(bought, now=now)
    served, profit = _year_of(ledger, who, now=now, rates=rates)
    revenue = ledger.sums(ledger.net, who)
    r, f, m = rfm.scores((now - bought.last).astype(float), bought.counts.astype(float), revenue)
    past = bought.history(now=now)
    said = forecast.forecast(past, found, yearly_discount=rates.discount / 100)
    value = forecast.values(past, found)
    nothing = np.full(size, np.nan)
    show = said is not None and found.holds
    return {
        "customer_id": who, "counted_at": [at] * size, "purchases": bought.counts, "last_on": _dates(bought.last),
        "revenue": revenue, "served": served, "profit": profit,
        "level": levels(profit, rates.level_a, rates.level_b),
        "frequency": own.frequency, "rhythm": own.usual, "silent": own.silent,
        "r": r, "f": f, "m": m, "cell": rfm.cells(r, f, m),
        "alive": said.alive if said and show and found.tells_leaving else nothing,
        "expected": said.expected if said and show else nothing,
        "next_on": _dates(now + said.wait if said and show else nothing),
        "value": value,
        "lifetime": said.lifetime if said and show else nothing,
        "at_stake": said.stake if said else plain_stake(own, value),
    }  # fmt: skip


def year_began(now: int) -> dt.datetime:
    """The midnight with which the last year began, as the business's calendar has it, seen from the start of day `now`."""
    return midnight(date_of(now - _YEAR))


def _year_of(ledger: Ledger, who: Integers, *, now: int, rates: WorthRates) -> tuple[Numbers, Numbers]:
    """What serving each of these cost in the last year, and the profit that they left."""
    year = ledger.some(ledger.day >= now - _YEAR)
    served = cost_to_serve(who, since=year_began(now), rates=rates)
    return served, year.sums(margins(year, rates.margin), who) - served


@dataclass(frozen=True)
class OnlyBack:
    """Who only brought something back, as what they bought was before these books, or told by nobody: no buyers, so they
    have no row of CustomerWorth, but what they took is part of the whole. A place per customer."""

    revenue: Numbers
    served: Numbers
    profit: Numbers


def only_back(ledger: Ledger, *, now: int, rates: WorthRates) -> OnlyBack:
    """Those of a ledger."""
    took = ledger.customer[ledger.net < 0]
    who = np.setdiff1d(took, ledger.purchases.customers)
    served, profit = _year_of(ledger, who, now=now, rates=rates)
    return OnlyBack(ledger.sums(ledger.net, who), served, profit)


def margins(ledger: Ledger, margin: int | None) -> Numbers:
    """What each order left after its goods. Where their cost is not known: `margin` percent of it, or all of it."""
    return np.where(
        np.isnan(ledger.cost),
        ledger.net * ((100 if margin is None else margin) / 100),
        ledger.net - ledger.cost,
    )


def plain_stake(own: Rhythm, value: Numbers) -> Numbers:
    """Without a model: a year at their own rhythm, or that of all; one purchase a year for who has neither."""
    usual = np.where(np.isnan(own.usual), np.nan_to_num(own.of_all, nan=365.0), own.usual)
    return np.asarray(value * 365 / np.clip(usual, 7, 365), dtype=np.float64)


def levels(profit: Numbers, level_a: int, level_b: int) -> NDArray[np.str_]:
    """A, B or C for each, by their place from the most profitable down; who brings no profit is served as C.

    Who brings the same has the same level: the better one.
    """
    if not len(profit):
        return np.zeros(0, dtype="<U1")
    falling = np.sort(profit)[::-1]
    size = len(profit)
    least_a, least_b = (
        falling[max(0, int(np.ceil(size * share / 100)) - 1)] if share else np.inf
        for share in (level_a, level_b)
    )
    return np.where(profit <= 0, "C", np.where(profit >= least_a, "A", np.where(profit >= least_b, "B", "C")))


def _dates(days: Any) -> list[dt.date | None]:
    limit = day_number(dt.date(2200, 1, 1))
    return [
        None if np.isnan(each) or each > limit else date_of(int(each))
        for each in np.asarray(days, dtype=float)
    ]


def _write(rows: dict[str, Any], at: dt.datetime, run: WorthRun) -> None:
    """Write the rows of some thousand customers at a time, so that nobody waits long; those counted no more go."""
    ready = [_stored(name, rows[name]) for name in _COLUMNS]
    table = list(zip(*ready, strict=True))
    for some in bulk.chunks(iter(table), _AT_ONCE):
        keys = [row[0] for row in some]
        with transaction.atomic():
            bulk.be_the_writer()
            there = {row[0] for row in bulk.fetch(Customer, ("id",), by="id", among=keys)}
            bulk.delete(CustomerWorth, by="customer_id", among=keys)
            bulk.insert(CustomerWorth, _COLUMNS, (row for row in some if row[0] in there))
        _alive(run)
    CustomerWorth.objects.filter(counted_at__lt=at).delete()


_MONEY = {"revenue", "served", "profit", "value", "lifetime", "at_stake"}
_NUMBERS = {"rhythm", "alive", "expected"}


def _stored(name: str, column: Any) -> list[Any]:
    """A column as the database stores it."""
    if name in _MONEY:
        limit = float(10 ** (14 + PLACES))
        return [None if np.isnan(each) else round(float(np.clip(each, -limit, limit))) for each in column]
    if name in _NUMBERS:
        return [None if np.isnan(each) else float(each) for each in column]
    return column if isinstance(column, list) else column.tolist()


def shape(ledger: Ledger, rows: dict[str, Any], back: OnlyBack, *, now: int) -> dict[str, Any]:
    """What the pages draw of the whole base, or of a group; money as it is kept. rows: columns of CustomerWorth."""
    pareto = curves.curve(np.concatenate([rows["revenue"], back.revenue]))
    whale = curves.curve(np.concatenate([rows["profit"], back.profit]))
    names, counts = np.unique(rows["cell"], return_counts=True)
    known = ~np.isnan(ledger.cost)
    year = ledger.day >= now - _YEAR
    of_year = float(ledger.net[year].sum())
    return {
        "pareto": pareto and asdict(pareto),
        "whale": whale and asdict(whale),
        "cohorts": [
            {**asdict(each), "label": each.label} for each in cohorts.cohorts(ledger.purchases, now=now - 1)
        ],
        "cells": dict(zip(names.tolist(), counts.tolist(), strict=True)),
        "rf": _squares(rows["r"], rows["f"]),
        "silent": int(np.count_nonzero(rows["silent"])),
        "stake": float(np.asarray(rows["at_stake"])[np.asarray(rows["silent"])].sum()),
        "unknown_cost": 1 - float(ledger.net[year & known].sum()) / of_year if of_year > 0 else 0.0,
    }


def _profit(
    ledger: Ledger, rows: dict[str, Any], back: OnlyBack, *, now: int, rates: WorthRates
) -> dict[str, float]:
    """From the full price of what was sold in the last year down to the profit; money as it is kept."""
    year = ledger.some(ledger.day >= now - _YEAR)
    net, left = float(year.net.sum()), float(margins(year, rates.margin).sum())
    discounts, returned = taken_off(since=year_began(now))
    served = float(rows["served"].sum() + back.served.sum())
    return {
        "sold": net + discounts + returned,
        "discounts": -discounts,
        "returned": -returned,
        "goods": left - net,
        "served": -served,
        "profit": left - served,
    }


def _squares(r: Any, f: Any) -> list[list[int]]:
    """How many customers stand in each square of recency (rows, best first) and frequency."""
    counts = np.bincount((5 - r) * 5 + f - 1, minlength=25) if len(r) else np.zeros(25, dtype=int)
    return [[int(each) for each in row] for row in counts.reshape(5, 5)]
