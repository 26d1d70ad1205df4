"""The same file started twice in one instant comes in once: in threads at a barrier, and in processes as they are typed."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from kartoteka.intake import whole
from kartoteka.intake.models import Import
from kartoteka.intake.receiving import CannotImport, SameFile, receive, settle
from kartoteka.intake.running import ask_for_run, run
from kartoteka.intake.whole import import_stream, queue_stream
from kartoteka.kit.jobs import run_all_due
from kartoteka.people.models import Claim, Customer
from kartoteka.trust.actor import SHELL

from .test_killed import Shop, shop  # noqa: F401 (a fixture)

FILE = "name,phone\n" + "".join(f"Anna Nowak{n},+4860010{n:04}\n" for n in range(200))


def together(*calls: Callable[[], object]) -> list[object]:
    """What came of these calls, each made in a thread with a connection of its own."""

    def call(one: Callable[[], object]) -> object:
        try:
            return one()
        except CannotImport as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(call, calls))


def ready() -> Import:
    found = receive(stream=io.BytesIO(FILE.encode()), name="a.csv", by=SHELL)
    return settle(file_import=found, by=SHELL, source="shop", ground="contract")


def came_in_once() -> None:
    assert (Customer.objects.count(), Claim.objects.count()) == (200, 200)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("start", [run, lambda each: ask_for_run(file_import=each, by=SHELL)])
def test_of_two_that_start_in_one_instant_one_is_told(start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have looked whether the file is there before either begins: then only the database can tell."""
    both_looked = threading.Barrier(2)
    looked = threading.local()

    def look(file_import: Import) -> Import | None:
        if not hasattr(looked, "once"):
            looked.once = True
            both_looked.wait(timeout=60)
            return None
        return whole.same_file_before(file_import)

    monkeypatch.setattr("kartoteka.intake.running.same_file_before", look)
    one, other = ready(), ready()
    found = together(lambda: start(one), lambda: start(other))
    monkeypatch.undo()
    assert [type(each) for each in found if isinstance(each, Exception)] == [SameFile]
    assert "imported already" in str(next(each for each in found if isinstance(each, SameFile)))
    run_all_due()
    came_in_once()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("take", [import_stream, queue_stream])
def test_both_are_answered_with_the_one_import(take) -> None:
    def bring() -> int:
        stream = io.BytesIO(FILE.encode())
        return int(take(stream=stream, name="a.csv", source="shop", ground="contract", by=SHELL).pk)

    first, second = together(bring, bring)
    assert first == second
    run_all_due()
    came_in_once()
    assert Import.objects.count() == 1


@pytest.mark.slow
def test_two_processes(shop: Shop, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "a.csv"
    file.write_text(FILE)
    words = ("import", str(file), "--source", "shop", "--ground", "contract", "--json")
    begun = [shop.begin(*words) for _ in range(2)]
    assert [each.communicate(timeout=300) and each.returncode for each in begun] == [0, 0]
    out = tmp_path / "who.csv"
    shop("export", "identities", str(out))
    assert len(out.read_text().splitlines()) == 1 + 200
