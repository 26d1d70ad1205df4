"""The OpenAPI description: complete, true to what the routes answer, and the same as the reference in docs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, assume, settings
from schemathesis.checks import load_all_checks
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source
from schemathesis.specs.openapi import checks
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from kartoteka.api.urls import api as described
from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.tokens import make_token
from tests import make
from tools.reference import FOLDER, api_page

load_all_checks()
SCHEMA: dict[str, Any] = described.get_openapi_schema()
# Who is let in is test_doors's matter; without it, what is generated here is about the rest.
open_doors = {
    **SCHEMA,
    "paths": {
        path: {method: {**operation, "security": []} for method, operation in methods.items()}
        for path, methods in SCHEMA["paths"].items()
    },
}
served = schemathesis.openapi.from_dict(open_doors)
served.app = get_wsgi_application()


def test_every_route_and_every_part_is_described() -> None:
    for path, methods in SCHEMA["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            assert len(operation["description"]) > 10, where
            for parameter in operation.get("parameters", ()):
                assert parameter["schema"].get("description") or parameter.get("description"), (
                    where,
                    parameter,
                )
    for name, shape in SCHEMA["components"]["schemas"].items():
        assert shape.get("description") or "enum" in shape, name
        for part, described_as in shape.get("properties", {}).items():
            assert described_as.get("description"), (name, part)


def test_the_reference_is_up_to_date() -> None:
    assert (FOLDER / "api.md").read_text("utf-8") == api_page(), "run `make docs`"


def test_served_to_anybody_with_its_page(db: None) -> None:
    assert Client().get("/api/v1/openapi.json").json()["paths"].keys() == SCHEMA["paths"].keys()
    page = Client().get("/api/v1/docs").content.decode()
    assert "://" not in page, "every part of the page comes from this server"


@pytest.mark.journey
def test_the_page_works_under_our_walls(browser: Chrome, live_server: Any) -> None:
    browser.get(f"{live_server.url}/api/v1/docs")
    shown = WebDriverWait(browser, 30).until(lambda page: page.find_elements(By.CSS_SELECTOR, ".opblock"))
    assert len(shown) == sum(len(methods) for methods in SCHEMA["paths"].values())
    refused = [
        entry["message"] for entry in browser.get_log("browser") if "Content Security" in entry["message"]
    ]
    assert refused == []


@pytest.fixture
def known(db: None) -> Iterator[dict[str, str]]:
    """A base with somebody in it: a card number, and the header of a token that may do everything."""
    customer = make.person("Anna", "Nowak", phone="+48600100200", key="1")
    secret = make_token(name="a program", rights=[each.value for each in Right], by=SHELL)
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(
            close_old_connections
        )  # as Django's own test client does: the test's is the only one
    yield {"card": customer.card, "authorization": f"Bearer {secret}"}
    for signal in signals:
        signal.connect(close_old_connections)


OPERATIONS = [(path, method) for path, methods in SCHEMA["paths"].items() for method in methods]


@pytest.mark.parametrize(
    ("path", "method"), OPERATIONS, ids=[f"{each[1].upper()} {each[0]}" for each in OPERATIONS]
)
def test_answers_are_as_described(known: dict[str, str], path: str, method: str) -> None:
    """Not by `served.parametrize`: that thinks out all that is asked of all operations in every process that collects."""
    operation = served[path][method.upper()]
    asked = FeedbackSources(constants_value_source=make_constants_value_source(served))
    test = build_operation_test(
        config=served.config, operation=operation, test_func=answered, given_kwargs={}, feedback=asked
    )
    test(known=known)


def is_sent_as_it_is(value: Any) -> bool:
    """Of a parameter: what is empty counts as not given, a text is trimmed first, an object would be sent as parameters of
    other names. No schema can say that."""
    if isinstance(value, dict):
        return False
    if isinstance(value, list):
        return bool(value) and all(map(is_sent_as_it_is, value))
    if isinstance(value, str):
        return bool(value) and value == value.strip()
    return value is not None


@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def answered(case: schemathesis.Case, known: dict[str, str]) -> None:
    assert case.meta is not None
    assume(all(map(is_sent_as_it_is, (case.query or {}).values())))
    if "card" in case.path_parameters and case.meta.generation.mode.is_positive:
        case.path_parameters["card"] = known["card"]
    case.call_and_validate(
        headers={"authorization": known["authorization"]},
        # What the description cannot say (a number nobody has, a field nobody made) is refused.
        excluded_checks=[checks.positive_data_acceptance],
    )
