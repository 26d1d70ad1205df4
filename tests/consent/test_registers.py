"""Opt-out registers: kept as keyed hashes, a no to marketing that only a later yes undoes, in every gate alike."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from kartoteka.consent import purposes, register_reading, registers
from kartoteka.consent.gate import Asked, may
from kartoteka.consent.ledger import Taken, give, withdraw
from kartoteka.consent.listed import day_after
from kartoteka.consent.models import Channel, Listed, Purpose, Register, RegisterFile, RegisterLine
from kartoteka.consent.narrowing import allowed
from kartoteka.consent.passing import answers
from kartoteka.consent.reasons import ALLOWING, Reason
from kartoteka.consent.register_file import NotARegister, Tally, read
from kartoteka.consent.registers import BadRegister
from kartoteka.people.editing import change_customer
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db
NUMBER, MAIL = "+447911123456", "anna@example.com"
# Where no consent is asked for before somebody is called, or sent a letter.
IN_FINLAND: dict[str, Any] = {"addresses": [{"city": "Turku", "country": "FI"}]}
TODAY = timezone.localdate()


@pytest.fixture
def tps(db: None) -> Register:
    return registers.add_preset(key="tps", by=SHELL)


@pytest.fixture
def robinson(db: None) -> Register:
    return registers.add_preset(key="robinson-pl", by=SHELL)


@pytest.fixture
def offers(db: None) -> Purpose:
    """Advertising on the ground of our interest: whoever did not object may be called where the law asks for no consent."""
    return purposes.add(
        names={"en": "Offers"},
        key="offers",
        ground="legitimate_interest",
        balancing="little",
        marketing=True,
        by=SHELL,
    )


def took(register: Register, *lines: str, days_ago: int = 10) -> RegisterFile:
    stream = io.BytesIO("\r\n".join(lines).encode())
    return register_reading.read_file(
        register=register, stream=stream, as_of=TODAY - dt.timedelta(days=days_ago), by=SHELL
    )


def every_gate(customer: Customer, purpose: Purpose, channel: str) -> Reason:
    """What all three ways of asking say; they must say the same."""
    one = may(customer=customer, purpose=purpose, channel=channel, by=SHELL).reason
    assert answers(customers=[customer.pk], purpose=purpose, channel=channel, by=SHELL) == {customer.pk: one}
    rows = allowed(Customer.objects.filter(pk=customer.pk), Asked(purpose, Channel(channel), timezone.now()))
    assert rows.exists() is (one in ALLOWING)
    return one


def agreed(customer: Customer, purpose: Purpose, channel: str, days_ago: int) -> None:
    at = timezone.now() - dt.timedelta(days=days_ago)
    give(customer=customer, purpose=purpose, channel=channel, taken=Taken(how="call", at=at), by=SHELL)


def test_a_call_waits_for_a_yes_that_is_younger(tps: Register, offers: Purpose) -> None:
    anna = make.person("Anna", "Lis", phone=NUMBER, **IN_FINLAND)
    assert every_gate(anna, offers, "phone") is Reason.NOT_OBJECTED
    took(tps, "07700 900123", "07911123456")
    assert every_gate(anna, offers, "phone") is Reason.LISTED
    assert every_gate(anna, offers, "sms") is Reason.NOT_ASKED, "the register is about calls"
    agreed(anna, offers, "phone", days_ago=20)
    assert every_gate(anna, offers, "phone") is Reason.LISTED, "said before they registered"
    agreed(anna, offers, "phone", days_ago=1)
    assert every_gate(anna, offers, "phone") is Reason.GIVEN


def test_a_new_file_keeps_the_day_of_who_stays_in_it(tps: Register, offers: Purpose) -> None:
    anna = make.person("Anna", "Lis", phone=NUMBER, **IN_FINLAND)
    first = took(tps, NUMBER, days_ago=60)
    agreed(anna, offers, "phone", days_ago=30)
    took(tps, NUMBER, "07700900124", days_ago=2)
    assert Listed.objects.get().since == day_after(first.as_of)
    assert every_gate(anna, offers, "phone") is Reason.GIVEN, "she agreed after she registered"
    took(tps, "07700900124", days_ago=1)
    assert not Listed.objects.exists()
    took(tps, NUMBER, days_ago=0)
    assert every_gate(anna, offers, "phone") is not Reason.GIVEN, "she registered anew"
    assert RegisterLine.objects.count() == 1, "of former files nothing is kept"


def test_what_stands_in_no_register_is_used_instead(tps: Register, offers: Purpose) -> None:
    anna = make.person("Anna", "Lis", phones=[{"value": NUMBER}, {"value": "+447911123457"}], **IN_FINLAND)
    took(tps, NUMBER)
    answer = may(customer=anna, purpose=offers, channel="phone", by=SHELL)
    assert answer.allowed
    assert anna.contacts.get(point=answer.point).point.value == "+447911123457"
    assert every_gate(anna, offers, "phone") is Reason.NOT_OBJECTED


def test_a_letter_heeds_whoever_is_named_by_any_contact(robinson: Register, offers: Purpose) -> None:
    anna, ola = (
        make.person(name, "Lis", email=mail, **IN_FINLAND)
        for name, mail in (("Anna", MAIL), ("Ola", "ola@example.com"))
    )
    took(robinson, f'"Lis";"Anna";"{MAIL.upper()}"')
    assert every_gate(anna, offers, "post") is Reason.LISTED
    assert every_gate(ola, offers, "post") is Reason.NOT_OBJECTED
    agreed(anna, offers, "post", days_ago=20)
    assert every_gate(anna, offers, "post") is Reason.LISTED
    agreed(anna, offers, "post", days_ago=1)
    assert every_gate(anna, offers, "post") is Reason.GIVEN


def test_service_is_no_advertising(tps: Register) -> None:
    anna = make.person("Anna", "Lis", phone=NUMBER)
    took(tps, NUMBER)
    assert every_gate(anna, purposes.preset("service", by=SHELL), "phone") is Reason.GROUND


def test_who_comes_later_is_looked_up_at_once(tps: Register) -> None:
    took(tps, NUMBER)
    anna = make.person("Anna", "Lis", phone="+447911123450")
    assert not Listed.objects.exists()
    change_customer(customer=anna, changes={"phones": [{"value": NUMBER}]}, by=SHELL)
    assert Listed.objects.get().point.value == NUMBER


def test_nothing_of_the_file_is_kept_but_hashes(tps: Register) -> None:
    took(tps, NUMBER)
    with connection.cursor() as cursor:
        for table in ("consent_registerfile", "consent_registerline", "consent_register"):
            cursor.execute(f"SELECT * FROM {table}")
            assert NUMBER[3:] not in repr(cursor.fetchall())


def test_the_british_are_called_while_both_registers_are_up_to_date(tps: Register, offers: Purpose) -> None:
    """PECR reg. 21: no consent, unless they objected or stand in the TPS or CTPS; a file holds for 28 days."""
    in_leeds = {"addresses": [{"city": "Leeds", "country": "GB"}]}
    anna, ben, eve = (
        make.person(name, "Lis", phone=f"+44791112345{place}", **in_leeds)
        for place, name in enumerate(("Anna", "Ben", "Eve"))
    )
    ctps = registers.add_preset(key="ctps", by=SHELL)

    def told() -> list[str]:
        return [every_gate(each, offers, "phone").value for each in (anna, ben, eve)]

    took(tps, "07911123451")
    assert told() == ["register_old", "listed", "register_old"], "the other was never read"
    took(ctps, "07911129999", days_ago=28)
    assert told() == ["not_objected", "listed", "not_objected"]
    withdraw(customer=eve, purpose=offers, channel="phone", taken=Taken(how="call"), by=SHELL)
    assert told() == ["not_objected", "listed", "withdrawn"]
    RegisterFile.objects.filter(register=ctps).update(as_of=TODAY - dt.timedelta(days=29))
    assert told() == ["register_old", "listed", "withdrawn"]
    assert every_gate(anna, offers, "sms") == Reason.NOT_ASKED
    agreed(anna, offers, "phone", 0)
    assert told()[0] == "given"


def test_an_old_file_is_told_of(tps: Register) -> None:
    assert [each.what for each in registers.too_old()], "never read"
    took(tps, NUMBER, days_ago=28)
    assert not list(registers.too_old())
    RegisterFile.objects.update(as_of=TODAY - dt.timedelta(days=29))
    assert "29 days old" in str(next(iter(registers.too_old())).what)


def test_what_cannot_be_read_changes_nothing(tps: Register) -> None:
    took(tps, NUMBER)
    for content, problem in ((b"name;town\nAnna;Leeds\n", BadRegister), (b"PK\x03\x04zip", NotARegister)):
        with pytest.raises(problem):
            register_reading.read_file(register=tps, stream=io.BytesIO(content), as_of=TODAY, by=SHELL)
    with pytest.raises(BadRegister):
        took(tps, NUMBER, days_ago=11)  # older than what counts
    with pytest.raises(BadRegister):
        took(tps, NUMBER, days_ago=-1)
    assert RegisterFile.objects.count() == 1
    assert RegisterLine.objects.count() == 1


def test_the_worker_reads_it_and_stops_when_it_is_asked_to(
    tps: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it ends, the dropped file is gone; what was not read to its end leaves nothing and changes nothing."""
    took(tps, NUMBER)
    monkeypatch.setattr(register_reading, "_AT_ONCE", 1)
    lines = [f"0791112{place:04}" for place in range(5)]

    def drop(*some: str) -> RegisterFile:
        stream = io.BytesIO("\n".join(some).encode())
        return register_reading.receive_file(register=tps, stream=stream, as_of=TODAY, by=SHELL)

    dropped = drop(*lines)
    assert b"0791112" not in (Path(settings.MEDIA_ROOT) / registers.DRAWER / dropped.kept_as).read_bytes()
    with pytest.raises(BadRegister, match="being read"):
        drop(*lines)
    assert register_reading.stop_reading(register=tps, by=SHELL)
    assert not register_reading.run_due_reading(), "one that waits is stopped at once"
    drop(*lines)
    write = register_reading._write

    def stopped_in_the_middle(*given: Any) -> None:
        write(*given)
        register_reading.stop_reading(register=tps, by=SHELL)

    monkeypatch.setattr(register_reading, "_write", stopped_in_the_middle)
    assert register_reading.run_due_reading()
    drop("nothing that could be called")
    assert register_reading.run_due_reading()
    assert [each.state for each in RegisterFile.objects.all()] == ["failed", "stopped", "stopped", "done"]
    assert [each.coming.problem[:16] for each in registers.kept_registers(actor=SHELL) if each.coming] == [
        "There is no phon"
    ]
    assert RegisterLine.objects.count() == 1
    monkeypatch.setattr(register_reading, "_write", write)
    drop(*lines)
    assert register_reading.run_due_reading()
    assert RegisterLine.objects.count() == 5
    assert not list((Path(settings.MEDIA_ROOT) / registers.DRAWER).iterdir())


def test_any_columns_are_read() -> None:
    lines = "Phone,Mail\n07911 123456,\n,Anna@Example.com\nno number here,\n\n+48 600 100 200\n"
    tally = Tally()
    found = list(read(io.BytesIO(("\ufeff" + lines).encode()), country="GB", tally=tally))
    assert found == [NUMBER, MAIL, "+48600100200"]
    assert (tally.lines, tally.unread) == (5, 1)
