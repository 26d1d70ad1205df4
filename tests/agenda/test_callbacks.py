"""Callbacks: one takes one, late ones are told of once and can be taken over, promises are counted."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from kartoteka.agenda import callbacks
from kartoteka.agenda.callbacks import (
    CannotCallBack,
    escalate_late,
    promise_callback,
    promises,
    waiting_callbacks,
)
from kartoteka.agenda.clock import set_hours
from kartoteka.agenda.models import Callback
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import Alarm, Staff
from tests import make


def staff(name: str, role: str = "staff") -> Staff:
    return Staff.objects.create_user(email=f"{name}@example.com", name=name, role=role)


def around_the_clock(promise: int = 900) -> None:
    set_hours(week=["0-24"] * 7, promise=promise, country="", by=SHELL)


@pytest.fixture
def anna(db: None) -> Customer:
    around_the_clock()
    return make.person("Anna", "Kowalska", phone="+48600100200")


def test_one_takes_it_and_calls_in_time(anna: Customer) -> None:
    ola, ewa = staff("ola").actor, staff("ewa").actor
    made = promise_callback(customer=anna, number="+48 600 100 200", by=ola, reason="wants a table")
    assert promise_callback(customer=anna, number="+48600100200", by=ewa).pk == made.pk
    (seen,) = waiting_callbacks(actor=ewa)
    assert (seen.late, seen.mine, seen.running, seen.number) == (False, False, True, "+48600100200")
    assert 890 <= seen.left <= 900
    callbacks.take(callback=made.pk, by=ola)
    with pytest.raises(CannotCallBack, match="ola has this one"):
        callbacks.take(callback=made.pk, by=ewa)
    with pytest.raises(CannotCallBack):
        callbacks.called(callback=made.pk, by=ewa)
    assert callbacks.called(callback=made.pk, by=ola, outcome="table for two").was_kept
    assert waiting_callbacks(actor=ola) == []
    with pytest.raises(CannotCallBack):
        callbacks.called(callback=made.pk, by=ola)
    assert escalate_late(now=timezone.now() + dt.timedelta(days=1)) == 0


def test_a_late_one_escalates_once_and_is_taken_over(anna: Customer) -> None:
    ola, ewa = staff("ola").actor, staff("ewa").actor
    long_ago = timezone.now() - dt.timedelta(hours=1)
    made = promise_callback(customer=anna, number="+48600100200", by=ola, at=long_ago)
    callbacks.take(callback=made.pk, by=ola)
    assert waiting_callbacks(actor=ewa)[0].late
    assert [escalate_late(), escalate_late()] == [1, 0]
    alarm = Alarm.objects.get(kind="late callback")
    assert (alarm.actor_name, alarm.actor_key) == ("ola", ola.key)
    callbacks.take(callback=made.pk, by=ewa)
    with pytest.raises(CannotCallBack):
        callbacks.take(callback=made.pk, by=ola)
    assert not callbacks.called(callback=made.pk, by=ewa).was_kept
    told = promises(actor=ewa)
    assert (told.whole.kept, told.whole.broken) == (0, 1)
    assert [(each.who, each.broken) for each in told.people] == [("ewa", 1)]
    assert sum(each.broken for each in told.hours) == 1


def test_a_number_must_be_one_and_a_reason_given_to_close(anna: Customer) -> None:
    ola = staff("ola").actor
    for bad in ("", "call me", "+48600100200 +48600100201"):
        with pytest.raises(CannotCallBack):
            promise_callback(customer=anna, number=bad, by=ola)
    made = promise_callback(customer=anna, number="+48600100200", by=ola)
    with pytest.raises(CannotCallBack):
        callbacks.close(callback=made.pk, outcome=" ", by=ola)
    callbacks.close(callback=made.pk, outcome="came by", by=ola)
    assert promises(actor=ola).whole.kept == promises(actor=ola).whole.broken == 0
    assert promises(actor=ola).people == promises(actor=ola).hours == (), "nobody stands there with nothing"
    assert not Callback.objects.get().is_waiting


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_gets_it() -> None:
    around_the_clock()
    anna = make.person("Anna", "Kowalska", phone="+48600100200")
    made = promise_callback(customer=anna, number="+48600100200", by=SHELL)
    actors = [staff(name).actor for name in ("ola", "ewa", "jan", "iga")]
    start, got, lost = threading.Barrier(len(actors)), [], []

    def grab(actor: object) -> None:
        try:
            start.wait()
            got.append(callbacks.take(callback=made.pk, by=actor).owner_id)  # type: ignore[arg-type]
        except CannotCallBack:
            lost.append(actor)
        finally:
            connection.close()

    threads = [threading.Thread(target=grab, args=[each]) for each in actors]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(got), len(lost)) == (1, 3)
    assert Callback.objects.get().owner_id == got[0]
