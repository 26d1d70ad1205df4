"""What the guides say can be typed and asked is done here, word for word, in a shop of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.tokens import make_token
from tests import make

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDES = (
    "owner",
    "trust",
    "clerk",
    "agent",
    "marketer",
    "privacy",
    "policy",
    "developer",
    "orders",
    "shops",
    "worth",
)
SHOP = """id,first name,last name,phone,e-mail
1,Halina,Kowalska,600 100 200,halina@example.com
2,Jan,Lis,,jan@example.com
"""
NEWSLETTER = "e-mail,name\nhalina@example.com,Halina Kowalska\newa@example.com,Ewa Duda\n"


def blocks(language: str, guide: str) -> list[str]:
    """The lines of the guide's examples in this language."""
    text = (DOCS / "guide" / f"{guide}.md").read_text("utf-8")
    return [
        line
        for block in re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
        for line in block.splitlines()
    ]


@pytest.mark.slow
@pytest.mark.any_base
def test_what_can_be_typed(tmp_path: Path) -> None:
    (tmp_path / "shop.csv").write_text(SHOP, "utf-8")
    (tmp_path / "newsletter.csv").write_text(NEWSLETTER, "utf-8")
    command = tmp_path / "bin" / "kartoteka"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m kartoteka.cli.main "$@"\n')
    command.chmod(0o755)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("KARTOTEKA_", "DJANGO_"))
    }
    environment = {
        **kept,
        "KARTOTEKA_HOME": str(tmp_path / "home"),
        "PYTHONPATH": str(DOCS.parent / "src"),
        "PATH": f"{command.parent}:{kept['PATH']}",
    }

    def typed(line: str) -> str:
        done = subprocess.run(
            ["sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    card, told = "", ""
    for guide in GUIDES:
        lines = blocks("sh", guide)
        assert lines or guide in ("marketer", "trust", "policy", "worth")
        for line in lines:
            told += typed(line.replace("CARD", card))
        if guide == "owner":  # its last word was to undo; the others need people
            typed('kartoteka import shop.csv --source "Web shop" --ground contract --country PL')
            card = json.loads(typed("kartoteka search halina --json").splitlines()[0])["card"]
    for fact in ("2 would be new", "is undone", "read back", "Halina Kowalska", "+48600100200", "ktk_"):
        assert fact in told, fact


@pytest.mark.django_db
@pytest.mark.parametrize("guide", ["marketer", "developer"])
def test_what_can_be_asked(guide: str) -> None:
    cache.clear()
    make.csv_import(SHOP)
    token = make_token(name="guide", rights=[each.value for each in Right], by=SHELL)
    program = Client(headers={"authorization": f"Bearer {token}"})
    asked = blocks("http", guide)
    assert len(asked) >= 3
    for line in asked:
        method, path = line.split()
        assert getattr(program, method.lower())(path).status_code == 200, line


def test_every_link_leads_somewhere() -> None:
    for page in [DOCS / "README.md", DOCS.parent / "README.md", *(DOCS / "guide").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            assert "://" in link or (page.parent / link).exists(), f"{page.name}: {link}"
    assert {path.stem for path in (DOCS / "guide").glob("*.md")} == set(GUIDES)


def test_a_guide_is_a_screen() -> None:
    for guide in GUIDES:
        assert len((DOCS / "guide" / f"{guide}.md").read_text("utf-8").splitlines()) <= 60
