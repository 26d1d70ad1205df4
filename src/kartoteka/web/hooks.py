"""Where shops send to. Each proves itself by its signature; no cookie counts here, so no form token is asked for."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kartoteka.intake.shops.inbox import receive
from kartoteka.intake.shops.shop import Incoming


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def hook(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One message of a shop, or its greeting."""
    try:
        body = request.body
    except RequestDataTooBig:
        return HttpResponse(status=413)
    incoming = Incoming(
        method=request.method or "",
        headers={name.lower(): value for name, value in request.headers.items()},
        query={name: value for name, value in request.GET.items() if isinstance(value, str)},
        body=body,
    )
    reply = receive(kind=kind, key=key, request=incoming)
    return HttpResponse(reply.body, status=reply.status, content_type="text/plain")
