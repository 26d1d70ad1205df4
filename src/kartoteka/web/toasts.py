"""A short word after something was done, shown in the corner by the page that asked."""

from __future__ import annotations

import json
from typing import TypeVar

from django.http import HttpResponse

R = TypeVar("R", bound=HttpResponse)


def toast(answer: R, text: str, *, kind: str = "", also: str = "") -> R:
    """Have the page show `text`; kind "bad" stays until it is closed. also: another event to tell the page."""
    events: dict[str, object] = {"toast": {"text": text, "kind": kind}}
    if also:
        events[also] = None
    answer.headers["HX-Trigger"] = json.dumps(events)  # ASCII, as a header must be
    return answer
