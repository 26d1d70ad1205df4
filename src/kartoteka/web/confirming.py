"""The public page behind the link in a mail: it shows what would be confirmed, and a button confirms it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from kartoteka.consent.asking import Confirmation, confirm, look_up


@method_decorator([login_not_required, never_cache], name="dispatch")
class Confirm(View):
    """GET shows the words and changes nothing (mail scanners open links by themselves); POST confirms."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._show(request, look_up(token[:200]))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        evidence = {
            "ip": str(request.META.get("REMOTE_ADDR", ""))[:45],
            "agent": request.headers.get("User-Agent", "")[:200],
        }
        return self._show(request, confirm(token=token[:200], evidence=evidence))

    def _show(self, request: HttpRequest, found: Confirmation | None) -> HttpResponse:
        with translation.override(found.language if found else translation.get_language()):
            return render(request, "web/consent/confirm.html", {"found": found}, status=200 if found else 410)
