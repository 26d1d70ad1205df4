"""Reading what a program sends, strictly: what no database can hold is refused before it gets near one."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import orjson
from django.http import HttpRequest
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.errors import ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Strict,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

_DEEPEST = 24


class Given(Schema):
    """What a program sends: a field that nobody knows is told, not passed over."""

    model_config = ConfigDict(extra="forbid")


class Parameters(Schema):
    """The parameters of an address: one that nobody knows is told, for a filter passed over would answer something else."""

    @model_validator(mode="before")
    @classmethod
    def _known(cls, values: Any, info: ValidationInfo) -> Any:
        request: HttpRequest = (info.context or {})["request"]
        known = {field.alias or name for name, field in cls.model_fields.items()}
        if unknown := sorted(set(request.GET) - known):
            raise ValidationError([{"type": "extra_forbidden", "loc": ("query", unknown[0]), "msg": ""}])
        return values


def _without_null(text: str) -> str:
    if "\x00" in text:
        raise ValueError("text cannot hold a null character")
    return text


# Text of one line from outside: trimmed, without nulls, of a length that a person could have meant.
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_without_null)]
# A text of many lines.
Long = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100_000), AfterValidator(_without_null)
]
Some = Annotated[Text, StringConstraints(min_length=1)]


def _written(value: Any) -> Any:
    if isinstance(value, str) and "-" not in value[1:]:
        raise ValueError("write it as 2026-03-31")
    if not isinstance(value, str | dt.date | None):
        raise ValueError("a date is a text such as 2026-03-31")
    return value


# What a JSON body says: a number is neither a day nor a yes, and a yes is no number.
Day = Annotated[dt.date, BeforeValidator(_written)]
Moment = Annotated[dt.datetime, BeforeValidator(_written)]
Yes = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]


def aware(at: dt.datetime | None) -> dt.datetime | None:
    """A moment as it was meant: without a zone, in the business's."""
    return timezone.make_aware(at) if at is not None and timezone.is_naive(at) else at


class StrictParser(Parser):
    """JSON as the standard has it: no NaN, no lone surrogates; nor nulls in texts, nor things nested without end."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body, as JSON."""
        try:
            value = orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            if "depth" in error.msg:
                raise _too_deep() from error
            raise
        _look_through(value)
        return value

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Parameters and form fields; one that is given empty counts as not given, one of two values says nothing."""
        for key in data:
            if key not in list_fields and len(data.getlist(key)) > 1:
                raise ValidationError(
                    [{"type": "twice", "loc": ("query", key), "msg": "it is given more than once"}]
                )
        found = super().parse_querydict(data, list_fields, request)
        _look_through({key: value for key, value in found.items() if isinstance(value, str | list)})
        return {key: value for key, value in found.items() if value != ""}


def _too_deep() -> ValidationError:
    said = _("it is nested more than %(most)s deep") % {"most": _DEEPEST}
    return ValidationError([{"type": "too_deep", "loc": ("body",), "msg": said}])


def _look_through(value: Any) -> None:
    waiting: list[tuple[Any, int]] = [(value, 0)]
    while waiting:
        each, depth = waiting.pop()
        if depth > _DEEPEST:
            raise _too_deep()
        if isinstance(each, str) and "\x00" in each:
            raise ValidationError(
                [{"type": "null", "loc": ("body",), "msg": "text cannot hold a null character"}]
            )
        if isinstance(each, dict):
            waiting += ((part, depth + 1) for pair in each.items() for part in pair)
        elif isinstance(each, list):
            waiting += ((part, depth + 1) for part in each)


class Renderer(BaseRenderer):
    """Answers as JSON; moments in ISO 8601 with their offset."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002
        """The bytes of an answer."""
        return orjson.dumps(data, default=str)
