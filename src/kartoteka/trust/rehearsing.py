"""A copy put to the test: its base is restored into a scratch place, opened with our own code and counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kartoteka.kit.otherbase import in_use

from .actor import SYSTEM
from .chain import Head
from .dumps import DumpError, engine
from .vault import Vault
from .verifying import verify

_counters: dict[str, Callable[[], int]] = {}


def count_too(name: str, count: Callable[[], int]) -> None:
    """Have this counted in every restored copy. Called from an app's `ready()`."""
    _counters[name] = count


def counted_now() -> dict[str, int]:
    """What the counters find in the base in use."""
    return {name: count() for name, count in _counters.items()}


def rehearse(dump: Path, *, vault: Vault, head: Head | None) -> dict[str, int]:
    """Restore the dump into a scratch base, have our own code read it, follow its audit; what was counted.

    head: where the audit's chain ended when the copy was made. Empty where the server lets us make no scratch base (on
    PostgreSQL that needs the right CREATEDB): the dump was read through before, no more. Raises DumpError for a copy that
    would be no good.
    """
    with engine().opened(dump, vault=vault) as scratch:
        if scratch is None:
            return {}
        with in_use(scratch):
            found = counted_now()
            verdict = verify(actor=SYSTEM, known=head, outside=False)
    faults = [each for each in verdict.faults if each.kind != "unguarded"]
    if faults:
        raise DumpError(f"The audit in the copy is not whole: {faults[0].what}")
    return {**found, "audit": verdict.entries}
