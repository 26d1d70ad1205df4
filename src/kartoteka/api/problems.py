"""Refusals: every error has one shape, with a code for the program and a sentence for the person who reads the log."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from kartoteka.activity.dealing_queries import NoSuchDealing
from kartoteka.activity.dealings import BadDealing
from kartoteka.activity.moving import CannotMove
from kartoteka.activity.order_queries import NoSuchOrder
from kartoteka.activity.orders import BadOrder
from kartoteka.activity.reports.asking import CannotAsk
from kartoteka.agenda.callbacks import CannotCallBack
from kartoteka.agenda.task_queries import NoSuchTask
from kartoteka.agenda.tasks import BadTask
from kartoteka.consent.erasure import CannotForget
from kartoteka.consent.exchanging import CannotExchange
from kartoteka.consent.ledger import BadChoice
from kartoteka.consent.point_hashes import NoHashes
from kartoteka.consent.purposes import BadPurpose
from kartoteka.consent.requests import BadRequest
from kartoteka.consent.retention import BadRetention
from kartoteka.intake.queries import NoSuchImport
from kartoteka.intake.receiving import CannotImport
from kartoteka.kit.paging import BadCursor
from kartoteka.people.checking import BadValue
from kartoteka.quality.merging import CannotMerge, CannotSplit
from kartoteka.quality.queries import NotThere
from kartoteka.segments.reaching import NoSuchGroup
from kartoteka.segments.rule import BadRule as BadGroupRule
from kartoteka.segments.worth.groups import TooFew
from kartoteka.segments.worth.periods import BadPeriod
from kartoteka.trust.actor import NotAllowed

log = logging.getLogger("kartoteka.api")


class Problem(Schema):
    """Why a call was refused."""

    error: str = Field(
        ...,
        description="A word for programs: bad_request, not_signed_in, not_allowed, not_found, conflict, too_large, "
        "invalid, too_many_wrong_tokens, our_fault.",
        examples=["invalid"],
    )
    message: str = Field(
        ...,
        description="What was wrong and what to do, in a sentence.",
        examples=["Write a name, a company, a phone or an e-mail, so that we know who it is."],
    )
    field: str | None = Field(
        None, description="The field or parameter it is about, if it is about one.", examples=["ground"]
    )


class NotFound(LookupError):
    """There is nothing under this address."""


class TooLarge(ValueError):
    """The request brings more bytes than may be."""

    def __init__(self, at_most: int) -> None:
        megabytes = max(1, at_most >> 20)
        super().__init__(_("This is too large. At most %(size)s MB can be sent.") % {"size": megabytes})


class TooManyWrongTokens(PermissionError):
    """Somebody tries tokens out. `wait` in seconds."""

    def __init__(self, wait: int) -> None:
        self.wait = wait
        super().__init__(_("Too many wrong tokens came from this address. Wait some minutes."))


def refuse(status: int, error: str, message: str, field: str | None = None) -> HttpResponse:
    """The answer to a call that is refused."""
    body = Problem(error=error, message=message, field=field or None)
    answer = HttpResponse(body.model_dump_json(), status=status, content_type="application/json")
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="Kartoteka"'
    return answer


def not_found(_request: HttpRequest, *_rest: Any) -> HttpResponse:
    """The answer where there is no route."""
    return refuse(404, "not_found", _("There is nothing at this address. See /api/v1/openapi.json."))


# Exception -> status and code; the message is the exception's own.
_PLAIN: dict[type[Exception], tuple[int, str]] = {
    NotAllowed: (403, "not_allowed"),
    NotFound: (404, "not_found"),
    NotThere: (404, "not_found"),
    NoSuchGroup: (404, "not_found"),
    NoSuchImport: (404, "not_found"),
    NoSuchOrder: (404, "not_found"),
    NoSuchDealing: (404, "not_found"),
    NoSuchTask: (404, "not_found"),
    CannotMove: (409, "conflict"),
    CannotCallBack: (422, "invalid"),
    CannotForget: (409, "conflict"),
    CannotExchange: (409, "conflict"),
    NoHashes: (422, "invalid"),
    TooFew: (422, "invalid"),
    BadPeriod: (422, "invalid"),
    CannotMerge: (409, "conflict"),
    CannotSplit: (409, "conflict"),
    TooLarge: (413, "too_large"),
}


# Exceptions that name the field they are about.
_OF_A_FIELD = (
    BadValue,
    BadChoice,
    BadPurpose,
    BadRequest,
    BadRetention,
    BadOrder,
    BadDealing,
    BadTask,
    CannotAsk,
)


def add_refusals(api: NinjaAPI) -> None:
    """Have every exception that is a refusal answered in the one shape; the rest is our fault and says nothing."""
    answers: dict[type[Exception], Any] = {
        **{kind: _plain(status, error) for kind, (status, error) in _PLAIN.items()},
        **dict.fromkeys(_OF_A_FIELD, _bad_value),
        BadCursor: _bad_cursor,
        BadGroupRule: _bad_rule,
        CannotImport: _cannot_import,
        ValidationError: _invalid,
        TooManyWrongTokens: _too_many,
        AuthenticationError: _not_signed_in,
        HttpError: _http_error,
        Http404: not_found,
        RequestDataTooBig: _too_big,
        **dict.fromkeys((SuspiciousOperation, MultiPartParserError, UnreadablePostError), _unreadable),
        Exception: _our_fault,
    }
    for kind, answer in answers.items():
        api.add_exception_handler(kind, answer)


def _plain(status: int, error: str) -> Any:
    return lambda _request, problem: refuse(status, error, str(problem))


def _bad_value(
    _request: HttpRequest,
    problem: BadValue
    | BadChoice
    | BadPurpose
    | BadRequest
    | BadRetention
    | BadOrder
    | BadDealing
    | BadTask
    | CannotAsk,
) -> HttpResponse:
    return refuse(422, "invalid", str(problem), problem.field)


def _bad_cursor(_request: HttpRequest, problem: BadCursor) -> HttpResponse:
    return refuse(422, "invalid", str(problem), "after")


def _bad_rule(_request: HttpRequest, problem: BadGroupRule) -> HttpResponse:
    return refuse(422, "invalid", str(problem), problem.where or "rule")


def _cannot_import(_request: HttpRequest, problem: CannotImport) -> HttpResponse:
    # Without a field it is the import's state that does not allow the step.
    status, error = (422, "invalid") if problem.field else (409, "conflict")
    return refuse(status, error, str(problem), problem.field)


def _invalid(_request: HttpRequest, problem: ValidationError) -> HttpResponse:
    first = problem.errors[0]
    # ("body", "given", "values", "name"): where it was read, our own name for it, then the caller's words.
    path = [
        str(part) for part in first["loc"] if part not in ("body", "query", "path", "form", "file", "given")
    ]
    field = ".".join(path)
    if first["type"] == "missing":
        message = _("Say %(field)s; it is missing.") % {"field": field or "body"}
    elif first["type"] == "extra_forbidden":
        asked = (
            _("There is no parameter %(field)s.")
            if "query" in first["loc"]
            else _("There is no field %(field)s.")
        )
        message = asked % {"field": field}
    else:
        message = f"{field or 'body'}: {first['msg']}."
    return refuse(422, "invalid", message, field)


def _too_many(_request: HttpRequest, problem: TooManyWrongTokens) -> HttpResponse:
    answer = refuse(429, "too_many_wrong_tokens", str(problem))
    answer["Retry-After"] = str(problem.wait)
    return answer


def _not_signed_in(_request: HttpRequest, _problem: Exception) -> HttpResponse:
    message = _("Send a token that works: Authorization: Bearer ktk_… The owner makes one under Staff.")
    return refuse(401, "not_signed_in", message)


def _http_error(request: HttpRequest, problem: HttpError) -> HttpResponse:
    if isinstance(problem.__cause__, ValidationError):  # the reader of the body said what is wrong with it
        return _invalid(request, problem.__cause__)
    return refuse(problem.status_code, "bad_request", _("The body cannot be read. Send valid JSON in UTF-8."))


def _too_big(_request: HttpRequest, _problem: Exception) -> HttpResponse:
    return refuse(413, "too_large", _("The body is too large. Send files by POST /api/v1/imports."))


def _unreadable(_request: HttpRequest, _problem: Exception) -> HttpResponse:
    return refuse(400, "bad_request", _("The request cannot be read. Send it again, whole."))


def _our_fault(request: HttpRequest, _problem: Exception) -> HttpResponse:
    log.exception("a call failed", extra={"method": request.method})
    return refuse(500, "our_fault", _("Something went wrong on our side. It was written to the log."))
