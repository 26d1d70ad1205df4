"""What was asked and what was done about a request, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext_lazy

from kartoteka.consent.policy import is_published
from kartoteka.consent.public import business_name
from kartoteka.people.catalogue import built_in
from kartoteka.web.handing import reason_name

register = template.Library()

_DONE = {
    "cards": gettext_lazy("cards"),
    "identities": gettext_lazy("sources"),
    "claims": gettext_lazy("facts"),
    "fields": gettext_lazy("fields"),
    "purposes": gettext_lazy("purposes"),
    "what": gettext_lazy("file"),
    "bytes": gettext_lazy("bytes"),
    "until": gettext_lazy("until"),
}


@register.filter
def field_name(key: str) -> str:
    """What a field of every base is called."""
    field = built_in().get(key)
    return str(field.label) if field else key


@register.filter
def reveal_reason(reason: str) -> str:
    """Why somebody had a contact point shown."""
    return reason_name(reason)


@register.filter
def done_shown(done: Mapping[str, Any]) -> str:
    """What was done, in figures."""
    return ", ".join(f"{name}: {_figure(key, done[key])}" for key, name in _DONE.items() if done.get(key))


def _figure(key: str, value: Any) -> str:
    if key == "until":
        return formats.date_format(dt.date.fromisoformat(value), "DATE_FORMAT")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@register.simple_tag
def policy_link(language: str = "") -> str:
    """The address of the privacy policy; "" where none is published yet."""
    if not is_published():
        return ""
    return reverse("privacy") + (f"?language={language}" if language else "")


@register.simple_tag
def business() -> str:
    """What the business is called before its customers; "" until somebody wrote it."""
    return business_name()
