"""Faces parse, make one call into a domain, and render: none of them asks the database by itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

pytestmark = pytest.mark.any_base

SOURCE = Path(__file__).resolve().parents[2] / "src" / "kartoteka"
FACES = [path for face in ("web", "api", "cli") for path in sorted((SOURCE / face).rglob("*.py"))]
MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})
# What is called on a manager or a queryset, and on nothing else that a face holds.
QUERIES = frozenset({
    "all", "filter", "exclude", "aggregate", "annotate", "values_list", "bulk_create", "bulk_update", "create",
    "get_or_create", "update_or_create", "in_bulk", "order_by", "select_related", "prefetch_related", "delete", "exists",
    "raw", "iterator",
})  # fmt: skip
# The watchdog asks whether the base answers at all; the server closes its connections before it forks; `init` brings the
# tables up to date.
MAY_HOLD_A_CONNECTION = {"web/health.py", "cli/serve.py", "cli/base.py"}


def related() -> frozenset[str]:
    """The names under which rows of our models reach others: `customer.identities`, `file_import.row_problems`."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("kartoteka.")]
    return frozenset(
        name for model in ours for each in model._meta.related_objects if (name := each.get_accessor_name())
    )


def touched(code: str) -> Iterator[str]:
    """Where code reaches a manager, a queryset's method on a relation, a connection or raw SQL."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            yield f"line {node.lineno}: .{node.attr}"
        elif (
            isinstance(node, ast.Attribute)
            and node.attr in QUERIES
            and isinstance(node.value, ast.Attribute)
            and node.value.attr in related()
        ):
            yield f"line {node.lineno}: .{node.value.attr}.{node.attr}"
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
            names = {each.name for each in node.names}
            if (module == "django.db" and names - {"DatabaseError"}) or module.startswith("django.db.models"):
                yield f"line {node.lineno}: {module}"
            if names & {"get_object_or_404", "get_list_or_404"}:
                yield f"line {node.lineno}: {', '.join(sorted(names))}"


@pytest.mark.parametrize("path", FACES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_face_leaves_the_base_to_the_domains(path: Path) -> None:
    name = path.relative_to(SOURCE).as_posix()
    found = list(touched(path.read_text("utf-8")))
    if name in MAY_HOLD_A_CONNECTION:
        found = [each for each in found if "django.db" not in each]
    assert not found, f"{name} asks the base itself; write it in a domain: {found}"


@pytest.mark.parametrize(
    "code",
    [
        "Customer.objects.get(pk=1)",
        "rows = done.row_problems.all()[:20]",
        "model._default_manager.count()",
        "from django.db.models import Q",
        "from django.shortcuts import get_object_or_404",
    ],
)
def test_what_a_face_must_not_is_seen(code: str) -> None:
    assert list(touched(code))


def test_what_a_face_may_is_not_taken_for_it() -> None:
    assert not list(
        touched("found = list_customers(actor=actor, wish=wish)\nform.data.get('a')\nsession.delete('x')")
    )
