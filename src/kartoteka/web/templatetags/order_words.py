"""Orders in words: amounts with their currency, what was paid and how late."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency, format_decimal
from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kartoteka.activity.models import Order
from kartoteka.activity.order_queries import days_late
from kartoteka.web.showing import locale

register = template.Library()
_LOOKS = {"cancelled": "chip-bad", "returned": "chip-warn", "delivered": "chip-good", "paid": "chip-good"}


@register.filter
def amount(value: Decimal | None, currency: str) -> str:
    """An amount as the reader's language writes it, with all the places it has; "" for none."""
    if value is None:
        return ""
    return format_currency(value, currency, locale=locale(), decimal_quantization=False)


@register.filter
def plain_number(value: Decimal) -> str:
    """A quantity as the reader's language writes it."""
    return format_decimal(value, locale=locale(), decimal_quantization=False)


@register.filter
def state_look(state: str) -> str:
    """The chip's colour of a state."""
    return _LOOKS.get(state, "chip-accent")


@register.filter
def late(order: Order) -> int:
    """How many days late it was paid, or is."""
    return days_late(order)


@register.filter
def payment_words(order: Order) -> str:
    """Whether it is paid, and in time; "" where nothing is known of it."""
    if order.owed is None:
        return ""
    days = days_late(order)
    if order.unpaid:
        if not days:
            return _("not paid yet")
        return ngettext("%(days)s day overdue", "%(days)s days overdue", days) % {"days": days}
    if order.paid_at is None:
        return _("nothing to pay")
    if not days:
        return _("paid in time") if order.due_on else _("paid")
    return ngettext("paid %(days)s day late", "paid %(days)s days late", days) % {"days": days}


@register.filter
def payment_look(order: Order) -> str:
    """The chip's colour of its payment."""
    if not order.unpaid:
        return "chip-warn" if days_late(order) else "chip-good"
    return "chip-bad" if days_late(order) else "chip-warn"
