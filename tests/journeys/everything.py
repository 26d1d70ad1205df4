"""A base with something on every screen, and the addresses of all screens: found by asking every route there is."""

from __future__ import annotations

import datetime as dt

from django.test import Client
from django.utils import timezone

from kartoteka.activity.dealings import Said, record_dealing
from kartoteka.activity.warehouse.days import rebuild
from kartoteka.agenda.callbacks import promise_callback
from kartoteka.agenda.tasks import Plan, plan_task
from kartoteka.consent import exchanging, policy, purposes, retention
from kartoteka.consent.links import make_link
from kartoteka.consent.requests import receive
from kartoteka.consent.unsubscribing import token_for
from kartoteka.intake.connections import connect
from kartoteka.people.editing import relate
from kartoteka.people.models import Customer
from kartoteka.people.ownfields import save_field
from kartoteka.quality.merging import merge
from kartoteka.quality.models import Doubt
from kartoteka.segments.models import Size
from kartoteka.segments.worth.running import ask_for_count, run_due_count
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import Staff
from kartoteka.trust.teams import save_team
from tests import make
from tests.activity.site import Did, at, happen, is_whose
from tests.house.routes import routes

LONG = "Hohenzollern-Sigmaringen-Brzęczyszczykiewicz"
# Screens that say more when they are asked more.
ASKED = (
    "/customers/?lacking=phones",
    "/customers/?silent=stale",
    "/telephone/?number=%2B48600999888",
    "/connections/new?kind=orders",
    "/worth/baskets?why=alike",
    *(f"/reports/{name}?from=2026-05-01&to=2026-05-31" for name in ("paths", "exits", "time", "origins", "cohorts")),
    "/reports/funnel?from=2026-05-01&to=2026-05-31&step=/&step=/tea",
)  # fmt: skip


def somebody() -> Customer:
    """A customer of whom much is known: long names, many phones, a long note, a 3-line address."""
    return make.person(
        "Maria Guadalupe", LONG, email=f"maria.guadalupe.{'x' * 40}@subdomain.of-a-long-name.example.com",
        birth="--04-03", tags=["vip", "a tag that somebody typed in a hurry, and never looked at again"],
        phones=[{"value": f"+4860123450{n}", "label": "work"} for n in range(9)], note="A word and another. " * 60,
        addresses=[{"street": f"Osiedle {LONG}", "number": "3", "city": "Gdańsk", "country": "PL"}],
        service="Window seat", hobbies=["sailing"], gifts=[{"what": "scarf"}], income="high",
        website="https://example.com/a/very/long/path/that/goes/on/and/on?with=a&query=string",
    )  # fmt: skip


