"""The customer's own page and the one-click unsubscribe: for people who never sign in, by signed links only.

No cookies: the link in the address is all that speaks for them, so there is nothing that another site could ride on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kartoteka.consent import own_page
from kartoteka.consent.choosing import choices_of, choose
from kartoteka.consent.held import held_of
from kartoteka.consent.ledger import BadChoice
from kartoteka.consent.links import Visit, visit
from kartoteka.consent.requests import BadRequest
from kartoteka.consent.unsubscribing import offered, unsubscribe
from kartoteka.people.checking import BadValue

# So many wrong links from one address within so many seconds; a right one opens all the same.
WRONG_AT_MOST, WRONG_WITHIN = 20, 300
_QUIET = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
_TYPES = {"json": "application/json", "pdf": "application/pdf"}
# Each language as its own speakers call it.
OWN_NAMES = (
    ("en", "English"),
    ("af", "Afrikaans"),
    ("fil", "Filipino"),
    ("ms", "Bahasa Melayu"),
    ("fi", "Suomi"),
    ("pl", "Polski"),
)
View = Callable[..., HttpResponse]


def _quiet(view: View) -> View:
    """A page for strangers: no sign-in, no cookies, told to nobody, kept nowhere."""

    @wraps(view)
    def answered(request: HttpRequest, token: str) -> HttpResponse:
        answer = view(request, token)
        for name, value in _QUIET.items():
            answer.headers[name] = value
        return answer

    return csrf_exempt(login_not_required(answered))


def _theirs(view: Callable[[HttpRequest, Visit, str], HttpResponse]) -> View:
    """A view of somebody's own page, in their language; a link that does not hold gets the same page as none."""

    @wraps(view)
    def answered(request: HttpRequest, token: str) -> HttpResponse:
        found = visit(token)
        if found is None:
            return _no_such_link(request)
        with translation.override(_language(request, found)):
            return view(request, found, token)

    return _quiet(answered)


def _language(request: HttpRequest, found: Visit) -> str:
    chosen = request.GET.get("language", "")
    return chosen if chosen in dict(settings.LANGUAGES) else found.language


def _no_such_link(request: HttpRequest) -> HttpResponse:
    key = f"wrong link {request.META.get('REMOTE_ADDR', '')}".replace(" ", "-")
    cache.add(key, 0, WRONG_WITHIN)
    try:
        wrong = cache.incr(key)
    except ValueError:  # it ran out between the two
        wrong = 1
    return render(request, "my/gone.html", status=429 if wrong > WRONG_AT_MOST else 404)


def _page(
    request: HttpRequest, found: Visit, token: str, *, error: str = "", status: int = 200
) -> HttpResponse:
    language = translation.get_language() or settings.LANGUAGE_CODE
    context: dict[str, Any] = {
        "token": token,
        "held": held_of(found.customer),
        "choices": choices_of(found.customer, language=language),
        "until": found.link.expires_at,
        "languages": OWN_NAMES,
        "language": language,
        "questions": _questions(),
        "error": error,
        "done": request.GET.get("done", ""),
    }
    return render(request, "my/page.html", context, status=status)


def _questions() -> list[tuple[str, str, str, str]]:
    """What can be asked: its kind, what it is called, what follows, and what the button says."""
    return [
        (
            "objection",
            _("Stop all advertising"),
            _("We end every use of your data for advertising, by every way."),
            _("Stop all advertising"),
        ),
        (
            "restriction",
            _("Leave my data alone for now"),
            _("We keep it, and use it for nothing, until the matter between us is settled."),
            _("Ask for this"),
        ),
        (
            "erasure",
            _("Forget me"),
            _(
                "We take all we know of you out of our base, for good. What a law has us keep, such as invoices, stays "
                "without being used. It cannot be taken back."
            ),
            _("Ask to be forgotten"),
        ),
    ]


def _back(request: HttpRequest, token: str, done: str, part: str) -> HttpResponse:
    language = request.GET.get("language", "")
    chosen = f"&language={language}" if language in dict(settings.LANGUAGES) else ""
    return redirect(f"{reverse('my', args=[token])}?done={done}{chosen}#{part}")


@_theirs
@require_safe
def my(request: HttpRequest, found: Visit, token: str) -> HttpResponse:
    """What we hold, what we may do, and what they can ask."""
    return _page(request, found, token)


@_theirs
@require_POST
def my_choice(request: HttpRequest, found: Visit, token: str) -> HttpResponse:
    """A switch is turned."""
    said = request.POST
    try:
        choose(
            visit=found,
            purpose=said.get("purpose", "")[:50],
            channel=said.get("channel", "")[:9],
            on=said.get("on") == "1",
            language=translation.get_language() or settings.LANGUAGE_CODE,
            evidence={"ip": str(request.META.get("REMOTE_ADDR", ""))[:45], "page": "/my"},
        )
    except BadChoice as error:
        return _page(request, found, token, error=str(error), status=422)
    return _back(request, token, "choice", f"purpose-{said.get('purpose', '')}")


@_theirs
@require_POST
def my_correction(request: HttpRequest, found: Visit, token: str) -> HttpResponse:
    """A value is wrong; what it should be waits for staff."""
    place = request.POST.get("place", "")
    try:
        own_page.correct(
            visit=found,
            field=request.POST.get("field", "")[:60],
            place=int(place) if place.isascii() and place.isdigit() and len(place) < 5 else -1,
            text=request.POST.get("text", ""),
        )
    except (BadRequest, BadValue) as error:
        return _page(request, found, token, error=str(error), status=422)
    return _back(request, token, "correction", "asked")


@_theirs
@require_POST
def my_request(request: HttpRequest, found: Visit, token: str) -> HttpResponse:
    """They ask to be forgotten, or to restrict or stop the use."""
    try:
        made = own_page.ask(
            visit=found, kind=request.POST.get("kind", "")[:11], said=request.POST.get("said", "")
        )
    except BadRequest as error:
        return _page(request, found, token, error=str(error), status=422)
    return _back(request, token, "choice" if made.kind == "objection" else "request", "asked")


@_theirs
@require_POST
def my_copy(request: HttpRequest, found: Visit, token: str) -> HttpResponse:
    """All of it as a file."""
    form = request.POST.get("form", "")
    try:
        handed = own_page.take_along(visit=found, form=form)
    except BadRequest as error:
        return _page(request, found, token, error=str(error), status=422)
    answer = HttpResponse(handed.content, content_type=_TYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{_("my-data")}.{form}"'
    return answer


@_quiet
@require_http_methods(["GET", "HEAD", "POST"])
def one_click(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: POST ends it; GET shows what it would end, with a button, and does nothing."""
    offer = unsubscribe(token=token) if request.method == "POST" else offered(token)
    if offer is None:
        return _no_such_link(request)
    with translation.override(offer.language):
        return render(request, "my/unsubscribe.html", {"offer": offer, "token": token})
