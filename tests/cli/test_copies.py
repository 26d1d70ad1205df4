"""Backup, restore and check as they are typed: an installation moves to another folder with nothing but its key."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.any_base]


def kartoteka(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("KARTOTEKA_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "kartoteka.cli.main", *words],
        env={**kept, "KARTOTEKA_HOME": str(home), "PYTHONPATH": "src", **more},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_installation_moves_with_its_copy_and_its_key(tmp_path: Path) -> None:
    old, new, disk = tmp_path / "old", tmp_path / "new", tmp_path / "disk"
    assert kartoteka(old, "init").returncode == 0
    made = kartoteka(old, "backup", str(disk), "--json")
    assert made.returncode == 0, made.stderr
    copy = json.loads(made.stdout)
    assert Path(copy["path"]).parent == disk

    refused = kartoteka(new, "restore", copy["path"])
    assert refused.returncode == 1
    assert "The key is missing" in refused.stderr
    assert not new.exists()

    new.mkdir(mode=0o700)
    shutil.copy(old / "key", new / "key")
    assert "There is no base here yet" in kartoteka(new, "figures").stderr, "leaves an empty file"
    restored = kartoteka(new, "restore", copy["path"], "--json")
    assert restored.returncode == 0, restored.stderr
    assert "If anybody was forgotten since it was made, they are back" in restored.stderr, "nobody told whom"
    assert json.loads(restored.stdout)["rows"] == copy["rows"]
    assert kartoteka(new, "init").returncode == 0

    again = kartoteka(new, "restore", copy["path"])
    assert again.returncode == 1
    assert again.stderr.startswith("kartoteka: There is a base already")


def test_the_wrong_key_and_the_self_check_speak_plainly(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert f"its key, {home / 'key'}, elsewhere" in kartoteka(home, "init").stdout
    told = kartoteka(tmp_path / "other", "init", KARTOTEKA_KEY="ab" * 32).stdout
    assert "Keep a copy of the key in KARTOTEKA_KEY elsewhere" in told
    wrong = kartoteka(home, "init", KARTOTEKA_KEY="ab" * 32)
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("kartoteka: The key does not open the base")
    assert "Traceback" not in wrong.stderr

    said = kartoteka(home, "check")
    assert (said.returncode, "No backup was ever made" in said.stdout) == (0, True), said.stderr
    (home / "key").chmod(0o644)
    said = kartoteka(home, "check")
    assert said.returncode == 1
    assert "chmod 600" in said.stdout
