"""Writes docs/reference/ from the code, so that it cannot say anything else.

python tools/reference.py           writes what has changed
python tools/reference.py --check   only tells what has (exit 1)
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from kartoteka.project.env import Environment, variable

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"


def settings_page() -> str:
    """One row per setting: variable, meaning, default."""
    rows = [
        f"| `{variable(entry)}` | {entry.metadata['meaning']} | {_default(entry)} |"
        for entry in fields(Environment)
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            "Kartoteka is set up by environment variables; none is needed to start. Written from",
            "`src/kartoteka/project/env.py` by `make docs`.",
            "",
            "| variable | meaning | default |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _default(entry: Any) -> str:
    if entry.metadata["shown"]:
        return str(entry.metadata["shown"])
    if entry.default in ("", None):
        return "none"
    if isinstance(entry.default, bool):
        return f"`{int(entry.default)}`"
    value = ",".join(entry.default) if isinstance(entry.default, tuple) else entry.default
    return f"`{value}`"


PAGES: dict[str, Callable[[], str]] = {"settings.md": settings_page}


def main(arguments: list[str]) -> int:
    stale = []
    for name, page in PAGES.items():
        path, text = FOLDER / name, page()
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if "--check" not in arguments:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
    for name in stale:
        print(
            f"docs/reference/{name}: "
            + ("out of date; run `make docs`" if "--check" in arguments else "written")
        )
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
