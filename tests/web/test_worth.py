"""The pages of worth: figures that are right to the cent, links that keep, files that open, doors that hold."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from kartoteka.activity.dealings import Said, record_dealing
from kartoteka.activity.models import Product, Revaluing
from kartoteka.activity.orders import record
from kartoteka.activity.said import LineSaid, OrderSaid
from kartoteka.kit.jobs import run_all_due
from kartoteka.people.editing import source_named
from kartoteka.people.exporting.asking import fetch
from kartoteka.people.models import Customer, Export, Identity
from kartoteka.segments import keeping
from kartoteka.segments.models import Passage
from kartoteka.segments.worth import shapes
from kartoteka.segments.worth.columns import SILENT
from kartoteka.segments.worth.figures import report
from kartoteka.segments.worth.groups import group_of
from kartoteka.segments.worth.models import CustomerWorth, GoesWith, WorthRates, WorthRun
from kartoteka.segments.worth.periods import Against, BadPeriod, Period
from kartoteka.segments.worth.running import run_due_count
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import Staff
from kartoteka.trust.roles import use_preset
from tests import make

pytestmark = pytest.mark.django_db
D = Decimal
MAY = Period(dt.date(2026, 5, 1), dt.date(2026, 5, 31))


def sold(key: str, who: Customer | None, at: dt.datetime, price: str, quantity: str = "1") -> OrderSaid:
    identity = Identity.objects.get(customer=who).pk if who else None
    return OrderSaid(key, at, identity, "EUR", (LineSaid("tea", "Tea", D(quantity), D(price)),))


def local(month: int, day: int, hour: int = 12) -> dt.datetime:
    return timezone.make_aware(dt.datetime(2026, month, day, hour))


@pytest.fixture
def shop(db: None) -> dict[str, Customer]:
    names = ("Anna", "Ewa", "Jan")
    anna, ewa, jan = (make.person(name, "Lis") for name in names)
    record(
        orders=[
            sold("1", anna, local(4, 10), "10.10"),
            sold("2", anna, local(5, 1, 0), "20.20"),
            sold("3", ewa, local(5, 31, 23), "0.30"),
            sold("4", ewa, local(5, 20), "100", "-1"),
            sold("5", None, local(5, 5), "5"),
            sold("6", jan, local(4, 30, 23), "7"),
            sold("7", jan, local(6, 1, 0), "9"),
        ],
        source=source_named("shop"),
        batch=None,
        by=SHELL,
    )
    return {"anna": anna, "ewa": ewa, "jan": jan}


def test_figures_of_a_period(shop: dict[str, Customer]) -> None:
    found = report(actor=SHELL, period=MAY)
    now, then = found.now, found.then
    assert (now.revenue, now.orders, now.nameless) == (D("-74.5"), 3, 1)
    assert (now.active, now.new, now.returning, now.silent) == (2, 1, 1, 1)
    assert (then.revenue, then.orders, then.active, then.new) == (D("17.1"), 2, 2, 2)
    assert sum(each.revenue for each in found.steps) == now.revenue
    assert len(found.steps) == 31
    assert (found.steps[0].revenue, found.steps[-1].orders) == (D("20.2"), 1)
    assert MAY.before == Period(dt.date(2026, 3, 31), dt.date(2026, 4, 30))


@pytest.mark.parametrize(
    ("period", "steps"),
    [
        (Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), 53),
        (Period(dt.date(2024, 1, 15), dt.date(2026, 1, 31)), 25),
        (Period(dt.date(2026, 2, 3), dt.date(2026, 2, 3)), 1),
    ],
)
def test_steps_cover_the_period_once(period: Period, steps: int) -> None:
    found = period.steps()
    assert len(found) == steps
    assert found[0].first == period.first
    assert found[-1].last == period.last
    assert sum(each.days for each in found) == period.days


def test_a_period_that_cannot_be() -> None:
    with pytest.raises(BadPeriod):
        Period(dt.date(2026, 2, 2), dt.date(2026, 2, 1))


def test_pages_and_files(owner: Client, shop: dict[str, Customer]) -> None:
    assert "Nothing was counted yet" in owner.get("/worth/base").content.decode()
    assert run_due_count()
    kept = "/worth/?from=2026-05-01&to=2026-05-31"
    page = owner.get(kept).content.decode()
    assert "-€74.50" in page
    assert "Orders of nobody we know" in page
    rows = list(csv.reader(io.StringIO(owner.get(kept + "&as=csv").content.decode("utf-8-sig"))))
    assert ["Revenue (EUR)", "-74.5000", "17.1000"] in rows or ["Revenue (EUR)", "-74.5", "17.1"] in rows
    book = openpyxl.load_workbook(io.BytesIO(owner.get(kept + "&as=xlsx").content))
    assert book.worksheets[0]["B4"].value == -74.5
    assert sum(row[2] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)) == pytest.approx(
        -74.5
    )
    for report_of in (kept, "/worth/base?"):
        paper = owner.get(f"{report_of}&as=pdf").content
        assert paper[:5] == b"%PDF-"
    assert owner.get("/worth/?from=2026-05-31&to=2026-05-01").status_code == 422
    assert owner.get("/worth/?from=x").status_code == 422
    once = group_of("frequency:once", actor=SHELL)
    assert once
    # Anna came twice, Jan too; Ewa's return brings no purchase.
    assert report(actor=SHELL, period=MAY, group=once).now.active == 1
    for place in ("base", "silent", "baskets", "rates"):
        assert owner.get(f"/worth/{place}").status_code == 200
    assert "worth/silent" in owner.get("/").content.decode()
    assert "Level A" in owner.get(f"/customers/{shop['anna'].card}/").content.decode()
    assert "to offer next" in owner.get(f"/customers/{shop['anna'].card}/worth").content.decode()


def test_a_base_whose_currency_has_no_rate_says_so(owner: Client) -> None:
    pounds = replace(sold("1", make.person("Anna", "Lis"), local(4, 10), "5"), currency="GBP")
    record(orders=[pounds], source=source_named("shop"), batch=None, by=SHELL)
    assert run_due_count()
    page = owner.get("/worth/base").content.decode()
    assert "1 order is in a currency without a rate" in page
    assert "No order that can be counted yet" in page
    assert "/rates" in page


def test_a_period_beside_another() -> None:
    february = Period(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    assert february.compared_with(Against.MONTH) == Period(dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    part = Period(dt.date(2024, 2, 3), dt.date(2024, 2, 29))
    assert part.compared_with(Against.YEAR) == Period(dt.date(2023, 2, 3), dt.date(2023, 2, 28))
    assert Period(dt.date(2026, 3, 1), dt.date(2026, 3, 22)).compared_with(Against.MONTH).last.day == 22


def test_figures_of_a_group_that_was_made(
    owner: Client, as_role: Callable[[str], Client], shop: dict[str, Customer]
) -> None:
    assert run_due_count()
    made = make.group("Annas", {"trait": "given", "op": "any_of", "value": ["Anna"]})
    of_group = f"from=2026-05-01&to=2026-05-31&group=group:{made.pk}"
    page = owner.get(f"/worth/?{of_group}&against=month").content.decode()
    assert "€20.20" in page
    assert "€10.10" in page, "the same days of April"
    base = owner.get(f"/worth/base?group=group:{made.pk}").content.decode()
    assert "of 1 who have bought" in base
    assert "Does the forecast hold?" not in base, "the model is everybody's"
    use_preset(name="floor", by=SHELL)
    for address in (f"/worth/?{of_group}", f"/worth/base?group=group:{made.pk}"):
        counted = as_role("marketer").get(address)
        assert counted.status_code == 422
        assert "would tell of a person" in counted.content.decode()
        assert f'group:{made.pk}" selected' not in counted.content.decode()
    assert as_role("marketer").get(f"/worth/?{of_group}&as=csv").status_code == 422
    for gone in ("group:999999", "level:Q", "nonsense"):
        assert owner.get(f"/worth/?group={gone}").status_code == 422, (
            "a kept address does not tell of everybody unasked"
        )


def test_a_large_group_is_counted_by_the_worker(
    owner: Client, shop: dict[str, Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_due_count()
    monkeypatch.setattr(shapes, "SMALL", 1)
    assert "load this page again" in owner.get("/worth/base?group=frequency:rare").content.decode()
    assert shapes.run_due_shape()
    assert not shapes.run_due_shape()
    page = owner.get("/worth/base?group=frequency:rare").content.decode()
    assert "of 2 who have bought" in page
    now = timezone.now()
    Revaluing.objects.create(asked_at=now, ended_at=now, orders=2)
    assert "load this page again" in owner.get("/worth/base?group=frequency:rare").content.decode()
    assert shapes.run_due_shape(), "what was counted before is in another currency"
    assert "of 2 who have bought" in owner.get("/worth/base?group=frequency:rare").content.decode()


def test_worth_in_rules(shop: dict[str, Customer]) -> None:
    silent = make.group("Silent", {"trait": "worth.silent", "op": "yes"})
    level = make.group("A", {"all": [{"trait": "worth.level", "op": "any_of", "value": ["A"]},
                                     {"trait": "worth.revenue", "op": "at_least", "value": 20}]})  # fmt: skip
    nobody = make.group("Never", {"trait": "worth.revenue", "op": "unknown"})
    assert (level.members.count(), nobody.members.count()) == (0, 3)
    assert run_due_count()
    while keeping.run_due():
        pass
    assert set(level.members.values_list("customer__given", flat=True)) == {"Anna"}
    assert set(nobody.members.values_list("customer__given", flat=True)) == set()
    came = Passage.objects.filter(segment=level).values_list("customer__given", "what")
    assert list(came) == [("Anna", "entered")], "who comes by a counting is told"
    expected = CustomerWorth.objects.filter(silent=True).count()
    assert silent.members.count() == expected


def test_who_is_due(shop: dict[str, Customer]) -> None:
    assert run_due_count()
    today = timezone.localdate()
    for name, days in (("anna", 5), ("ewa", 9)):
        CustomerWorth.objects.filter(customer=shop[name]).update(next_on=today + dt.timedelta(days=days))
    due = make.group("Due", {"trait": "worth.next_on", "op": "next", "value": 7})
    assert set(due.members.values_list("customer__given", flat=True)) == {"Anna"}
    assert due.turns.count() == 2, "one leaves, the other comes"
    untold = make.group("Untold", {"trait": "worth.next_on", "op": "unknown"})
    assert set(untold.members.values_list("customer__given", flat=True)) == {"Jan"}


def test_serving_costs_what_dealings_took(owner: Client, shop: dict[str, Customer]) -> None:
    anna = shop["anna"]
    for said in (
        Said("call", seconds=600, note="x"),
        Said("call", note="x"),
        Said("visit", note="x"),
        Said("mail", direction="out", note="x"),
        Said("mail", direction="in", note="x"),
    ):
        record_dealing(customer=anna, said=said, by=SHELL)
    WorthRates.objects.create(
        pk=1, minute_of_call=D("0.5"), minute_of_visit=D(1), message=D("0.25"), usual_call=4, usual_visit=20
    )
    assert run_due_count()
    found = CustomerWorth.objects.get(customer=anna)
    assert found.served == D("27.25")  # 14 minutes of calls, 20 of a visit, one message that we wrote
    assert found.profit == found.revenue - found.served
    steps = WorthRun.objects.get().shape["profit"]
    assert sum(steps.values()) - steps["profit"] == pytest.approx(steps["profit"])
    assert steps["served"] == -272_500
    assert steps["returned"] == -1_000_000, "Ewa's hundred"
    for page in ("/telephone/?number=x", "/look-up"):
        assert owner.get(page).status_code == 200


def test_the_silent_leave_as_other_files_of_persons_do(
    owner: Client, as_role: Callable[[str], Client], shop: dict[str, Customer]
) -> None:
    assert run_due_count()
    CustomerWorth.objects.filter(customer=shop["anna"]).update(
        silent=True, at_stake=D("120.5"), level="A", rhythm=9.6
    )
    CustomerWorth.objects.filter(customer=shop["jan"]).update(silent=True, at_stake=D(7), level="B")
    page = owner.get("/worth/silent?group=level:A").content.decode()
    found = re.search(r'href="(/exports/new\?[^"]*worth=[^"]*)"', page)
    assert found
    address = html.unescape(found[1])
    form = owner.get(address).content.decode()
    assert 'value="worth.at_stake" checked' in form
    narrowed = owner.get("/customers/?worth=silent:yes,level:A").content.decode()
    assert "Anna" in narrowed
    assert "Jan" not in narrowed
    told = {"column": list(SILENT), "format": "csv", "why": "letters"}
    assert owner.post(address, told).status_code == 302
    run_all_due()
    out = io.BytesIO()
    fetch(
        export=Export.objects.get().pk, target=out, by=Staff.objects.get(pk=Export.objects.get().by_key).actor
    )
    rows = list(csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"))))
    (anna,) = (each for each in rows if each["Card number"] == shop["anna"].card)
    assert (anna["At stake"], anna["Days between purchases"], anna["Service level"]) == ("120.50", "10", "A")
    assert {each["At stake"] for each in rows} == {"120.50"}, "who is invented is not told by an empty cell"
    assert "/exports/new" not in as_role("staff").get("/worth/silent").content.decode()
    assert owner.get("/customers/?worth=level:Z").status_code == 200


def test_lift_is_no_share_in_files(owner: Client, shop: dict[str, Customer]) -> None:
    assert run_due_count()
    tea, cup = Product.objects.get(sku="tea"), Product.objects.create(sku="cup", name="Cup")
    GoesWith.objects.create(
        product=tea,
        other=cup,
        why="with",
        both=6,
        of_product=10,
        of_other=12,
        all=1200,
        confidence=0.6,
        lift=60,
    )
    page = owner.get("/worth/baskets").content.decode()
    assert "0.5%" in page, "the support"
    book = openpyxl.load_workbook(io.BytesIO(owner.get("/worth/baskets?as=xlsx").content))
    row = next(book.worksheets[0].iter_rows(min_row=2))
    assert [each.value for each in row] == ["Tea", "Cup", 0.6, 60, 6, 0.005]
    assert (row[2].number_format, row[3].number_format) == ("0%", "0.0")
    assert "Tea,Cup,0.6,60.0,6,0.005" in owner.get("/worth/baskets?as=csv").content.decode()
    assert owner.get("/worth/baskets?as=pdf").content[:5] == b"%PDF-"


def test_rates_are_said_and_counted_by(owner: Client, shop: dict[str, Customer]) -> None:
    wrong = owner.post(
        "/worth/rates",
        {"level_a": "50", "level_b": "40", "discount": "10", "usual_call": "5", "usual_visit": "5"},
    )
    assert wrong.status_code == 422
    assert "fewer than A" in wrong.content.decode()
    told = {
        "minute_of_call": "0,50",
        "usual_call": "4",
        "usual_visit": "25",
        "level_a": "20",
        "level_b": "40",
        "discount": "8",
        "margin": "35",
    }
    assert owner.post("/worth/rates", told).status_code == 302
    kept = WorthRates.objects.get()
    assert (kept.minute_of_call, kept.margin, kept.discount) == (D("0.5"), 35, 8)
    assert WorthRun.objects.get().state == "queued"
    assert "being counted" in owner.get("/worth/rates").content.decode()
