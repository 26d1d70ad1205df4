"""A person at a browser: comes in by a link, presses keys, reads what is there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import Staff
from kartoteka.trust.signin import make_link

PATIENCE = 20  # seconds: a busy machine is slow, not wrong


class Person:
    """Somebody who works here, at a browser."""

    def __init__(self, browser: Chrome, site: str) -> None:
        self.browser = browser
        self.site = site

    def come_in(self, role: str = "owner") -> None:
        """By a one-time link, as the first time."""
        staff = Staff.objects.create_user(email=f"{role}@example.com", name="Anna", role=role)
        self.browser.get(self.site + make_link(staff=staff, by=SHELL))
        self.press_enter_on("main button")
        self.see("Make your sign-in yours")

    def go(self, path: str) -> None:
        """Open an address."""
        self.browser.get(self.site + path)

    def keys(self, *keys: str) -> None:
        """Press keys where the focus is, once the page listens."""
        self.wait(lambda: self.browser.execute_script("return document.readyState") == "complete")
        ActionChains(self.browser).send_keys(*keys).perform()

    def press_enter_on(self, selector: str) -> None:
        """Focus an element and press Enter."""
        self.find(selector).send_keys("\n")

    def find(self, selector: str) -> WebElement:
        """The element, once it is there."""
        return self.wait(lambda: next(iter(self.browser.find_elements(By.CSS_SELECTOR, selector)), None))

    def see(self, text: str, within: str = "body") -> None:
        """Wait until the text stands on the page."""

        def there() -> bool:
            found = self.browser.find_elements(By.CSS_SELECTOR, within)
            return any(text in each.text for each in found)

        self.wait(there)

    def at(self) -> WebElement:
        """Where the focus is."""
        return self.browser.switch_to.active_element

    def wait(self, what: Callable[[], object]) -> WebElement:
        """Wait until `what` gives something, looking again when the page changed under it."""
        from selenium.common.exceptions import StaleElementReferenceException

        wait = WebDriverWait(self.browser, PATIENCE, 0.1, ignored_exceptions=[StaleElementReferenceException])
        return wait.until(lambda _browser: what())


@pytest.fixture
def anna(browser: Chrome, live_server) -> Person:
    """Anna, in front of a fresh base."""
    return Person(browser, live_server.url)