def fill(owner: Staff) -> dict[str, object]:
    """Something on every screen; what stands in the routes' parts."""
    full, other = somebody(), make.person("Иван", "Петров", phone="+48601234567", email="ivan@example.com")
    firm = make.customer(company="Merenneito", form="Oy")
    for n in range(8):
        relate(
            customer=make.person("Jan", f"Nowak{n}"),
            other=firm,
            kind="works_for",
            by=SHELL,
            role="storekeeper",
        )
    low, high = sorted((full, other), key=lambda each: each.pk)
    doubt = Doubt.objects.create(
        one=low,
        other=high,
        score=0.9,
        found_at=timezone.now(),
        reasons=[["same_phone", {"value": "+48601234500"}]],
    )
    wine = purposes.add(names={"en": "Wine"}, ground="consent", partner="Winnica", by=SHELL)
    purposes.make_presets(by=SHELL)
    rule = retention.make_presets(by=SHELL)[3]
    policy.save_contact(business="The shop", address="Polna 1", officer="Ewa, e@example.com", by=SHELL)
    policy.save_words(section="more", language="en", text="We bake.", by=SHELL)
    policy.publish(by=SHELL)
    order = make.order(full, at=timezone.now() - dt.timedelta(days=40), price="1234.50")
    make.order(full, price="20", currency="USD")  # without a rate
    save_team(team=None, name="Sellers", stages=["sell"], staff=[owner.pk], by=SHELL)
    talk = Said(
        way="call", note="They want the blue one.", about="complaint", at=timezone.now() - dt.timedelta(9)
    )
    dealing = record_dealing(customer=full, said=talk, by=owner.actor)
    now = timezone.now()
    plans = [
        Plan(
            title=f"Call about the offer {n}", due_at=now + dt.timedelta(hours=n - 3), kind="call", remind=90
        )
        for n in range(5)
    ]
    tasks = [plan_task(plan=plan, customer=full, by=owner.actor) for plan in plans]
    promise_callback(customer=other, number="+48601234567", by=owner.actor, reason="Where is it?")
    done = make.csv_import("id,name,phone\n1,Ola Lis,600111222\n2,Jan,abc\n3,,\n", columns={"id": "key"})
    save_field(by=SHELL, label="Feather", type="text", key="feather")
    ask_for_count(by=SHELL)
    run_due_count()
    return {
        "card": full.card,
        "field": "phones",
        "import": done.pk,
        "order": order.pk,
        "product": order.lines.get().product_id,
        "doubt": doubt.pk,
        "run": 1,
        "merger": merge(kept=other, gone=make.person("Vanya", "Petrov"), by=SHELL).pk,
        "segment": _group(),
        "purpose": wine.key,
        "exchange": exchanging.begin(purpose=wine, channel="email", by=SHELL).pk,
        "rule": rule.pk,
        "request": receive(customer=full, kind="access", through="call", by=SHELL, known_by="seen").pk,
        "connection": _site(full),
        "own_field": "x.feather",
        "dealing": dealing.pk,
        "task": tasks[0].pk,
        "staff": owner.pk,
        "number": 1,
        "page": make_link(customer=full, by=SHELL).strip("/").split("/")[-1],
        "unsubscribe": token_for(point=full.contacts.get(point__kind="email").point_id),
    } | dict.fromkeys(
        ("relation", "enclosure", "erasure", "team", "role", "report_plan", "alarm", "export", "delivery", "hook", "kind",
         "way", "place", "token", "secret"), 1,
    )  # fmt: skip


def _group() -> int:
    """A group with all that the builder has."""
    looked = {"trait": "event", "op": "not_followed", "within": 3, "days": 7, "by": {"trait": "bought", "where": []},
              "where": [{"part": "property", "key": "price", "op": "more", "value": 20}]}  # fmt: skip
    city = {"trait": "city", "op": "any_of", "value": ["Gdańsk"]}
    lost = {"trait": "heard", "op": "between", "value": ["2026-01-01", "2030-01-01"]}
    sex = {"trait": "sex", "op": "any_of", "value": ["f"]}
    made = make.group("Looked, or live in Gdańsk", {"any": [looked, {"all": [city, lost, sex]}, city]})
    Size.objects.create(segment=made, day=timezone.localdate() - dt.timedelta(days=9), size=3)
    return made.pk


def _site(whose: Customer) -> int:
    """A connected site on which somebody was."""
    made = connect(kind="tracking", name="shop.example", by=SHELL)
    happen(
        [
            Did("a", at(2), page="/", referrer="https://search.example/"),
            Did("a", at(2, 12.1), page="/tea"),
            Did("a", at(2, 12.12), page="/tea", left=95),
            Did("a", at(10), page="/", campaign=("letter", "email", "may")),
            Did("b", at(3), page="/", device="desk"),
        ]
    )
    is_whose("a", whose)
    rebuild()
    return made.pk


def screens(client: Client, things: dict[str, object]) -> list[str]:
    """The addresses of all whole pages that this client is given."""
    found = []
    for route in routes():
        if route.pattern.startswith(("api/", "accounts/logout")):
            continue
        address = route.at(things)
        answer = client.get(address)
        if answer.status_code == 200 and b"</html>" in getattr(answer, "content", b""):
            found.append(address)
    return [*found, *ASKED]
