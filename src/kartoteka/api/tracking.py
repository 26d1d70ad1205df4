"""The tracking calls of sites and apps: addresses and answers as their libraries expect them. The write key says who sends.

Content-Type is not looked at: browsers send text/plain so as not to be asked beforehand.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, register_converter
from django.urls.converters import StringConverter
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kartoteka.intake.tracking import receiving
from kartoteka.intake.tracking.serving import rudder_config, segment_settings
from kartoteka.intake.tracking.visitor_ids import new_id

View = Callable[..., HttpResponse]
_CORS = {
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-store",
}
_ASKED = "Content-Type, Content-Encoding, Authorization, AnonymousId, X-Retry-Count"


def _from_anywhere(view: View) -> View:
    """A view for programs on other sites: no sign-in, no cookies, asked beforehand or not."""

    @wraps(view)
    def answered(request: HttpRequest, **parts: str) -> HttpResponse:
        answer = HttpResponse(status=204) if request.method == "OPTIONS" else view(request, **parts)
        origin = request.headers.get("Origin", "")
        # Beacons send credentials along, so the origin is named; there is nothing here that a cookie would open.
        answer.headers["Access-Control-Allow-Origin"] = origin or "*"
        if origin:
            answer.headers["Access-Control-Allow-Credentials"] = "true"
            answer.headers["Vary"] = "Origin"
        answer.headers["Access-Control-Allow-Headers"] = (
            request.headers.get("Access-Control-Request-Headers", "")[:500] or _ASKED
        )
        for name, value in _CORS.items():
            answer.headers.setdefault(name, value)
        return answer

    return csrf_exempt(login_not_required(answered))


@_from_anywhere
@require_http_methods(["POST", "OPTIONS"])
def take(request: HttpRequest, call: str) -> HttpResponse:
    """One call or a batch: 200 once it is on the disk."""
    answer = receiving.receive(
        receiving.Call(
            path=call,
            body=request.read(receiving.MOST_BYTES + 1),
            authorization=request.headers.get("Authorization", ""),
            key=request.GET.get("writeKey", ""),
            ip=_ip(request),
            agent=request.headers.get("User-Agent", ""),
            origin=request.headers.get("Origin", ""),
        )
    )
    if answer.status == 200:
        return JsonResponse({"success": True})
    told = JsonResponse(
        {"success": False, "code": answer.code, "message": answer.message}, status=answer.status
    )
    if answer.retry_after:
        told.headers["Retry-After"] = str(answer.retry_after)
        told.headers["Access-Control-Expose-Headers"] = "Retry-After"
    return told


def _ip(request: HttpRequest) -> str:
    """Where the call comes from; behind a server of ours, what that server says."""
    if settings.KARTOTEKA.secure:
        through = request.headers.get("X-Forwarded-For", "").split(",")
        if through[-1].strip():
            return through[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


@_from_anywhere
@require_http_methods(["POST", "OPTIONS"])
def measures(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """What libraries count of themselves: of no use to anybody here."""
    return JsonResponse({"success": True})


@_from_anywhere
@require_http_methods(["GET", "HEAD", "OPTIONS"])
def site_settings(request: HttpRequest, key: str) -> HttpResponse:
    """What analytics.js asks before it sends: that it sends to us, and nothing to anybody else."""
    return JsonResponse(segment_settings(key, host=request.get_host(), secure=request.is_secure()))


@_from_anywhere
@require_http_methods(["GET", "HEAD", "OPTIONS"])
def source_config(request: HttpRequest) -> HttpResponse:
    """The same for RudderStack's libraries."""
    key = request.GET.get("writeKey", "") or receiving.from_header(request.headers.get("Authorization", ""))
    return JsonResponse(rudder_config(key, host=request.get_host(), secure=request.is_secure()))


@_from_anywhere
@require_http_methods(["POST", "OPTIONS"])
def new_visitor(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """A new anonymous id, signed by us."""
    return JsonResponse({"id": new_id()})


class _KindOfCall(StringConverter):
    """`identify` or `i`, and so on."""

    regex = "|".join(receiving.KINDS)


register_converter(_KindOfCall, "call")
urlpatterns = [
    path("v1/<call:call>", take, name="tracking"),
    path("v1/<call:call>/", take),
    path("beacon/v1/batch", take, {"call": "batch"}, name="tracking_beacon"),
    path("v1/m", measures, name="tracking_measures"),
    path("v1/id", new_visitor, name="tracking_id"),
    path("v1/projects/<str:key>/settings", site_settings, name="tracking_settings"),
    path("sourceConfig", source_config, name="tracking_config"),
    path("sourceConfig/", source_config),
]
