"""Logs as one JSON object a line, without personal data in them.

A log is copied to places where the base is not, so nothing of a customer may get in. Our own events are
constant texts with figures beside them. Of other libraries' messages only the template is written, since
what is filled in may be a path with a sign-in link, a name or an e-mail; of an exception its type and where
it was, since its message may repeat the row.
"""

from __future__ import annotations

import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson

# Only these are copied from `extra=`: figures and names of code, never values of a customer.
FIGURES = (
    "status",
    "method",
    "route",
    "ms",
    "rows",
    "job",
    "batch",
    "staff",
    "command",
    "pid",
    "port",
    "code",
    "sequence",
    "head",
)
OWN = ("kartoteka", "gunicorn")


def _template(record: logging.LogRecord) -> str:
    """Another library's message without what is filled in; Django's of an answer is nothing but that ("%s: %s")."""
    template = str(record.msg)
    says_something = any(map(str.isalpha, template.replace("%s", "")))
    return template if says_something or not hasattr(record, "status_code") else "answered"


class JsonFormatter(logging.Formatter):
    """Writes a record as JSON: time (UTC), level, logger, event, and the figures that came with it."""

    def format(self, record: logging.LogRecord) -> str:
        own = record.name.split(".", 1)[0] in OWN
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage() if own else _template(record),
        }
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            line["method"] = getattr(request, "method", None)
            line["route"] = match.route if match else None
        status = getattr(record, "status_code", None)
        if status is not None:
            line["status"] = status
        line.update({name: getattr(record, name) for name in FIGURES if hasattr(record, name)})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__qualname__
            frames = traceback.extract_tb(record.exc_info[2])
            line["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
        return orjson.dumps(line, default=str).decode()


class StandardError(logging.StreamHandler[TextIO]):
    """Writes to what is the standard error now, not to what was it when logging was set up."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """The standard error."""
        return sys.stderr


def logging_config(level: str) -> dict[str, Any]:
    """Django's LOGGING: JSON to the standard error, from `level` on; noisy libraries from warning on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter}},
        "handlers": {"stderr": {"()": StandardError, "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            # Django's own configuration attaches handlers of its own that would print messages whole.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "axes": {"level": "WARNING"},
            "sqlglot": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
        },
    }
