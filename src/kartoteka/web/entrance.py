"""Coming in by a one-time link, and what a person sets for themselves."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kartoteka.trust.preferences import prefer_language
from kartoteka.trust.signin import look_up, use
from kartoteka.trust.staff import CannotChangeStaff, rename

from .access import SignedIn


@method_decorator([login_not_required, never_cache], name="dispatch")
class Enter(View):
    """GET shows whose link it is (mail programs open links by themselves); POST uses it up and lets them in."""

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        return self._show(request, secret, status=200)

    def post(self, request: HttpRequest, secret: str) -> HttpResponse:
        staff = use(secret)
        if staff is None:
            return self._show(request, secret, status=410)
        login(request, staff, backend="django.contrib.auth.backends.ModelBackend")
        if is_mfa_enabled(staff):
            return redirect("home")
        return redirect("secure")

    def _show(self, request: HttpRequest, secret: str, *, status: int) -> HttpResponse:
        staff = look_up(secret)
        return render(request, "web/enter.html", {"staff": staff}, status=status if staff else 410)


def secure(request: SignedIn) -> HttpResponse:
    """After the first entry: a calm proposal to make the next one easy and safe."""
    return render(request, "web/secure.html")


def you(request: SignedIn) -> HttpResponse:
    """What this person sets for themselves: name, language, how they sign in."""
    return render(request, "web/you.html", {"languages": settings.LANGUAGES})


@require_POST
def set_language(request: SignedIn) -> HttpResponse:
    """Keep this person's language."""
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        prefer_language(by=request.actor, language=chosen)
        translation.activate(chosen)
        messages.success(request, _("Saved."))
    return redirect("you")


@require_POST
def set_name(request: SignedIn) -> HttpResponse:
    """What colleagues call this person from now on."""
    try:
        rename(staff=request.user, name=request.POST.get("name", ""), by=request.actor)
    except CannotChangeStaff as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("you")
