"""That more fit a list than are counted is remembered for a minute; what is shown is never what is no longer there."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kartoteka.people import listing
from kartoteka.people.listing import Wish, list_customers
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db


def asked(wish: Wish) -> tuple[int, bool, int, int]:
    with CaptureQueriesContext(
        connection,
    ) as made:
        found = list_customers(actor=SHELL, wish=wish, size=2)
    return found.count, found.more, len(found.page.rows), len(made)


def test_many_are_counted_once_and_few_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNT_UP_TO", 3)
    for place in range(5):
        make.person("Anna", f"Lis{place}")
    first, again = asked(Wish()), asked(Wish(order="new"))
    assert first[:3] == again[:3] == (3, True, 2)
    assert again[3] == first[3] - 1, "what was counted is remembered, in whatever order"
    few = Wish(lacking="name")
    assert asked(few)[:3] == asked(few)[:3] == (0, False, 0)


def test_when_they_became_few_they_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNT_UP_TO", 3)
    people = [make.person("Anna", f"Lis{place}") for place in range(4)]
    assert asked(Wish())[:2] == (3, True)
    Customer.objects.filter(pk__in=[each.pk for each in people[1:]]).update(merged_into=people[0])
    assert asked(Wish())[:3] == (1, False, 1)
