"""Pages that everybody can use: axe finds nothing, light and dark, wide and on a phone; nothing runs off a phone's side."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from kartoteka.consent import exchanging, policy, purposes, retention
from kartoteka.consent.links import make_link
from kartoteka.consent.requests import receive
from kartoteka.consent.unsubscribing import token_for
from kartoteka.people.models import Customer
from kartoteka.segments.models import Size
from kartoteka.trust.actor import SHELL
from kartoteka.trust.teams import save_team
from tests.journeys.conftest import Person
from tests.make import customer, group, person

pytestmark = [pytest.mark.journey, pytest.mark.any_base, pytest.mark.django_db(transaction=True)]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def complaints(anna: Person) -> list[str]:
    anna.browser.execute_script(AXE.read_text("utf-8"))
    found = anna.browser.execute_async_script(
        "const done = arguments[arguments.length - 1]; axe.run(document, JSON.parse(arguments[0])).then(done)",
        json.dumps(RULES),
    )
    return [
        f"{each['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def public_pages(someone: Customer) -> list[str]:
    """What customers and strangers see: their own page, the end of mail, the policy."""
    purposes.make_presets(by=SHELL)
    policy.save_contact(business="The shop", address="Polna 1", officer="Ewa, e@example.com", by=SHELL)
    policy.save_words(section="more", language="en", text="We bake.", by=SHELL)
    policy.publish(by=SHELL)
    token = token_for(point=someone.contacts.get(point__kind="email").point_id)
    return [make_link(customer=someone, by=SHELL), f"/u/{token}", "/privacy"]


def setting_up(someone: Customer) -> list[str]:
    """Consent, privacy, walls and safety, each with something on it."""
    wine = purposes.add(names={"en": "Wine"}, ground="consent", partner="Winnica", by=SHELL)
    begun = exchanging.begin(purpose=wine, channel="email", by=SHELL)
    rule = retention.make_presets(by=SHELL)[3]
    asked = receive(customer=someone, kind="access", through="call", by=SHELL, known_by="seen")
    save_team(team=None, name="Sellers", stages=["sell"], staff=[], by=SHELL)
    return ["/consent/", f"/consent/{wine.key}/", "/requests/", f"/requests/{asked.pk}/",
            f"/customers/{someone.card}/privacy/", "/retention/", f"/retention/{rule.pk}/", "/partners/",
            f"/partners/{begun.pk}/", "/policy/", "/policy/1/", "/exports/", "/exports/new", "/roles/", "/teams/",
            "/alarms/", "/safety/"]  # fmt: skip


def groups() -> list[str]:
    """A group with all the builder has, and its page."""
    looked = {"trait": "event", "op": "not_followed", "within": 3, "days": 7, "by": {"trait": "bought", "where": []},
              "where": [{"part": "property", "key": "price", "op": "more", "value": 20}]}  # fmt: skip
    city = {"trait": "city", "op": "any_of", "value": ["Gdańsk"]}
    lost = {"trait": "heard", "op": "between", "value": ["2026-01-01", "2030-01-01"]}
    made = group(
        "Looked",
        {"any": [looked, {"all": [city, lost, {"trait": "sex", "op": "any_of", "value": ["f"]}]}, city]},
    )
    Size.objects.create(segment=made, day=timezone.localdate() - dt.timedelta(days=9), size=3)
    return [f"/groups/{made.pk}/", f"/groups/{made.pk}/change"]


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_axe_finds_nothing_and_nothing_runs_off_the_side(anna: Person, look: str, width: int) -> None:
    full = person(
        "Katarzyna", "Nowak", phone="+48601234567", email="k@example.com", birth="--04-03", tags=["vip", "late payer"],
        addresses=[{"street": "Długa", "number": "3", "city": "Gdańsk", "country": "PL"}], service="Window seat",
        hobbies=["sailing"], gifts=[{"what": "scarf"}], website="https://example.com", income="high",
    )  # fmt: skip
    customer(company="Merenneito", form="Oy")
    anna.browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    anna.browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": look}]}
    )
    wrong = []
    for path in ("/accounts/login/", *public_pages(full)):
        anna.go(path)
        anna.find("main, form")
        wrong += [f"{path} {each}" for each in complaints(anna)]
        across = anna.browser.execute_script("return document.documentElement.scrollWidth")
        wrong += [f"{path} is {across} wide"] * (across > width)
    anna.come_in()
    card = reverse("customer", args=[full.card])
    for path in (
        "/",
        "/customers/",
        card,
        "/customers/new",
        "/you",
        "/accounts/2fa/",
        "/customers/?lacking=phones",
        "/today/",
        "/dealings/",
        "/telephone/?number=%2B48600999888",
        "/tasks/new",
        "/hours/",
        "/imports/",
        "/doubles/",
        *setting_up(full),
        *groups(),
    ):
        anna.go(path)
        anna.find("main")
        wrong += [f"{path} {each}" for each in complaints(anna)]
        across = anna.browser.execute_script("return document.documentElement.scrollWidth")
        wrong += [f"{path} is {across} wide"] * (across > width)
    anna.go(card)
    for opener in ("#f-phones .btn-edit", "#f-birth .btn-edit"):
        anna.browser.execute_script(f"document.querySelector('{opener}').click()")
    anna.find("#form-phones")
    anna.find("#form-birth")
    anna.browser.execute_script("document.querySelector('[data-origins]').click()")
    wrong += [f"editing {each}" for each in complaints(anna)]
    anna.browser.execute_script("document.querySelector('#tab-history').click()")
    wrong += [f"history {each}" for each in complaints(anna)]
    anna.browser.execute_script("document.querySelector('[data-opens=keys], [data-opens=palette]').click()")
    wrong += [f"dialog {each}" for each in complaints(anna)]
    assert "\n".join(wrong) == ""
