"""The question a watchdog asks: are you there, and does the base answer?"""

from __future__ import annotations

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

logger = logging.getLogger("kartoteka.health")


@login_not_required
@never_cache
def health(_request: HttpRequest) -> JsonResponse:
    """200 when the base answers, 503 when it does not; tells nothing else to whoever asks."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        logger.exception("the base does not answer")
        return JsonResponse({"status": "unwell"}, status=503)
    return JsonResponse({"status": "well"})
