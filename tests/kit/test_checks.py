"""The self-check: what fails is told, and what shuts everything is told once."""

from __future__ import annotations

import pytest

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
