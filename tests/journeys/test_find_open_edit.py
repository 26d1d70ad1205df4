"""The daily way, without a mouse: find a customer through a typo, open the card, see origins, mend a value."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

from kartoteka.people.models import Customer
from tests.journeys.conftest import Person
from tests.make import person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_find_open_and_edit_by_keyboard(anna: Person) -> None:
    someone = person("Katarzyna", "Nowak", phone="+48601234567", birth="1985-04-03")
    person("Aino", "Virtanen")
    anna.come_in()

    anna.keys("g", "c")
    anna.see("2 customers")
    anna.keys("/", "katazyna")
    anna.see("1 customer", "#list")
    anna.wait(lambda: "katazyna" in anna.browser.current_url)  # the last letter's list, not one on its way
    anna.keys(Keys.ESCAPE, "j", Keys.ENTER)
    anna.see(someone.card_shown)

    assert not anna.find("#f-birth .origin").is_displayed()
    anna.keys("o")
    assert anna.find("#f-birth .origin").is_displayed()
    anna.see("shop", "#f-birth .origin")

    anna.browser.execute_script("document.querySelector('#f-birth .value').focus()")
    anna.keys("e")
    anna.find("#in-birth")
    anna.wait(lambda: anna.at().get_attribute("id") == "in-birth")
    anna.at().send_keys(Keys.CONTROL + "a")
    anna.keys("yesterday", Keys.ENTER)
    anna.see("no date we can read", "#form-birth")
    assert anna.at().get_attribute("value") == "yesterday"
    anna.at().send_keys(Keys.CONTROL + "a")
    anna.keys("1985-04-13", Keys.ENTER)
    anna.see("Saved.", "#toasts")
    anna.see("13 April 1985", "#f-birth")
    someone.refresh_from_db()
    assert someone.birth == "1985-04-13"

    anna.browser.find_element("css selector", "body").send_keys(Keys.CONTROL + "k")
    anna.keys("aino virtan")
    anna.see("Aino Virtanen", "#palette-found")
    anna.keys(Keys.ENTER)
    anna.see("Aino Virtanen", "#card-name")


def test_new_customer_at_the_counter(anna: Person) -> None:
    anna.come_in("staff")
    anna.keys("g", "h")
    anna.see("The base is empty")
    anna.keys("n")
    anna.find("#name").send_keys("Siti binti Rahman")
    anna.find("#phones").send_keys("12")
    anna.press_enter_on("form button.btn-primary")
    anna.see("12")
    anna.find("#phones-error")
    anna.find("#phones").clear()
    anna.find("#phones").send_keys("+60 12-345 6789")
    anna.press_enter_on("form button.btn-primary")
    anna.see("Siti binti Rahman", "#card-name")
    assert Customer.objects.get().phone == "+60123456789"


def test_a_tag_for_those_who_were_ticked(anna: Person) -> None:
    for given in ("Aino", "Piotr", "Siti"):
        person(given, "Nowak")
    anna.come_in("staff")
    anna.go("/customers/?order=name")
    boxes = anna.browser.find_elements("css selector", "input[name='customer']")
    assert not anna.find("#tag-many").is_displayed()
    for box in boxes[:2]:
        box.click()
    anna.see("2 ticked")
    anna.find("#tag-many").send_keys("vip", Keys.ENTER)
    anna.see("2 customers tagged.", "#toasts")
    anna.wait(lambda: len(anna.browser.find_elements("css selector", "#list .chip-value")) == 2)
