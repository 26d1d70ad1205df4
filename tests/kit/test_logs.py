"""Logs are JSON, and hold nothing of a customer whoever writes them."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from typing import Any

import pytest
from django.test import RequestFactory

from kartoteka.kit.logs import JsonFormatter, logging_config

pytestmark = pytest.mark.any_base

NAME = "Wiśniewska"


@pytest.fixture
def written() -> Any:
    """What a logger of a given name wrote, as JSON objects."""
    stream, handler = io.StringIO(), logging.StreamHandler()
    handler.setStream(stream)
    handler.setFormatter(JsonFormatter())
    touched: list[logging.Logger] = []

    def log(name: str, level: int, message: str, *args: object, **more: Any) -> dict[str, Any]:
        logger = logging.getLogger(name)
        if handler not in logger.handlers:
            logger.addHandler(handler)
            logger.setLevel(logging.DEBUG)
            touched.append(logger)
        logger.log(level, message, *args, **more)
        said: dict[str, Any] = json.loads(stream.getvalue().splitlines()[-1])
        return said

    yield log
    for logger in touched:
        logger.removeHandler(handler)


def test_our_events_with_their_figures(written: Any) -> None:
    said = written("kartoteka.imports", logging.INFO, "rows read", extra={"rows": 12, "batch": 3})
    assert (said["level"], said["logger"], said["event"]) == ("info", "kartoteka.imports", "rows read")
    assert (said["rows"], said["batch"]) == (12, 3)
    assert said["time"].endswith("+00:00")


def test_what_was_not_foreseen_is_left_out(written: Any) -> None:
    said = written("kartoteka.imports", logging.INFO, "row refused", extra={"family": NAME})
    assert NAME not in json.dumps(said, ensure_ascii=False)


def test_of_other_libraries_only_the_template_is_kept(written: Any) -> None:
    request = RequestFactory().get(f"/enter/{NAME}", {"q": NAME})
    said = written(
        "django.request",
        logging.WARNING,
        "%s: %s",
        "Not Found",
        request.path,
        extra={"request": request, "status_code": 404},
    )
    assert NAME not in json.dumps(said, ensure_ascii=False)
    assert (said["method"], said["route"], said["status"]) == ("GET", None, 404)


def test_an_exception_tells_where_and_not_what(written: Any) -> None:
    try:
        raise ValueError(f"duplicate key: {NAME}")
    except ValueError:
        said = written("kartoteka.jobs", logging.ERROR, "job failed", exc_info=True)
    assert NAME not in json.dumps(said, ensure_ascii=False)
    assert said["error"] == "ValueError"
    assert any("test_logs.py" in place for place in said["at"])


def test_the_configuration_is_valid() -> None:
    before = logging.root.handlers[:], logging.root.level
    try:
        logging.config.dictConfig(logging_config("warning"))
        assert logging.root.level == logging.WARNING
    finally:
        logging.root.handlers[:], level = before[0], before[1]
        logging.root.setLevel(level)
