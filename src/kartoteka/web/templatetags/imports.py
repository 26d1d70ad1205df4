"""What the pages of imports write by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings

from kartoteka.intake import wording

register = template.Library()


@register.simple_tag
def most_upload_mb() -> int:
    """How many MB a file may have."""
    return int(settings.MAX_UPLOAD_BYTES) // (1024 * 1024)


@register.filter
def wrong(problem: Mapping[str, Any]) -> str:
    """What is wrong with what was typed, in words."""
    return wording.wrong(problem)
