"""The privacy policy: the page it is written on, with its versions and what needs a new consent; the page for everybody."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kartoteka.consent import policy
from kartoteka.consent.policy import BadPolicy
from kartoteka.consent.public import address_of

from .access import SignedIn
from .my import OWN_NAMES

_FOR = 300  # seconds that others may keep the public page


def policy_page(request: SignedIn) -> HttpResponse:
    """What would be published now, section by section, beside what is."""
    language = _language(request.GET.get("language", ""))
    context = {
        "draft": policy.draft(actor=request.actor, language=language),
        "versions": policy.versions(actor=request.actor)[:50],
        "language": language,
        "languages": OWN_NAMES,
        "address": address_of(reverse("privacy")),
    }
    return render(request, "web/policy/page.html", context)


@require_POST
def save_policy_contact(request: SignedIn) -> HttpResponse:
    """Who answers for the data."""
    given = {name: request.POST.get(name, "") for name in ("business", "address", "officer")}
    policy.save_contact(**given, by=request.actor)
    messages.success(request, _("Saved. It is public once you publish."))
    return redirect("policy")


@require_POST
def save_policy_words(request: SignedIn) -> HttpResponse:
    """The owner's own words of a section."""
    sent = request.POST
    language = _language(sent.get("language", ""))
    try:
        policy.save_words(
            section=sent.get("section", ""), language=language, text=sent.get("text", ""), by=request.actor
        )
    except BadPolicy as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved. It is public once you publish."))
    return redirect(f"{reverse('policy')}?language={language}#s-{sent.get('section', '')[:20]}")


@require_POST
def publish_policy(request: SignedIn) -> HttpResponse:
    """The next version."""
    try:
        made = policy.publish(by=request.actor)
    except BadPolicy as error:
        messages.error(request, str(error))
        return redirect("policy")
    messages.success(request, _("Version %(number)s is public now.") % {"number": made.number})
    return redirect("policy_version", made.number)


def policy_version(request: SignedIn, number: int) -> HttpResponse:
    """What a version changed."""
    language = _language(request.GET.get("language", ""))
    found = policy.compared(actor=request.actor, number=min(number, 2**31 - 1), language=language)
    if found is None:
        raise Http404
    context = {"found": found, "version": found.version, "language": language, "languages": OWN_NAMES}
    return render(request, "web/policy/version.html", context)


def _language(asked: str) -> str:
    known = dict(settings.LANGUAGES)
    now = translation.get_language() or settings.LANGUAGE_CODE
    return asked if asked in known else now if now in known else settings.LANGUAGE_CODE


@csrf_exempt
@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The policy for everybody: one address, in the language that is asked for or that the browser speaks."""
    language = _language(request.GET.get("language", ""))
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
    found = policy.published(language=language, number=number)
    with translation.override(language):
        context = {"found": found, "language": language, "languages": OWN_NAMES}
        answer = render(request, "my/policy.html", context, status=200 if found else 404)
    answer.headers["Cache-Control"] = f"public, max-age={_FOR}" if found else "no-cache"
    answer.headers["Content-Language"] = language
    patch_vary_headers(answer, ["Accept-Language"])
    return answer
