"""Who calls: a token in the Authorization header, its rights checked before anything of the request is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import HttpBearer

from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.tokens import PREFIX, actor_of

from .problems import Problem, TooLarge, TooManyWrongTokens

# So many wrong tokens from one address within so many seconds; the right one is let in all the same.
WRONG_AT_MOST, WRONG_WITHIN = 20, 300
_LONGEST_TOKEN = 200


class Called(HttpRequest):
    """A request as a route gets it: `auth` is whoever stands behind the token."""

    auth: Actor


class BearerToken(HttpBearer):
    """Lets a token with all of these rights in. at_most: asked for the most bytes that the request may bring."""

    def __init__(self, *rights: Right, at_most: Callable[[], int] | None = None) -> None:
        super().__init__()
        self.rights = rights
        self.at_most = at_most

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor, or None for a token that is unknown or ended. Raises NotAllowed, TooLarge, TooManyWrongTokens."""
        actor = actor_of(token) if token.startswith(PREFIX) and len(token) <= _LONGEST_TOKEN else None
        if actor is None:
            _count_wrong(str(request.META.get("REMOTE_ADDR", "")))
            return None
        for right in self.rights:
            actor.must(right)
        if self.at_most is not None and _length(request) > self.at_most():
            raise TooLarge(self.at_most())
        return actor


def _count_wrong(address: str) -> None:
    key = f"api wrong token {address}".replace(" ", "-")
    cache.add(key, 0, WRONG_WITHIN)
    try:
        count = cache.incr(key)
    except ValueError:  # it ran out between the two
        return
    if count > WRONG_AT_MOST:
        raise TooManyWrongTokens(WRONG_WITHIN)


def _length(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(text) if text.isdecimal() else 0


def route(
    *rights: Right,
    answer: Any,
    status: int = 200,
    refusals: tuple[int, ...] = (),
    at_most: Callable[[], int] | None = None,
) -> dict[str, Any]:
    """What every route says of itself: whom it lets in, what it answers, and with which codes it refuses."""
    usual = (400, 401, 403, 422, 429)
    return {
        "auth": BearerToken(*rights, at_most=at_most),
        "response": {status: answer, **dict.fromkeys(sorted({*usual, *refusals}), Problem)},
        "openapi_extra": {"x-rights": [right.value for right in rights]},
    }
