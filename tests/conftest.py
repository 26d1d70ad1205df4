"""What the whole suite shares."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck, settings
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from kartoteka.people import plenty

from .emptying import empty

# A busy machine is slow, not wrong: examples are counted, never timed. The suite tries the same ones each time, so that a
# change is blamed for what it did; `--hypothesis-profile search` looks for new ones.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("suite", settings.get_profile("search"), derandomize=True)
settings.load_profile("suite")


def _emptied(test: TransactionTestCase) -> None:
    for using in test._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
        empty(using)


TransactionTestCase._fixture_teardown = _emptied  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """At the end no thread that a test left behind holds the base: PostgreSQL drops none that somebody looks at."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: at the end of the suite nobody waits for one that began last."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture
def browser() -> Iterator[Chrome]:
    """A real Chromium without a window, as a person starts it: no cookies, no history."""
    options = ChromeOptions()
    for switch in ("headless=new", "window-size=1280,900", "lang=en", "disable-dev-shm-usage"):
        options.add_argument(f"--{switch}")
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium's sandbox cannot be made by root
    driver = Chrome(
        options=options,
        service=Service(os.environ.get("KARTOTEKA_TEST_DRIVER") or shutil.which("chromedriver")),
    )
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture(autouse=True)
def nobodys_language() -> None:
    """What the test before asked for in its language is not ours."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Nor how many customers it had."""
    plenty.forget()
