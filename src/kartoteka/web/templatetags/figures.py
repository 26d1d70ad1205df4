"""Figures for people: money, shares, by how much something changed, and how a customer is served."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kartoteka.activity import written
from kartoteka.kit.fixed import from_units

register = template.Library()
register.filter("money", written.money)
register.filter("percent", written.percent)
register.filter("change", written.change)


@register.filter
def kept_money(stored: Any, style: str = "short") -> str:
    """An amount as the database keeps it. style: as of `money`."""
    return "–" if stored is None else written.money(from_units(round(stored)), style)


@register.filter
def lasting(seconds: float | None) -> str:
    """So many seconds, as minutes and seconds ("1:05"), from an hour on with the hours ("2:00:05")."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.simple_tag
def level_chip(levels: Mapping[int, str] | None, customer: Any) -> SafeString | str:
    """The service level of a customer, where it is known. levels: by key (worth.queries.levels_of)."""
    level = (levels or {}).get(customer.pk)
    if level is None:
        return ""
    return format_html(
        '<span class="chip chip-accent" title="{}">{}</span> ',
        _("Service level"),
        _("Level %(level)s") % {"level": level},
    )
