"""The owner says what serving costs, and who is served how."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .models import WorthRates
from .running import ask_for_count

MONEY = ("minute_of_call", "minute_of_visit", "message")
LENGTHS = ("usual_call", "usual_visit")
SHARES = ("margin", "level_a", "level_b", "discount")
_MOST = Decimal(100_000)


class BadRates(ValueError):
    """A rate cannot be so; `field` says which, the message why."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def names() -> dict[str, str]:
    """What can be said, by column, in words."""
    return {
        field.attname: str(field.verbose_name)
        for field in WorthRates._meta.concrete_fields
        if field.attname in (*MONEY, *LENGTHS, *SHARES)
    }


def set_rates(*, values: Mapping[str, str], by: Actor) -> WorthRates:
    """Keep what was typed (texts, by column) and have worth counted anew. Raises BadRates, NotAllowed."""
    by.must(Right.SET_UP)
    told = {name: _money(name, values.get(name, "")) for name in MONEY}
    shares = {name: _share(name, values.get(name, "")) for name in SHARES}
    lengths = {name: _minutes(name, values.get(name, "")) for name in LENGTHS}
    if (shares["level_a"] or 0) > (shares["level_b"] or 0):
        raise BadRates("level_b", _("A and B together cannot be fewer than A alone."))
    with transaction.atomic():
        found, _made = WorthRates.objects.update_or_create(pk=1, defaults={**told, **lengths, **shares})
        note(by=by, action="set rates of worth", matter="base", detail={**shares})
        ask_for_count(by=by)
    return found


def _money(name: str, text: str) -> Decimal:
    try:
        value = Decimal(text.strip().replace(",", ".") or "0")
    except InvalidOperation as error:
        raise BadRates(name, _("Write an amount, such as 0.50.")) from error
    if not value.is_finite() or not 0 <= value <= _MOST:
        raise BadRates(name, _("Write an amount, such as 0.50."))
    return value


def _minutes(name: str, text: str) -> int:
    text = text.strip()
    if not text.isascii() or not text.isdigit() or len(text) > 4 or int(text) > 1440:
        raise BadRates(name, _("Write whole minutes, such as 5."))
    return int(text)


def _share(name: str, text: str) -> int | None:
    text = text.strip().removesuffix("%").strip()
    if not text and name == "margin":
        return None
    if not text.isascii() or not text.isdigit() or not 0 <= int(text) <= 100:
        raise BadRates(name, _("Write whole percents, 0 to 100."))
    return int(text)
