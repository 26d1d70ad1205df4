"""Entries an examiner wrote down with their labels before looking at the code: cases/*_examined.txt."""

from pathlib import Path

_CASES = Path(__file__).with_name("cases")


def entries(name: str, fields: int) -> list[tuple[str, str, tuple[str, ...]]]:
    """(country, text as typed, the labels) of each line; a label left out is "", "?" is not looked at."""
    found = []
    for line in (_CASES / f"{name}_examined.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        country, typed, *labels = line.split("|")
        found.append((country, typed, tuple(labels) + ("",) * (fields - len(labels))))
    return found
