"""The debugger of sites: the last events with what was wrong, and what was refused."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kartoteka.intake.tracking.debugging import last_events
from kartoteka.kit.paging import BadCursor

from .access import SignedIn


@require_GET
def site(request: SignedIn) -> HttpResponse:
    """The last events; only their table when htmx asks for it."""
    asked = request.GET
    wish: dict[str, Any] = {"site": asked.get("site", "")[:20], "problems": asked.get("problems") == "1"}
    try:
        found = last_events(
            actor=request.actor, **wish, after=asked.get("after", ""), before=asked.get("before", "")
        )
    except BadCursor:
        found = last_events(actor=request.actor, **wish)
    part = request.htmx and not request.htmx.history_restore_request
    template = "web/site/events.html" if part else "web/site/page.html"
    return render(request, template, {"found": found, "page": found.page, **wish})
