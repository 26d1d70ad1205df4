"""Who is behind a request: every page needs sign-in, knows its actor, and refuses in plain words."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation

from kartoteka.trust.actor import Actor, NotAllowed
from kartoteka.trust.models import Staff

# Where somebody says who they are before they are known.
_DOORS = ("/accounts/login/", "/accounts/password/reset/", "/accounts/signup/")
# The API knows its callers by token and answers in its own way.
OWN_DOORS = ("/api/",)


class SignedIn(HttpRequest):
    """A request as a page gets it: somebody who works here is behind it."""

    user: Staff
    actor: Actor
    htmx: Any
    csp_nonce: str


class SignInFirst(LoginRequiredMiddleware):
    """Every page needs sign-in unless it says it does not; a fragment sends the whole page to the door."""

    def process_view(
        self, request: Any, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if "\x00" in request.path:
            raise Http404  # no name of anything has it, and PostgreSQL will not even look
        if request.path.startswith(OWN_DOORS):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: Any, view_func: Any) -> HttpResponseRedirect:
        answer = redirect_to_login(_page_of(request), self.get_login_url(view_func))
        if request.htmx:
            answer.headers["HX-Redirect"] = answer.url
            del answer.headers["Location"]
            answer.status_code = 204
        return answer


def _page_of(request: Any) -> str:
    """The page this person looks at, to come back to: a fragment and a form's address are none."""
    if request.htmx:
        return request.htmx.current_url_abs_path or "/"
    if request.method in {"GET", "HEAD"}:
        return str(request.get_full_path())
    came = urlsplit(request.headers.get("Referer", ""))
    return came._replace(scheme="", netloc="").geturl() if came.netloc == request.get_host() else "/"


class OpenedByHand:
    """Says in words that an address is a step or a part of another page, where the browser would show its own bare refusal,
    or the part without its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if request.method != "GET" or request.path.startswith(OWN_DOORS):
            return answer
        if answer.status_code == 405:
            told = render(request, "405.html", status=405)
            told.headers["Allow"] = answer.headers["Allow"]
            return told
        return render(request, "405.html", status=404) if _bare(request, answer) else answer


def _bare(request: HttpRequest, answer: HttpResponseBase) -> bool:
    """Whether a part of a page is about to be shown as a page: only a browser that navigates says it wants a document."""
    return (
        isinstance(answer, HttpResponse)
        and answer.status_code == 200
        and request.headers.get("Sec-Fetch-Dest") == "document"
        and answer.headers.get("Content-Type", "").startswith("text/html")
        and not answer.content[:200].lstrip().lower().startswith(b"<!doctype")
    )


class EvenDoors:
    """Answers at the doors of the sign-in only at the strokes of a clock that begins with each request.

    Who works here costs a few milliseconds more than a stranger (a code is made, a token signed), and mail is sent: by
    how long an answer takes it could be told who works here. So it takes a whole number of SIGN_IN_STROKE seconds for both.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        stroke: float = settings.SIGN_IN_STROKE
        if request.method != "POST" or not stroke or not request.path.startswith(_DOORS):
            return self.get_response(request)
        begun = time.monotonic()
        answer = self.get_response(request)
        time.sleep(stroke - (time.monotonic() - begun) % stroke)
        return answer


class KnowActor:
    """Puts `request.actor` on the request, and this person's language on the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if isinstance(user, Staff):
            request.actor = user.actor  # type: ignore[attr-defined]
            if user.language:
                translation.activate(user.language)
                request.LANGUAGE_CODE = translation.get_language() or user.language
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What the actor may not do is told, whichever page it was."""
        if not isinstance(error, NotAllowed):
            return None
        return render(request, "403.html", {"message": error}, status=403)


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """Nobody makes an account for themselves: the owner invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never."""
        return False
