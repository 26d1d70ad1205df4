"""Home: every figure is the length of the list it leads to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.utils import timezone

from kartoteka.activity.models import Order
from kartoteka.agenda.callbacks import promise_callback
from kartoteka.agenda.models import Callback
from kartoteka.people.models import Customer
from kartoteka.quality import figures
from kartoteka.quality.kept import run_due_count
from kartoteka.quality.models import FigureCount
from kartoteka.trust.actor import SHELL
from kartoteka.trust.roles import use_preset
from tests.make import customer, order, person

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'<a class="sheet figure[^"]*" href="(/customers/[^"]*)"><strong>(\d+)</strong>')
GAP = re.compile(r'<a href="(/customers/\?lacking=[^"]*)">.*?<span class="number">(\d+)</span>', re.DOTALL)


def test_figures_are_the_lengths_of_their_lists(owner: Client) -> None:
    person("Aino", "Virtanen", phone="+358401234567")
    person("Piotr", "Nowak", email="p@example.com", birth="1980-01-01", language="pl")
    person("Siti", "Rahman", addresses=[{"city": "Cebu"}], sex="f")
    customer(company="Merenneito", addresses=[{"street": "Katu"}])
    Customer.objects.filter(family="Rahman").update(
        heard_at=timezone.now() - dt.timedelta(days=800), made_at=timezone.now() - dt.timedelta(days=800)
    )
    page = owner.get("/").content.decode()
    found = FIGURE.findall(page) + GAP.findall(page)
    assert len(found) == 9
    for address, count in found:
        listed = owner.get(address.replace("&amp;", "&")).content.decode()
        assert len(re.findall("data-row-link", listed)) == int(count), address


def test_the_owner_sees_how_things_stand(owner: Client, clerk: Client) -> None:
    aino = person("Aino", "Virtanen", phone="+358401234567")
    lately = timezone.localtime().replace(day=1, hour=0, minute=1)
    order(aino, at=lately, price="120")
    order(aino, at=lately.replace(day=1) - dt.timedelta(days=1), price="999", key="late last month")
    order(aino, at=(lately - dt.timedelta(days=1)).replace(day=1), price="80")
    if timezone.localdate().day >= 28:  # the end of last month may be among its same days
        Order.objects.filter(key="late last month").delete()
    for number in (1, 2, 3):
        made = promise_callback(customer=aino, number=f"+35840123456{number}", by=SHELL)
        Callback.objects.filter(pk=made.pk).update(called_at=made.asked_at if number > 1 else None)
    Callback.objects.filter(called_at=None).update(due_at=timezone.now() - dt.timedelta(minutes=1))
    page = owner.get("/").content.decode()
    assert "€120.00" in page
    assert "+50%" in page
    assert re.search(r'href="/worth/\?from=\d{4}-\d\d-01&amp;to=[^"]*&amp;against=month"', page)
    assert "2 kept, 1 broken" in page
    assert "67 %" in page
    assert 'href="/safety/"' in page
    assert "New customers by week, the oldest first: 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1" in page
    less = clerk.get("/").content.decode()
    assert "2 kept, 1 broken" in less
    for unseen in ("120.00", "risk", "by week", "stake"):
        assert unseen not in less.split("<main")[1]


def test_a_large_base_is_not_counted_by_the_page(
    owner: Client, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    person("Aino", "Virtanen")
    assert owner.get("/").status_code == 200
    FigureCount.objects.update(took=2.0)
    with django_assert_max_num_queries(16) as asked:
        assert owner.get("/").status_code == 200
    tables = " ".join(each["sql"] for each in asked.captured_queries)
    for counted in ("activity_order", "count(*) from people_customer"):
        assert counted not in tables.lower().replace('"', ""), counted


def test_an_empty_base_says_what_to_do(owner: Client) -> None:
    assert "The base is empty" in owner.get("/").content.decode()


def test_who_has_no_customers_is_not_told_that_nobody_has(as_role: Callable[[str], Client]) -> None:
    person("Aino", "Virtanen")
    use_preset(name="floor", by=SHELL)
    page = as_role("sales").get("/").content.decode()
    assert "No customers of yours yet" in page
    assert "The base is empty" not in page


def test_doubts_are_not_for_who_does_not_settle_them(clerk: Client, owner: Client) -> None:
    person("Aino", "Virtanen")
    assert "in doubt" in owner.get("/").content.decode()
    assert "in doubt" not in clerk.get("/").content.decode()


def test_a_large_base_is_counted_by_the_worker() -> None:
    person("Aino", "Virtanen")
    assert figures.figures(actor=SHELL).tally.customers == 1
    FigureCount.objects.update(took=2.0, at=timezone.now() - dt.timedelta(minutes=1))
    person("Piotr", "Nowak")
    assert figures.figures(actor=SHELL).tally.customers == 1
    assert run_due_count()
    assert not run_due_count()
    assert figures.figures(actor=SHELL).tally.customers == 2


def test_without_a_worker_the_page_counts_in_the_end() -> None:
    person("Aino", "Virtanen")
    figures.figures(actor=SHELL)
    past = timezone.now() - dt.timedelta(hours=1)
    FigureCount.objects.update(took=2.0, at=past - dt.timedelta(hours=1), asked_at=past)
    person("Piotr", "Nowak")
    assert figures.figures(actor=SHELL).tally.customers == 2
