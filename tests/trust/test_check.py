"""The self-check sees each thing it is for, and is silent on a well-kept installation."""

from __future__ import annotations

import dataclasses
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, connections
from django.utils import timezone

from kartoteka.kit.checks import Finding, Level, register, run_all
from kartoteka.kit.checks import _checks as registered
from kartoteka.trust import backups, check, guards, rotation
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import AuditEntry, AuditLink, BackupCopy, Staff, Token

pytestmark = pytest.mark.django_db(transaction=True)


def said(level: Level | None = None) -> str:
    return " ".join(str(finding.what) for finding in check.findings() if level in (None, finding.level))


@pytest.fixture
def well_kept(tmp_path: Path, settings: Any) -> Any:
    """The suite's base with a home, a key and a fresh backup of its own."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    key = settings.KARTOTEKA.key_path
    apart = tmp_path / "apart"
    apart.write_text(key.read_text() if key.exists() else "ab" * 32)
    apart.chmod(0o600)
    settings.KARTOTEKA = dataclasses.replace(settings.KARTOTEKA, home=home, key_file=apart)
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    backups.backup(to=tmp_path / "copies", by=SHELL)
    return settings


def test_a_well_kept_installation_hears_nothing(well_kept: Any) -> None:
    assert [
        finding
        for finding in check.findings()
        if "MB are free" not in str(finding.what) and "the same disk" not in str(finding.what)
    ] == []


def test_an_open_key(well_kept: Any) -> None:
    well_kept.KARTOTEKA.key_path.chmod(0o644)
    assert "Others on this machine can read the key file" in said(Level.ERROR)


def test_a_key_among_the_copies(well_kept: Any) -> None:
    home, key = well_kept.KARTOTEKA.home, well_kept.KARTOTEKA.key_path
    assert "The key lies" not in said()
    (home / "backups").mkdir()
    (home / "backups" / "holiday.txt").write_text(f"the key:\n{key.read_text()}\n")
    assert "The key lies among the backups" in said(Level.ERROR)
    (home / "backups" / "holiday.txt").unlink()
    well_kept.KARTOTEKA = dataclasses.replace(well_kept.KARTOTEKA, backups=key.parent)
    assert "The key lies among the backups" in said(Level.ERROR)


def test_a_key_beside_the_base(well_kept: Any) -> None:
    given = well_kept.KARTOTEKA
    shutil.copy(given.key_path, given.home / "key")
    well_kept.KARTOTEKA = dataclasses.replace(given, key_file=None)
    assert ("The key lies beside the base" in said(Level.WARNING)) == (connection.vendor == "sqlite")
    assert ("on the same disk" in said(Level.WARNING)) == (connection.vendor == "sqlite")


def test_who_comes_in(well_kept: Any) -> None:
    now = timezone.now()
    long_ago = now - timedelta(days=100)
    anna = Staff.objects.create_user(email="a@example.com", name="Anna", role="owner", last_login=now)
    Staff.objects.create_user(email="o@example.com", name="Ola", role="staff", last_login=now)
    assert "No second factor for: Anna." in said(Level.WARNING)
    Authenticator.objects.create(user=anna, type="totp", data={})
    assert "second factor" not in said()
    Staff.objects.filter(name="Ola").update(joined_at=long_ago, last_login=long_ago)
    assert "Not signed in for 90 days: Ola." in said(Level.WARNING)
    Staff.objects.filter(name="Ola").update(is_active=False)
    assert "90 days" not in said()
    for number in range(4):
        Staff.objects.create_user(email=f"{number}@example.com", role="owner")
    assert "5 of your staff are owners" in said(Level.WARNING)
    Token.objects.create(name="till", hash="1")
    Token.objects.create(name="shop", hash="2", used_at=long_ago)
    Token.objects.filter(name="till").update(made_at=long_ago)
    assert "never used: till." in said(Level.WARNING)
    assert "no program used for 90 days: shop." in said(Level.WARNING)
    Token.objects.update(ended_at=now)
    assert "Tokens" not in said()


def test_the_audit_the_clock_the_port_and_the_key(well_kept: Any) -> None:
    guards.take_down()
    assert "The audit is not guarded" in said(Level.ERROR)
    AuditEntry.objects.update(at=timezone.now() + timedelta(hours=1))
    assert "clock is behind" in said(Level.ERROR)
    AuditEntry.objects.update(at=timezone.now() - timedelta(hours=1))
    AuditLink.objects.all().delete()
    assert "the worker does not run" in said(Level.WARNING)
    guards.put_up()
    (well_kept.KARTOTEKA.home / rotation.STAMP).touch()
    assert "change of the key was stopped" in said(Level.WARNING)
    well_kept.KARTOTEKA = dataclasses.replace(well_kept.KARTOTEKA, listen="0.0.0.0:8000")
    assert "listens on every network" in said(Level.WARNING)
    well_kept.ALLOWED_HOSTS = ["*"]
    assert "answers under any name" in said(Level.ERROR)


def test_a_copy_that_failed_or_was_never_restored(well_kept: Any) -> None:
    BackupCopy.objects.update(counted={})
    assert "read through, but not restored" in said(Level.WARNING)
    BackupCopy.objects.create(
        state="failed", problem="The disk is full.", begun_at=timezone.now(), place="/x"
    )
    assert "The last backup failed: The disk is full." in said(Level.ERROR)


def test_a_home_open_to_others(well_kept: Any) -> None:
    well_kept.KARTOTEKA.home.chmod(0o777)
    assert "Others on this machine can change files" in said(Level.ERROR)


def test_a_plain_base(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "plain.db") as plain:
        plain.execute("CREATE TABLE t (word text)")
    name, vendor = connection.settings_dict["NAME"], connection.vendor
    connection.settings_dict["NAME"] = str(tmp_path / "plain.db")
    try:
        found = list(check.encryption())
    finally:
        connection.settings_dict["NAME"] = name
    assert bool(found) == (vendor == "sqlite")


@pytest.mark.parametrize(
    ("hosts", "listen", "secure", "heard"),
    [
        (["localhost"], "127.0.0.1:8000", False, False),
        (["crm.example"], "127.0.0.1:8000", False, True),
        (["crm.example"], "127.0.0.1:8000", True, False),
        (["localhost"], ":8000", False, True),
        (["localhost"], "0.0.0.0:8000", False, True),
    ],
)
def test_cookies(settings: Any, hosts: list[str], listen: str, secure: bool, heard: bool) -> None:
    settings.ALLOWED_HOSTS = hosts
    settings.KARTOTEKA = dataclasses.replace(settings.KARTOTEKA, listen=listen, secure=secure)
    assert bool(list(check.cookies())) == heard


def test_debugging(settings: Any) -> None:
    settings.DEBUG = True
    assert "Debugging is on" in said(Level.ERROR)


def test_an_old_copy_or_none(well_kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda real=timezone.now: real() + timedelta(days=30))
    assert "The last backup is of" in said(Level.WARNING)
    BackupCopy.objects.all().delete()
    assert "No backup was ever made" in said(Level.WARNING)


def test_a_base_that_is_behind() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'trust' RETURNING name")
        names = [row[0] for row in cursor.fetchall()]
    try:
        assert "older than this version" in said(Level.ERROR)
    finally:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('trust', %s, '2026-01-01')",
                [(name,) for name in names],
            )
    assert "older than this version" not in said()


def test_postgres_on_another_machine_without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    wrapper = connections["default"]
    monkeypatch.setattr(wrapper, "vendor", "postgresql")
    for host, options, heard in [
        ("db.example", {}, True),
        ("db.example", {"sslmode": "require"}, True),
        ("db.example", {"sslmode": "verify-full"}, False),
        ("localhost", {}, False),
        ("/run/postgresql", {}, False),
    ]:
        monkeypatch.setitem(wrapper.settings_dict, "HOST", host)
        monkeypatch.setitem(wrapper.settings_dict, "OPTIONS", options)
        assert bool(list(check.postgres_tls())) == heard, (host, options)


def test_errors_come_first_and_a_failing_check_stops_none() -> None:
    def mild() -> list[Finding]:
        return [Finding(Level.WARNING, "mild", "later")]

    def failing() -> list[Finding]:
        raise RuntimeError("a secret of Halina's")

    before = list(registered)
    try:
        register(mild)
        register(mild)
        register(failing)
        found = run_all()
    finally:
        registered[:] = before
    texts = [str(finding.what) for finding in found]
    assert texts.count("mild") == 1
    assert "The check of failing failed (RuntimeError)." in texts
    assert not any("Halina" in text for text in texts)
    levels = [finding.level for finding in found]
    assert levels == sorted(levels, key=list(Level).index)
