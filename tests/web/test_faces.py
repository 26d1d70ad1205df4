"""A page makes one call into a domain and never reads or writes rows itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import kartoteka.web

pytestmark = pytest.mark.any_base

MODULES = sorted(Path(kartoteka.web.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_pages_never_touch_rows(path: Path) -> None:
    reached = [
        f"{path.name}:{node.lineno}: .{node.attr}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "save", "delete", "_default_manager")
    ]
    assert reached == []
