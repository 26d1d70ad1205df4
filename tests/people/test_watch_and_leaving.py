"""The watch over who looks at what, and the one step with which somebody leaves."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from kartoteka.activity.dealings import Said, record_dealing
from kartoteka.kit import jobs
from kartoteka.people.leaving import last_days_of, let_go
from kartoteka.people.models import Customer, Reveal
from kartoteka.people.placing import Place, hand_over
from kartoteka.trust import watching
from kartoteka.trust.actor import SHELL
from kartoteka.trust.alarm_mail import mail_alarms
from kartoteka.trust.alarms import have_seen, list_alarms, raise_alarm
from kartoteka.trust.models import Alarm, AuditEntry, Limits, Staff
from kartoteka.trust.staff import CannotChangeStaff, give_notice
from kartoteka.trust.tokens import actor_of, make_token
from kartoteka.trust.watching import watch
from tests import make

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 18, 12, 30, tzinfo=dt.UTC)


def member(name: str, role: str = "staff") -> Staff:
    return Staff.objects.create_user(email=f"{name}@example.com", name=name, role=role)


def opened(who: Staff, cards: int, *, at: dt.datetime, first: int = 0) -> None:
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=at, actor_kind="staff", actor_key=who.pk, actor_name=who.name, action="viewed", matter="customer",
            matter_key=str(first + place),
        )
        for place in range(cards)
    )  # fmt: skip


def kinds() -> list[tuple[str, str]]:
    return list(Alarm.objects.order_by("pk").values_list("actor_name", "kind"))


def test_more_cards_than_the_owner_allows() -> None:
    busy, calm = member("busy"), member("calm")
    opened(busy, 121, at=NOON - dt.timedelta(minutes=5))
    opened(calm, 119, at=NOON - dt.timedelta(minutes=5))
    assert watch(NOON) == 1
    assert kinds() == [("busy", "many cards")]
    assert watch(NOON) == 0, "one alarm an hour"


def test_more_cards_than_their_own_habit() -> None:
    steady, fresh = member("steady"), member("fresh")
    for hour in range(24, 24 + 25):
        opened(steady, 5, at=NOON - dt.timedelta(hours=hour))
    for who in (steady, fresh):
        opened(who, 40, at=NOON - dt.timedelta(minutes=3))
    assert watch(NOON) == 1
    assert kinds() == [("steady", "many cards")]


def test_the_same_card_again_is_one_card() -> None:
    busy = member("busy")
    for _ in range(200):
        opened(busy, 1, at=NOON - dt.timedelta(minutes=5))
    assert watch(NOON) == 0


def test_odd_hours_and_after_notice() -> None:
    night, leaver = member("night"), member("leaver")
    late = NOON.replace(hour=2)
    opened(night, 3, at=late - dt.timedelta(minutes=1))
    Limits(pk=1, opens=6, closes=22).save()
    watch(late)
    give_notice(staff=leaver, by=SHELL)
    opened(leaver, 15, at=NOON - dt.timedelta(minutes=1))
    watch(NOON)
    assert kinds() == [("night", "odd hours"), ("leaver", "on notice")]


def test_the_worker_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = member("busy")
    Limits(pk=1, views=5, opens=0, closes=24).save()
    opened(busy, 6, at=timezone.now())
    monkeypatch.setattr(watching, "_looked", -1e9)
    jobs.run_all_due()
    assert kinds() == [("busy", "many cards")]


def test_nobody_puts_their_own_alarm_aside() -> None:
    boss, other = member("boss", "owner"), member("other", "owner")
    opened(boss, 121, at=NOON)
    watch(NOON)
    [alarm] = list_alarms(actor=other.actor)
    have_seen(alarm=alarm.pk, by=boss.actor)
    assert list_alarms(actor=other.actor)[0].seen_at is None
    have_seen(alarm=alarm.pk, by=other.actor)
    assert list_alarms(actor=other.actor)[0].seen_by == "other"


def test_leaving_ends_all_and_hands_over() -> None:
    boss, leaver, heir = member("boss", "owner"), member("leaver", "owner"), member("heir")
    anna, ola = make.person("Anna", "Nowak", phone="+48600100200"), make.person("Ola", "Lis")
    hand_over(customers=[anna.pk, ola.pk], to=Place("sell", None, leaver.pk), by=SHELL)
    client = Client()
    client.force_login(leaver, backend="django.contrib.auth.backends.ModelBackend")
    client.get(f"/customers/{anna.card}/")
    token = make_token(name="own", rights=["see"], by=leaver.actor)
    found = last_days_of(actor=boss.actor, staff=leaver)
    assert ([each.customer for each in found.cards], found.theirs) == ([anna], 2)
    assert let_go(staff=leaver, to=heir.pk, by=boss.actor) == 2
    assert set(Customer.objects.values_list("member", flat=True)) == {heir.pk}
    assert client.get("/you").status_code == 302
    assert not Session.objects.exists()
    assert actor_of(token) is None
    assert not Reveal.objects.exists()


def test_the_last_owner_stays_and_nothing_is_handed_over() -> None:
    boss, heir = member("boss", "owner"), member("heir")
    anna = make.person("Anna", "Nowak")
    hand_over(customers=[anna.pk], to=Place("sell", None, boss.pk), by=SHELL)
    with pytest.raises(CannotChangeStaff):
        let_go(staff=boss, to=heir.pk, by=SHELL)
    assert Customer.objects.get().member_id == boss.pk


def test_the_owners_are_told_by_mail_once_and_not_of_themselves(
    settings: Any, mailoutbox: list[EmailMessage]
) -> None:
    settings.KARTOTEKA = replace(
        settings.KARTOTEKA, mail_url="smtp://mail", public_url="https://k.example.com"
    )
    settings.LANGUAGE_CODE = "pl"
    ola, busy = member("ola", role="owner"), member("busy")
    raise_alarm(kind="many cards", by=busy.actor, detail={"cards": 130})
    raise_alarm(kind="canary", by=ola.actor, detail={})
    raise_alarm(kind="late callback", by=busy.actor, detail={})
    assert mail_alarms() == 2
    [mail] = mailoutbox
    assert mail.to == ["ola@example.com"]
    assert mail.subject.startswith("Alarm: busy")
    assert "ola " not in mail.body
    assert "https://k.example.com/alarms/" in mail.body
    assert (mail_alarms(), len(mailoutbox)) == (0, 1)


def test_what_a_mail_server_did_not_take_is_mailed_later(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KARTOTEKA = replace(settings.KARTOTEKA, mail_url="smtp://mail")
    member("ola", role="owner")
    raise_alarm(kind="canary", by=member("busy").actor, detail={})
    sent: list[bool] = []

    def refuses(self: EmailMessage) -> int:
        sent.append(True)
        raise OSError

    monkeypatch.setattr(EmailMessage, "send", refuses)
    mail_alarms()
    mail_alarms()
    assert len(sent) == 1, "not at once again"
    mail_alarms(now=timezone.now() + dt.timedelta(minutes=6))
    assert len(sent) == 2
    assert not Alarm.objects.exclude(mailed_at=None).exists()


def test_dealings_without_a_note_are_named_before_somebody_goes() -> None:
    busy, kasia = member("busy"), make.person("Kasia", "Kot")
    record_dealing(customer=kasia, said=Said("call", owner=busy.pk), by=SHELL)
    record_dealing(customer=kasia, said=Said("call", note="all is well", owner=busy.pk), by=SHELL)
    found = last_days_of(actor=SHELL, staff=busy)
    [(who, waits)] = found.waits
    assert (who, waits.what) == (kasia, "call: no note yet")
