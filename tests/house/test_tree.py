"""The tree itself: its names, the size of its files, what it must not name, and that what is read is translatable."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tools import sizes, words

pytestmark = pytest.mark.any_base

ROOT = Path(__file__).resolve().parents[2]
# The names of drawers into which anything goes, instead of the matter's own.
DRAWERS = re.compile(r"(^|_)(helpers?|utils?|utilities|services?|common|misc|managers?|stuff)$")
# Hosts are put together here, so that this file is no finding of its own.
HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("proxy", "golang", "org"),
        ("crates", "io"),
    )
)
# A person's or a machine's own folders.
PATHS = re.compile(r"(?<![\w.$}~])/(?:work|root|opt|mnt|home/(?!\w*example)\w+|Users/\w+)/[\w.-]")


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


FILES = committed()


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="ignore")


def test_the_walk_sees_the_tree() -> None:
    assert {ROOT / "README.md", ROOT / "Makefile", Path(__file__)} <= set(FILES) | {Path(__file__)}
    assert len(FILES) > 200


def test_no_file_is_too_long() -> None:
    assert sizes.too_long() == []


def test_no_file_is_a_drawer_for_anything() -> None:
    code = [path for path in FILES if path.suffix in (".py", ".js", ".css", ".html")]
    assert [str(path) for path in code if DRAWERS.search(path.stem) or DRAWERS.search(path.parent.name)] == []


@pytest.mark.parametrize("host", HOSTS)
def test_nothing_names_a_registry(host: str) -> None:
    assert [path.name for path in FILES if host in text_of(path).lower()] == []


def test_nothing_names_a_machine() -> None:
    found = {
        str(path.relative_to(ROOT)): PATHS.findall(text_of(path)) for path in FILES if path.suffix != ".lock"
    }
    assert {name: paths for name, paths in found.items() if paths} == {}


def test_a_path_of_a_machine_is_seen() -> None:
    assert PATHS.search("open('/" + "root/base.db')")
    assert not PATHS.search("${HOME}/work/x ~/work/x kartoteka/work/x")


def test_every_text_of_a_template_is_wrapped() -> None:
    pages = [path for path in words.templates() if path.suffix == ".html"]
    assert len(pages) > 20
    found = {path.name: said for path in pages if (said := words.unwrapped(path.read_text("utf-8")))}
    assert found == {}


# A sentence given to a person where they look: raised, put on a form, said in a message.
SAYS = re.compile(
    r"(?:messages\.\w+\(request, |toast\([^,]+, |CannotImport\(|CannotMerge\(|CannotSplit\(|BadValue\([^,()]+, |"
    r"(?:verbose_name(?:_plural)?|help_text|label)=)f?[\"']\w+ ?"
)


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in FILES
        if "src/kartoteka" in str(path) and path.suffix == ".py" and "migrations" not in path.parts
    ],
    ids=lambda path: str(path.relative_to(ROOT / "src" / "kartoteka")),
)
def test_every_sentence_of_the_code_is_wrapped(path: Path) -> None:
    if path.parent.name == "cli":
        return  # the command line speaks English, as its options do
    assert [found[0] for found in SAYS.finditer(text_of(path))] == []
