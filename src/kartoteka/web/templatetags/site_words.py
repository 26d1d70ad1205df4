"""Words of the debugger of sites."""

from collections.abc import Mapping
from typing import Any

import orjson
from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def as_json(value: object) -> str:
    """A JSON value as a person reads it."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


@register.filter
def device(event: Any) -> str:
    """What an event was done with, in words."""
    words = {"phone": _("phone"), "tablet": _("tablet"), "desk": _("computer")}
    return words.get(event.device, "")


@register.filter
def user_agent(headers: Mapping[str, str]) -> str:
    """The program that sent something."""
    return headers.get("User-Agent", "")
