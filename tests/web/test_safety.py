"""The page of safety: what to mend, the copies, the plan; for those who look after the installation only."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from kartoteka.trust.models import BackupCopy, BackupPlan

pytestmark = pytest.mark.django_db


def good(**more: object) -> BackupCopy:
    now = timezone.now()
    return BackupCopy.objects.create(
        name="kartoteka-x.ktk", place="/copies", state="checked", begun_at=now, made_at=now, checked_at=now,
        size=5_000_000, rows=9, counted={"customers": 104233}, **more,
    )  # fmt: skip


def test_the_owner_sees_what_to_mend_and_the_last_copy(owner: Client) -> None:
    page = owner.get("/safety/").content.decode()
    assert "There is no copy yet" in page
    assert "No backup was ever made" in page
    good()
    page = owner.get("/safety/").content.decode()
    assert "Last restored copy:" in page
    assert "104,233 customers" in page
    assert "No backup was ever made" not in page


def test_it_is_told_at_home_to_the_owner_only(owner: Client, clerk: Client) -> None:
    from tests import make

    make.person("Anna", "Nowak")
    good()
    assert "104,233 customers" in owner.get("/").content.decode()
    assert "104,233" not in clerk.get("/").content.decode()


def test_the_plan_is_set(owner: Client) -> None:
    sent = {"on": "on", "at": "22:15", "daily": "5", "weekly": "2", "monthly": "0"}
    assert owner.post("/safety/plan", sent).status_code == 302
    its = BackupPlan.objects.get()
    assert (its.on, its.at, its.daily, its.weekly, its.monthly) == (True, dt.time(22, 15), 5, 2, 0)
    wrong = owner.post("/safety/plan", {**sent, "at": "half past"})
    assert wrong.status_code == 422
    assert "Write the hour as 03:10." in wrong.content.decode()
    del sent["on"]
    owner.post("/safety/plan", sent)
    assert not BackupPlan.objects.get().on


def test_a_copy_is_asked_for_once(owner: Client) -> None:
    for _ in range(2):
        assert owner.post("/safety/copy").status_code == 302
    assert [each.state for each in BackupCopy.objects.all()] == ["asked"]
    assert "disabled" in owner.get("/safety/").content.decode()
    assert owner.get("/safety/copy").status_code == 405


def test_a_clerk_is_kept_out(clerk: Client) -> None:
    good()
    assert clerk.get("/safety/").status_code == 403
    assert clerk.post("/safety/copy").status_code == 403
    assert (
        clerk.post("/safety/plan", {"at": "01:00", "daily": "1", "weekly": "1", "monthly": "1"}).status_code
        == 403
    )
    assert BackupCopy.objects.count() == 1
    assert 'href="/safety/"' not in clerk.get("/").content.decode()
