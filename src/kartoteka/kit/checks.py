"""The registry of self-checks: each looks at one matter and tells what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from .shut import why_shut


class Level(StrEnum):
    """How bad it is: an error makes data unsafe or the program unusable, a warning will one day."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be: `what` is wrong, what to `do`. Both are for a person."""

    level: Level
    what: str | Promise
    do: str | Promise


Check = Callable[[], Iterable[Finding]]
_checks: list[Check] = []


def register(check: Check) -> Check:
    """Add a check; usable as a decorator. The same one twice counts once."""
    if check not in _checks:
        _checks.append(check)
    return check


def run_all() -> list[Finding]:
    """The findings of every check, errors first. A check that fails is a finding and stops no other.

    Where it fails by what another has found (a key that cannot be read, a server that is gone shut the base to most), once
    is enough.
    """
    found: list[Finding] = []
    failed: list[tuple[Check, Exception]] = []
    for check in _checks:
        try:
            found += check()
        except Exception as error:
            failed.append((check, error))
    told = {str(finding.what) for finding in found}
    for check, problem in failed:
        if why := why_shut(problem):
            said = f"The base cannot be opened or written: {why}."
            do = "See that its server runs, that KARTOTEKA_DATABASE_URL names it rightly, and that the disk has room."
            found += [Finding(Level.ERROR, said, do)] if said not in told else []
            told.add(said)
        elif str(problem) not in told:
            said = f"The check of {check.__name__.replace('_', ' ')} failed ({type(problem).__name__})."
            found.append(Finding(Level.ERROR, said, "Look into the log, or ask for help."))
    return sorted(found, key=lambda finding: list(Level).index(finding.level))
