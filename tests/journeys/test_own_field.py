"""A field of the business's own: made with a preview, used on the card, in an import, in a filter and by the API."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest
from selenium.webdriver.support.ui import Select

from kartoteka.kit.jobs import run_all_due
from kartoteka.people.models import Customer, OwnField
from kartoteka.trust.actor import SHELL
from kartoteka.trust.tokens import make_token
from tests.journeys.conftest import Person
from tests.make import person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_field_of_ones_own_everywhere(anna: Person, tmp_path: Path) -> None:
    aino = person("Aino", "Virtanen", phone="+358401234567")
    anna.come_in()
    anna.keys("g", "f")
    anna.see("What a card can hold")
    anna.keys("n")
    anna.find("#label").send_keys("Shoe size")
    anna.see("Shoe size", "#preview")
    Select(anna.find("#type")).select_by_value("number")
    anna.find("#least").send_keys("60")
    anna.find("#most").send_keys("15")
    anna.press_enter_on(".making button[type='submit']")
    anna.see("The most must not be less than the least", "#most-error")
    anna.find("#least").clear()
    anna.find("#least").send_keys("10")
    anna.find("#most").clear()
    anna.find("#most").send_keys("55")
    anna.press_enter_on(".making button[type='submit']")
    anna.see("Shoe size", ".fields-table")
    assert OwnField.objects.get().key == "shoe_size"

    anna.go(f"/customers/{aino.card}/")
    anna.press_enter_on("[id='f-x.shoe_size'] button")
    anna.find("[id='in-x.shoe_size']").send_keys("38\n")
    anna.see("Saved.", "#toasts")
    aino.refresh_from_db()
    assert aino.more["x.shoe_size"] == 38

    (tmp_path / "till.csv").write_text(
        "Name;Phone;Shoe\nPiotr Nowak;+48601234567;44\nEwa Kot;+48601234568;big\n"
    )
    anna.go("/imports/")
    anna.find("#drop-file").send_keys(str(tmp_path / "till.csv"))
    anna.see("till.csv", "h1")
    Select(anna.find("select[name='field-0-2']")).select_by_visible_text("Shoe size")
    anna.find("#source").send_keys("till")
    anna.find("input[name='ground'][value='contract']").send_keys(" ")
    anna.press_enter_on(".about-foot button[value='run']")
    anna.see("Waiting", "#running")
    run_all_due()
    anna.see("new customers")
    anna.see("big", ".problems")
    assert Customer.objects.get(family="Nowak").more["x.shoe_size"] == 44

    anna.go("/customers/?own=x.shoe_size&own_value=44")
    anna.see("1 customer", "#list")
    anna.see("Piotr Nowak", "#list")

    secret = make_token(name="till", rights=["see"], by=SHELL)
    call = urllib.request.Request(
        f"{anna.site}/api/v1/customers/{aino.card}", headers={"Authorization": f"Bearer {secret}"}
    )
    with urllib.request.urlopen(call) as answer:
        assert '"x.shoe_size"' in json.dumps(json.load(answer))
