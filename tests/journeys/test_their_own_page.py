"""A customer opens their page by the link, changes a choice and asks to be forgotten; the privacy officer does it."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By

from kartoteka.consent import purposes
from kartoteka.consent.links import make_link
from kartoteka.consent.models import Choice, Erasure
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL
from tests.journeys.conftest import Person
from tests.make import person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_customer_says_no_more_and_is_forgotten(anna: Person) -> None:
    purposes.make_presets(by=SHELL)
    ola = person("Ola", "Kot", email="ola@example.com", phone="+48600100200")
    switch = "#purpose-marketing .switches li:first-child .switch"
    anna.go(make_link(customer=ola, by=SHELL))
    anna.see("Your data with us")
    anna.see("ola@example.com")
    assert anna.find(switch).get_attribute("aria-checked") == "false"
    anna.press_enter_on(switch)
    anna.see("Saved. It holds from now on.")
    anna.wait(lambda: anna.find(switch).get_attribute("aria-checked") == "true")
    anna.press_enter_on(switch)
    anna.wait(lambda: anna.find(switch).get_attribute("aria-checked") == "false")
    said = Choice.objects.values_list("what", "how")
    assert set(said) == {("given", "page"), ("withdrawn", "page")}
    summaries = anna.browser.find_elements(By.CSS_SELECTOR, "details.asking summary")
    next(each for each in summaries if each.text == "Forget me").send_keys("\n")
    anna.find("#said-erasure").send_keys("Please forget me.")
    anna.press_enter_on("button.grave")
    anna.see("We have it, and will answer in time.")

    anna.come_in()
    anna.go("/requests/")
    anna.press_enter_on("[data-row-link]")
    anna.see("Please forget me.")
    if anna.browser.find_elements(By.ID, "how"):  # a link that was handed over does not say who came by it
        anna.find("#how").send_keys("Called back at their number")
        anna.press_enter_on("form[action$=known] button")
    anna.see("It cannot be taken back.")
    anna.press_enter_on("form[action$=answer] button")
    anna.see("Done, and written down.")
    assert not Customer.objects.filter(pk=ola.pk).exists()
    assert Erasure.objects.get().why == "asked"
