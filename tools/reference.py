"""Writes docs/reference/ from the code, so that it cannot say anything else.

python tools/reference.py           writes what has changed
python tools/reference.py --check   only tells what has (exit 1)
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import django

from kartoteka.cli.main import _parser
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


def api_page() -> str:
    """One row per route: method, path, the rights it needs, what it does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kartoteka.project.settings")
    django.setup()
    from kartoteka.api.urls import api

    described = api.get_openapi_schema()
    rows = [
        f"| `{method.upper()} {path}` | {', '.join(operation['x-rights'])} | {operation['summary']} |"
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    words = described["components"]["schemas"]["Problem"]["properties"]["error"]["description"]
    return "\n".join([*_API, *rows, "", "## Refusals", "", *_REFUSALS, "", words, ""])


_API = (
    "# The API",
    "",
    "For programs: everything a page can do with customers, imports and matches. The whole description, with every field",
    "and examples, is served at `/api/v1/openapi.json`, and as a page at `/api/v1/docs`. This page is written from it by",
    "`make docs`.",
    "",
    "Make a token with the rights the program needs, and no more:",
    "",
    '    kartoteka token "web shop" --rights change',
    "",
    "It is shown once. Send it with every call; cookies are never looked at:",
    "",
    '    curl -H "Authorization: Bearer ktk_..." http://127.0.0.1:8000/api/v1/customers?tag=regular',
    "",
    '    curl -H "Authorization: Bearer ktk_..." -H "Content-Type: application/json" \\',
    '      -d \'{"values": {"name": "Anna Kowalska", "phones": ["600 100 200"]}, "ground": "contract",',
    '           "source": "shop", "key": "881", "country": "PL"}\' http://127.0.0.1:8000/api/v1/customers',
    "",
    '    curl -H "Authorization: Bearer ktk_..." -F file=@customers.csv -F source=newsletter -F ground=consent \\',
    "      http://127.0.0.1:8000/api/v1/imports",
    "",
    "- The same `source` and `key` is the same customer: a call that is sent twice makes one.",
    "- Sensitive fields (income, children, identity numbers, own fields marked so) are absent without the right",
    "  `see_sensitive`, and so is every filter on them.",
    "- Lists come page by page: give the `after` of a page to get the next. It stays valid while rows come and go.",
    "- Imports and matching are done by the worker: ask for their state until `busy` is false or the run is `done`.",
    "",
    "| route | rights | what it does |",
    "|---|---|---|",
)
_REFUSALS = (
    'Every refusal is `{"error": "invalid", "message": "a sentence for people", "field": "ground"}`; `field` may',
    "be null. Codes: 400 cannot be read, 401 no token that works, 403 a right is missing, 404 not there, 409 not in this",
    "state, 413 too large, 422 a value cannot be so, 429 too many wrong tokens from one address.",
)


def cli_page() -> str:
    """A section per command: how it is called, and what each of its words does."""
    parser = _parser()
    commands = next(each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    told = {each.dest: each.help or "" for each in commands._choices_actions}
    lines = ["# Commands", "", *_CLI]
    for name, command in commands.choices.items():
        called = " ".join(command.format_usage().removeprefix("usage: ").split())
        lines += [
            "",
            f"## {name}",
            "",
            f"{told.get(name, '')[:1].upper()}{told.get(name, '')[1:]}.",
            "",
            f"    {called}",
            "",
        ]
        lines += [
            f"- `{', '.join(each.option_strings) or each.metavar or each.dest}`: {_said(each)}"
            for each in command._actions
            if each.dest != "help"
        ]
    return "\n".join([line for line in lines if line is not None]).rstrip() + "\n"


def _said(action: argparse.Action) -> str:
    said = action.help or _USUAL.get(action.dest, "")
    if action.choices:
        said = ", ".join([said, "one of " + ", ".join(map(str, action.choices))]).removeprefix(", ")
    return said + (" (must be given)" if action.option_strings and action.required else "")


_USUAL = {
    "customers": "how many there are to be in it",
    "limit": "at most so many",
    "json": "answer in JSON, for programs",
    "name": "what the program is called",
}
_CLI = (
    "Each ends with 0 when it was done, 1 when it was refused (the reason on standard error), 2 when it was called",
    "wrongly. Written from the commands themselves by `make docs`.",
)


def rule_page() -> str:
    """How the rule of a group is written, as a JSON schema."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kartoteka.project.settings")
    django.setup()
    from kartoteka.segments.schema import rule_schema

    return json.dumps(rule_schema(), indent=2, ensure_ascii=False) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "settings.md": settings_page,
    "api.md": api_page,
    "segment-rule.schema.json": rule_page,
}


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
