"""Pages that everybody can use: axe finds nothing, light and dark, wide and on a phone; nothing runs off a phone's side.

Every screen is opened once, by the owner or by a stranger: light and wide as it comes, then dark and narrow.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kartoteka.trust.models import Staff
from tests.journeys.conftest import Person
from tests.journeys.everything import fill, screens

pytestmark = [
    pytest.mark.slow,
    pytest.mark.journey,
    pytest.mark.any_base,
    pytest.mark.django_db(transaction=True),
]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# What can differ where the page only turned dark and narrow.
TURNED = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]}
}
NARROW = 360
# The screens are shared out, so that two browsers look at them side by side.
SHARES = 2


def complaints(anna: Person, rules: dict[str, Any] = RULES) -> list[str]:
    if not anna.browser.execute_script("return !!window.axe"):
        anna.browser.execute_script(AXE.read_text("utf-8"))
    found = anna.browser.execute_async_script(
        "const done = arguments[arguments.length - 1]; axe.run(document, JSON.parse(arguments[0])).then(done)",
        json.dumps(rules),
    )
    return [
        f"{each['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def look(anna: Person, *, width: int, light: str) -> None:
    anna.browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    anna.browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {
            "features": [
                {"name": "prefers-color-scheme", "value": light},
                {"name": "prefers-reduced-motion", "value": "reduce"},  # a colour on its way is none to judge
            ]
        },
    )


def both_ways(anna: Person, where: str) -> list[str]:
    """What is wrong with the page that is open."""
    wrong = [f"{where} {each}" for each in complaints(anna)]
    look(anna, width=NARROW, light="dark")
    wrong += [f"{where}, dark and narrow: {each}" for each in complaints(anna, TURNED)]
    across = anna.browser.execute_script("return document.documentElement.scrollWidth")
    look(anna, width=1440, light="light")
    return wrong + [f"{where} is {across} wide"] * (across > NARROW)


@pytest.mark.parametrize("share", range(SHARES))
def test_axe_finds_nothing_on_any_screen_and_nothing_runs_off_the_side(
    anna: Person, share: int, settings: Any, tmp_path: Path
) -> None:
    settings.EVENTS_ROOT = tmp_path / "events"
    look(anna, width=1440, light="light")
    anna.come_in()
    owner = Staff.objects.get(role="owner")
    things = fill(owner)
    client = Client()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    everything = screens(client, things)
    assert len(everything) > 80
    wrong = []
    for path in everything[share::SHARES]:
        anna.go(path)
        anna.find("main, form")
        wrong += both_ways(anna, path)
    if share == 0:
        wrong += opened(anna, f"/customers/{things['card']}/")
    else:
        anna.browser.delete_all_cookies()
        for path in ("/accounts/login/", "/privacy", f"/my/{things['page']}/", f"/u/{things['unsubscribe']}"):
            anna.go(path)
            anna.find("main, form")
            wrong += both_ways(anna, path)
    if wrong:
        pytest.fail("\n".join(wrong))


def opened(anna: Person, card: str) -> list[str]:
    """What opens on a card: forms in its place, origins, its history, a dialog."""
    anna.go(card)
    for opener in ("#f-phones .btn-edit", "#f-birth .btn-edit"):
        anna.browser.execute_script(f"document.querySelector('{opener}').click()")
    anna.find("#form-phones")
    anna.find("#form-birth")
    anna.browser.execute_script("document.querySelector('[data-origins]').click()")
    wrong = both_ways(anna, "editing")
    anna.browser.execute_script("document.querySelector('#tab-history').click()")
    wrong += both_ways(anna, "history")
    anna.browser.execute_script("document.querySelector('[data-opens=keys], [data-opens=palette]').click()")
    return wrong + both_ways(anna, "dialog")
