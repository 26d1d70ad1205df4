"""A promise that is kept too late: the clock turns red, the owner is told, a colleague takes it over and calls."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from kartoteka.agenda import callbacks
from kartoteka.agenda.callbacks import escalate_late, promise_callback
from kartoteka.agenda.clock import set_hours
from kartoteka.agenda.models import Callback
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import Staff
from tests.journeys.conftest import Person
from tests.make import person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_call_is_answered_late_and_escalates(anna: Person) -> None:
    set_hours(week=["0-24"] * 7, promise=900, country="", by=SHELL)
    jan = person("Jan", "Lis", phone="+48600100201")
    ola = Staff.objects.create_user(email="ola@example.com", name="Ola", role="staff")
    asked = timezone.now() - dt.timedelta(minutes=25)
    made = promise_callback(customer=jan, number="+48600100201", by=SHELL, reason="the table", at=asked)
    callbacks.take(callback=made.pk, by=ola.actor)
    anna.come_in()

    anna.keys("g", "j")
    anna.see("Ola has it")
    anna.see("−1", ".clock-late")
    anna.see("1 callback", "#bell")
    assert escalate_late() == 1
    anna.go("/alarms/")
    anna.see("did not call back in the time that was promised")
    anna.see("Ola")

    anna.keys("g", "j")
    anna.see("Jan Lis")
    anna.keys("b")
    anna.see("Call now")
    anna.press_enter_on(".doing .btn-primary")
    anna.wait(lambda: Callback.objects.get().called_at is not None)
    anna.go("/today/")
    anna.see("0 kept, 1 broken")
    anna.see("Nobody waits for a call.")
    anna.go(f"/customers/{jan.card}/")
    anna.keys("l")
    anna.see("called back late", "#happened")
