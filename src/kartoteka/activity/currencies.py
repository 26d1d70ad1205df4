"""Currencies and their rates. An amount is never added to one of another currency but by the rate of its day."""

import datetime as dt
import time
from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit.fixed import units
from kartoteka.standard import money

from .order_models import RATE_PLACES, HomeCurrency, Rate

_UNTIL_SAID = "EUR"
# When the base was asked last, and what it said; good for so many seconds.
_asked: list[tuple[float, str]] = []
_KEPT = 5.0


class UnknownCurrency(ValueError):
    """A code that is no currency."""

    def __init__(self, code: str) -> None:
        text = _("“%(code)s” is no currency we know. Write its three letters, such as EUR or PLN.")
        super().__init__(text % {"code": code[:20]})


@cache
def codes() -> frozenset[str]:
    """Every code of ISO 4217."""
    import pycountry

    return frozenset(each.alpha_3 for each in pycountry.currencies)


def fixed_home() -> str:
    """The currency of the business as this installation sets it (KARTOTEKA_CURRENCY); "" where the base says."""
    own: str = settings.KARTOTEKA.currency
    return own


def home_now() -> str:
    """The currency of the business: the installation's, else what the base holds, else the euro. For what is written."""
    if own := fixed_home():
        return own
    return HomeCurrency.objects.values_list("code", flat=True).first() or _UNTIL_SAID


def home() -> str:
    """The same, asked of the base once in a few seconds: pages write it beside every amount."""
    if own := fixed_home():
        return own
    now = time.monotonic()
    if not _asked or _asked[0][0] < now - _KEPT:
        _asked[:] = [(now, home_now())]
    return _asked[0][1]


def ask_home_again() -> None:
    """Forget what `home` was told: it has just changed."""
    _asked.clear()


def code_of(text: str) -> str:
    """The code as it is kept. Raises UnknownCurrency."""
    code = text.strip().upper()
    if code not in codes():
        raise UnknownCurrency(text)
    return code


def currency_of(country: str) -> str:
    """The currency of a country (ISO alpha-2); the business's own where we do not know it."""
    return money.standardise("1", country=country).value.currency or home()  # type: ignore[union-attr]


class Rates:
    """The rates of some currencies, read once: what a unit of one is worth at home on a day; None where nobody said."""

    def __init__(self, currencies: Iterable[str]) -> None:
        self._home = home_now()
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


def stored_rate(rate: Decimal | None) -> int | None:
    """A rate as the database stores it."""
    return None if rate is None else units(rate, RATE_PLACES)


def worth(amount: Decimal | None, rate: Decimal | None) -> int | None:
    """What an amount is worth at home by this rate, as the database stores it; None where one of both is not known."""
    return None if amount is None or rate is None else units(amount * rate)
