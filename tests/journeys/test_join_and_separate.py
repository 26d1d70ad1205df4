"""Two become one by hand, more arrives meanwhile, and they are two again, exactly; and the queue of doubts by keyboard."""

from __future__ import annotations

import pytest
from django.utils import timezone
from selenium.webdriver.common.by import By

from kartoteka.people.card import card_of
from kartoteka.people.models import Customer
from kartoteka.quality.models import Apart, Doubt, Merger
from kartoteka.trust.actor import SHELL
from tests.journeys.conftest import Person
from tests.make import base, claims, person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_merge_later_arrivals_and_an_exact_split(anna: Person) -> None:
    kasia = person("Kasia", "Nowak", phone="+48601234567", key="k1")
    katarzyna = person("Katarzyna", "Nowak", email="kn@example.com", key="k2")
    anna.come_in()
    anna.go(f"/customers/{kasia.card}/join")
    anna.find("#other").send_keys("Katarzyna")
    anna.find("#others a").click()
    anna.see("Join these two")
    assert anna.find(".pair-table .lone").is_displayed()
    anna.find(".pair-doing .btn-primary").click()
    anna.see("These two are one customer now")
    anna.see("kn@example.com", "#card")

    # The newsletter's Katarzyna says more while they are joined, and so does Kasia's source.
    claims(
        {
            "key": "k2",
            "given": "Katarzyna",
            "family": "Nowak",
            "name": "Katarzyna Nowak",
            "birth": "1985-04-03",
        }
    )
    claims(
        {
            "key": "k1",
            "given": "Kasia",
            "family": "Nowak",
            "name": "Kasia Nowak",
            "phones": [{"value": "+48601234568"}],
        }
    )

    anna.go(f"/customers/{kasia.card}/separate")
    anna.find(".merger-doing button").click()
    anna.see("is a customer of their own again")
    both = {each.given: each for each in Customer.objects.filter(merged_into=None)}
    assert set(both) == {"Kasia", "Katarzyna"}
    assert (both["Katarzyna"].pk, both["Katarzyna"].birth, both["Katarzyna"].phone) == (
        katarzyna.pk,
        "1985-04-03",
        "",
    )
    assert (both["Kasia"].birth, both["Kasia"].email) == ("", "")
    phones = card_of(actor=SHELL, customer=both["Kasia"]).field("phones")
    assert phones is not None
    assert {each.value["value"] for each in phones.values} == {
        "+48601234567",
        "+48601234568",
    }


def test_the_queue_by_keyboard(anna: Person) -> None:
    pairs = []
    for number, (one, other) in enumerate([("Jan", "Janek"), ("Anna", "Ania"), ("Ewa", "Ewelina")]):
        first = person(one, f"Nowak{number}", key=f"a{number}")
        second = person(other, f"Nowak{number}", key=f"b{number}")
        reasons = [["diminutive", {"a": other, "b": one}], ["birth_one_digit", {}]]
        pairs.append(
            Doubt.objects.create(
                one=first, other=second, score=0.9 - number / 10, reasons=reasons, found_at=timezone.now()
            )
        )
    before = base()
    anna.come_in()
    anna.keys("g", "d")
    anna.see("3 pairs left")
    anna.see("Janek is Jan", ".reasons")
    anna.see("birth date differs by one digit", ".reasons")
    anna.keys("j")
    anna.see("Ania is Anna", ".reasons")
    anna.keys("k")
    anna.see("Janek is Jan", ".reasons")
    anna.keys("m")
    anna.see("2 pairs left")
    anna.see("Ania is Anna", ".reasons")
    assert Merger.objects.get().reasons == [
        ["diminutive", {"a": "Janek", "b": "Jan"}],
        ["birth_one_digit", {}],
    ]
    anna.keys("z")
    anna.see("3 pairs left")
    assert base() == before
    anna.see("Janek is Jan", ".reasons")
    anna.keys("s")
    anna.see("2 pairs left")
    assert Apart.objects.count() == 1
    anna.keys("z")
    anna.see("3 pairs left")
    assert not Apart.objects.exists()
    for left in ("2 pairs left", "1 pair left", "No pair in doubt"):
        anna.keys("s")
        anna.see(left if left[0] != "N" else "doubles", "#review" if left[0] != "N" else "body")
        if left[0] == "N":
            anna.wait(lambda: not anna.browser.find_elements(By.CSS_SELECTOR, ".pair-table"))
    assert not Doubt.objects.exists()
    assert base() == before
