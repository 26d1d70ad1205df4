"""The self-check: what fails is told, and what shuts everything is told once."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from kartoteka.kit import checks
from kartoteka.kit.checks import Finding, Level

pytestmark = pytest.mark.any_base


def test_a_cause_is_told_once_and_other_failures_each(monkeypatch: pytest.MonkeyPatch) -> None:
    def tables() -> list[Finding]:
        raise ValueError("The key is open to all.")

    def the_clock() -> list[Finding]:
        raise OSError("no clock")

    def key() -> list[Finding]:
        return [Finding(Level.WARNING, "The key is open to all.", "Close it.")]

    monkeypatch.setattr(checks, "_checks", [tables, the_clock, key])
    assert [(each.level, each.what) for each in checks.run_all()] == [
        (Level.ERROR, "The check of the clock failed (OSError)."),
        (Level.WARNING, "The key is open to all."),
    ]


def test_a_base_that_is_gone_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def first() -> list[Finding]:
        raise OperationalError("unable to open database file")

    def second() -> list[Finding]:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(checks, "_checks", [first, second])
    [found] = checks.run_all()
    assert str(found.what) == "The base cannot be opened or written: unable to open database file."
