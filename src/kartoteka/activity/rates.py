"""Rates of exchange: the owner says what a currency is worth, and the orders of those days are counted by it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .currencies import code_of, home_now, stored_rate, worth
from .facts import count_orders
from .order_models import Order, Rate


class BadRate(ValueError):
    """A rate that cannot be."""


def list_rates(*, actor: Actor) -> QuerySet[Rate]:
    """All rates, by currency, the newest first. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    return Rate.objects.order_by("currency", "-day")


@dataclass(frozen=True)
class Lacking:
    """Orders in a currency of which nobody has said what it was worth then. first_at: when the first was placed."""

    currency: str
    orders: int
    first_at: dt.datetime


def lacking(*, actor: Actor) -> list[Lacking]:
    """The currencies that lack a rate, the most orders first. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    rows = Order.objects.filter(rate=None).order_by().values_list("currency")
    found = rows.annotate(orders=Count("pk"), first_at=Min("at")).order_by("-orders", "currency")
    return [Lacking(*row) for row in found]


def set_rates(*, told: Sequence[Sequence[str]], by: Actor) -> int:
    """Set many rates, each told as texts: currency, ISO day, what one unit is worth at home; how many. All or nothing.

    Raises BadRate with the line, UnknownCurrency, NotAllowed.
    """
    with transaction.atomic():
        for place, row in enumerate(told, start=1):
            try:
                currency, day, rate = (cell.strip() for cell in row)
                read = dt.date.fromisoformat(day), Decimal(rate)
            except (ValueError, InvalidOperation) as error:
                text = _("Line %(line)d is no rate. Write currency,day,rate: USD,2026-05-31,0.92.")
                raise BadRate(text % {"line": place}) from error
            set_rate(currency=currency, day=read[0], rate=read[1], by=by)
    return len(told)


def set_rate(*, currency: str, day: dt.date, rate: Decimal, by: Actor) -> Rate:
    """Say what one unit of a currency was worth at home from this day on; orders since then are counted by it.

    Raises UnknownCurrency, BadRate, NotAllowed.
    """
    by.must(Right.SET_UP)
    code = code_of(currency)
    if code == home_now():
        raise BadRate(_("%(code)s is the business's own currency; it needs no rate.") % {"code": code})
    if not rate.is_finite() or not Decimal("0.00000001") <= rate <= 10**6:
        raise BadRate(_("Write a rate above 0: what one %(code)s is worth.") % {"code": code})
    with transaction.atomic():
        bulk.be_the_writer()
        found, _made = Rate.objects.update_or_create(
            currency=code, day=day, defaults={"rate": rate, "at": timezone.now(), **by.as_columns}
        )
        _count_anew(code, day)
        note(by=by, action="set rate", matter="base", detail={"currency": code, "day": day.isoformat()})
    return found


def _count_anew(currency: str, day: dt.date) -> None:
    """Give the orders from `day` up to the next rate theirs."""
    later = Rate.objects.filter(currency=currency, day__gt=day).order_by("day").first()
    rate = Rate.objects.get(currency=currency, day=day).rate
    rows = Order.objects.filter(currency=currency, at__gte=_midnight(day))
    if later is not None:
        rows = rows.filter(at__lt=_midnight(later.day))
    touched: set[int] = set()
    found = rows.order_by("pk").values_list("pk", "net", "cost", "identity_id")
    for some in bulk.chunks(found.iterator(chunk_size=5000), 5000):
        bulk.update(
            Order,
            ("rate", "net_home", "cost_home"),
            [(stored_rate(rate), worth(net, rate), worth(cost, rate), key) for key, net, cost, _who in some],
        )
        touched |= {who for *_order, who in some if who is not None}
    for identities in bulk.chunks(sorted(touched), 5000):
        count_orders(identities)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
