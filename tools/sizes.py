"""Names every file of ours that has grown past what a reader can hold in mind (450 lines)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 450
KINDS = {".py", ".html", ".js", ".css", ".sh"}
WRITTEN_BY_MACHINES = ("migrations", "vendor")


def too_long() -> list[tuple[int, str]]:
    """Lines and path of each file over the limit, the longest first; only files git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in KINDS and path.is_file() and not set(path.parts) & set(WRITTEN_BY_MACHINES):
            lines = len(path.read_text("utf-8").splitlines())
            if lines > LIMIT:
                found.append((lines, name))
    return sorted(found, reverse=True)


def main() -> int:
    found = too_long()
    for lines, name in found:
        print(f"{name}: {lines} lines; split it by matter (at most {LIMIT})")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
