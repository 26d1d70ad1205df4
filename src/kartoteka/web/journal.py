"""One line in the log per request: which page, how it ended, how long it took. Never what was in it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

logger = logging.getLogger("kartoteka.request")
QUIET = {"health", None}  # asked every few seconds; and what is no page of ours


class RequestJournal:
    """Logs the route (`customers/<card>/`, not the address with its card number), status and milliseconds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else None
        if route not in QUIET:
            taken = round((time.perf_counter() - begun) * 1000, 1)
            figures = {"method": request.method, "route": route, "status": response.status_code, "ms": taken}
            logger.info("answered", extra=figures)
        return response
