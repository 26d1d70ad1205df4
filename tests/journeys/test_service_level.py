"""Who serves sees the level: at the till, at the telephone and on the card, also on a phone's screen."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kartoteka.segments.models import CustomerWorth
from kartoteka.segments.worth.running import run_due_count
from tests import make
from tests.journeys.conftest import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
HOME_PHONE = "+48600100200"


def test_the_level_is_seen_where_people_are_served(anna: Person) -> None:
    for given in ("Ewa", "Jan"):
        make.order(make.person(given, "Nowak", phone=HOME_PHONE), at=timezone.now())
    assert run_due_count()
    levels = sorted(CustomerWorth.objects.values_list("level", flat=True))
    anna.come_in()
    for wide, high in ((1200, 900), (390, 844)):
        anna.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": wide, "height": high, "deviceScaleFactor": 1, "mobile": wide < 600},
        )
        for page, field in (("/telephone/", "number"), ("/look-up", "asked")):
            anna.go(page)
            anna.find(f"main [name='{field}']").send_keys(HOME_PHONE, "\n")
            anna.see("Jan Nowak", ".lately")
            chips = anna.browser.find_elements("css selector", ".lately .chip")
            assert sorted(each.text for each in chips if each.is_displayed()) == [
                f"Level {a}" for a in levels
            ]
        anna.press_enter_on(".lately a")
        anna.see("Level ", ".chip")
