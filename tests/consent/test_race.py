"""A withdrawal while a list is being built: the withdrawal wins."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from kartoteka.consent import purposes
from kartoteka.consent.ledger import Taken, give, withdraw
from kartoteka.consent.passing import list_for, may_all, still_allowed
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL
from tests import make


@pytest.mark.django_db(transaction=True)
def test_the_withdrawal_wins() -> None:
    news = purposes.preset("marketing", by=SHELL)
    people = [make.person(name, "Lis", email=f"{name}@example.com") for name in ("anna", "ola", "ewa")]
    taken = Taken(how="counter")
    for each in people:
        give(customer=each, purpose=news, channel="email", taken=taken, by=SHELL)
    anna, ola, ewa = (each.pk for each in people)
    passed = may_all(customers=Customer.objects.all(), purpose=news, channel="email", by=SHELL)
    assert set(passed.points) == {anna, ola, ewa}

    # Before the list is written: it is not on it.
    withdraw(customer=people[0], purpose=news, channel="email", taken=taken, by=SHELL)
    assert set(still_allowed(passed, passed.points, by=SHELL)) == {ola, ewa}

    # While it is written: whoever withdraws waits, and what was written was still so at its end.
    inside, done = threading.Event(), threading.Event()
    order: list[str] = []

    def somebody_withdraws() -> None:
        try:
            inside.wait(10)
            withdraw(customer=people[1], purpose=news, channel="email", taken=taken, by=SHELL)
            order.append("withdrawn")
        finally:
            done.set()
            connection.close()

    thread = threading.Thread(target=somebody_withdraws)
    thread.start()
    with list_for(passed, [anna, ola], by=SHELL) as now:
        inside.set()
        assert not done.wait(0.5), "a choice cannot be written while the list is"
        order.append("written")
        assert set(now) == {ola}
    thread.join(20)
    assert order == ["written", "withdrawn"]
    with list_for(passed, passed.points, by=SHELL) as now:
        assert set(now) == {ewa}

    # Who comes back later was not on this list.
    give(customer=people[0], purpose=news, channel="email", taken=taken, by=SHELL)
    later = make.person("iga", "Lis", email="iga@example.com")
    give(customer=later, purpose=news, channel="email", taken=taken, by=SHELL)
    assert set(still_allowed(passed, [anna, ewa, later.pk], by=SHELL)) == {anna, ewa}
