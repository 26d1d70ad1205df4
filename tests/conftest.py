"""What the whole suite shares."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.utils import translation
from hypothesis import HealthCheck, settings
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from kartoteka.trust import guards

# A busy machine is slow, not wrong: examples are counted, never timed.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Let the base be emptied between tests: the guards of the audit are there to forbid just that.

    They are put up again with the tables' own news that follows.
    """
    for connection in connections.all():
        empty = connection.ops.execute_sql_flush

        def unguarded(statements: list[str], empty: Any = empty, using: str = connection.alias) -> None:
            guards.take_down(using=using)
            empty(statements)

        connection.ops.execute_sql_flush = unguarded  # type: ignore[method-assign]


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
