"""Exports of well-known programs, recognised by their heading row (presets.txt)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kartoteka.intake.files.headings import fold


@dataclass(slots=True)
class Preset:
    """One program's export: the folded headings that give it away, and folded heading -> field key (""
    unmapped).
    """

    name: str
    signature: frozenset[str] = frozenset()
    fields: dict[str, str] = field(default_factory=dict)


@cache
def presets() -> list[Preset]:
    found: list[Preset] = []
    for line in Path(__file__).with_name("presets.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            found.append(Preset(line.strip("[]")))
        elif line.startswith("signature:"):
            found[-1].signature = frozenset(map(fold, line.removeprefix("signature:").split(",")))
        elif "=" in line and not line.startswith("#"):
            heading, _, key = line.rpartition("=")
            found[-1].fields[fold(heading)] = key.strip()
    return found


def preset_of(columns: Iterable[str]) -> Preset | None:
    """The program whose export has these headings, if it is known."""
    folded = set(map(fold, columns))
    return next((preset for preset in presets() if preset.signature <= folded), None)
