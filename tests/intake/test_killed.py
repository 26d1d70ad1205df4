"""An import that is killed loses nothing and doubles nothing, whoever takes it up again, and whenever it died."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

SAID = ("--source", "shop", "--ground", "contract", "--country", "PL", "--map", "key=id")
ROWS = 24_000  # several chunks, so that it can die between two of them
NOBODY = 4321
NAME = f"kartoteka_killed_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
# Which row is whom, and every record.
Base = tuple[list[tuple[str, ...]], str]
pytestmark = pytest.mark.slow


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop of its own in a scratch folder, on the database that the suite runs on."""
    yield from _opened(tmp_path / "one", NAME)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """The base where nothing was killed."""
    folder = tmp_path_factory.mktemp("whole")
    for shop in _opened(folder / "home", NAME + "_whole"):
        shop.bring(written_to(folder))
        return shop.base()
    raise AssertionError


def _opened(home: Path, name: str) -> Iterator[Shop]:
    if not (url := os.environ.get("KARTOTEKA_TEST_POSTGRES_URL", "")):
        yield Shop(home, "")
        return
    with psycopg.connect(url, dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield Shop(home, urlsplit(url)._replace(path=f"/{name}").geturl())
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Shop:
    """Kartoteka as it is typed: every command a process of its own over this home."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("KARTOTEKA_", "DJANGO_"))
        }
        self.environment = {**kept, "KARTOTEKA_HOME": str(home), "PYTHONPATH": "src"}
        if url:
            self.environment["KARTOTEKA_DATABASE_URL"] = url
        self("init")

    def begin(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "kartoteka.cli.main", *words],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __call__(self, *words: str) -> str:
        process = self.begin(*words)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        return out

    def bring(self, file: Path) -> dict[str, object]:
        return dict(json.loads(self("import", str(file), *SAID, "--json")))

    def django(self, code: str) -> str:
        return self("django", "shell", "--no-imports", "-c", code).strip()

    def base(self) -> Base:
        """Which rows are whom (customers by their place among all, as card numbers differ), and every record."""
        out = self.home / "identities.csv"
        self("export", "identities", str(out))
        with out.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        first: dict[str, str] = {}
        for row in sorted(rows, key=lambda row: (row["source"], row["file"], int(row["row"]))):
            first.setdefault(row["customer"], f"{row['source']} {row['file']} {row['row']}")
        told = sorted(
            (row["source"], row["file"], row["row"], row["key"], first[row["customer"]]) for row in rows
        )
        return told, self.django("from tests.make import base; print(*base(), sep=chr(10))")

    def done(self) -> int:
        """How many rows of imports are written by now."""
        code = "from kartoteka.intake.models import Import; print(sum(Import.objects.values_list('rows_done', flat=True)))"
        return int(self.django(code))


def written_to(folder: Path) -> Path:
    """A file of rows of which some are the same customer again and one is nobody."""
    path = folder / "customers.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "first name", "last name", "phone", "e-mail"])
        for number in range(ROWS):
            key = number if number % 10 else number // 2
            row = [
                key,
                f"Anna{chr(97 + number % 26)}",
                f"Nowak{chr(97 + number // 26 % 26)}",
                f"600{number:06}",
                "",
            ]
            writer.writerow(["", "", "?", "", ""] if number == NOBODY else row)
    return path


def killed(begun: subprocess.Popen[str]) -> None:
    """As by kill -9: the process and those it started, at once."""
    os.killpg(begun.pid, signal.SIGKILL)
    begun.communicate()


# Looks on at the base, and kills the import that is told to it once so many rows are written.
WATCHER = """
import os, sys, time
from kartoteka.intake.models import Import
def done(): return sum(Import.objects.values_list("rows_done", flat=True))
done()
print("ready", flush=True)
group = int(sys.stdin.readline())
while done() < {rows}: time.sleep(0.02)
os.killpg(group, 9)
"""


def killed_after(shop: Shop, file: Path, *, rows: int) -> None:
    """Begin the import and kill it once so many rows are written."""
    watcher = shop.begin("django", "shell", "--no-imports", "-c", WATCHER.format(rows=rows))
    assert watcher.stdin
    assert watcher.stdout
    assert watcher.stdout.readline() == "ready\n", watcher.communicate()
    begun = shop.begin("import", str(file), *SAID)
    try:
        _out, err = watcher.communicate(f"{begun.pid}\n", timeout=240)
        assert watcher.returncode == 0, err
        begun.communicate(timeout=60)
    finally:
        watcher.kill()
        if begun.poll() is None:
            killed(begun)
    assert begun.returncode == -signal.SIGKILL
    assert rows <= shop.done() < ROWS, "it died on its way"


def test_killed_twice_and_begun_again_is_as_never_killed(shop: Shop, tmp_path: Path, wanted: Base) -> None:
    file = written_to(tmp_path)
    begun = shop.begin("import", str(file), *SAID)
    time.sleep(1)  # while it starts and reads the file, before the first row is written
    killed(begun)
    killed_after(shop, file, rows=2000)
    again = shop.bring(file)
    assert (again["state"], again["rows"], again["refused"]) == ("done", ROWS, 1)
    assert shop.base() == wanted
    assert shop.bring(file)["import"] == again["import"], "the same file once more is nothing new"
    assert shop.base() == wanted


def test_of_two_workers_one_takes_up_what_was_left(shop: Shop, tmp_path: Path, wanted: Base) -> None:
    killed_after(shop, written_to(tmp_path), rows=2000)
    shop.django(
        "import datetime as dt; from django.utils import timezone; from kartoteka.intake.models import Import;"
        "Import.objects.update(heartbeat=timezone.now() - dt.timedelta(minutes=5))"
    )
    workers = [shop.begin("work", "--once") for _ in range(2)]
    for each in workers:
        _out, err = each.communicate(timeout=300)
        assert each.returncode == 0, err
    assert shop.base() == wanted
