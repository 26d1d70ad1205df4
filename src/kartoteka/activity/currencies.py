"""Currencies and their rates. An amount is never added to one of another currency but by the rate of its day."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.kit.fixed import units
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .order_models import RATE_PLACES, Order, Rate


class UnknownCurrency(ValueError):
    """A code that is no currency."""

    def __init__(self, code: str) -> None:
        text = _("“%(code)s” is no currency we know. Write its three letters, such as EUR or PLN.")
        super().__init__(text % {"code": code[:20]})


class BadRate(ValueError):
    """A rate that cannot be."""


@cache
def codes() -> frozenset[str]:
    """Every code of ISO 4217."""
    import pycountry

    return frozenset(each.alpha_3 for each in pycountry.currencies)


def home() -> str:
    """The currency of the business (KARTOTEKA_CURRENCY)."""
    own: str = settings.KARTOTEKA.currency
    return own


def code_of(text: str) -> str:
    """The code as it is kept. Raises UnknownCurrency."""
    code = text.strip().upper()
    if code not in codes():
        raise UnknownCurrency(text)
    return code


class Rates:
    """The rates of some currencies, read once: what a unit of one is worth at home on a day; None where nobody said."""

    def __init__(self, currencies: Iterable[str]) -> None:
        self._home = home()
        self._days: dict[str, list[dt.date]] = {}
        self._rates: dict[str, list[Decimal]] = {}
        wanted = sorted(set(currencies) - {self._home})
        if wanted:
            rows = Rate.objects.filter(currency__in=wanted).order_by("day")
            for currency, day, rate in rows.values_list("currency", "day", "rate"):
                self._days.setdefault(currency, []).append(day)
                self._rates.setdefault(currency, []).append(rate)

    def on(self, currency: str, at: dt.datetime) -> Decimal | None:
        """The rate of the day of `at` in the business's zone: the newest that was told up to then."""
        if currency == self._home:
            return Decimal(1)
        place = bisect_right(self._days.get(currency, []), timezone.localdate(at))
        return self._rates[currency][place - 1] if place else None


def set_rate(*, currency: str, day: dt.date, rate: Decimal, by: Actor) -> Rate:
    """Say what one unit of a currency was worth at home from this day on; orders since then are counted by it.

    Raises UnknownCurrency, BadRate, NotAllowed.
    """
    by.must(Right.SET_UP)
    code = code_of(currency)
    if code == home():
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
    from .facts import count_orders

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


def stored_rate(rate: Decimal | None) -> int | None:
    """A rate as the database stores it."""
    return None if rate is None else units(rate, RATE_PLACES)


def worth(amount: Decimal | None, rate: Decimal | None) -> int | None:
    """What an amount is worth at home by this rate, as the database stores it; None where one of both is not known."""
    return None if amount is None or rate is None else units(amount * rate)
