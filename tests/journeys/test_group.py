"""The marketer makes a group without help: women of Kraków who bought twice, looked last week and may be mailed."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.utils import timezone
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import Select

from kartoteka.activity.facts import count_visits
from kartoteka.activity.models import Event, Visitor
from kartoteka.consent.ledger import Taken, give
from kartoteka.consent.purposes import add
from kartoteka.kit.jobs import run_all_due
from kartoteka.people.exporting import asking
from kartoteka.people.models import Customer, Export, Identity
from kartoteka.segments.models import Segment
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import Staff
from tests import make
from tests.journeys.conftest import Person
from tests.journeys.test_for_everybody import complaints

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def somebody(
    given: str, *, sex: str = "f", city: str = "Kraków", orders: int = 2, looked: int = 3
) -> Customer:
    """A customer who ordered so often, and looked at something so many days ago."""
    person = make.person(
        given,
        "Nowak",
        sex=sex,
        email=f"{given.lower()}@example.com",
        addresses=[{"city": city, "country": "PL"}],
    )
    now = timezone.now()
    for place in range(orders):
        make.order(person, at=now - dt.timedelta(days=40 + place))
    its = Identity.objects.get(customer=person)
    visitor = Visitor.objects.create(
        source=its.source, how="account", key=given, identity=its, first_at=now, last_at=now
    )
    at = now - dt.timedelta(days=looked)
    Event.objects.create(
        visitor=visitor, source=its.source, at=at, received_at=at, kind="track", name="Product Viewed",
        message=person.pk, session=1, properties={"category": "shoes", "price": 20},
    )  # fmt: skip
    count_visits([its.pk])
    return person


def choose(anna: Person, name: str, value: str) -> None:
    """Choose in a list of the builder, once the conditions have the shape of what was chosen before."""

    def chosen() -> bool:
        if anna.browser.find_elements("css selector", "#rule .htmx-request, #rule.htmx-request"):
            return False
        field = anna.find(f"[name='{name}']")
        shaping = bool(field.get_attribute("hx-post")) and field.get_attribute("value") != value
        Select(field).select_by_value(value)
        if shaping:  # whoever types a word or goes down a list is let finish first
            anna.wait(lambda: staleness_of(field)(anna.browser))
        return True

    anna.wait(chosen)
    anna.wait(lambda: not anna.browser.find_elements("css selector", "#rule .htmx-request"))


def count_is(anna: Person, number: int) -> None:
    """Wait until the count at the side says so."""
    anna.wait(lambda: anna.find("#preview .group-count strong").text == str(number))


def test_women_of_krakow_who_bought_twice_looked_and_may_be_mailed(anna: Person) -> None:
    news = add(names={"en": "News"}, ground="consent", marketing=True, by=SHELL)
    ewa = somebody("Ewa")
    others = [somebody("Jan", sex="m"), somebody("Iga", city="Oulu"), somebody("Ola", orders=1),
              somebody("Ula", looked=20)]  # fmt: skip
    for each in (ewa, *others):
        give(customer=each, purpose=news, channel="email", taken=Taken(how="counter"), by=SHELL)
    somebody("Zoe")  # never said that she wants mail
    anna.come_in()
    anna.keys("g", "u")
    anna.see("No groups yet")
    anna.keys("n")
    anna.find("#name").send_keys("Loyal women")

    choose(anna, "trait.0.0", "city")
    anna.find("[data-adds='value.0.0']").send_keys("\n")  # what is often written is offered
    count_is(anna, 5)
    assert anna.find("[name='value.0.0']").get_attribute("value") == "Kraków"
    anna.press_enter_on("[value='add:0']")
    anna.wait(lambda: anna.at().get_attribute("id") == "trait-0.1")  # the keyboard goes on at what is new
    choose(anna, "trait.0.1", "sex")
    choose(anna, "value.0.1", "f")
    count_is(anna, 4)
    anna.press_enter_on("[value='add:0']")
    choose(anna, "trait.0.2", "order")
    choose(anna, "op.0.2", "at_least")
    anna.find("[name='value.0.2']").send_keys("2")
    count_is(anna, 3)
    anna.press_enter_on("[value='add:0']")
    choose(anna, "trait.0.3", "event")
    choose(anna, "op.0.3", "at_least")
    anna.find("[name='value.0.3']").send_keys("1")
    anna.find("[name='days.0.3']").send_keys("7")
    count_is(anna, 2)
    anna.press_enter_on("[value='narrow:w.0.3']")
    anna.wait(lambda: anna.at().get_attribute("id") == "w.0.3.0.part")
    choose(anna, "w.0.3.0.part", "property")
    anna.find("[name='w.0.3.0.key']").send_keys("price")
    choose(anna, "w.0.3.0.op", "at_least")
    anna.find("[name='w.0.3.0.value']").send_keys("20")
    count_is(anna, 2)
    anna.press_enter_on("[value='add:0']")
    choose(anna, "trait.0.4", "may")
    choose(anna, "value.0.4", f"{news.key}:email")
    count_is(anna, 1)
    anna.see("Ewa Nowak", "#preview")
    anna.see("price is at least 20", "#preview")
    assert complaints(anna) == []
    anna.press_enter_on("#group-form .btn-primary")

    anna.see("Saved.")
    run_all_due()
    group = Segment.objects.get()
    anna.go(f"/groups/{group.pk}/")
    anna.see("Ewa Nowak", "table")
    assert complaints(anna) == []
    anna.press_enter_on("td .btn-small")
    anna.see("Leaves by itself on")
    assert len(anna.browser.find_elements("css selector", ".why-holds")) == 6
    assert complaints(anna) == []

    anna.go(f"/groups/{group.pk}/")
    anna.press_enter_on(".head-doing a[href*='exports']")
    Select(anna.find("#format")).select_by_value("csv")
    anna.find("#why").send_keys("letters")
    anna.press_enter_on("main form .btn-primary")
    anna.wait(Export.objects.exists)
    run_all_due()
    out = io.BytesIO()
    by = Staff.objects.get().actor
    asking.fetch(export=Export.objects.get().pk, target=out, by=by)
    told = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"))))
    assert any("Ewa" in " ".join(row) for row in told)
    assert not any(name in " ".join(row) for row in told for name in ("Zoe", "Jan", "Iga", "Ola", "Ula"))
