"""`/k.js`: our own snippet, for the owner's sites."""

from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

_FILE = Path(__file__).resolve().parent / "static" / "k.js"


@cache
def _text(_changed: int) -> bytes:
    return _FILE.read_bytes()


@login_not_required
@require_safe
@gzip_page
def snippet(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The script, as small as it travels; other sites may load it."""
    answer = HttpResponse(_text(_FILE.stat().st_mtime_ns), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
