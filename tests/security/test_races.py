"""Two at once: of two who join the same pair, and of two who approve one export, one is first and the other is told so.

The third race, a withdrawal while a list is being built, is in tests/consent/test_race.py.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from kartoteka.people.exporting.asking import CannotSettle, settle_export
from kartoteka.people.models import Customer, Export, Identity
from kartoteka.quality.merging import CannotMerge, merge, split
from kartoteka.quality.models import Merger
from kartoteka.trust.actor import Actor, Right
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def manager(key: int) -> Actor:
    return Actor("staff", key, f"Manager {key}", frozenset(Right))


def at_once(*works: Callable[[], object]) -> list[Exception | None]:
    """Do these in threads that start together; what each raised, if anything."""
    ready = threading.Barrier(len(works))
    raised: list[Exception | None] = [None] * len(works)

    def do(place: int, work: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            ready.wait(20)
            work()
        except Exception as error:  # the test looks at it
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=each) for each in enumerate(works)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    return raised


@pytest.mark.parametrize("crosswise", [False, True])
def test_two_managers_join_the_same_pair(crosswise: bool) -> None:
    anna, ania = make.person("Anna", "Lis", email="a@example.com"), make.person("Ania", "Lis")
    before = dict(Identity.objects.values_list("pk", "customer"))
    other = (ania, anna) if crosswise else (anna, ania)
    raised = at_once(
        lambda: merge(kept=anna, gone=ania, by=manager(1)),
        lambda: merge(kept=other[0], gone=other[1], by=manager(2)),
    )
    assert sorted(type(each).__name__ for each in raised) == ["CannotMerge", "NoneType"], raised
    assert "in the meantime" in str(next(each for each in raised if isinstance(each, CannotMerge)))
    merger = Merger.objects.get()
    assert Customer.objects.filter(merged_into=None).count() == 1
    split(merger=merger, by=manager(3))
    assert dict(Identity.objects.values_list("pk", "customer")) == before, "and it is taken back whole"


@pytest.mark.parametrize("second", [True, False])
def test_two_settle_one_export(second: bool) -> None:
    asked = Export.objects.create(
        by_key=1, by_name="Anna", asked_at=timezone.now(), state=Export.State.ASKED, format="csv",
        columns=["name"], wish={}, customers=9000,
    )  # fmt: skip
    raised = at_once(
        lambda: settle_export(export=asked.pk, approve=True, by=manager(2)),
        lambda: settle_export(export=asked.pk, approve=second, by=manager(3)),
    )
    assert sorted(type(each).__name__ for each in raised) == ["CannotSettle", "NoneType"], raised
    assert "already" in str(next(each for each in raised if isinstance(each, CannotSettle)))
    asked.refresh_from_db()
    winner = 2 + raised.index(None)
    assert asked.settled_key == winner
    assert asked.state == (Export.State.QUEUED if winner == 2 or second else Export.State.REFUSED)
