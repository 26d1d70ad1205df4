"""Opt-out registers and quiet times on screen and by command."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kartoteka.cli.main import main
from kartoteka.consent.models import Listed, QuietRule, Register, RegisterFile
from kartoteka.consent.register_reading import run_due_reading
from tests import make

pytestmark = pytest.mark.django_db


def test_a_register_is_added_read_and_removed(owner: Client) -> None:
    make.person("Anna", "Lis", phone="+447911123456")
    assert "No register yet" in owner.get("/registers/").content.decode()
    owner.post("/registers/add", {"key": "tps"})
    assert "never read" in owner.get("/registers/").content.decode()
    file = SimpleUploadedFile("tps.txt", b"07911123456\n07911123457\n")
    owner.post("/registers/tps/read", {"file": file, "as_of": "2026-01-05"})
    assert "It waits for the worker" in owner.get("/registers/tps/state").content.decode()
    assert run_due_reading()
    assert owner.get("/registers/tps/state")["HX-Refresh"] == "true"
    page = owner.get("/registers/").content.decode()
    assert "2 entries, 1 of them in your base" in page
    assert "too old" in page
    owner.post("/registers/tps/remove")
    assert not Register.objects.exists()
    assert not Listed.objects.exists()


def test_what_is_wrong_is_said_beside_the_field(owner: Client) -> None:
    answer = owner.post("/registers/add", {"name": "Ours", "country": "PL", "days": "x"})
    assert answer.status_code == 422
    assert "by which ways" in answer.content.decode()
    owner.post("/registers/add", {"name": "Ours", "country": "PL", "channel": ["email", "post"], "days": ""})
    for sent in ({}, {"file": SimpleUploadedFile("a.csv", b"x\ny\n"), "as_of": "2026-01-05"}):
        page = owner.post("/registers/ours/read", sent, follow=True).content.decode()
        if run_due_reading():
            page = owner.get("/registers/").content.decode()
        assert "Choose the register" in page or "no phone and no e-mail" in page
    assert not RegisterFile.objects.exclude(read_at=None).exists()


def test_quiet_times_are_changed_and_given_back(owner: Client) -> None:
    assert "by law" in owner.get("/quiet/").content.decode()
    wrong = owner.post("/quiet/", {"country": "PL", "hours": "soon", "channel": ["phone"]})
    assert wrong.status_code == 422
    assert "Mon-Fri 9-20, Sat 10-16." in wrong.content.decode()
    owner.post(
        "/quiet/", {"country": "PL", "hours": "Mon-Fri 10-12", "channel": ["phone"], "off": "2026-12-24"}
    )
    rule = QuietRule.objects.get()
    assert (rule.hours, rule.holidays, rule.off) == ("Mon-Fri 10-12", False, ["2026-12-24"])
    assert "Back to the usual ones" in owner.get("/quiet/?country=PL").content.decode()
    owner.post("/quiet/", {"country": "PL", "unset": "yes"})
    assert not QuietRule.objects.exists()


def test_only_who_sets_up_comes_here(clerk: Client) -> None:
    for address in ("/registers/", "/quiet/"):
        assert clerk.get(address).status_code == 403
    clerk.post("/registers/add", {"key": "tps"})
    clerk.post("/quiet/", {"country": "PL", "hours": "Mon-Fri 10-12", "channel": ["phone"]})
    assert not Register.objects.exists()
    assert not QuietRule.objects.exists()


def test_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make.person("Anna", "Lis", phone="+447911123456")
    file = tmp_path / "tps.txt"
    file.write_text("07911 123456\n")
    assert main(["register", "read", "tps", str(file)]) == 0
    assert main(["register", "list"]) == 0
    assert "1 of ours" in capsys.readouterr().out
    assert main(["register", "read", "nobody", str(file)]) == 1
    assert "There is no such register" in capsys.readouterr().err
