"""Home: every figure is the length of the list it leads to."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from kartoteka.people.models import Customer
from kartoteka.quality import figures
from kartoteka.quality.kept import run_due_count
from kartoteka.quality.models import FigureCount
from kartoteka.trust.actor import SHELL
from tests.make import customer, person

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


def test_an_empty_base_says_what_to_do(owner: Client) -> None:
    assert "The base is empty" in owner.get("/").content.decode()


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
