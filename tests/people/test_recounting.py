"""Completeness and freshness follow what the owner sets, for every customer, also when the worker is killed on the way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kartoteka.people import recounting
from kartoteka.people.models import Customer, FieldWeight, Recount
from kartoteka.people.ownfields import remove_field, save_field, set_weight
from kartoteka.people.recording import refresh
from kartoteka.people.recounting import ask_for_recount, recount_under_way, run_due_recount
from kartoteka.people.tally import tally
from kartoteka.quality.figures import figures
from kartoteka.trust.actor import SHELL
from tests import make


def counted() -> list[tuple[Any, ...]]:
    return list(Customer.objects.order_by("pk").values_list("pk", "completeness", "due_on"))


PEOPLE = st.fixed_dictionaries(
    {"name": st.sampled_from(["Anna Nowak", "Jan Lis"])},
    optional={
        "phones": st.just([{"value": "+48600100200"}]), "birth": st.just("1985"), "company": st.just("Acme"),
        "kind": st.sampled_from(["person", "organisation"]), "x.shoe": st.just("38"),
    },
)  # fmt: skip
WEIGHTS = st.dictionaries(
    st.sampled_from(["phones", "birth", "company", "team"]),
    st.tuples(st.integers(0, 20), st.integers(0, 900)), max_size=3,
)  # fmt: skip


class Recounting(TestCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(PEOPLE, min_size=1, max_size=4), WEIGHTS)
    def test_counted_anew_is_as_recorded_anew(
        self, some: list[dict[str, Any]], weights: dict[str, Any]
    ) -> None:
        make.claims(*some)
        for key, (weight, days) in weights.items():
            set_weight(key=key, weight=weight, fresh_days=days, by=SHELL)
        run_due_recount()
        anew = counted()
        refresh(Customer.objects.values_list("pk", flat=True))
        assert counted() == anew


@pytest.mark.django_db(transaction=True)
def test_a_changed_weight_reaches_every_customer_and_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounting, "CHUNK", 2)
    for number in range(5):
        make.person("Anna", f"Nowak{number}", phone=f"+4860010020{number}")
    before = {each.completeness for each in Customer.objects.all()}
    set_weight(key="team", weight=100, fresh_days=0, by=SHELL)
    under_way = recount_under_way(actor=SHELL)
    assert under_way is not None
    assert under_way.customers == 5
    assert run_due_recount()
    assert not run_due_recount()
    after = {each.completeness for each in Customer.objects.all()}
    assert len(before) == len(after) == 1
    assert max(after) < min(before)
    assert recount_under_way(actor=SHELL) is None
    assert {field.key: count for field, count in figures(actor=SHELL).gaps}["team"] == 5


@pytest.mark.django_db
def test_a_shorter_age_makes_facts_due() -> None:
    make.person("Anna", "Nowak", phone="+48600100200")
    Customer.objects.update(heard_at=timezone.now() - dt.timedelta(days=40))
    assert tally().stale == 0
    set_weight(key="phones", weight=8, fresh_days=30, by=SHELL)
    run_due_recount()
    assert tally().stale == 1


@pytest.mark.django_db
def test_what_a_killed_worker_left_is_gone_on_with_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounting, "CHUNK", 1)
    for number in range(3):
        make.person("Anna", f"Nowak{number}", phone=f"+4860010020{number}")
    FieldWeight.objects.create(key="team", weight=100, fresh_days=0)
    recount = ask_for_recount()
    assert recounting._one_chunk(recount)  # and here the worker dies
    assert not run_due_recount()  # it may still live
    Recount.objects.update(heartbeat=timezone.now() - dt.timedelta(minutes=5))
    assert run_due_recount()
    recount.refresh_from_db()
    assert (recount.done, recount.ended_at is not None) == (3, True)
    assert len({each.completeness for each in Customer.objects.all()}) == 1


@pytest.mark.django_db
def test_a_later_change_takes_over_from_an_earlier_one() -> None:
    make.person("Anna", "Nowak")
    first = ask_for_recount()
    second = ask_for_recount()
    assert not recounting._one_chunk(first)
    assert run_due_recount()
    second.refresh_from_db()
    assert second.ended_at is not None
    assert second.done == 1


@pytest.mark.django_db
def test_only_what_counts_is_counted_anew() -> None:
    field = save_field(by=SHELL, label="Shoe", type="text")
    set_weight(key="team", weight=0, fresh_days=0, by=SHELL)
    assert not Recount.objects.exists()
    save_field(by=SHELL, label="Shoe", type="text", weight=5, field=field)
    assert Recount.objects.count() == 1
    remove_field(field=field, by=SHELL)
    assert Recount.objects.count() == 2
