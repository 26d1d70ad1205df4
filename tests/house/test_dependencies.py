"""What the code imports is asked for by name: nothing stands only on what happened to be installed beside it."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_base

ROOT = Path(__file__).resolve().parents[2]
# Also what only the type checker reads.
OURS = {"kartoteka", "tests", "bench", "tools", "setuptools", "_typeshed"}
NAME = re.compile(r"^[\w.-]+")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def asked_for(*lists: str) -> frozenset[str]:
    lines = [
        line for name in lists for line in (ROOT / "requirements" / name).read_text("utf-8").splitlines()
    ]
    return frozenset(plain(found[0]) for line in lines if (found := NAME.match(line)))


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    # A folder's own modules are told by the path, not by what is installed.
    beside = {other.stem for other in path.parent.iterdir()}
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names - OURS - beside - sys.stdlib_module_names


@pytest.mark.parametrize(
    ("folder", "lists"),
    [
        ("src", ("run.in",)),
        ("tools", ("run.in", "dev.in")),
        ("tests", ("run.in", "dev.in")),
        ("bench", ("run.in", "dev.in")),
    ],
)
def test_what_is_imported_is_asked_for(folder: str, lists: tuple[str, ...]) -> None:
    given = packages_distributions()
    missing: dict[str, set[str]] = {}
    for path in (ROOT / folder).rglob("*.py"):
        for name in imported(path):
            if not asked_for(*lists) & {plain(one) for one in given.get(name, [name])}:
                missing.setdefault(name, set()).add(str(path.relative_to(ROOT)))
    assert missing == {}
