"""The OpenAPI description: complete, true to what the routes answer, and the same as the reference in docs."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS

from kartoteka.api.urls import api as described
from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.tokens import make_token
from tests import make

SCHEMA: dict[str, Any] = described.get_openapi_schema()


def test_every_route_and_every_part_is_described() -> None:
    for path, methods in SCHEMA["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            assert len(operation["description"]) > 10, where
            for parameter in operation.get("parameters", ()):
                assert parameter["schema"].get("description") or parameter.get("description"), (where, parameter)
    for name, shape in SCHEMA["components"]["schemas"].items():
        assert shape.get("description") or "enum" in shape, name
        for part, described_as in shape.get("properties", {}).items():
            assert described_as.get("description"), (name, part)


def test_served_to_anybody_with_its_page(db: None) -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.json()["paths"].keys() == SCHEMA["paths"].keys()
